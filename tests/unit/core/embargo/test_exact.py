"""A value has one spelling, and what is spelled in another way is refused."""

import re
from datetime import UTC, datetime

import pytest

from sealane.core.embargo.exact import (
    check_spelling,
    exact_flag,
    exact_moment,
    exact_number,
    exact_object,
    exact_sha256,
    exact_text,
)
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError


def test_an_object_has_the_members_that_it_has_to_have_and_may_have() -> None:
    assert exact_object({"a": 1, "b": 2}, "x", ("a",), ("b", "c")) == {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ([], "x: expected an object, got a list"),
        ({}, "x: a: missing"),
        ({"a": 1, "critical": True}, "x: 'critical': unknown; expected a"),
    ],
)
def test_an_object_with_other_members_is_refused(value: JsonValue, message: str) -> None:
    with pytest.raises(InputError, match=f"^{re.escape(message)}"):
        exact_object(value, "x", ("a",))


@pytest.mark.parametrize("value", [True, 1.0, "1", None, -1, 0, 10, 10**400])
def test_a_number_is_whole_and_within_bounds(value: JsonValue) -> None:
    assert exact_number(9, "x", 1, 9) == 9
    with pytest.raises(InputError, match=r"^x: expected "):
        exact_number(value, "x", 1, 9)


@pytest.mark.parametrize("value", [0, 1, "true", None])
def test_a_flag_is_true_or_false(value: JsonValue) -> None:
    assert exact_flag(True, "x") is True
    with pytest.raises(InputError, match=r"^x: expected true or false"):
        exact_flag(value, "x")


@pytest.mark.parametrize("value", ["AB" * 32, "ab" * 31, "ab" * 32 + "\n", "", 7])
def test_a_digest_is_lower_case_hex_of_its_length(value: JsonValue) -> None:
    assert exact_sha256("ab" * 32, "x") == "ab" * 32
    with pytest.raises(InputError, match=r"^x: expected "):
        exact_sha256(value, "x")


def test_a_text_is_of_its_form_from_end_to_end() -> None:
    assert exact_text("aa", "x", re.compile("a+"), "a") == "aa"
    with pytest.raises(InputError, match="expected letters, got 'aab'"):
        exact_text("aab", "x", re.compile("a+"), "letters")


@pytest.mark.parametrize(
    "value",
    [
        "2026-11-25T12:00:00+00:00", "2026-11-25T13:00:00+01:00", "2026-11-25T12:00:00",
        "2026-11-25t12:00:00z", "2026-11-25T12:00:00.5Z", "2026-11-25T12:00:00.000000Z",
        "2026-11-25T12:00:00.500000Z", "2016-12-31T23:59:60Z", "2026-02-30T12:00:00Z",
        "2026-11-25T24:00:00Z", "2026-11-25 12:00:00Z", "", 0,
    ],
)  # fmt: skip
def test_a_time_is_utc_in_whole_seconds(value: JsonValue) -> None:
    assert exact_moment("2026-11-25T12:00:00Z", "x") == datetime(2026, 11, 25, 12, tzinfo=UTC)
    with pytest.raises(InputError, match=r"^x: "):
        exact_moment(value, "x")


@pytest.mark.parametrize(
    ("content", "at"), [(b"{ }", 1), (b"{}\n", 2), (b"{", 1), (b"\xef\xbb\xbf{}", 0)]
)
def test_another_spelling_is_told_by_where_it_differs(content: bytes, at: int) -> None:
    check_spelling(b"{}", b"{}", "x")
    with pytest.raises(InputError, match=f"^x: not in its one spelling: at byte {at} ") as raised:
        check_spelling(content, b"{}", "x")
    assert raised.value.hint
