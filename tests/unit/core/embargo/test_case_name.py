"""The name of a case says nothing of it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.case_name import check_case_name
from sealane.errors import InputError


@pytest.mark.parametrize(
    "name", ["k7q2-94xw-m3hd", "abcdefgh", "12345678", "a" * 64, "blue-lantern-77", "force-rcexy-1"]
)
def test_a_name_that_says_nothing_is_right(name: str) -> None:
    assert check_case_name(name, "case", ["acme", "http"]) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "abcdefg", "a" * 65, "Abcdefgh", "abcd_efgh", "abcd efgh", "abcdefgh\n", "-abcdefgh",
        "abcdefgh-", "abcd--efgh", "äbcdefgh", "abcd/efgh", "abcd.efgh", "\uff41bcdefgh",
    ],
)  # fmt: skip
def test_a_name_of_another_shape_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="case: expected 8 to 64 lower-case letters"):
        check_case_name(name, "case")


@pytest.mark.parametrize(
    "name",
    [
        "cve-2026-10001", "cve202610001", "x-cve-2026-10001", "cve-2026-x", "ghsa-2345-cfgh-jmpq",
        "ghsa2345cfghjmpq", "blue-ghsa-cfgh",
    ],
)  # fmt: skip
def test_a_name_with_an_identifier_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="holds an identifier") as caught:
        check_case_name(name, "case")
    assert "at random" in caught.value.hint


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("security-77", "security"), ("cybersecurity1", "security"), ("blue-xss-77", "xss"),
        ("x-rce-2026", "rce"), ("path-traversal", "path traversal"),
        ("pathtraversal", "path traversal"), ("vulnerability-1", "vulnerab"),
        ("blue-zero-day", "zero day"), ("blue-0-day-1", "0 day"), ("dos-lantern", "dos"),
        ("acme-lantern", "acme"), ("blue-acme", "acme"), ("blue-ac-me-1", "acme"),
        ("ahttpclienta", "HTTP-Client"), ("blue-cve-77", "cve"),
    ],
)  # fmt: skip
def test_a_name_with_a_word_of_the_case_is_refused(name: str, word: str) -> None:
    with pytest.raises(InputError, match=f"tells of the case by '{word}"):
        check_case_name(name, "case", ["acme", "HTTP-Client"])


def test_a_forbidden_word_of_nothing_forbids_nothing() -> None:
    assert check_case_name("blue-lantern", "case", ["", "-", "!"])


@settings(max_examples=60)
@given(st.text("abcdefgh0123456789-cvsx", min_size=4, max_size=24) | st.text(max_size=20))
def test_no_name_raises_anything_but_an_input_error(name: str) -> None:
    try:
        check_case_name(name, "case", ["abc"])
    except InputError:
        return
    assert "abc" not in name.split("-")
