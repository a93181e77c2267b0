"""Asks every check about one case.

Nothing here turns an answer into a pass: a check without a finding passes, and whatever keeps one
from being asked is a finding itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sealane.core.advisory.answers import missing, noted, passed
from sealane.core.advisory.checks.interface import Case, Check, Stage
from sealane.core.advisory.checks.registry import CHECKS
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.errors import InputError


def examine(case: Case) -> tuple[Finding, ...]:
    """The answers of all checks, in the order of their codes; each has one at least.

    1. A check that was left out on request says so.
    2. One that can only be asked once the advisory is public is not asked of a draft.
    3. One that cannot be asked, for the record cannot be read that far, is missing.
    4. What does not hold yet of a slow one is missing until its deadline has passed.

    Raises:
        InputError: A code is to be left out that is none.
        MissingExtraError: A library is not installed that a check needs.
    """
    known = {check.code for check in CHECKS}
    if unknown := sorted(case.left_out - known):
        raise InputError(
            f"checks to leave out: {unknown[0][:40]!r} is no check",
            hint=f"they are {min(known)} to {max(known)}",
        )
    return tuple(finding for check in CHECKS for finding in _answers(check, case))


def _answers(check: Check, case: Case) -> Iterator[Finding]:
    if check.code in case.left_out:  # 1
        yield noted(check.code, "", "left out on request")
        return
    if check.published and case.stage is Stage.DRAFT:  # 2
        yield noted(check.code, "", "not asked of a draft: it can only be seen once it is public")
        return
    found = tuple(_asked(check, case))
    if not found:
        yield passed(check.code, f"record {case.record.id}")
    due = _due(check, case)
    for finding in found:
        if finding.outcome is Outcome.FAIL and due is not None:  # 4
            hint = f"not yet, due by {rfc3339(due)}"
            yield replace(finding, outcome=Outcome.MISSING, hint=hint)
        else:
            yield finding


def _asked(check: Check, case: Case) -> Iterator[Finding]:
    try:
        yield from check.findings(case)
    except InputError as error:  # 3
        place = f"record {case.record.id}"
        yield missing(check.code, place, "a record that can be read", error.message, error.hint)


def _due(check: Check, case: Case) -> datetime | None:
    """Until when a check may still come to hold; None where that has passed, or nobody knows."""
    if not check.deadline_s or case.lifted is None:
        return None
    if case.lifted > case.at:
        return None  # It is public already, whatever is said of the lift: nothing waits for that.
    due = case.lifted + timedelta(seconds=check.deadline_s)
    return due if case.at < due else None
