"""JSON that was made to stop the reader."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.pep740 import bundle_from_attestation
from sealane.core.attestation.strict_json import MOST_DEPTH, parse_json
from sealane.errors import InputError

SECONDS = 10.0


def test_a_key_that_stands_twice_among_very_many_is_found_at_once() -> None:
    members = ",".join(f'"{number}":0' for number in range(300_000))
    start = time.monotonic()
    with pytest.raises(InputError, match="'299999' stands twice"):
        parse_json(f'{{{members},"299999":0}}'.encode(), "x")
    assert time.monotonic() - start < SECONDS


@pytest.mark.parametrize("before", ['"' + "]" * 2000 + '"', r'"\"]]]]\\"', '"' + "}]" * 900 + '"'])
def test_brackets_in_a_string_do_not_make_room_for_deeper_ones(before: str) -> None:
    depth = MOST_DEPTH
    assert parse_json(f"[{before},{'[' * (depth - 1)}{']' * (depth - 1)}]".encode(), "x")
    with pytest.raises(InputError, match="nested deeper"):
        parse_json(f"[{before},{'[' * depth}{']' * depth}]".encode(), "x")


def test_brackets_in_a_string_are_no_depth() -> None:
    assert parse_json(json.dumps(["[" * 5000]).encode(), "x") == ["[" * 5000]


@pytest.mark.parametrize("depth", [200, 900, 980, 100_000])
def test_no_depth_of_an_attestation_raises_anything_else(depth: int) -> None:
    content = (
        b'{"pad":"' + b"]" * depth + b'","version":1,"envelope":{"statement":"","signature":""},'
        b'"verification_material":{"certificate":"","transparency_entries":['
        + b"[" * depth + b"]" * depth + b"]}}"
    )  # fmt: skip
    with pytest.raises(InputError):
        bundle_from_attestation(content)


def test_an_open_string_of_quotes_takes_no_time() -> None:
    start = time.monotonic()
    with pytest.raises(InputError):
        parse_json(b'"' + b'\\"' * 2_000_000, "x")
    assert time.monotonic() - start < SECONDS


@given(
    st.recursive(
        st.text(alphabet='[]{}"\\a', max_size=8) | st.integers(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=20,
    )
)
def test_every_value_of_bounded_depth_is_read(value: object) -> None:
    assert parse_json(json.dumps(value).encode(), "x") == value
