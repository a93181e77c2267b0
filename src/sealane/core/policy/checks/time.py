"""Whether a fact was signed when the policy wants it to be; what proves no time never is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from sealane.core.policy.checks.interface import Question
from sealane.core.policy.identity import Difference

_UNPROVEN = "no proven time"


def check_time(question: Question) -> Iterator[Difference]:
    """It was signed at `not_before` or later, and at most `max_age_days` ago."""
    wanted, signed = question.requirement, question.fact.signed_at
    actual = _UNPROVEN if signed is None else signed.isoformat()
    if wanted.not_before is not None and (signed is None or signed < wanted.not_before):
        yield Difference("SL-REQ-008", "signed at", f"from {wanted.not_before.isoformat()}", actual)
    if wanted.max_age_days is not None:
        # Subtracted from the age, not from the time: any number of days may be written.
        too_old = signed is None or (question.at - signed) > _days(wanted.max_age_days)
        if too_old:
            expected = f"at most {wanted.max_age_days} days before {question.at.isoformat()}"
            yield Difference("SL-REQ-009", "signed at", expected, actual)


def _days(number: int) -> timedelta:
    return timedelta(days=min(number, timedelta.max.days))
