"""ADV09, ADV10 and ADV11: what is affected is what the index has of it."""

import pytest

from sealane.core.advisory.listing import Listing
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.errors import InputError
from support.cases import (
    INDEX,
    VERSIONS,
    acme,
    asked,
    draft,
    failures,
    lacks,
    manifest_of,
    of_entries,
    outcomes,
    saying,
    warnings,
)
from support.records import entry_of, listed


@pytest.mark.parametrize("lost", VERSIONS)
def test_each_version_in_a_range_has_to_be_listed(lost: str) -> None:
    versions = tuple(one for one in VERSIONS if one != lost)
    told = failures("ADV09", saying(draft(), acme(versions=versions)))
    assert f"record: versions of acme: expected also {lost}, got not listed" in told


def test_yanked_versions_can_be_installed_and_have_to_be_listed() -> None:
    listing = listed("acme", [*INDEX, "1.1.post1"], yanked=["1.1.post1"])
    assert "also 1.1.post1" in failures("ADV09", draft(listings=(listing,)))


def test_a_range_without_any_list_is_one_finding() -> None:
    (only,) = asked("ADV09", saying(draft(), acme(versions=())))
    assert only.outcome is Outcome.FAIL
    assert only.expected == "also 1.0, 1.1, 1.2rc1, 2.0, 2.0.post1"


def test_of_very_many_versions_the_first_are_named_and_the_rest_are_counted() -> None:
    many = [f"1.1.{number}" for number in range(100)]
    told = failures("ADV09", draft(listings=(listed("acme", [*INDEX, *many]),)))
    assert "1.1.11, 1.1.12, and 87 more" in told


@pytest.mark.parametrize("ghost", ["0.9", "1.1.1", "5.0", "1.0-final", ""])
def test_a_version_that_the_index_does_not_have_fails(ghost: str) -> None:
    told = failures("ADV09", saying(draft(), acme(versions=(*VERSIONS, ghost))))
    assert f"expected versions that the index has, got listed: {ghost}" in told


def test_a_version_outside_every_range_fails() -> None:
    told = failures("ADV09", saying(draft(), acme(versions=(*VERSIONS, "1.3"))))
    assert "expected versions inside a range, got listed: 1.3" in told


def test_the_same_version_in_another_writing_holds() -> None:
    versions = ("1.0.0", "v1.1", "1.2.0rc1", "2.0-1", "2")
    assert outcomes("ADV09", saying(draft(), acme(versions=versions))) == []


def test_a_version_that_is_there_twice_only_warns() -> None:
    case = saying(draft(), acme(versions=(*VERSIONS, "1.0.0")))
    assert "each version once" in warnings("ADV09", case)
    assert failures("ADV09", case) == ""


def test_an_old_file_that_no_installer_takes_only_warns() -> None:
    listing = listed("acme", INDEX, legacy=("acme-0.3.2d.tar.gz",))
    case = saying(draft(listings=(listing,)), acme(versions=(*VERSIONS, "0.3.2d")))
    assert "got listed: 0.3.2d" in warnings("ADV09", case)
    assert failures("ADV09", case) == ""
    other = saying(case, acme(versions=(*VERSIONS, "0.3.2e")))
    assert "listed: 0.3.2e" in failures("ADV09", other)


def test_a_bound_that_was_never_released_only_warns() -> None:
    case = saying(draft(), acme("0.1 <1.2 2.0 <2.1"))
    assert "(PKG:002)" in warnings("ADV09", case)
    assert failures("ADV09", case) == ""


@pytest.mark.parametrize("code", ["ADV09", "ADV10", "ADV11", "ADV12", "ADV13"])
def test_a_package_whose_index_was_not_read_is_missing(code: str) -> None:
    assert "index of acme: expected what it lists" in lacks(code, draft(listings=()))


def test_a_range_without_an_end_fails() -> None:
    told = failures("ADV10", saying(draft(), acme("0 <1.2 2.0")))
    assert "expected a range that ends with a fix, got introduced 2.0, and no end" in told
    assert "expected newest of 2 is not affected, got 2.2" in told
    alone = failures("ADV10", saying(draft(listings=()), acme("0")))
    assert "introduced 0, and no end" in alone


