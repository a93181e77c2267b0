"""A published record is corrected by a revision more; what was published is never rewritten."""

from datetime import timedelta

import pytest

from sealane.core.advisory.record import Provenance, Record, Revision
from sealane.core.advisory.revise import revised, with_first_revision
from sealane.core.model.values import replace
from sealane.errors import InputError
from support.records import AT, record_of

LATER = AT + timedelta(days=3)
DRAFT = record_of(published=None)
PUBLIC = record_of()


def numbered(*numbers: str) -> Record:
    revisions = tuple(
        Revision(number, AT + timedelta(hours=hour), "x") for hour, number in enumerate(numbers)
    )
    return replace(PUBLIC, provenance=Provenance(revisions=revisions))


def numbers(record: Record) -> list[str]:
    assert record.provenance is not None
    return [one.number for one in record.provenance.revisions]


def test_what_is_published_has_a_first_revision_of_that_time() -> None:
    assert with_first_revision(PUBLIC).provenance == Provenance(
        revisions=(Revision("1", AT, "Published."),)
    )
    assert with_first_revision(DRAFT) == DRAFT
    assert with_first_revision(numbered("4")) == numbered("4")


def test_a_revision_more_is_dated_and_numbered() -> None:
    found = revised(PUBLIC, " The range of 1.x ends with 1.2. ", LATER)
    assert numbers(found) == ["1", "2"]
    assert found.modified == LATER
    assert found.withdrawn is None
    assert found.provenance is not None
    assert found.provenance.revisions[-1] == Revision("2", LATER, "The range of 1.x ends with 1.2.")
    assert numbers(revised(found, "again", LATER + timedelta(seconds=1))) == ["1", "2", "3"]
    assert numbers(revised(numbered("1", "9"), "x", LATER)) == ["1", "9", "10"]


def test_what_is_withdrawn_stays_withdrawn() -> None:
    gone = revised(PUBLIC, "It was no vulnerability.", LATER, withdraw=True)
    assert gone.withdrawn == LATER
    assert revised(gone, "typo", LATER + timedelta(days=1)).withdrawn == LATER


@pytest.mark.parametrize(
    ("record", "summary", "days", "withdraw", "said"),
    [
        pytest.param(DRAFT, "x", 3, False, "a draft has no revisions", id="draft"),
        pytest.param(PUBLIC, " ", 3, False, "one line", id="nothing-said"),
        pytest.param(PUBLIC, "a\nb", 3, False, "one line", id="two-lines"),
        pytest.param(numbered("1.0.0"), "x", 3, False, "whole numbers", id="semver"),
        pytest.param(numbered("²"), "x", 3, False, "whole numbers", id="no-ascii-digit"),
        pytest.param(PUBLIC, "x", 0, False, "expected a time after", id="not-later"),
        pytest.param(
            replace(PUBLIC, withdrawn=AT), "x", 3, True, "it was withdrawn at", id="twice"
        ),
    ],
)
def test_what_has_no_next_revision_is_refused(
    record: Record, summary: str, *, days: int, withdraw: bool, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        revised(record, summary, AT + timedelta(days=days), withdraw=withdraw)
