"""What can only be answered when everything that is judged is known: whether a release is complete.

1. Each artifact is proven, and asked about, by itself. Where its policy wants to know whether the
   release is complete, nothing is decided: what was proven is handed on.
2. When all artifacts of a run are there, those are asked about again, with the others in sight.

An artifact that could not be read is in sight of none: a release that lists it is not complete.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from sealane.appraise.collect import Case
from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence, with_digests
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Verdict

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Undecided:
    """What was found of one artifact, before the others of its release are known.

    Attributes:
        case: The artifact; of its evidence nothing is needed any more.
        facts: What was proven about it, with what it states.
        refused: Why the rest of its evidence proves nothing.
    """

    case: Case
    facts: tuple[Fact, ...]
    refused: tuple[Finding, ...]


def without_evidence(undecided: Undecided, *, digests: bool) -> Undecided:
    """The same without the bytes it was proven from, which no report shows.

    Args:
        undecided: As it was judged.
        digests: Whether reports want the digests of those bytes.
    """
    facts = tuple(replace(one, evidence=_slim(one.evidence, digests)) for one in undecided.facts)
    return Undecided(replace(undecided.case, evidence=()), facts, undecided.refused)


def decided(
    results: Sequence[_T | Verdict | Undecided],
    decide: Callable[[Undecided, tuple[Artifact, ...]], Verdict],
) -> list[_T | Verdict]:
    """Results in which everything is decided, in the same order.

    Args:
        results: One for each thing that was named.
        decide: Judges an artifact with all artifacts of the run in sight.
    """
    files = tuple(
        one.artifact if isinstance(one, Verdict) else one.case.artifact
        for one in results
        if isinstance(one, Verdict | Undecided)
    )
    return [decide(one, files) if isinstance(one, Undecided) else one for one in results]


def _slim(evidence: Evidence, digests: bool) -> Evidence:
    found = with_digests(evidence) if digests else evidence
    return replace(found, content=b"", parts=())
