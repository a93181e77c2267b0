"""Write docs/reference/{commands,exit-codes,findings}.md from the code; `--check` only compares."""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from sealane import errors
from sealane.cli.main import COMMANDS, cli
from sealane.core.model.codes import CODES

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
    """Every finding code with its meaning and what to do."""
    parts = [NOTICE, "# Finding codes", "", "| code | meaning | what to do |", "|---|---|---|"]
    parts += [f"| `{code.label}` | {code.meaning} | {code.hint} |" for code in CODES]
    return "\n".join([*parts, ""])


PAGES = {
    "commands.md": commands_page,
    "exit-codes.md": exit_codes_page,
    "findings.md": findings_page,
}


def main() -> int:
    """Write the pages; with `--check`, name those that differ and exit with 1."""
    stale = []
    for name, page in PAGES.items():
        file, text = REFERENCE / name, page()
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
