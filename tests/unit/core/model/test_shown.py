"""What a stranger wrote can neither steer a terminal nor forge a line of ours."""

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.shown import LONGEST, plain_lines, quoted, shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("a b\u00e9", "a b\u00e9"), ("a\nb", "a\\nb"), ("\x1b[31m", "\\x1b[31m"),
        ("\u202ea", "\\u202ea"), ("\u200b", "\\u200b"), ("\0", "\\x00"),
        ("x" * LONGEST, "x" * LONGEST), ("x" * (LONGEST + 1), "x" * LONGEST + "\u2026"),
    ],
)  # fmt: skip
def test_what_a_terminal_would_obey_or_hide_is_escaped(text: str, safe: str) -> None:
    assert shown(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("one\n  two", "one\n  two"), ("name\nerror: forged", "name\\nerror: forged"),
        ("a\n b", "a\\n b"), ("a\r\n  b\x1b", "a\\r\n  b\\x1b"), ("a\n", "a\\n"),
    ],
)  # fmt: skip
def test_only_lines_of_our_own_stay_lines(text: str, safe: str) -> None:
    assert plain_lines(text) == safe


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("plain", "plain"), ("$(rm x)", "'$(rm x)'"), ("it's", "'it'\"'\"'s'"), ("", "''"),
        ("a\nb", "'a\\nb'"), ("\u202ea", "'\\u202ea'"),
        ("x" * (LONGEST + 1), f"'{'x' * LONGEST}…'"),
        ("'; rm x #\"\x1f", "''\"'\"'; rm x #\"\\x1f'"),
    ],
)  # fmt: skip
def test_a_word_for_a_shell_is_one_word(text: str, safe: str) -> None:
    assert quoted(text) == safe


@given(st.text(max_size=LONGEST + 5))
def test_no_text_is_shown_on_two_lines(text: str) -> None:
    for safe in (shown(text), quoted(text)):
        assert safe.isprintable()
    assert len(shlex.split(quoted(text))) == 1


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("::error::x", "\\x3a:error::x"), ("a  ::stop-commands::x", "a  \\x3a:stop-commands::x"),
        ("a##[set-output name=a;]b", "a#\\x23[set-output name=a;]b"),
        ("##vso[task.setvariable]b", "#\\x23vso[task.setvariable]b"),
        ("###[x]", "##\\x23[x]"), ("a::b", "a::b"), ("## a", "## a"), ("##VSO[x", "#\\x23VSO[x"),
    ],
)  # fmt: skip
def test_what_a_ci_job_would_obey_in_its_log_is_escaped(text: str, safe: str) -> None:
    assert shown(text) == safe
    assert plain_lines(text) == safe
    assert shlex.split(quoted(text)) == [safe]