@pytest.mark.parametrize(
    ("supported", "events", "told"),
    [
        (("1", "2"), "0 <=1.3 2.0 <2.1", "newest of 1 is not affected, got 1.3"),
        (("1", "2"), "0 <1.2 2.0 <2.3", "newest of 2 is not affected, got 2.2"),
        (("1.0",), "0 <1.2", "newest of 1.0 is not affected, got 1.0"),
        ((), "0 <3", "newest of all is not affected, got 2.2"),
        ((), "0 <=2.2", "newest of all is not affected, got 2.2"),
    ],
)
def test_a_series_whose_newest_release_is_affected_fails(
    supported: tuple[str, ...], events: str, told: str
) -> None:
    assert told in failures("ADV10", saying(draft(supported=supported), acme(events)))


def test_where_no_series_is_named_an_old_one_may_end_affected() -> None:
    case = draft(supported=(), listings=(listed("acme", ["1.0", "1.1", "2.0", "2.1"]),))
    assert failures("ADV10", saying(case, acme("0 <2.1"))) == ""


def test_a_listed_version_is_affected_too() -> None:
    case = saying(draft(), acme(versions=(*VERSIONS, "2.2")))
    assert "newest of 2 is not affected, got 2.2" in failures("ADV10", case)


def test_what_an_installer_leaves_aside_is_not_the_newest() -> None:
    listing = listed("acme", [*INDEX, "2.3rc1", "2.4.dev1", "1.4"], yanked=["1.4"])
    case = saying(draft(listings=(listing,)), acme("0 <=1.1 1.4 <1.5 2.0 <2.1 2.3rc1 <2.3"))
    assert failures("ADV10", case) == ""


def test_a_supported_series_without_a_release_is_missing() -> None:
    case = draft(supported=("1", "2", "3.1"))
    assert "index: expected releases of 3.1, got none" in lacks("ADV10", case)
    assert failures("ADV10", case) == ""


def test_a_series_is_looked_for_in_every_package() -> None:
    both = of_entries(entry_of("acme", "0 <1.2"), entry_of("acme-core", "0 <3.2"))
    found = (listed("acme", ["1.0", "1.2"]), listed("acme-core", ["3.1", "3.2"]))
    case = saying(draft(supported=("1", "3"), listings=found, manifests=()), both)
    assert outcomes("ADV10", case) == []


def test_an_index_with_pre_releases_alone_has_no_newest() -> None:
    case = draft(supported=(), listings=(listed("acme", ["1.0rc1"]),))
    assert outcomes("ADV10", saying(case, acme("0 <1.0"))) == []


@pytest.mark.parametrize("text", ["1.x", "", "1.4rc1", "1.4.post1", ">=1"])
def test_a_series_that_is_none_stops_what_asks_for_it(text: str) -> None:
    for code in ("ADV10", "ADV12"):
        with pytest.raises(InputError, match="supported series"):
            asked(code, draft(supported=(text,)))


@pytest.mark.parametrize("early", ["1.2rc1", "1.2.dev1", "1.2a0.dev3"])
def test_a_pre_release_of_the_fix_has_to_be_affected(early: str) -> None:
    case = draft(listings=(listed("acme", ["1.0", "1.1", early, "1.2", "2.1"]),))
    assert failures("ADV11", case) == ""
    told = failures("ADV11", saying(case, acme("0 <=1.1", ("1.0", "1.1"))))
    assert f"what comes before 1.2 is affected, got not affected: {early}" in told


@pytest.mark.parametrize("fix", ["1.2.0", "1.2.post1"])
def test_a_fix_is_the_same_in_any_writing_and_after_its_release(fix: str) -> None:
    case = draft(manifests=(), listings=(listed("acme", ["1.2rc1", "1.2", "1.2.post1"]),))
    assert "1.2rc1" in failures("ADV11", saying(case, acme(f"1.2 <{fix}", ())))


def test_a_pre_release_of_another_version_is_no_concern_of_the_fix() -> None:
    listing = listed("acme", ["1.2", "1.2.1rc1", "1.3rc1", "1!1.2rc1", "2.1"])
    assert failures("ADV11", draft(listings=(listing,))) == ""


def test_the_release_of_a_manifest_is_a_fix_too() -> None:
    listing = listed("acme", [*INDEX, "2.2rc1"])
    case = draft(listings=(listing,), manifests=(manifest_of("2.2"),))
    assert "what comes before 2.2 is affected, got not affected: 2.2rc1" in failures("ADV11", case)


def test_a_fix_that_is_no_version_has_no_pre_release() -> None:
    case = saying(draft(), acme())
    (one,) = case.record.affected
    assert one.about.versions == VERSIONS
    assert outcomes("ADV11", replace(case, manifests=())) == []


def test_an_empty_index_has_nothing_that_could_be_missing() -> None:
    case = draft(listings=(Listing("acme", (), "an index"),))
    assert "got listed" in failures("ADV09", case)
