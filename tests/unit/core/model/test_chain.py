"""No line of a hash chain can be changed, moved or taken out unseen."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.chain import START, canonical, seal, unseal, unseal_next, whole_lines
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

DOCUMENT: dict[str, JsonValue] = {"b": 1, "a": "\u00e9"}
LINE = seal(DOCUMENT, START)
DIGEST = json.loads(LINE)["digest"]


def test_a_document_is_written_in_one_way() -> None:
    assert canonical(DOCUMENT) == b'{"a":"\\u00e9","b":1}'
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical({"a": float("nan")})


def test_a_sealed_line_gives_its_document_and_digest_back() -> None:
    assert unseal(LINE, START, place="log:1") == (DOCUMENT, DIGEST)
    following = seal({"c": None}, DIGEST)
    assert unseal(following, DIGEST, place="log:2")[0] == {"c": None}


@pytest.mark.parametrize(
    ("line", "previous", "why"),
    [
        pytest.param(b"", START, "not JSON", id="empty"),
        pytest.param(LINE[:-1], START, "not JSON", id="cut-off"),
        pytest.param(b"\xff", START, "not JSON", id="not-utf8"),
        pytest.param(b"[" * 100_000, START, "not JSON", id="nested-too-deep"),
        pytest.param(b"[]", START, "not a line", id="not-an-object"),
        pytest.param(LINE + b" ", START, "not a line", id="a-blank-more"),
        pytest.param(LINE.replace(b",", b", ", 1), START, "not a line", id="written-otherwise"),
        pytest.param(LINE, DIGEST, "expected to follow", id="moved"),
        pytest.param(canonical(DOCUMENT), START, "expected to follow", id="not-sealed"),
        pytest.param(LINE.replace(b":1", b":2", 1), START, "digest", id="changed"),
        pytest.param(canonical({**DOCUMENT, "prev": START}), START, "digest", id="no-digest"),
    ],
)
def test_a_line_that_does_not_belong_is_refused(line: bytes, previous: str, why: str) -> None:
    with pytest.raises(InputError, match=f"log:1: .*{why}"):
        unseal(line, previous, place="log:1")


@given(st.binary(max_size=80))
def test_any_bytes_are_refused(line: bytes) -> None:
    with pytest.raises(InputError):
        unseal(line, START, place="log:1")


@pytest.mark.parametrize("seq", [None, 1, 3, True, 2.0, "2"])
def test_a_line_with_another_number_is_refused(seq: JsonValue) -> None:
    with pytest.raises(InputError, match="log:2: expected seq 2, got"):
        unseal_next(seal({"seq": seq}, START), START, 2, place="log:2")
    assert unseal_next(seal({"seq": 2}, START), START, 2, place="log:2")[0] == {"seq": 2}


@pytest.mark.parametrize(
    ("content", "lines", "intact"),
    [
        (b"", [], 0),
        (b"a", [], 0),
        (b"a\n", [b"a"], 2),
        (b"a\nb", [b"a"], 2),
        (b"\n", [b""], 1),
        (b"a\n\n", [b"a", b""], 3),
    ],
)
def test_what_was_being_written_is_left_out(
    content: bytes, lines: list[bytes], intact: int
) -> None:
    assert whole_lines(content) == (lines, intact)
