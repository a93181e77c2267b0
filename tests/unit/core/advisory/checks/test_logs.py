"""ADV25: no public log knew of the release before the lift."""

from datetime import timedelta

from sealane.core.advisory.checks.interface import Seen
from support.cases import failures, lacks, outcomes, published
from support.records import AT

SECOND = timedelta(seconds=1)


def test_an_entry_from_before_the_lift_fails() -> None:
    told = failures("ADV25", published(seen=Seen(logged=(AT, AT - SECOND, AT + SECOND))))
    assert told == (
        "public logs: expected not before the lift, 2026-11-01T12:00:00Z, got 2026-11-01T11:59:59Z"
    )


def test_entries_from_the_lift_on_hold() -> None:
    assert outcomes("ADV25", published(seen=Seen(logged=(AT, AT + SECOND)))) == []


def test_without_entries_or_a_lift_nobody_knows() -> None:
    for logged in (None, ()):
        assert "expected entries" in lacks("ADV25", published(seen=Seen(logged=logged)))
    assert "the time of the lift" in lacks("ADV25", published(lifted=None))
