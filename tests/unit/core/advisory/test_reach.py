"""What a record says of one project."""

import pytest
from hypothesis import given
from packaging.version import Version

from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import (
    Probe,
    entries_of,
    fixes_of,
    listing_for,
    probes_of,
    project_of,
    projects_of,
    reach_of,
    released_by,
    subjects_of,
)
from sealane.core.advisory.record import Affected, Record
from sealane.core.release.affected import AffectedPackage, is_affected
from sealane.errors import InputError
from support.cases import acme, manifest_of, of_entries
from support.records import AT, agreeing, entry_of, listed


@pytest.mark.parametrize(
    ("name", "purl", "project"),
    [
        ("Acme.Core", "pkg:pypi/other", "acme-core"),
        ("", "pkg:pypi/Acme_Core@1.0", "acme-core"),
        ("", "", ""),
    ],
)
def test_an_entry_is_about_the_project_that_it_names(name: str, purl: str, project: str) -> None:
    entry = Affected(AffectedPackage("", name, purl, (), ()))
    assert project_of(entry) == project
    assert projects_of(of_entries(entry)) == ((project,) if project else ())


def test_all_entries_of_a_project_are_put_together() -> None:
    first, other = entry_of("acme", "2.0 <2.1", ("2.0",)), entry_of("acme-core")
    record = of_entries(first, other, entry_of("Acme", "0 <1.2", ("1.0", "x")))
    assert len(entries_of(record, "acme")) == 2
    reach = reach_of(record, "acme")
    assert reach.intervals == (Interval("", fixed="1.2"), Interval("2.0", fixed="2.1"))
    assert reach.listed == ("2.0", "1.0", "x")
    assert reach.fixed == ("2.1", "1.2")
    assert [str(one) for one in reach.fixes] == ["1.2", "2.1"]


def test_listed_versions_are_affected_and_are_no_range() -> None:
    reach = reach_of(acme("0 <1.0", ("1.5", "junk")), "acme")
    assert reach.affects(Version("1.5"))
    assert not reach.inside(Version("1.5"))
    assert not reach.affects(Version("1.6"))
    assert reach.affected(listed("acme", ["0.9", "1.0", "1.5"])) == ("0.9", "1.5")


def test_ranges_that_cannot_be_read_are_an_error() -> None:
    with pytest.raises(InputError, match="expected a PEP 440 version"):
        reach_of(acme("0 <next"), "acme")


def test_a_record_without_a_package_is_an_error_for_whoever_asks_about_all() -> None:
    with pytest.raises(InputError, match="expected a package, got none"):
        list(subjects_of(of_entries(), ()))


def test_each_project_stands_beside_its_index() -> None:
    record = of_entries(entry_of("acme"), entry_of("acme-core"))
    index = listed("acme-core", ["1.0"])
    found = [(reach.project, listing) for reach, listing in subjects_of(record, [index])]
    assert found == [("acme", None), ("acme-core", index)]
    assert listing_for([], "acme") is None


def test_what_manifests_release_is_a_fix() -> None:
    manifests = [manifest_of("1.3"), manifest_of("2.1"), manifest_of("9", "acme-core")]
    assert released_by(manifests, "acme") == {Version("1.3"), Version("2.1")}
    fixes = fixes_of(reach_of(acme(), "acme"), manifests)
    assert [str(one) for one in fixes] == ["1.2", "1.3", "2.1"]


@pytest.mark.parametrize(
    ("events", "versions", "asked"),
    [
        pytest.param(
            "0 <1.2 2.0 <2.1",
            (),
            ["1.1 vulnerable 1.2", "1.2", "2.0 vulnerable 2.1", "2.1"],
            id="two-series",
        ),
        pytest.param("0 <1.2.5", (), ["1.2 vulnerable 1.2.5"], id="fix-not-there"),
        pytest.param("0 <=1.1", (), ["1.1 vulnerable"], id="no-fix"),
        pytest.param("0", (), ["2.1 vulnerable"], id="no-end"),
        pytest.param("5.0 <6.0", (), [], id="nothing-inside"),
        pytest.param("5.0 <6.0", ("1.0",), ["1.0 vulnerable 6.0"], id="listed-alone"),
        pytest.param("0 <1.2", ("1.2",), ["1.1 vulnerable 1.2", "1.2 vulnerable"], id="listed-fix"),
    ],
)
def test_what_is_asked_of_a_service(
    events: str, versions: tuple[str, ...], asked: list[str]
) -> None:
    index = listed("acme", ["1.0", "1.1", "1.2", "2.0", "2.1"])
    found = probes_of(reach_of(acme(events, versions), "acme"), index)
    assert [_told(one) for one in found] == asked


def _told(probe: Probe) -> str:
    words = [probe.version, "vulnerable" if probe.vulnerable else "", probe.fix]
    return " ".join(word for word in words if word)


@given(agreeing())
def test_a_record_reaches_what_an_evaluator_finds(case: tuple[Record, tuple[Listing, ...]]) -> None:
    record, indexes = case
    for reach, listing in subjects_of(record, indexes):
        assert listing is not None
        found = [
            text
            for text in listing.versions
            if is_affected(record.advisory, f"pkg:pypi/{reach.project}@{text}", text, AT)
        ]
        assert list(reach.affected(listing)) == found
