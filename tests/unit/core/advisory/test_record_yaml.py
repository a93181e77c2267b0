"""YAML is read only where no two readers differ; it is written so that none does."""

import contextlib
import json
import sys
from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import parse_record
from sealane.core.advisory.record_yaml import (
    MOST_BYTES,
    parse_record_yaml,
    parse_yaml,
    render_record_yaml,
)
from sealane.errors import InputError, MissingExtraError
from support.records import record_of, records

HEAD = "id: PYSEC-2026-1\nmodified: 2026-11-01T12:00:00Z\n"


@given(records())
def test_what_is_written_is_read_again(record: Record) -> None:
    written = render_record_yaml(record)
    assert parse_record_yaml(written) == record
    assert parse_record(json.dumps(parse_yaml(written)).encode()) == record


@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("1.0")
@example("1e5")
@example("08")
@example("0x1F")
@example("1_000")
@example("2026-11-01")
@example("2026-11-01T12:00:00Z")
@example("no")
@example("y")
@example("~")
@example("<<")
@example("=")
@example(" a\n b\n\n c ")
@example("\x85\u2028\ufeff")
def test_any_text_stays_the_text_it_is(text: str) -> None:
    record = record_of(details=text)
    written = render_record_yaml(record)
    assert parse_record_yaml(written) == record
    assert yaml.safe_load(written).get("details", "") == text


def test_times_need_no_quotes_and_stay_texts() -> None:
    content = f"{HEAD}published: 2026-10-31T12:00:00.5Z\n".encode()
    record = parse_record_yaml(content)
    assert record.published is not None
    assert record.published.isoformat() == "2026-10-31T12:00:00.500000+00:00"


def test_json_values_are_read_as_json_has_them() -> None:
    content = b"a: [1, -2, 1.5, -1.5e+3, true, false, null, ~, '1', \"x\", |\n  b\n  ]"
    block = b"a: [1, -2, 1.5, -1.5e+3, true, false, null, ~, '1', \"x\"]\nb: |\n  c\nd:\ne: {}\n"
    with pytest.raises(InputError):
        parse_yaml(content)
    assert parse_yaml(block) == {
        "a": [1, -2, 1.5, -1500.0, True, False, None, None, "1", "x"],
        "b": "c\n",
        "d": None,
        "e": {},
    }


