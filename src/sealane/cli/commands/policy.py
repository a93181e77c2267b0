"""`sealane policy`: check, test and explain a policy, and let one count in its directory."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sealane.core.policy.schema import POLICY_FILE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sealane.core.policy.needs import Need
    from sealane.core.policy.schema import Policy


@click.group()
def policy() -> None:
    """Allow, check and describe policies."""


@policy.command()
@click.argument("path", default=POLICY_FILE, metavar="[PATH]")
def allow(path: str) -> None:
    """Let a policy count when `sealane verify` runs in its directory.

    Its path and digest are stored; once the file changes it has to be allowed again.
    """
    from sealane.io.stores.policies.load import allow_policy

    _show("allowed", allow_policy(Path(path), os.environ))


@policy.command()
@click.argument("path", metavar="PATH")
@click.option("--signed-by", metavar="WHO", help="Who has to have signed it, as --publisher.")
@click.option("--trust", metavar="ROOT", help="Trust root for that; default the embedded.")
@click.pass_obj
def check(sandbox: str | None, path: str, signed_by: str | None, trust: str | None) -> None:
    """Say whether a policy can be used, and what it requires.

    Everything that is wrong with it is told at once, with its line and what to do about it.
    """
    from sealane.errors import UsageError
    from sealane.io.adapters.clock import now
    from sealane.io.stores.policies.load import load_policy

    if trust is not None and signed_by is None:
        raise UsageError("--trust proves no signature without --signed-by", hint="add --signed-by")
    at = now()
    found = load_policy(Path(path), at)
    found.check_current(at)
    if signed_by is not None:
        from sealane.cli.signed import check_signed_by
        from sealane.io.stores.sandbox import load_named_sandbox

        world = None if sandbox is None else load_named_sandbox(sandbox)
        check_signed_by(found, ("--signed-by", signed_by), trust, world, at)
    _show("ok", found)


@policy.command()
@click.argument("paths", nargs=-1, metavar="[POLICY]...")
@click.option("--cases", metavar="FILE", help="A file of cases, with the policy that it names.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "junit"]),
    default="text",
    show_default=True,
    help="How the answers are shown.",
)
def test(paths: tuple[str, ...], cases: str | None, form: str) -> int:
    """Judge cases by a policy, and compare the verdicts with those that are expected.

    The cases of NAME.toml are in tests/NAME.toml or NAME.cases.toml beside it. Nothing is proven:
    a case says what was. Exit code 1: a case was answered otherwise, or none has to pass, or none
    has to be refused.
    """
    from sealane.appraise.policy_cases import judge_cases
    from sealane.cli.output import write_out
    from sealane.core.policy.case_results import RENDERERS
    from sealane.errors import ExitCode, UsageError
    from sealane.io.stores.policies.cases import load_cases, load_cases_of

    if cases is not None and paths:
        raise UsageError("--cases: its file names the policy", hint="leave POLICY or --cases out")
    if cases is not None:
        loaded = [load_cases(Path(cases))]
    else:
        loaded = [one for path in paths or (POLICY_FILE,) for one in load_cases_of(Path(path))]
    tests = [judge_cases(*one) for one in loaded]
    write_out((RENDERERS[form](tests),))
    return ExitCode.PASS if all(one.expected for one in tests) else ExitCode.FAILED


@policy.command()
@click.argument("path", default=POLICY_FILE, metavar="[POLICY]")
@click.option("--artifact", metavar="NAME", help="File name or package URL to tell it for.")
def explain(path: str, artifact: str | None) -> None:
    """Say in plain words what a policy demands.

    It is not asked whether the policy counts now, or here: that is what check and allow are for.
    """
    from sealane.cli.output import write_out
    from sealane.core.model.shown import plain_lines
    from sealane.core.policy.cases import artifact_named
    from sealane.core.policy.explained import explain_policy
    from sealane.io.stores.policies.load import load_policy

    about = None if artifact is None else artifact_named(artifact)
    lines = explain_policy(load_policy(Path(path)), about)
    # Not cut off: what a reader is not shown, a policy could demand less of.
    write_out(plain_lines(line.replace("\n", "\\n")) + "\n" for line in lines)


@policy.command()
@click.option("--included", is_flag=True, help="Of files that policies include.")
def schema(*, included: bool) -> None:
    """Print the JSON Schema of policy files, for editors."""
    import json

    from sealane.core.policy.json_schema import schema_of
    from sealane.core.policy.tables import INCLUDED, POLICY, SHAPES

    shape, title = (INCLUDED, "rules for a policy") if included else (POLICY, "policy")
    click.echo(json.dumps(schema_of(SHAPES, shape, f"sealane {title}"), indent=2))


def _show(word: str, found: Policy) -> None:
    from sealane.core.model.shown import shown

    click.echo(f"{word}: {shown(found.id)}, {shown(found.origin)}")
    click.echo(f"  sha256: {found.sha256}")
    click.echo(f"  expires: {found.expires.isoformat() if found.expires else 'never'}")
    for included in found.includes:
        click.echo(f"  includes: {shown(included)}")
    for rule in found.rules:
        mode = "" if rule.mode == "enforce" else f" ({rule.mode} only)"
        click.echo(f"  {shown(' or '.join(rule.match))}{mode}")
        for need in rule.require:
            for line in _described(need):
                click.echo(f"    {shown(line)}")


def _described(need: Need) -> Iterator[str]:
    """What a need asks for, a line for each of its parts."""
    from sealane.core.policy.needs import AnyOf, Requirement

    unless = f", unless {need.only_if} is known not to hold" if need.only_if else ""
    if isinstance(need, Requirement):
        names = " or ".join(publisher.name for publisher in need.by)
        several = f", {need.threshold} of them" if need.threshold > 1 else ""
        yield f"{' or '.join(need.predicates)} by {names}{several}{unless}"
        return
    yield f"{'any' if isinstance(need, AnyOf) else 'all'} of{unless}:"
    for one in need.needs:
        for line in _described(one):
            yield f"  {line}"
