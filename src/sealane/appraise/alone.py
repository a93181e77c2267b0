"""Judges one file that other files are judged by: a policy, an advisory.

1. The file is an artifact, and the evidence beside it is all there is.
2. Whoever is named in the setup has to have signed it.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sealane.appraise.appraise import judge
from sealane.appraise.collect import Sources, collect
from sealane.appraise.setup import Setup
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome, Problem
from sealane.errors import InputError
from sealane.io.evidence.sidecar import Pile


@dataclass(frozen=True, slots=True)
class Judged:
    """What was found of a file.

    Attributes:
        sha256: Digest of the bytes that were judged, lower-case hex.
        refused: The first reason why it does not pass; None where it does.
    """

    sha256: str
    refused: Finding | None


def judge_alone(path: Path, setup: Setup, at: datetime) -> Judged:
    """Whether a file passes by the evidence beside it.

    Args:
        path: The file.
        setup: What it is judged by.
        at: When, aware, UTC.

    Raises:
        InputError: The file cannot be read.
    """
    case = collect(path, Sources(Pile([], [path.name])))  # 1
    if isinstance(case, Problem):
        raise InputError(case.message, hint=case.hint)
    verdict = judge(case, setup, at)  # 2
    refused = None
    if verdict.outcome is not Outcome.PASS:
        refused = next(one for one in verdict.findings if one.outcome is not Outcome.PASS)
    return Judged(case.artifact.sha256, refused)
