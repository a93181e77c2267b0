"""How a run ends: with an exit code, or with the error that is all there is to show."""

from __future__ import annotations

from sealane.core.model.ending import exit_code
from sealane.core.model.verdict import Problem
from sealane.errors import ExitCode, InputError, NetworkError, SealaneError

__all__ = ["as_error", "exit_code"]


def as_error(problem: Problem) -> SealaneError:
    """A problem as the error it was, for a run that has nothing else to show."""
    kind = NetworkError if problem.exit_code == ExitCode.NETWORK else InputError
    return kind(problem.message, hint=problem.hint)
