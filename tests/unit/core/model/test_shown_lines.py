"""What quotes strangers cannot forge a line, or be obeyed by a terminal."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.shown import plain_lines


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("two problems\n  one\n  two", "two problems\n  one\n  two", id="own-lines"),
        pytest.param("a\nhint: run me", r"a\nhint: run me", id="forged-line"),
        pytest.param("a\n hint: run me", r"a\n hint: run me", id="one-blank-is-not-indented"),
        pytest.param("a\r\x1b[31m\x07", r"a\r\x1b[31m\x07", id="control"),
        pytest.param("a\u202eb\u2028c", r"a\u202eb\u2028c", id="bidirectional-and-line-separator"),
        pytest.param("\udcff.whl", r"\udcff.whl", id="not-utf-8"),
        pytest.param("grün …", "grün …", id="non-ascii"),
    ],
)
def test_what_is_quoted_stays_on_its_line(text: str, shown: str) -> None:
    assert plain_lines(text) == shown


@given(st.text())
def test_every_further_line_is_indented_and_nothing_is_obeyed(text: str) -> None:
    first, *more = plain_lines(text).split("\n")
    assert first.isprintable()
    assert all(line.startswith("  ") and line.isprintable() for line in more)
