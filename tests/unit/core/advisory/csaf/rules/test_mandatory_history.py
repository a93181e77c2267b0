"""Version, status, revisions: 6.1.14, 6.1.16 to 6.1.22, 6.1.30."""

import pytest

from support.csaf import broken, document

HISTORY = "/document/tracking/revision_history"
STATUS, VERSION = "/document/tracking/status", "/document/tracking/version"


def numbers(*places: int) -> list[str]:
    return [f"{HISTORY}/{place}/number" for place in places]


@pytest.mark.parametrize(
    ("written", "places"),
    [
        (("1", "2", "10"), []),
        (("1.9.0", "1.10.0"), []),
        (("1", "3", "2"), [2]),
        (("1.10.0", "1.9.0", "1.9.1"), [1]),
        (("1.0.0", "1.0.0-rc"), [1]),
        (("1.0.0+b", "1.0.0+a"), []),
    ],
)
def test_revisions_grow_with_time(written: tuple[str, ...], places: list[int]) -> None:
    assert broken("6.1.14", document(*written)) == numbers(*places)


def test_revisions_of_one_time_are_in_order() -> None:
    made = document("2", "1")
    for one in made["document"]["tracking"]["revision_history"]:
        one["date"] = "2026-11-25T12:00:00Z"
    assert broken("6.1.14", made) == []


@pytest.mark.parametrize(
    ("written", "version", "status", "holds"),
    [
        (("1", "2"), "2", "final", True),
        (("1", "2"), "1", "final", False),
        (("1.0.0", "1.1.0"), "1.1.0+build.2", "final", True),
        (("1.0.0-rc",), "1.0.0", "draft", True),
        (("1.0.0-rc",), "1.0.0", "final", False),
        (("1.0.0",), "1.0.0-rc", "draft", True),
        (("1.0.0", "1.0.1"), "1.0.0-rc", "draft", False),
        (("1.0.0",), "1", "final", False),
    ],
)
def test_the_version_is_that_of_the_latest_revision(
    written: tuple[str, ...], version: str, status: str, *, holds: bool
) -> None:
    made = document(*written, version=version, status=status)
    assert broken("6.1.16", made) == ([] if holds else [VERSION])


@pytest.mark.parametrize("version", ["0", "0.9.1", "1.0.0-rc", "2.0.0-a+b"])
def test_a_version_before_a_release_is_a_draft(version: str) -> None:
    assert broken("6.1.17", document(version, status="draft")) == []
    assert broken("6.1.17", document(version, status="interim")) == [STATUS]


@pytest.mark.parametrize("version", ["1", "1.0.0", "1.0.0+a-b", "10.0.0"])
def test_a_released_version_has_any_status(version: str) -> None:
    assert broken("6.1.17", document(version, status="final")) == []
    assert broken("6.1.17", document(version, status="draft")) == []


@pytest.mark.parametrize("drafts", [("0",), ("0.1.0", "0.2.0-a")])
def test_the_history_of_what_is_released_has_no_drafts(drafts: tuple[str, ...]) -> None:
    whole = len(drafts) == 1
    written = (*drafts, "1" if whole else "1.0.0")
    assert broken("6.1.18", document(*written, status="draft")) == []
    assert broken("6.1.18", document(*written, status="final")) == numbers(*range(len(drafts)))


def test_the_history_has_no_pre_releases() -> None:
    assert broken("6.1.19", document("1.0.0-rc", "1.0.0+a-b", "2.0.0-1")) == numbers(0, 2)


def test_what_is_released_is_no_pre_release() -> None:
    assert broken("6.1.20", document("1.0.0-rc", status="final")) == [VERSION]
    assert broken("6.1.20", document("1.0.0-rc", status="draft")) == []
    assert broken("6.1.20", document("1.0.0+a-b", status="final")) == []


@pytest.mark.parametrize(
    ("written", "places"),
    [
        (("0", "1", "2"), []),
        (("1", "2"), []),
        (("0.1.0", "0.9.0", "1.0.0", "1.7.0", "2.0.0"), []),
        (("2", "3"), [0]),
        (("1", "3"), [1]),
        (("1.0.0", "3.0.0", "5.0.0"), [1, 2]),
        (("9" * 5000,), [0]),
    ],
)
def test_no_revision_is_left_out(written: tuple[str, ...], places: list[int]) -> None:
    assert broken("6.1.21", document(*written)) == numbers(*places)


def test_a_number_is_one_revision() -> None:
    assert broken("6.1.22", document("1", "2", "1", "2", "2")) == numbers(2, 3, 4)
    assert broken("6.1.22", document("1", "2")) == []


@pytest.mark.parametrize(
    ("written", "places"),
    [
        (("1", "2"), []),
        (("1.0.0", "2.0.0"), []),
        (("1.0.0", "2"), [0]),
        (("1", "2", "3.0.0"), [0, 1]),
    ],
)
def test_all_versions_are_of_one_kind(written: tuple[str, ...], places: list[int]) -> None:
    assert broken("6.1.30", document(*written)) == numbers(*places)
