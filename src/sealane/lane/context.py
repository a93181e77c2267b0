"""What the command line names, as a stage gets it, and how a stage's errors leave it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sealane.core.release.project import CONFIGURATION_FILE
from sealane.errors import (
    EvidenceError,
    LaneError,
    LaneExit,
    NetworkError,
    SealaneError,
    TrustError,
    VerificationError,
)
from sealane.io.stores.project import load_project
from sealane.io.stores.sandbox import load_named_sandbox
from sealane.lane.command import WORK_FOLDER, command_line
from sealane.lane.stages.interface import Stage, StageReport
from sealane.lane.work import Context, WorkFolder

# How a stage ends when something failed that has no number of its own in the lane.
_EXITS = {
    "preflight": LaneExit.PREFLIGHT,
    "audit": LaneExit.AUDIT,
    "build-a": LaneExit.BUILD,
    "build-b": LaneExit.BUILD,
    "compare": LaneExit.BUILD,
    "attest": LaneExit.ATTEST,
    "publish": LaneExit.PUBLISH,
    "confirm": LaneExit.CONFIRM,
}


def make_context(
    *,
    config: str,
    work: str | None,
    tag: str | None,
    sandbox: str | None,
    say: Callable[[str], None],
) -> Context:
    """What a stage works with.

    Args:
        config: The project's folder, or its `sealane.toml`.
        work: The work folder; None for `.sealane-work` in the project.
        tag: The tag; None for the one at HEAD.
        sandbox: State directory of a sandbox; None in the world.
        say: Shows one line of progress.

    Raises:
        InputError: The configuration cannot be used.
        TrustError: The named sandbox is none.
    """
    named = Path(config).absolute()
    directory = named.parent if named.name == CONFIGURATION_FILE else named
    return Context(
        directory=directory,
        work=WorkFolder(Path(work).absolute() if work else directory / WORK_FOLDER),
        project=load_project(directory),
        tag=tag,
        sandbox=load_named_sandbox(sandbox) if sandbox else None,
        say=say,
    )


def run_stage(stage: Stage, context: Context) -> StageReport:
    """Run one stage; whatever stops it leaves with a number of the lane and the next command.

    Raises:
        LaneError: The stage stopped.
        SealaneError: The command line or an input file is wrong, which no rerun will mend.
    """
    name = stage.name.split(" ")[0]
    again = command_line(context, *_words(stage.name))
    try:
        return stage.run(context)
    except LaneError as error:
        error.resume = error.resume or again
        raise
    except (NetworkError, TrustError, EvidenceError, VerificationError) as error:
        raise LaneError(
            _EXITS[name],
            _told(error),
            public=_public(context, name),
            resume=again,
            hint=error.hint,
        ) from error


def _told(error: SealaneError) -> str:
    if isinstance(error, VerificationError) and error.expected:
        return f"{error.message}: expected {error.expected}, got {error.actual}"
    return error.message


def _words(name: str) -> tuple[str, ...]:
    """Words of a stage's command: "build-a", "publish index"."""
    first, _, channel = name.partition(" ")
    if first.startswith("build-"):
        return ("build", "--copy", first[-1])
    return (first, "--channel", channel) if channel else (first,)


def _public(context: Context, name: str) -> str:
    if name not in ("publish", "confirm"):
        return "nothing is public" + (" but log entries" if name == "attest" else "")
    from sealane.lane.record import public_sentence

    return public_sentence(context.work.journal)
