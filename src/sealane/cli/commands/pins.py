"""`sealane pins`: what is pinned of packages, and what evidence would change of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from sealane.core.model.values import dataclass
from sealane.core.policy.pins import PINS_FILE
from sealane.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from datetime import datetime

    from sealane.core.model.verdict import Appraisal, Verdict
    from sealane.core.policy.pins import Pins
    from sealane.core.policy.pins_update import Seen, Step, Update
    from sealane.core.policy.schema import Policy

_Command = TypeVar("_Command", bound=Callable[..., object])
_ADVICE = "compare this with what the project's own page says; evidence cannot vouch for itself"


@dataclass(frozen=True, slots=True)
class Options:
    """What is looked at, and by what it is judged."""

    pins: str
    policy: str | None
    publishers: tuple[str, ...]
    evidence: tuple[str, ...]
    trust: str | None


def _judging(command: _Command) -> _Command:
    """The options of commands that look at evidence."""
    options = (
        click.option("--pins", metavar="FILE", default=PINS_FILE, help=f"Default: {PINS_FILE}."),
        click.option("--policy", metavar="FILE", help="Who is named by this policy counts."),
        click.option("--publisher", "publishers", multiple=True, metavar="WHO",
                     help="Who counts, as in sealane verify."),
        click.option("--evidence", multiple=True, metavar="PATH", help="Further evidence."),
        click.option("--trust", metavar="ROOT", help="Trust root, by name or file."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


@click.group()
def pins() -> None:
    """Publisher pins: who has made a package's evidence so far, and of which kinds it was."""


@pins.command()
@click.argument("packages", nargs=-1, metavar="[PURL...]")
@click.option("--pins", "file", metavar="FILE", default=PINS_FILE, help=f"Default: {PINS_FILE}.")
def show(packages: tuple[str, ...], file: str) -> None:
    """Print what is pinned, of all packages or of those that are named."""
    from sealane.core.policy.pins_render import render_pins
    from sealane.io.stores.pins import load_pins

    found = load_pins(Path(file))
    for purl in packages:
        if found.of(purl) is None:
            known = ", ".join(one.purl for one in found.packages) or "none"
            raise UsageError(
                f"{purl[:200]!r}: nothing is pinned of it in {file!r}", hint=f"pinned are: {known}"
            )
    chosen = tuple(one for one in found.packages if not packages or one.purl in packages)
    click.echo(render_pins(replace(found, packages=chosen)).decode(), nl=False)


@pins.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_judging
@click.pass_context
def diff(ctx: click.Context, /, paths: tuple[str, ...], **options: object) -> int:
    """Show in what proven evidence is not as it is pinned; nothing is written.

    Evidence by those whom a policy or a publisher names is looked at, if there is any. Exit code 1:
    something contradicts the pins.
    """
    from sealane.core.policy.pins_update import updated
    from sealane.io.adapters.clock import now
    from sealane.io.stores.pins import load_pins_or_none_yet

    chosen = Options(**options)  # type: ignore[arg-type]  # click gives what the options declare
    pinned = load_pins_or_none_yet(Path(chosen.pins))
    policy, at = _policy(chosen), now()
    appraisal = _appraise(paths, chosen, policy, ctx.obj, at)
    seen = [_looked_at(one, policy, pinned) for one in appraisal.verdicts]
    update = updated(pinned, seen, at=at, accept=())
    _tell(update, appraisal, pinned)
    if update.refused:
        return ExitCode.FAILED
    if update.steps:
        click.echo(_ADVICE)
    return _exit_code(appraisal, proven=any(one.facts for one in seen))


