"""The commands of the lane, as they are given again."""

from __future__ import annotations

import shlex
from pathlib import Path

from sealane.lane.work import Context

WORK_FOLDER = ".sealane-work"


def command_line(context: Context, *words: str) -> str:
    """The command that runs something of the lane with the same options, ready to be pasted."""
    sandbox = ("--sandbox", str(context.sandbox.directory)) if context.sandbox else ()
    return shlex.join(["sealane", *sandbox, "lane", *words, *stage_options(context)])


def stage_options(context: Context) -> tuple[str, ...]:
    """The options that make another process work on the same release."""
    options: tuple[str, ...] = ()
    if context.directory != Path.cwd():
        options += ("--config", str(context.directory))
    if context.work.root != context.directory / WORK_FOLDER:
        options += ("--work", str(context.work.root))
    if context.tag:
        options += ("--tag", context.tag)
    return options
