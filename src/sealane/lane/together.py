"""`sealane lane run` and `resume`: all stages on one machine, each with its own token only."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.errors import LaneError, LaneExit, UsageError
from sealane.io.adapters.files import write_atomically
from sealane.lane.command import command_line, stage_options
from sealane.lane.release import load_signed_release
from sealane.lane.run import Step, Timing, publishing_steps, run_stages, steps_of
from sealane.lane.tokens import partition
from sealane.lane.work import Context

TIMINGS = "timings.json"


def run_lane(
    context: Context, *, steps: Literal["all", "publishing"], confirmed: bool
) -> tuple[str, ...]:
    """Run the lane, or what of it may be run again.

    Args:
        context: Project, work folder, tag and sandbox.
        steps: Everything, or publish and confirm only.
        confirmed: Whether somebody agreed that the release becomes public.

    Returns:
        One line a step: what it was and how long it took.

    Raises:
        UsageError: Nobody agreed.
        LaneError: A credential is in the environment that may not be, or a stage stopped.
    """
    if not confirmed and context.sandbox is None:
        raise UsageError("nobody agreed to a release", hint="answer yes, or give --yes")
    environment_for = partition(os.environ, context.sandbox)
    sandbox = ("--sandbox", str(context.sandbox.directory)) if context.sandbox else ()
    wanted = steps_of(context.project) if steps == "all" else _publishing(context)
    begun: list[Step] = []

    def started(step: Step) -> None:
        begun.append(step)
        context.say(f"{step.label} …")

    try:
        timings = run_stages(
            wanted,
            command=(sys.executable, "-I", "-m", "sealane", *sandbox),
            options=stage_options(context),
            environment_for=environment_for,
            # The commands that stages name are pasted where this one was started.
            directory=Path.cwd(),
            say=context.say,
            started=started,
        )
    except LaneError as error:
        error.resume = _next(context, begun[-1], agreed=confirmed)
        raise
    _write_timings(context, timings)
    return tuple(f"{one.label}: {one.seconds:.1f} s" for one in timings)


def _next(context: Context, stopped: Step, *, agreed: bool) -> str:
    """What goes on after a step that stopped: never the step alone, which would see all tokens."""
    if stopped.stage in ("publish", "confirm"):
        return command_line(context, "resume")
    return command_line(context, "run", *(("--yes",) if agreed else ()))


def _publishing(context: Context) -> tuple[Step, ...]:
    """What is left of a signed release, in the manifest's order of channels."""
    manifest: ReleaseManifest = load_signed_release(context.work).manifest
    known = {one.name for one in context.project.channels}
    missing = [one.name for one in manifest.channels if one.name not in known]
    if missing:
        raise LaneError(
            LaneExit.PUBLISH, f"sealane.toml names no channel {', '.join(missing)}",
            public="files may be public; `sealane lane status` looks",
        )  # fmt: skip
    return publishing_steps(context.project)


def _write_timings(context: Context, timings: Sequence[Timing]) -> None:
    document = [{"step": one.label, "seconds": round(one.seconds, 3)} for one in timings]
    write_atomically(context.work.root / TIMINGS, json.dumps(document, indent=2).encode() + b"\n")
