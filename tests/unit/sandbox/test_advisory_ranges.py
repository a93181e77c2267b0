from typing import Any

import pytest

from sealane.sandbox.advisory_ranges import affects, fixed_in, packages_of, sorted_versions


def record(*events: tuple[str, object], kind: str = "ECOSYSTEM", **entry: object) -> dict[str, Any]:
    span = {"type": kind, "events": [{name: value} for name, value in events]}
    package = {"ecosystem": "PyPI", "name": "acme"}
    return {"id": "X", "affected": [{"package": package, "ranges": [span], **entry}]}


FROM_START = (("introduced", "0"), ("fixed", "1.2"))
CORNERS = [
    pytest.param(FROM_START, "1.1", True, id="inside"),
    pytest.param(FROM_START, "1.2", False, id="fixed-is-out"),
    pytest.param(FROM_START, "1.2.0", False, id="zeros-at-the-end-are-equal"),
    pytest.param(FROM_START, "v1.2", False, id="other-spelling-of-fixed"),
    pytest.param(FROM_START, "1.2rc1", True, id="candidate-of-the-fix-is-in"),
    pytest.param(FROM_START, "1.2.dev0", True, id="dev-of-the-fix-is-in"),
    pytest.param(FROM_START, "1.2.post1", False, id="post-of-the-fix-is-out"),
    pytest.param(FROM_START, "1.2+local", False, id="local-of-the-fix-is-out"),
    pytest.param(FROM_START, "0.dev0", True, id="zero-is-before-everything"),
    pytest.param(FROM_START, "1!0.1", False, id="an-epoch-is-above"),
    pytest.param((("introduced", "1!0"), ("fixed", "1!2")), "9", False, id="below-an-epoch"),
    pytest.param((("introduced", "1!0"), ("fixed", "1!2")), "1!1", True, id="inside-an-epoch"),
    pytest.param((("introduced", "1"), ("last_affected", "2")), "2", True, id="last-is-in"),
    pytest.param((("introduced", "1"), ("last_affected", "2")), "2.post1", False, id="after-last"),
    pytest.param((("introduced", "1"),), "99", True, id="never-fixed"),
    pytest.param((("introduced", "1"),), "1rc1", False, id="candidate-of-introduced"),
    pytest.param((("introduced", "0"), ("limit", "2")), "1", True, id="below-the-limit"),
    pytest.param((("introduced", "0"), ("limit", "2")), "2", False, id="at-the-limit"),
    pytest.param((("introduced", "0"), ("limit", "*")), "2", True, id="no-limit"),
    pytest.param(
        (("introduced", "2.0"), ("fixed", "2.1"), ("introduced", "0"), ("fixed", "1.2")),
        "1.5", False, id="between-series-unsorted",
    ),
    pytest.param(
        (("introduced", "2.0"), ("fixed", "2.1"), ("introduced", "0"), ("fixed", "1.2")),
        "2.0.5", True, id="inside-the-second-unsorted",
    ),
    pytest.param((("introduced", "1"), ("fixed", "1")), "1", False, id="empty-range"),
    pytest.param((("introduced", "0"), ("fixed", "next week")), "1", False, id="no-version"),
    pytest.param((("introduced", "0"), ("fixed", 1.2)), "1", False, id="a-number"),
    pytest.param(FROM_START, "not one", False, id="asked-for-no-version"),
]  # fmt: skip


@pytest.mark.parametrize(("events", "version", "expected"), CORNERS)
def test_a_range_is_read_as_the_specification_says(
    events: tuple[tuple[str, object], ...], version: str, expected: bool
) -> None:
    assert affects(record(*events), "acme", version) is expected


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("1.2.3", True), ("1.3.0-rc.1", True), ("1.3.0", False), ("1.3.0+b", False),
        ("1.3", False), ("1.0.0-alpha", False), ("1.3.0-rc.11", True), ("1.3.0-z", True),
    ],
)  # fmt: skip
def test_semver_has_its_own_order(version: str, expected: bool) -> None:
    events = (("introduced", "1.0.0"), ("fixed", "1.3.0"))
    assert affects(record(*events, kind="SEMVER"), "acme", version) is expected


def test_numbers_in_semver_labels_are_numbers() -> None:
    events = (("introduced", "0"), ("fixed", "1.0.0-rc.10"))
    assert affects(record(*events, kind="SEMVER"), "acme", "1.0.0-rc.9")
    assert not affects(record(*events, kind="SEMVER"), "acme", "1.0.0-rc.x")


def test_ranges_of_commits_say_nothing_of_versions() -> None:
    assert not affects(record(("introduced", "0"), kind="GIT"), "acme", "1")


@pytest.mark.parametrize("version", ["2.0", "2", "v2.0.0", "odd one"])
def test_a_listed_version_is_affected_without_a_range(version: str) -> None:
    listed = record(*FROM_START, versions=["2.0", "odd one", 7])
    assert affects(listed, "acme", version)
    assert not affects(listed, "acme", "3")


@pytest.mark.parametrize("name", ["Acme", "acme", "ACME"])
def test_any_spelling_of_a_name_is_the_same_package(name: str) -> None:
    assert affects(record(*FROM_START), name, "1")
    assert not affects(record(*FROM_START), "other", "1")


@pytest.mark.parametrize(
    "affected",
    [None, {}, [None], [{}], [{"package": {"name": "acme"}}], [{"package": "acme"}],
     [{"package": {"name": 1, "ecosystem": "PyPI"}}],
     [{"package": {"name": "acme", "ecosystem": "npm"}, "versions": ["1"]}],
     [{"package": {"name": "acme", "ecosystem": "PyPI"}, "ranges": [{"type": 1}], "versions": 1}]],
)  # fmt: skip
def test_what_makes_no_sense_matches_nothing(affected: object) -> None:
    assert not affects({"affected": affected}, "acme", "1")


def test_fixed_versions_are_listed_in_their_order() -> None:
    made = record(("introduced", "0"), ("fixed", "1.10"), ("introduced", "1.9"), ("fixed", "1.2"))
    made["affected"] += record(("introduced", "3"), ("fixed", "zzz"), ("fixed", 5))["affected"]
    made["affected"] += record(("introduced", "3"), ("fixed", "9.0"), kind="SEMVER")["affected"]
    assert fixed_in(made, "acme") == ["1.2", "1.10", "zzz"]


def test_packages_and_versions_are_listed_once() -> None:
    two = record(*FROM_START)["affected"] * 2
    assert packages_of({"affected": two}) == ["acme"]
    assert sorted_versions(["1.10", "1.9", "bad", "1.9"]) == ["1.9", "1.10", "bad"]
