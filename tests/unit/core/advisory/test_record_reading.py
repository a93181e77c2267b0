"""A reader of OSV takes from a record what it says, and nothing where it leaves it open."""

import pytest
from hypothesis import given

from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record, Severity
from sealane.core.advisory.record_reading import affected_by, refuse_unknown, said_by
from sealane.errors import InputError
from support.records import AT, V3, V4, agreeing, entry_of, record_of


@given(agreeing())
def test_what_is_listed_inside_the_ranges_is_affected(
    agreed: tuple[Record, tuple[Listing, ...]],
) -> None:
    record, listings = agreed
    for listing, entry in zip(listings, record.affected, strict=True):
        found = affected_by(record, listing.project, listing.versions)
        assert found == frozenset(entry.about.versions)


def test_a_project_that_is_not_named_is_not_affected() -> None:
    assert affected_by(record_of(), "other", ["1.0"]) == frozenset()


def test_a_withdrawn_record_affects_nothing() -> None:
    assert affected_by(record_of(withdrawn=AT.replace(year=2030)), "acme", ["1.0"]) == frozenset()


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(Record("P-1", AT), id="nothing-affected"),
        pytest.param(record_of(entry_of("acme", "next-week", ())), id="no-version"),
        pytest.param(record_of(entry_of("acme", "", ())), id="neither-range-nor-versions"),
    ],
)
def test_what_is_left_open_is_an_error(record: Record) -> None:
    with pytest.raises(InputError, match="leaves open whether it affects acme"):
        affected_by(record, "acme", ["1.0"])


def test_everything_else_it_says_is_told() -> None:
    entry = entry_of(events="0 <1.2 2.0 <2.1", severity=(Severity("CVSS_V4", V4),))
    said = said_by(record_of(entry, severity=(Severity("CVSS_V3", V3), Severity("Ubuntu", "low"))))
    assert said.ids == {"PYSEC-2026-1", "CVE-2026-10001", "GHSA-2222-3333-4444"}
    assert said.vectors == {V3, V4}
    assert said.ratings == {"high"}
    assert said.weaknesses == {"CWE-78"}
    assert said.fixed == {"1.2", "2.1"}
    assert said_by(Record("P-1", AT)).ratings == frozenset()


def test_what_would_be_lost_is_refused() -> None:
    refuse_unknown(record_of())
    with pytest.raises(InputError, match="/withdrawm: OSV knows no such member"):
        refuse_unknown(record_of(unknown=("/withdrawm",)))
