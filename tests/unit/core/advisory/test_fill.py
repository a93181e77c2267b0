"""Versions are those that the index lists inside the ranges; times follow the lift."""

from datetime import timedelta

import pytest
from hypothesis import given

from sealane.core.advisory.fill import corrected_times, fill_versions, listing_named
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Affected, Record
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError
from support.records import AT, agreeing, entry_of, listed, record_of

VERSIONS = ["0.9.dev1", "1.0", "1.1rc1", "1.1", "1.2rc1", "1.2", "1.2.post1", "2.0", "2.1", "1!0.1"]
ACME = listed("acme", VERSIONS, yanked=["1.0"])


def filled(entry: Affected, *listings: Listing) -> tuple[str, ...]:
    return fill_versions(record_of(entry), listings or (ACME,)).affected[0].about.versions


@pytest.mark.parametrize(
    ("events", "versions"),
    [
        ("0 <1.2", "0.9.dev1 1.0 1.1rc1 1.1 1.2rc1"),
        ("0 <1.2 2.0 <2.1", "0.9.dev1 1.0 1.1rc1 1.1 1.2rc1 2.0"),
        ("1.1 <=1.2", "1.1 1.2rc1 1.2"),
        ("2.0", "2.0 2.1 1!0.1"),
        ("3.0 <4.0", ""),
    ],
)
def test_all_listed_versions_inside_are_filled_in(events: str, versions: str) -> None:
    assert filled(entry_of("acme", events, ["1.0", "9.9"])) == tuple(versions.split())


@given(agreeing())
def test_what_agrees_is_not_changed(agreed: tuple[Record, tuple[Listing, ...]]) -> None:
    record, listings = agreed
    assert fill_versions(record, listings) == record
    emptied = tuple(replace(one, about=replace(one.about, versions=())) for one in record.affected)
    assert fill_versions(replace(record, affected=emptied), listings) == record


def test_another_writing_of_the_name_finds_its_listing() -> None:
    assert filled(entry_of("Zope.Interface", "0"), listed("zope-interface", ["1"])) == ("1",)


@pytest.mark.parametrize(
    "about",
    [
        AffectedPackage("PyPI", "acme", "", ("1.0", "x"), ()),
        AffectedPackage("PyPI", "acme", "", ("1.0", "x"), (VersionRange("GIT", (), "r"),)),
        AffectedPackage("npm", "acme", "", ("1.0", "x"), (VersionRange("SEMVER"),)),
    ],
    ids=["versions-alone", "commits", "another-ecosystem"],
)
def test_what_has_no_range_of_versions_keeps_what_it_lists(about: AffectedPackage) -> None:
    assert filled(Affected(about)) == ("1.0", "x")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        (entry_of("other"), "no listing of other"),
        (entry_of("acme", "0 <soon"), "expected a PEP 440 version, got 'soon'"),
        (Affected(AffectedPackage("PyPI", "acme", "", (), (VersionRange("SEMVER"),))), "ECOSYSTEM"),
    ],
    ids=["no-listing", "no-version", "another-type"],
)
def test_what_cannot_be_filled_is_refused(entry: Affected, said: str) -> None:
    with pytest.raises(InputError, match=said):
        filled(entry)


def test_a_listing_is_found_by_its_project() -> None:
    assert listing_named([listed("a", []), ACME], "acme") is ACME


LATER = AT + timedelta(hours=1)


def test_a_draft_is_not_published() -> None:
    record = corrected_times(record_of(), None, LATER)
    assert (record.published, record.modified) == (None, LATER)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(None, AT, id="never-published"),
        pytest.param(AT - timedelta(seconds=1), AT, id="before-the-lift"),
        pytest.param(AT + timedelta(days=1), AT, id="in-the-future"),
        pytest.param(AT + timedelta(minutes=1), AT + timedelta(minutes=1), id="holds"),
    ],
)
def test_it_is_published_not_before_the_lift_and_modified_now(
    before: object, after: object
) -> None:
    record = corrected_times(record_of(published=before), AT, LATER)
    assert (record.published, record.modified) == (after, LATER)


def test_a_lift_to_come_is_refused() -> None:
    with pytest.raises(InputError, match="expected a lift before 2026-11-01T12:00:00Z"):
        corrected_times(record_of(), LATER, AT)
