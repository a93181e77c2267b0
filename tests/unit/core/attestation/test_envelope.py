"""DSSE envelopes as plain JSON."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.envelope import (
    MOST_SIGNATURES,
    Envelope,
    is_envelope,
    parse_base64,
    parse_envelope,
)
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

PAYLOAD = bytes(range(251, 256)) + b"payload"  # so that both alphabets differ
GOOD: dict[str, Any] = {
    "payload": base64.b64encode(PAYLOAD).decode(),
    "payloadType": "application/x",
    "signatures": [{"keyid": "k", "sig": "AAE="}, {"sig": "AAI="}],
}


def parse(**changed: object) -> Envelope:
    return parse_envelope(json.dumps(GOOD | changed).encode())


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode])
def test_an_envelope_in_either_alphabet_is_read(encode: Callable[[bytes], bytes]) -> None:
    found = parse(payload=encode(PAYLOAD).decode(), more=1)
    signatures = (("k", b"\0\1"), ("", b"\0\2"))
    assert found == Envelope("application/x", PAYLOAD, signatures)


def test_an_empty_payload_is_one() -> None:
    assert parse(payload="").payload == b""


@pytest.mark.parametrize(
    "changed",
    [
        {"payload": None}, {"payload": 7}, {"payload": "%"}, {"payload": "A"}, {"payload": "AA"},
        {"payload": "AAE=\n"}, {"payload": " AAE="}, {"payload": "AAF="}, {"payload": "+_=="},
        {"payload": "AA==AA=="}, {"payload": "\u0660AE="}, {"payload": "AA-_/A=="},
        {"payloadType": ""}, {"payloadType": None}, {"payloadType": "a\nb"},
        {"payloadType": "\ud800"}, {"signatures": []}, {"signatures": None}, {"signatures": {}},
        {"signatures": [1]}, {"signatures": [{}]}, {"signatures": [{"sig": ""}]},
        {"signatures": [{"sig": "AAE=", "keyid": 1}]},
        {"signatures": [{"sig": "AAE="}] * (MOST_SIGNATURES + 1)},
    ],
    ids=str,
)  # fmt: skip
def test_what_two_readers_could_read_differently_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(InputError, match="envelope"):
        parse(**changed)


def test_a_duplicate_key_is_refused() -> None:
    twice = json.dumps(GOOD)[:-1] + ', "payload": "AAE="}'
    with pytest.raises(InputError, match="twice"):
        parse_envelope(twice.encode())


def test_an_envelope_is_told_by_its_members() -> None:
    assert is_envelope(GOOD)
    for key in GOOD:
        assert not is_envelope({name: value for name, value in GOOD.items() if name != key})


@given(st.binary(max_size=60))
def test_every_base64_text_is_decoded(content: bytes) -> None:
    assert parse_base64(base64.b64encode(content).decode(), "x") == content
    assert parse_base64(base64.urlsafe_b64encode(content).decode(), "x") == content


JSON = st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.lists(st.text())


@given(st.dictionaries(st.sampled_from([*GOOD, "x"]), JSON), JSON)
def test_no_envelope_raises_anything_else(changed: dict[str, object], value: JsonValue) -> None:
    for attempt in (changed, GOOD | changed, value):
        try:
            parse_envelope(json.dumps(attempt).encode())
        except InputError:
            continue