def versions(text: str) -> bytes:
    return f"{HEAD}affected:\n- versions:\n  - 1.0.1\n  - {text}\n".encode()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "expected a YAML document, got none", id="empty"),
        pytest.param(b"# only a comment\n", "got none", id="comment"),
        pytest.param(b"- a\n", "expected an object, got a list", id="list"),
        pytest.param(b"a\n", "expected an object, got a string", id="text"),
        pytest.param(b"a: 1\n---\nb: 2\n", "got more", id="two-documents"),
        pytest.param(b"a: b: c\n", "not YAML in UTF-8", id="no-yaml"),
        pytest.param(b"a: '\n", "not YAML in UTF-8", id="open-quote"),
        pytest.param(b"a: \xff\n", "not YAML in UTF-8", id="no-utf-8"),
        pytest.param(b"\xff\xfea\x00:\x00 \x00b\x00", "not YAML in UTF-8", id="utf-16"),
        pytest.param(b"a: \x00\n", "not YAML in UTF-8", id="nul"),
        pytest.param(b"a: 1\na: 2\n", "line 2: the key 'a' stands twice", id="duplicate-key"),
        pytest.param(b"1: a\n", "line 1: expected a text as key, got a number", id="number-key"),
        pytest.param(b"? [a]\n: b\n", "expected a text as key, got a list", id="list-key"),
        pytest.param(b"no: a\n", "do not agree", id="boolean-key"),
        pytest.param(b"a: &x 1\nb: *x\n", "line 1: an anchor or alias", id="anchor"),
        pytest.param(b"a: &x [1]\n", "an anchor or alias", id="anchor-of-a-list"),
        pytest.param(b"a: *x\n", "an anchor or alias", id="alias"),
        pytest.param(b"a: !!str 1\n", "the tag 'tag:yaml.org,2002:str'", id="tag"),
        pytest.param(b"a: !!python/object:x.y {}\n", "the tag", id="python-tag"),
        pytest.param(b"<<: {a: 1}\n", "'<<': readers of YAML do not agree", id="merge"),
        pytest.param(b"a: =\n", "'=': readers", id="value-tag"),
        pytest.param(b"a: yes\n", "'yes': readers", id="yes"),
        pytest.param(b"a: y\n", "'y': readers", id="y"),
        pytest.param(b"a: NULL\n", "'NULL': readers", id="null-in-capitals"),
        pytest.param(b"a: 1_000\n", "'1_000': readers", id="underscore"),
        pytest.param(b"a: 010\n", "'010': readers", id="octal"),
        pytest.param(b"a: 08\n", "'08': readers", id="no-octal"),
        pytest.param(b"a: 0x1F\n", "'0x1F': readers", id="hexadecimal"),
        pytest.param(b"a: 0o17\n", "'0o17': readers", id="octal-of-1.2"),
        pytest.param(b"a: 1e5\n", "'1e5': readers", id="exponent"),
        pytest.param(b"a: 1:30\n", "'1:30': readers", id="sexagesimal"),
        pytest.param(b"a: .inf\n", "'.inf': readers", id="infinity"),
        pytest.param(b"a: +1\n", "'+1': readers", id="plus"),
        pytest.param(b"a: " + b"9" * 5000, "a number of 5000 digits", id="thousands-of-digits"),
        pytest.param(b"a: 1.0e+999\n", "cannot be written down again", id="too-large-a-number"),
        pytest.param(b"[" * 200 + b"]" * 200, "nested deeper than 100", id="deep"),
        pytest.param(
            b"a: " + b"{a: " * 150 + b"1" + b"}" * 150, "nested deeper", id="deep-objects"
        ),
        pytest.param(b"#" * (MOST_BYTES + 1), "expected at most 1048576 bytes", id="too-large"),
        pytest.param(versions("1.0"), "versions[1]: expected a string, got a number", id="float"),
        pytest.param(versions("1"), "versions[1]: expected a string, got a number", id="int"),
        pytest.param(versions("[1.2]"), "versions[1]: expected a string, got a list", id="list-in"),
        pytest.param(b"id: a\nmodified: 2026-11-01\n", "modified: expected a time", id="a-date"),
    ],
)
def test_what_readers_could_take_for_two_things_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_record_yaml(content)
    assert said in caught.value.message


def test_a_number_for_a_version_is_refused_with_the_advice_to_quote_it() -> None:
    with pytest.raises(InputError) as caught:
        parse_record_yaml(versions("1.0"))
    assert "quotes" in caught.value.hint


def test_a_billion_laughs_are_not_laughed() -> None:
    bomb = "a: &a [x, x]\n" + "".join(
        f"{one}: &{one} [*{before}, *{before}]\n"
        for before, one in zip("abcdefgh", "bcdefghi", strict=True)
    )
    with pytest.raises(InputError, match="an anchor or alias"):
        parse_yaml(bomb.encode())


@given(st.text() | st.text("abc:-[]{}&*!|>'\"%@`#,? \n\t01.~<="))
def test_nothing_but_an_input_error_leaves(text: str) -> None:
    with contextlib.suppress(InputError):
        parse_record_yaml(text.encode(errors="surrogatepass"))


@given(st.binary())
def test_nothing_but_an_input_error_leaves_on_any_bytes(content: bytes) -> None:
    with contextlib.suppress(InputError):
        parse_record_yaml(content)


@pytest.mark.parametrize(
    "use", [lambda: parse_yaml(b"a: 1"), lambda: render_record_yaml(record_of())]
)
def test_without_the_library_the_extra_is_named(use: Any, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: ANN401
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(MissingExtraError, match=r"\[advisory\]"):
        use()
