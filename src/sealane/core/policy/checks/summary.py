"""Whether the summary of another verifier is what is demanded."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.policy.checks.interface import Question
from sealane.core.policy.identity import NOTHING, Difference
from sealane.core.policy.summaries import check_summary


def check_summaries(question: Question) -> Iterator[Difference]:
    """Verifier, resource, result, level and properties are those of the requirement."""
    statement = question.fact.statement
    if statement is None:
        yield Difference("SL-SUM-001", "verifier.id", question.requirement.verifier, NOTHING)
    else:
        yield from check_summary(question.requirement, statement, question.artifact)
