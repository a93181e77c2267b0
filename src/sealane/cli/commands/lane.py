"""`sealane lane`: each stage as a command, all of them in a row, and what is left to do."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from sealane.core.model.shown import plain_lines

if TYPE_CHECKING:
    from sealane.lane.stages.interface import Context, Stage

_F = TypeVar("_F", bound=Callable[..., Any])


def _say(line: str) -> None:
    click.echo(plain_lines(line), err=True)


def _options(command: _F) -> _F:
    """The options every command of the lane takes."""
    options = (
        click.option(
            "--config", default=".", metavar="PATH", show_default=True,
            help="The project's folder, or its sealane.toml.",
        ),
        click.option(
            "--work", metavar="DIR",
            help="Where stages leave their results; default .sealane-work in the project.",
        ),
        click.option("--tag", metavar="TAG", help="The tag to release; default the one at HEAD."),
    )  # fmt: skip
    for option in reversed(options):
        command = option(command)
    return command


def _context(ctx: click.Context, options: dict[str, Any]) -> Context:
    from sealane.lane.context import make_context

    return make_context(
        config=options["config"], work=options["work"], tag=options["tag"],
        sandbox=ctx.obj, say=_say,
    )  # fmt: skip


def _run(ctx: click.Context, options: dict[str, Any], find: Callable[[], Stage]) -> None:
    from sealane.lane.context import run_stage

    context = _context(ctx, options)
    report = run_stage(find(), context)
    _show(ctx, report.summary)
    for label, value in report.details:
        click.echo(f"  {label}: {value}")


def _show(ctx: click.Context, line: str) -> None:
    """Write one line, stamped where it is a rehearsal's."""
    click.echo(f"[sandbox] {line}" if ctx.obj is not None else line)


# Stages in the order they run, then what looks after all of them.
_ORDER = (
    "preflight", "audit", "build", "compare", "attest", "publish", "confirm",
    "run", "resume", "status",
)  # fmt: skip


class _Lane(click.Group):
    """A group that lists its commands in the order they run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names; one that has no place in the order would be an error here."""
        return sorted(super().list_commands(ctx), key=_ORDER.index)


@click.group(cls=_Lane)
def lane() -> None:
    """Release a tag, stage by stage; each stage is a job of its own in a CI."""


def _stage_command(name: str, line: str) -> click.Command:
    @_options
    @click.pass_context
    def run(ctx: click.Context, /, **options: Any) -> None:  # noqa: ANN401  click's options
        from sealane.lane.stages.registry import stage

        _run(ctx, options, lambda: stage(name))

    return click.command(name, help=line, short_help=line)(run)


for _name, _line in (
    ("preflight", "Check everything that can be known before anything is built."),
    ("audit", "Look for known vulnerabilities in the locked dependencies."),
    ("compare", "Compare both builds and freeze what is released."),
    ("attest", "Sign provenance and the release manifest."),
    ("confirm", "Download what the world sees and verify it."),
):
    lane.add_command(_stage_command(_name, _line))


@lane.command(short_help="Build one of the two copies, isolated.")
@_options
@click.option("--copy", "letter", type=click.Choice(["a", "b"]), required=True, help="Which copy.")
@click.option("--allow-no-isolation", is_flag=True, hidden=True)
@click.pass_context
def build(
    ctx: click.Context,
    /,
    letter: str,
    *,
    allow_no_isolation: bool,
    **options: Any,  # noqa: ANN401  click's options
) -> None:
    """Build one of the two copies, without network and without any token."""
    from sealane.lane.stages.registry import build_stage

    _run(ctx, options, lambda: build_stage(letter, allow_no_isolation=allow_no_isolation))


@lane.command()
@_options
@click.option("--channel", required=True, metavar="NAME", help="A channel of sealane.toml.")
@click.pass_context
def publish(ctx: click.Context, /, channel: str, **options: Any) -> None:  # noqa: ANN401  click's options
    """Publish to one channel; goes on where an earlier run stopped."""
    from sealane.lane.stages.registry import publish_stage

    _run(ctx, options, lambda: publish_stage(channel))


@lane.command(name="run", short_help="Run all stages on this machine.")
@_options
@click.option("--yes", is_flag=True, help="Do not ask before the release becomes public.")
@click.pass_context
def run_all(ctx: click.Context, /, *, yes: bool, **options: Any) -> None:  # noqa: ANN401  click's options
    """Run all stages on this machine, each as a process with its own token only."""
    from sealane.lane.together import run_lane

    _finish(ctx, run_lane(_context(ctx, options), steps="all", confirmed=yes or _asked()))


@lane.command()
@_options
@click.pass_context
def resume(ctx: click.Context, /, **options: Any) -> None:  # noqa: ANN401  click's options
    """Publish what is still missing, then confirm."""
    from sealane.lane.together import run_lane

    _finish(ctx, run_lane(_context(ctx, options), steps="publishing", confirmed=True))


@lane.command(short_help="Show what is planned, done and public.")
@_options
@click.pass_context
def status(ctx: click.Context, /, **options: Any) -> None:  # noqa: ANN401  click's options
    """Show what is planned, what was done, and what the channels show now."""
    from sealane.lane.watch import standing

    _finish(ctx, standing(_context(ctx, options)))


def _asked() -> bool:
    """Whether a person at a terminal agrees; without one nobody does."""
    if not sys.stdin.isatty():
        return False
    return click.confirm("The release becomes public at the end. Go on?", err=True)


def _finish(ctx: click.Context, lines: Iterable[str]) -> None:
    for line in lines:
        _show(ctx, line)