@pins.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_judging
@click.option("--write", is_flag=True, help="Write what is shown; without it nothing is written.")
@click.option(
    "--accept",
    multiple=True,
    metavar="PURL",
    help="Take over for this package also what contradicts its pin; compare it first.",
)
@click.pass_context
def update(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    write: bool,
    accept: tuple[str, ...],
    **options: object,
) -> int:
    """Pin the publishers of files that pass, and what is new of those that are pinned.

    A policy or a publisher says whom you trust; only files that pass by it are learned from. What
    contradicts a pin is never taken over unasked. Exit code 1: something does, or a file failed.
    """
    from sealane.appraise.ending import as_error
    from sealane.io.adapters.clock import now
    from sealane.io.stores.pins import changing_pins, load_pins_or_none_yet, write_pins

    chosen = Options(**options)  # type: ignore[arg-type]  # click gives what the options declare
    policy, at = _policy(chosen), now()
    if policy is None:
        raise UsageError(
            "sealane pins update: nobody was named to trust, so nothing can be learned",
            hint="name the publisher from the project's own page: --publisher, or --policy",
        )
    appraisal = _appraise(paths, chosen, policy, ctx.obj, at)
    if appraisal.problems:
        # What is learned must not depend on which of the files could be read.
        raise as_error(appraisal.problems[0])
    seen = _learned_from(appraisal, policy)
    file = Path(chosen.pins)
    if not write:
        result = _learned(load_pins_or_none_yet(file), file, seen, accept, appraisal)
        if result.steps:
            click.echo(f"nothing was written (no --write); {_ADVICE}")
        return _after_update(result, appraisal)
    with changing_pins(file) as pinned:
        result = _learned(pinned, file, seen, accept, appraisal)
        if result.pins != pinned:
            written = write_pins(file, result.pins)
            word = "changed" if pinned.sha256 else "created"
            click.echo(f"{word}: {_shown(str(file))} (sha256:{written.sha256})")
        else:
            click.echo("nothing was written: there is nothing new that can be taken over")
    return _after_update(result, appraisal)


def _learned(
    pinned: Pins, file: Path, seen: Sequence[Seen], accept: Sequence[str], appraisal: Appraisal
) -> Update:
    from sealane.core.policy.pins_update import updated
    from sealane.io.stores.pins import is_canonical

    result = updated(pinned, seen, at=appraisal.at, accept=accept)
    _tell(result, appraisal, pinned)
    if result.pins != pinned and not is_canonical(file, pinned):
        click.echo("the file is written anew: comments and blank lines in it are not kept")
    return result


def _after_update(result: Update, appraisal: Appraisal) -> int:
    judged = _exit_code(appraisal, proven=True)
    return judged or (ExitCode.FAILED if result.refused else ExitCode.PASS)


def _policy(options: Options) -> Policy | None:
    from sealane.core.policy.quick import quick_policy
    from sealane.io.stores.policies.load import discover, load_policy

    if options.publishers and options.policy is not None:
        raise UsageError(
            "--policy and --publisher exclude each other",
            hint="name one way of saying whom you trust",
        )
    if options.policy is not None:
        return load_policy(Path(options.policy))
    if not options.publishers:
        return discover(Path.cwd(), os.environ).policy
    from sealane.io.stores.policies.keys import load_keys

    return load_keys(quick_policy(options.publishers))


def _appraise(
    paths: Sequence[str],
    options: Options,
    policy: Policy | None,
    sandbox: str | None,
    at: datetime,
) -> Appraisal:
    """The verdicts on what was named, without the pins: they are what is asked about."""
    from sealane.appraise.batch import Run, appraise_named, available_processors
    from sealane.appraise.collect import Sources, pile_of
    from sealane.appraise.setup import make_setup
    from sealane.io.inputs.paths import find_paths
    from sealane.io.stores.sandbox import load_named_sandbox
    from sealane.io.stores.trust.choose import check_ages, choose_roots

    named = find_paths(paths)
    if named.unread:
        # What is learned must not depend on which of the files could be read.
        raise named.unread[0]
    world = None if sandbox is None else load_named_sandbox(sandbox)
    roots = choose_roots(policy, options.trust, world, os.environ)
    check_ages(roots, policy, at)
    pile = pile_of(named, options.evidence)
    setup = make_setup(_without_continuity(policy), *roots)
    run = Run(setup, Sources(pile), at)
    return appraise_named(named.artifacts, run, available_processors())


