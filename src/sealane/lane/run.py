"""Runs stages one after another, each as a process of its own with an environment of its own."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO

from sealane.core.model.values import dataclass
from sealane.core.release.project import Project
from sealane.errors import ExitCode, LaneError, LaneExit
from sealane.io.adapters.process import ending_with_us

_FIELDS = ("error", "public", "hint", "next")
_STOP_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class Step:
    """One process of the lane.

    Attributes:
        stage: Name of the stage, as its environment is asked for, e.g. "publish".
        label: What is shown, e.g. "publish index".
        arguments: What follows `sealane lane`, e.g. ("publish", "--channel", "index").
    """

    stage: str
    label: str
    arguments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a step took, in seconds."""

    label: str
    seconds: float


def steps_of(project: Project) -> tuple[Step, ...]:
    """All steps of a project's release, in order."""
    return (
        Step("preflight", "preflight", ("preflight",)),
        Step("audit", "audit", ("audit",)),
        Step("build-a", "build a", ("build", "--copy", "a")),
        Step("build-b", "build b", ("build", "--copy", "b")),
        Step("compare", "compare", ("compare",)),
        Step("attest", "attest", ("attest",)),
        *publishing_steps(project),
    )


def publishing_steps(project: Project) -> tuple[Step, ...]:
    """The steps that may be run again until the release is complete, in order."""
    publish = (
        Step("publish", f"publish {channel.name}", ("publish", "--channel", channel.name))
        for channel in project.channels
    )
    return (*publish, Step("confirm", "confirm", ("confirm",)))


def run_stages(
    steps: Sequence[Step],
    *,
    command: Sequence[str],
    options: Sequence[str],
    environment_for: Callable[[str], Mapping[str, str]],
    directory: Path,
    say: Callable[[str], None],
    started: Callable[[Step], None] = lambda _: None,
    quiet: bool = False,
) -> tuple[Timing, ...]:
    """Run steps in order, and stop at the first that fails.

    Args:
        steps: What to run.
        command: What starts sealane, up to and without "lane", e.g. (python, "-I", "-m",
            "sealane"); isolated, for else a module in the working directory would be imported.
        options: Options every stage takes: --config, --work, --tag.
        environment_for: The whole environment of a stage; asked when the stage starts, so that a
            token that is minted there does not exist before.
        directory: Working directory of the stages.
        say: Gets every line of progress of the stages.
        started: Told of each step before it runs.
        quiet: Whether the reports of the stages are dropped; else they go to standard output.

    Returns:
        How long each step took.

    Raises:
        LaneError: A step failed; it has the step's exit code, message, and next command.
    """
    timings = []
    for step in steps:
        started(step)
        begun = time.monotonic()
        arguments = [*command, "lane", *step.arguments, *options]
        code, said = _run(arguments, environment_for(step.stage), directory, say, quiet=quiet)
        timings.append(Timing(step.label, time.monotonic() - begun))
        if code:
            raise _stopped(step, code, said, arguments)
    return tuple(timings)


def _run(
    arguments: Sequence[str],
    environment: Mapping[str, str],
    directory: Path,
    say: Callable[[str], None],
    *,
    quiet: bool,
) -> tuple[int, dict[str, str]]:
    """Run one process; its exit code, and what the error block at its end says."""
    process = subprocess.Popen(
        arguments,
        env=dict(environment),
        cwd=directory,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL if quiet else None,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        errors="replace",
        preexec_fn=ending_with_us(),  # noqa: PLW1509  it makes system calls and nothing else
    )
    try:
        said = _follow(process.stderr, say)
        return process.wait(), said
    finally:
        _end(process)


def _follow(stream: IO[str] | None, say: Callable[[str], None]) -> dict[str, str]:
    said: dict[str, str] = {}
    current = ""
    for line in stream or ():
        text = line.rstrip("\n")
        field, separator, rest = text.partition(": ")
        if separator and field in _FIELDS:
            current = field
            said[field] = rest
        elif current and text.startswith("  "):
            # A message of several lines has them indented.
            said[current] += f"\n{text}"
        else:
            say(text)
    return said


def _end(process: subprocess.Popen[str]) -> None:
    """Leave no process behind, whatever interrupted this one."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    if process.stderr is not None:
        process.stderr.close()


def _stopped(step: Step, code: int, said: Mapping[str, str], arguments: Sequence[str]) -> LaneError:
    killed = f"was ended by signal {-code}" if code < 0 else f"ended with {code}"
    uncertain = step.stage in ("publish", "confirm")
    error = LaneError(
        LaneExit.PREFLIGHT,
        _named(step, said.get("error", killed)),
        public=said.get(
            "public",
            "files may be public; `sealane lane status` looks"
            if uncertain
            else "nothing is public",
        ),
        resume=said.get("next", _shown(arguments)),
        hint=said.get("hint", ""),
    )
    error.exit_code = ExitCode.INTERNAL if code < 0 else code
    return error


def _named(step: Step, message: str) -> str:
    """A stage's message under its name, which most stages have put there themselves."""
    return message if message.startswith(f"{step.stage}: ") else f"{step.label}: {message}"


def _shown(arguments: Sequence[str]) -> str:
    import shlex

    lane = list(arguments).index("lane")
    own = [part for part in arguments[:lane] if part == "--sandbox"]
    sandbox = arguments[lane - 1 : lane] if own else ()
    return shlex.join(["sealane", *own, *sandbox, *arguments[lane:]])
