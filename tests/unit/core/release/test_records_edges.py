"""Answers and records that are not of the known shape are refused, wherever they break."""

import json

import pytest

from sealane.core.release.audit import Advisory, parse_report
from sealane.core.release.changelog import find_section
from sealane.core.release.record import parse_record
from sealane.errors import InputError


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b"{}", b"null"])
def test_a_build_record_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="build record"):
        parse_record(content)


@pytest.mark.parametrize(
    ("advisory", "why"),
    [
        ("CVE-1", "not an object"), (None, "not an object"), ([], "not an object"),
        ({}, "without an id"), ({"id": ""}, "without an id"), ({"id": 1}, "without an id"),
        ({"id": "A-1", "aliases": [""]}, "without an id"),
        ({"id": "A-1", "aliases": "CVE-1"}, "aliases: expected a list"),
        ({"id": "A-1", "fix_versions": {}}, "fix_versions: expected a list"),
    ],
)  # fmt: skip
def test_an_advisory_of_another_shape_is_refused(advisory: object, why: str) -> None:
    entry = {"name": "a", "version": "1", "vulns": [advisory]}
    with pytest.raises(InputError, match=why):
        parse_report(json.dumps({"dependencies": [entry]}).encode())


def test_an_advisory_says_whether_there_is_a_fix() -> None:
    assert str(Advisory("a", "1", ("A-1",), ())) == "a 1: A-1, no fix"
    assert str(Advisory("a", "1", ("A-1", "B-2"), ("2", "3"))) == "a 1: A-1 B-2, fixed in 2, 3"


def test_what_stands_before_the_first_heading_is_of_no_version() -> None:
    assert find_section("All changes.\n\n## 1.0\n- a thing\n", {"1.0"}).text == "- a thing"
    with pytest.raises(InputError, match="is empty"):
        find_section("- a thing\n## 1.0\n", {"1.0"})
