"""What the command line names, as a stage gets it, and how a stage's errors leave it."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from sealane.core.release.project import CONFIGURATION_FILE
from sealane.errors import (
    EvidenceError,
    InputError,
    LaneError,
    LaneExit,
    NetworkError,
    SealaneError,
    TrustError,
    UsageError,
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

_ARTIFACT = "run the stage that wrote it again, or find out who changed it after that stage"


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
        tag: The tag; None for that of the CI's job, or else the one at HEAD.
        sandbox: State directory of a sandbox; None in the world.
        say: Shows one line of progress.

    Raises:
        UsageError: A name is empty.
        InputError: The configuration cannot be used.
        TrustError: The named sandbox is none.
    """
    for option, value in (("--config", config), ("--work", work), ("--tag", tag)):
        if value == "":
            raise UsageError(
                f"{option}: expected a name, got nothing",
                hint=f"leave {option} out for its default; is a variable empty?",
            )
    named = Path(config).absolute()
    directory = named.parent if named.name == CONFIGURATION_FILE else named
    return Context(
        directory=directory,
        work=WorkFolder(Path(work).absolute() if work else directory / WORK_FOLDER),
        project=load_project(directory),
        tag=tag or _tag_of_the_job(os.environ),
        # An empty name is a sandbox that is none, never the world.
        sandbox=load_named_sandbox(sandbox) if sandbox is not None else None,
        say=say,
    )


def _tag_of_the_job(environ: Mapping[str, str]) -> str | None:
    """The tag a CI's job runs for; None where it runs for none, or outside of a CI."""
    if environ.get("GITLAB_CI"):
        return environ.get("CI_COMMIT_TAG") or None
    if environ.get("GITHUB_ACTIONS") and environ.get("GITHUB_REF_TYPE") == "tag":
        return environ.get("GITHUB_REF_NAME") or None
    return None


def run_stage(stage: Stage, context: Context) -> StageReport:
    """Run one stage; whatever stops it leaves with a number of the lane and the next command.

    Raises:
        LaneError: The stage stopped; with exit code 5 where a file it was given is wrong.
        UsageError: The command line is wrong.
    """
    name = stage.name.split(" ")[0]
    again = command_line(context, *_words(stage.name))
    try:
        return stage.run(context)
    except LaneError as error:
        error.resume = error.resume or again
        if isinstance(error.__cause__, InputError):
            error.hint = error.hint or _ARTIFACT
        raise
    except (NetworkError, TrustError, EvidenceError, VerificationError) as error:
        raise LaneError(
            _EXITS[name],
            _told(error),
            public=_public(context, name),
            resume=again,
            hint=error.hint,
        ) from error
    except OSError as error:
        # A full disk, a folder that may not be written to: the release still has to be told of.
        raise LaneError(
            _EXITS[name],
            f"{str(error.filename or name)!r}: {error.strerror or error}",
            public=_public(context, name),
            resume=again,
            hint="look at its path, its permissions, and the free space",
        ) from error
    except InputError as error:
        stopped = LaneError(
            _EXITS[name],
            error.message,
            public=_public(context, name),
            resume=again,
            hint=error.hint or _ARTIFACT,
        )
        # Its own number: running the same again does not mend a file.
        stopped.exit_code = error.exit_code
        raise stopped from error


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
