"""Whether a provenance reaches the SLSA build level that is demanded."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.attestation.predicates.provenance import Provenance
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import Difference
from sealane.core.policy.level import build_level

_CODE = "SL-REQ-007"


def check_level(question: Question) -> Iterator[Difference]:
    """The level that was reached is at least the demanded one; else what the next one lacks."""
    wanted = question.requirement.level
    if not isinstance(parsed(question.fact), Provenance):
        yield Difference(
            _CODE,
            "SLSA build level",
            str(wanted),
            f"0: {question.kind} does not say how it was built",
        )
        return
    reached = build_level(question.fact, question.publisher, question.requirement.builder)
    if reached.level < wanted:
        yield Difference(_CODE, "SLSA build level", str(wanted), str(reached))
