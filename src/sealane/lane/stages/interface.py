"""What a stage gets, and what it has to be."""

from __future__ import annotations

from typing import Protocol

from sealane.core.model.values import dataclass
from sealane.lane.work import Context, WorkFolder

__all__ = ["Context", "Stage", "StageReport", "WorkFolder"]


@dataclass(frozen=True, slots=True)
class StageReport:
    """What a finished stage has to say: one line, and (label, value) details."""

    summary: str
    details: tuple[tuple[str, str], ...] = ()


class Stage(Protocol):
    """One stage; can be run again after a failure, and then goes on or starts afresh."""

    @property
    def name(self) -> str:
        """Its name on the command line and in reports, e.g. "preflight" or "build-a"."""
        ...

    @property
    def title(self) -> str:
        """What it does, in a few words."""
        ...

    def run(self, context: Context) -> StageReport:
        """Do the stage's work.

        Raises:
            LaneError: The stage stopped; says what is public and the exact next command.
        """
        ...
