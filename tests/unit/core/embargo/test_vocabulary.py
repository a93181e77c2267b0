"""Words and phrases are found where they stand for themselves, and nowhere else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.vocabulary import (
    BESIDE,
    CLASSES,
    ORDINARY,
    TELLING,
    pattern_of,
    phrases_in,
    words_of,
)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("parse_header", ("parse", "header")), ("parseHeader2", ("parse", "Header2")),
        ("HTTPServer", ("HTTP", "Server")), ("a.b/c-d", ("a", "b", "c", "d")), ("", ()),
        ("CVE-2026-10001", ("CVE", "2026", "10001")), ("größeMax", ("größe", "Max")),
    ],
)  # fmt: skip
def test_a_name_is_made_of_words(name: str, words: tuple[str, ...]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("phrase", "text", "holds"),
    [
        ("zero day", "a zero-day", True), ("zero day", "zeroDay", True),
        ("zero day", "ZERO__DAY", True), ("zero day", "zeroday", True),
        ("zero day", "zero\nday", True), ("zero day", "zero days", True),
        ("zero day", "zero or a day", False), ("zero day", "zero      day", False),
        ("zero day", "azeroday", False), ("zero day", "zerodayx", False),
        ("rce", "source", False), ("rce", "rce1", False), ("rce", "fixRceNow", True),
        ("rce", "fixRCENow", True), ("rce", "RCEs", True), ("rce", "_rce_", True),
        ("exploit*", "exploited", True), ("exploit*", "exploits", True),
        ("größe", "GrößeMax", True), ("exploit", "exploited", False),
        ("a.b", "a.b", True), ("a.b", "axb", False),
    ],
)  # fmt: skip
def test_a_phrase_is_found_however_its_words_are_joined(
    phrase: str, text: str, holds: bool
) -> None:
    assert bool(phrases_in(text, [phrase])) is holds


@pytest.mark.parametrize("phrases", [(), ("",), ("-", "!*")])
def test_without_a_word_nothing_is_found(phrases: tuple[str, ...]) -> None:
    assert pattern_of(frozenset(phrases)).search("zero day *") is None


def test_no_ordinary_phrase_hides_one_that_tells() -> None:
    telling = pattern_of(frozenset(TELLING))
    # "security policy" and "cve scan" are there to make a single word of them ordinary.
    single = {found[0] for one in ORDINARY for found in telling.finditer(one)}
    assert single <= {"security", "vulnerability", "vulnerabilities", "cve"}


def test_no_phrase_is_listed_twice() -> None:
    for phrases in (TELLING + CLASSES, BESIDE, ORDINARY):
        assert len(set(phrases)) == len(phrases)


@settings(max_examples=40)
@given(st.text(max_size=30))
def test_a_phrase_is_found_in_its_own_words(text: str) -> None:
    words = words_of(text)
    assert bool(phrases_in("-".join(words), [text])) == bool(words)
