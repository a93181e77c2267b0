"""The error that is all there is to show of a run; `core/model/ending.py` has the exit code."""

from __future__ import annotations

from sealane.core.model.verdict import Problem
from sealane.errors import ExitCode, InputError, NetworkError, SealaneError


def as_error(problem: Problem) -> SealaneError:
    """A problem as the error it was, for a run that has nothing else to show."""
    kind = NetworkError if problem.exit_code == ExitCode.NETWORK else InputError
    return kind(problem.message, hint=problem.hint)
