"""Whether a provenance names the builder that is demanded."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.attestation.predicates.provenance import Provenance
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import Difference

_CODE = "SL-REQ-006"


def check_builder(question: Question) -> Iterator[Difference]:
    """The builder's id is the one demanded, as text.

    Spec: slsa.dev, provenance v1, "builder.id".
    """
    wanted, found = question.requirement.builder, parsed(question.fact)
    if not isinstance(found, Provenance):
        yield Difference(_CODE, "builder.id", wanted, f"a statement of kind {question.kind}")
    elif found.builder != wanted:
        yield Difference(_CODE, "builder.id", wanted, found.builder)