def _without_continuity(policy: Policy | None) -> Policy | None:
    """A policy that asks for no pins: they cannot be asked for before they are made.

    Nor for an advisory: who signs is learned from any release, whatever it fixes.
    """
    if policy is None:
        return None
    return replace(
        policy,
        rules=tuple([replace(rule, continuity=None, advisory=False) for rule in policy.rules]),
    )


def _learned_from(appraisal: Appraisal, policy: Policy) -> list[Seen]:
    """What passed, with the evidence by those whom the policy names."""
    from sealane.core.model.verdict import Outcome
    from sealane.core.policy.pins_update import Seen, vouched

    return [
        Seen(one.artifact, vouched(policy, one.artifact, one.facts))
        for one in appraisal.verdicts
        if one.outcome is Outcome.PASS
    ]


def _looked_at(verdict: Verdict, policy: Policy | None, pinned: Pins) -> Seen:
    """What was proven, whoever is named; strangers only where nobody else signed."""
    from sealane.core.policy.pins_update import Seen, recognised, vouched

    artifact, facts = verdict.artifact, verdict.facts
    named = () if policy is None else vouched(policy, artifact, facts)
    return Seen(artifact, named or recognised(pinned, artifact, facts) or facts)


def _exit_code(appraisal: Appraisal, *, proven: bool) -> int:
    """What could not be judged, or did not pass, and whether there was anything to compare."""
    from sealane.core.model.ending import exit_code

    judged = exit_code(appraisal)
    if appraisal.problems or appraisal.based_on[0].sha256:
        return judged
    return ExitCode.PASS if proven else ExitCode.EVIDENCE


def _tell(update: Update, appraisal: Appraisal, pinned: Pins) -> None:
    where = f"{_shown(pinned.origin)} (sha256:{pinned.sha256})"
    stamp = "[sandbox] " if appraisal.sandbox else ""
    click.echo(f"{stamp}pins: {where if pinned.sha256 else f'{_shown(pinned.origin)} (none yet)'}")
    purls = dict.fromkeys(one.purl for one in update.steps)
    for purl in purls:
        click.echo(_shown(purl))
        for step in update.steps:
            if step.purl == purl:
                click.echo("\n".join(_step(step)))
    if not update.steps:
        click.echo("nothing differs from what is pinned")
    for line in (*_left_out(update, appraisal), *_contradictions(update)):
        click.echo(line)


def _step(step: Step) -> Iterator[str]:
    from sealane.core.model.codes import code_of
    from sealane.core.policy.pins_update import StepKind

    change = step.change
    word = "CHANGED" if step.kind is StepKind.CHANGED else step.kind
    label = f"  {code_of(change.code).label}" if change.code else ""
    yield f"  {word:<7} {change.name}{label}"
    yield f"          at: {_shown(step.place)}"
    if step.kind is not StepKind.NEW:
        yield f"      pinned: {_shown(change.pinned)}"
    yield f"      actual: {_shown(change.actual)}"


def _left_out(update: Update, appraisal: Appraisal) -> Iterator[str]:
    from sealane.core.model.verdict import Outcome

    for one in appraisal.verdicts:
        # Without a policy nothing passes, and nothing is left out.
        if one.outcome is not Outcome.PASS and appraisal.based_on[0].sha256:
            yield f"not passed: {_shown(one.artifact.name)}; sealane verify says why"
    for problem in appraisal.problems:
        yield f"not judged: {_shown(problem.message)}"
    for name in update.nameless:
        yield f"not pinned: {_shown(name)}: its name tells no package and version"


def _contradictions(update: Update) -> Iterator[str]:
    """Whose pins are contradicted: nothing here says how that would be accepted."""
    for purl in update.refused:
        yield f"contradicted: {_shown(purl)}; {_ADVICE}"


def _shown(text: str) -> str:
    from sealane.core.model.shown import shown

    return shown(text)
