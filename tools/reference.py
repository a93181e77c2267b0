"""Write the pages of docs/reference that are made from code, and a page a finding.

`--check` only compares.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import assert_never

import click
from reference_advisory import checks_page, formats_page
from reference_csaf import csaf_rules_page

from sealane import errors
from sealane.cli.main import COMMANDS, cli
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.code import Code
from sealane.core.model.codes import CODES
from sealane.core.model.explanation import Explanation, Step
from sealane.core.model.explanations import explanation_of
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.policy.form import (
    Choice,
    Inside,
    Key,
    Kind,
    Many,
    Moment,
    Named,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.tables import SHAPES as POLICY_SHAPES
from sealane.core.report.text import text_lines

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
NOTICE = "<!-- written by tools/reference.py: change the code, then run `make docs` -->"


def walk(command: click.Command, path: str) -> Iterator[tuple[str, click.Command]]:
    """A command and all below it, depth first, by their full names."""
    yield path, command
    if isinstance(command, click.Group):
        context = click.Context(command, info_name=path)
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                yield from walk(child, f"{path} {name}")


def commands_page() -> str:
    """The help text of every command."""
    for module, _, _ in COMMANDS.values():
        importlib.import_module(module)
    parts = [NOTICE, "# Commands", ""]
    for path, command in walk(cli, "sealane"):
        context = click.Context(command, info_name=path, max_content_width=88, terminal_width=88)
        help_text = command.get_help(context).rstrip()
        parts += [f"## {path}", "", "```text", help_text, "```", ""]
    return "\n".join(parts)


def exit_codes_page() -> str:
    """The tree of errors, and the lane's own numbers."""
    tree = inspect.cleandoc(errors.__doc__ or "")
    parts = [NOTICE, "# Exit codes", "", "```text", tree, "```", "", "## Stages of the lane", ""]
    parts += ["| code | name |", "|---|---|"]
    for code in errors.LaneExit:
        parts.append(f"| {code.value} | {code.name.lower().replace('_', ' ')} |")
    return "\n".join([*parts, ""])


def findings_page() -> str:
    """Every finding code with its meaning, what to do, and where its page is."""
    parts = [NOTICE, "# Finding codes", "", "| code | meaning | what to do |", "|---|---|---|"]
    parts += [
        f"| [`{code.label}`]({FINDINGS}/{code.code}.md) | {code.meaning} | {code.hint} |"
        for code in CODES
    ]
    return "\n".join([*parts, ""])


def finding_page(code: Code) -> str:
    """One finding at length, with an example as a report shows it."""
    found = explanation_of(code.code)
    parts = [
        NOTICE, f"# {code.label}", "", f"**{code.meaning}**", "", found.text, "",
        f"Where: {_where(code, found)}.", "",
        "## What to do", "", f"{code.hint[:1].upper()}{code.hint[1:]}.", "",
        "## Example", "", "```text", example(code, found), "```", "",
        "[All finding codes](../findings.md)", "",
    ]  # fmt: skip
    return "\n".join(parts)


def _where(code: Code, found: Explanation) -> str:
    """Where on the way to an answer it is found."""
    if found.step is Step.ADVISORY:
        number = int(code.code[-3:])
        return f"the check ADV{number:02} of `sealane advisory check` and `sealane advisory agree`"
    return f"{WHERE[found.step]} of [how a verdict is made]({VERDICT_PAGE})"


def example(code: Code, found: Explanation) -> str:
    """A finding as the text report shows it."""
    passed = found.outcome is Outcome.PASS
    finding = Finding(
        code.label, found.outcome, found.place, found.expected, found.actual,
        "" if passed else code.hint,
    )  # fmt: skip
    artifact = Artifact("acme-1.0-py3-none-any.whl", (Digest("sha256", "9b" * 32),))
    appraisal = Appraisal((Verdict(artifact, (finding,)),), (), datetime(2026, 6, 1, tzinfo=UTC))
    # Without what was judged by, the verdict's own line, and the summary.
    lines = "".join(text_lines(appraisal)).splitlines()[2:-1]
    return "\n".join(line.removeprefix("  ") for line in lines if "compare this" not in line)


FINDINGS = "findings"
VERDICT_PAGE = "../../explanation/how-a-verdict-is-made.md"
WHERE = {
    **{step: f"step {step.value}" for step in Step if step.value.isdigit()},
    Step.COLLECT: 'the part "Collect"',
    Step.OPINION: 'the part "The second opinion"',
    Step.POLICY: 'the part "Evaluate"',
    Step.PINS: 'the part "Evaluate"',
}


def policy_keys_page() -> str:
    """Every key of a policy file: what may stand there, and what it means."""
    parts = [NOTICE, "# Keys of policy files", ""]
    parts += [
        "[Policy files](policy.md) says how they play together. **Bold** keys are required.",
        "",
    ]
    for shape in POLICY_SHAPES.values():
        if isinstance(shape, Table):
            parts += [f"## {shape.title}", "", "| key | value | meaning |", "|---|---|---|"]
            parts += [_key_row(key) for key in shape.keys]
            parts += [""]
    return "\n".join(parts)


def _key_row(key: Key) -> str:
    name = f"**`{key.name}`**" if key.required else f"`{key.name}`"
    default = "" if key.default is None else f"; without it `{_toml(key.default)}`"
    return f"| {name} | {_described(key.kind)}{default} | {key.doc} |"


def _described(kind: Kind) -> str:
    """What a value may be, in words."""
    match kind:
        case Text():
            return kind.like
        case Whole():
            return f"a whole number, {kind.least} to {kind.most}"
        case Truth():
            return "true or false"
        case Moment():
            return "a date and time with a zone"
        case Choice():
            return " or ".join(f'`"{value}"`' for value in kind.values)
        case Many():
            return (
                f"{_described(kind.of)}, or a list"
                if kind.alone
                else f"a list: {_described(kind.of)}"
            )
        case Inside():
            return "a table, see below"
        case Named():
            return "tables by name, see below"
        case _:
            assert_never(kind)


def _toml(value: str | int) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value).lower()


PAGES = {
    "advisory-checks.md": checks_page,
    "advisory-formats.md": formats_page,
    "commands.md": commands_page,
    "csaf-rules.md": csaf_rules_page,
    "exit-codes.md": exit_codes_page,
    "findings.md": findings_page,
    "policy-keys.md": policy_keys_page,
}


def pages() -> dict[str, str]:
    """Every page by its path below the reference."""
    found = {name: page() for name, page in PAGES.items()}
    return found | {f"{FINDINGS}/{code.code}.md": finding_page(code) for code in CODES}


def main() -> int:
    """Write the pages; with `--check`, name those that differ and exit with 1."""
    stale = []
    written = pages()
    # A page of a code that is gone would be found by a search, and believed.
    gone = [
        file
        for file in (REFERENCE / FINDINGS).glob("*.md")
        if f"{FINDINGS}/{file.name}" not in written
    ]
    if "--check" in sys.argv:
        stale = [f"{FINDINGS}/{file.name}" for file in gone]
    else:
        for file in gone:
            file.unlink()
    for name, text in written.items():
        file = REFERENCE / name
        if "--check" in sys.argv:
            if not file.is_file() or file.read_text(encoding="utf-8") != text:
                stale.append(name)
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if stale:
        sys.stderr.write(f"stale: {', '.join(stale)}; run: make docs\n")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
