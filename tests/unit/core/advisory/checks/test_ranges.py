"""ADV04 and ADV05: events can be compared, and the range can be read in one way."""

import pytest

from sealane.core.advisory.record import Affected, Record
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.cases import (
    acme,
    draft,
    failures,
    lacks,
    of_entries,
    outcomes,
    saying,
    warnings,
)
from support.records import entry_of, events_of, listed

GIT = VersionRange("GIT", (("introduced", "0"), ("fixed", "a" * 40)), "https://acme.example/a.git")


def ranged(*ranges: VersionRange) -> Record:
    return of_entries(Affected(AffectedPackage("PyPI", "acme", "pkg:pypi/acme", (), ranges)))


def ecosystem(events: str, type: str = "ECOSYSTEM") -> VersionRange:  # noqa: A002 - OSV's word
    return VersionRange(type, events_of(events))


@pytest.mark.parametrize("text", ["1.4.2-final", "1.x", "", "next", "1..2", "1" * 5000])
@pytest.mark.parametrize("kind", ["introduced", "fixed", "last_affected"])
def test_an_event_that_pep_440_does_not_know_fails(kind: str, text: str) -> None:
    record = ranged(VersionRange("ECOSYSTEM", (("introduced", "0"), (kind, text))))
    assert f"got {kind}: {text[:60]}" in failures("ADV04", saying(draft(), record))


@pytest.mark.parametrize("text", ["0", "1!2.0", "1.0rc1", "1.0-1", "v1.0", "1.0.dev0", "1.0+x"])
def test_an_event_that_pep_440_knows_holds(text: str) -> None:
    assert outcomes("ADV04", saying(draft(), ranged(ecosystem(f"0 <{text}")))) == []


def test_a_limit_of_everything_is_no_version_and_is_told_as_a_shape() -> None:
    record = ranged(VersionRange("ECOSYSTEM", (("introduced", "0"), ("limit", "*"))))
    assert outcomes("ADV04", saying(draft(), record)) == []
    assert "got limit" in failures("ADV05", saying(draft(), record))


@pytest.mark.parametrize("record", [of_entries(), ranged(GIT), ranged()])
def test_without_an_event_nothing_can_be_told(record: Record) -> None:
    assert "an event that names a version" in lacks("ADV04", saying(draft(), record))


def test_nothing_affected_fails() -> None:
    told = failures("ADV05", saying(draft(), of_entries(has_affected=False)))
    assert "record/affected: expected a package (REC:001), got none" in told


def test_a_package_in_two_entries_fails() -> None:
    record = of_entries(entry_of("acme", "0 <1.2"), entry_of("Acme", "2.0 <2.1"))
    assert "record: acme: expected one entry, got 2 entries" in failures(
        "ADV05", saying(draft(), record)
    )


@pytest.mark.parametrize(
    ("ranges", "told"),
    [
        pytest.param((), "got 0 ranges", id="none"),
        pytest.param((GIT,), "got 0 ranges", id="git-alone"),
        pytest.param((ecosystem("0 <1.2"), ecosystem("2.0 <2.1")), "got 2 ranges", id="two"),
        pytest.param((ecosystem("0 <1.2", "SEMVER"),), "got type SEMVER", id="semver"),
        pytest.param((VersionRange("ECOSYSTEM", ()),), "(RNG:001), got none", id="no-event"),
        pytest.param((ecosystem("<1.2"),), "(RNG:001), got fixed", id="no-introduced"),
        pytest.param((ecosystem("0 <1.2 2.0 <=2.0"),), "both in one range", id="two-ends"),
        pytest.param((ecosystem("1.2 <1.2"),), "introduced 1.2, fixed 1.2", id="empty"),
        pytest.param((ecosystem("1.2 <1.2.0"),), "introduced 1.2, fixed 1.2.0", id="empty-0"),
        pytest.param((ecosystem("2.0 <1.2"),), "fixed 1.2 that ends nothing", id="backwards"),
        pytest.param((ecosystem("0 1.0 <1.2"),), "introduced 1.0 inside a range", id="twice"),
        pytest.param((ecosystem("0 <1.1 <1.2"),), "fixed 1.2 that ends nothing", id="end-twice"),
        pytest.param((ecosystem("0 <1.2 1.2 <2.0"),), "introduced 1.2 inside a range", id="touch"),
        pytest.param((ecosystem("5.0 <6.0"),), "a version of the index, got none", id="nobody"),
    ],
)
def test_a_shape_that_is_read_in_several_ways_fails(
    ranges: tuple[VersionRange, ...], told: str
) -> None:
    assert told in failures("ADV05", saying(draft(), ranged(*ranges)))


@pytest.mark.parametrize(
    "events", ["0 <1.2", "1.0 <=1.0", "0 <1.2 2.0 <2.1", "0 <=1.1 2.0", "1!0 <1!1"]
)
def test_one_range_in_turn_holds(events: str) -> None:
    case = replace(draft(), listings=(listed("acme", ["1.0", "2.0", "1!0.1"]),))
    assert failures("ADV05", saying(case, ranged(ecosystem(events), GIT))) == ""


def test_events_out_of_order_only_warn() -> None:
    case = saying(draft(), acme("2.0 <2.1 0 <1.2"))
    assert "events in the order of the versions, got 2.0, 2.1, 0, 1.2" in warnings("ADV05", case)
    assert failures("ADV05", case) == ""


@pytest.mark.parametrize(
    ("events", "told"),
    [
        ("0 <1.2 1.2.1 <1.2.2", "got 1.2.1 to 1.2.2"),
        ("0 <=0.1 1.0 <=1.1", "got the start to 0.1"),
        ("0 <1.2 9.0", "got 9.0 to now"),
    ],
)
def test_an_interval_without_a_released_version_only_warns(events: str, told: str) -> None:
    case = saying(draft(), acme(events))
    assert told in warnings("ADV05", case)
    assert failures("ADV05", case) == ""


def test_an_index_that_was_not_read_is_left_to_the_check_of_the_package() -> None:
    assert outcomes("ADV05", draft(listings=())) == []


def test_an_event_that_cannot_be_compared_is_left_to_its_own_check() -> None:
    assert outcomes("ADV05", saying(draft(), acme("0 <next"))) == []
