"""Which digests a file needs is seen in its evidence, whatever encoding it is in."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.algorithms import algorithms_in


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ()),
        (b'{"sha256": "00"}', ()),
        (b'{"sha384": "00"}', ("sha384",)),
        (b'{"algorithm": "SHA2_512"}', ("sha512",)),
        (b'{"sha512": 1, "sha384": 2}', ("sha384", "sha512")),
    ],
)
def test_an_algorithm_is_seen_by_its_name(content: bytes, found: tuple[str, ...]) -> None:
    assert algorithms_in(content) == found


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(["sha384", "sha512"]))
def test_an_algorithm_is_seen_through_base64_wherever_it_stands(
    before: bytes, after: bytes, name: str
) -> None:
    payload = base64.b64encode(before + name.encode() + after).decode()
    assert name in algorithms_in(json.dumps({"payload": payload}).encode())
