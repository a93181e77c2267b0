"""ADV17: times agree with each other, with the clock, and with the lift."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.advisory.record import Provenance, Revision
from sealane.core.advisory.record_render import render_record
from sealane.core.model.verdict import Outcome
from sealane.errors import InputError
from support.cases import LATER, acme, asked, draft, failures, outcomes, published, saying, warnings
from support.records import AT

SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("name", ["published", "modified", "withdrawn"])
@pytest.mark.parametrize(
    "text",
    [
        "2026-11-01",
        "2026-11-01T12:00:00+00:00",
        "2026-11-01 12:00:00Z",
        "2026-11-01T12:00Z",
        "2026-11-01T12:00:00.1234567Z",
        "2026-11-01T12:00:00z",
        7,
        None,
    ],
)
def test_a_time_that_is_written_in_another_way_fails(name: str, text: object) -> None:
    document = {**json.loads(render_record(acme())), name: text}
    told = failures("ADV17", draft(content=json.dumps(document).encode()))
    assert (f"record/{name}: expected one like 2026-11-25T12:00:00Z" in told) is (text is not None)


def test_a_record_that_is_no_object_is_told_by_the_schema() -> None:
    with pytest.raises(InputError):
        asked("ADV17", draft(content=b"[]"))


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"published": AT + SECOND}, "record/published: expected not after"),
        ({"modified": LATER + SECOND}, "record/modified: expected not after"),
        (
            {"published": LATER + SECOND, "modified": LATER + 2 * SECOND},
            "record/published: expected not after 2026-11-01T13:00:00Z, when it is checked",
        ),
        (
            {"provenance": Provenance(revisions=(Revision("1", LATER + SECOND, "First."),))},
            "record/revision 1: expected not after",
        ),
        (
            {
                "provenance": Provenance(
                    revisions=(Revision("1", AT, "First."), Revision("2", AT - SECOND, "Next."))
                )
            },
            "record: revision 2: expected not before 2026-11-01T12:00:00Z",
        ),
    ],
)
def test_times_that_contradict_each_other_or_the_clock_fail(
    changes: dict[str, Any], told: str
) -> None:
    for case in (draft(), published()):
        assert told in failures("ADV17", saying(case, acme(**changes)))


def test_revisions_in_their_order_hold() -> None:
    revisions = (Revision("1", AT, "First."), Revision("2", AT, "Next."), Revision("3", LATER, "."))
    record = acme(provenance=Provenance(revisions=revisions))
    assert outcomes("ADV17", saying(draft(), record)) == []


def test_an_advisory_from_before_the_lift_fails() -> None:
    told = failures("ADV17", published(lifted=AT + SECOND))
    assert "record/published: expected not before the lift, 2026-11-01T12:00:01Z" in told
    silent = saying(published(lifted=AT + SECOND), acme(published=None))
    assert "not before the lift" in failures("ADV17", silent)


def test_a_published_record_that_does_not_say_since_when_only_warns() -> None:
    case = saying(published(), acme(published=None))
    assert "record/published: expected a time, got none" in warnings("ADV17", case)
    assert failures("ADV17", case) == ""
    assert outcomes("ADV17", saying(draft(), acme(published=None))) == []


def test_without_a_lift_it_is_said_that_nothing_was_held_against_it() -> None:
    assert outcomes("ADV17", published(lifted=None)) == [Outcome.NOTE]


def test_a_draft_that_is_withdrawn_fails() -> None:
    told = failures("ADV17", saying(draft(), acme(withdrawn=AT)))
    assert "record/withdrawn: expected a draft that warns somebody" in told


def test_an_advisory_that_was_withdrawn_only_warns() -> None:
    case = saying(published(), acme(withdrawn=AT + SECOND))
    assert "withdrawn 2026-11-01T12:00:01Z" in warnings("ADV17", case)
    assert failures("ADV17", case) == ""
    undated = saying(published(), acme(withdrawn=AT + SECOND, published=None))
    assert failures("ADV17", undated) == ""


@pytest.mark.parametrize("at", [AT - HOUR, LATER + HOUR], ids=["before", "in-the-future"])
def test_an_advisory_cannot_be_withdrawn_before_it_was_there_or_in_the_future(at: object) -> None:
    told = failures("ADV17", saying(published(), acme(withdrawn=at)))
    assert "record/withdrawn: expected a time after it was published, and before now" in told
