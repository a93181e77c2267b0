"""What people signed is read without leniency, and a signature is one key's at most."""

import base64
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.attestation.envelope import PAYLOAD_TYPE, Envelope
from sealane.core.embargo.envelopes import (
    check_payload_type,
    read_envelope,
    render_envelope,
    signers,
)
from sealane.core.embargo.role_keys import keys_of
from sealane.errors import InputError
from support.approving import ROLES, approved, edited, key, mutated, signed

GOOD = approved("ann", "emil")
KEYS = keys_of(ROLES)


def test_what_is_written_is_read_again() -> None:
    content = render_envelope(b"{}", [("a", b"\x01"), ("b", b"\xff")])
    assert read_envelope(content) == Envelope(PAYLOAD_TYPE, b"{}", (("a", b"\x01"), ("b", b"\xff")))


@pytest.mark.parametrize(
    "signatures", [[], [("a", b"")], [("a", b"1"), ("b", b"")], [("a", b"1")] * 33]
)
def test_an_envelope_without_sound_signatures_is_not_written(
    signatures: list[tuple[str, bytes]],
) -> None:
    with pytest.raises(InputError, match=r"^envelope: "):
        render_envelope(b"{}", signatures)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="list"),
        pytest.param(b" " * 70_000 + GOOD, id="oversized"),
        pytest.param(b"\xef\xbb\xbf" + GOOD, id="byte-order-mark"),
        pytest.param(GOOD[:-2], id="cut"),
        pytest.param(GOOD.replace(b'"payload":', b'"payload":"e30=","payload":'), id="twice"),
        pytest.param(edited(GOOD, ["crit"], ["exp"]), id="unknown-critical-member"),
        pytest.param(edited(GOOD, ["signatures", 0, "cert"], "x"), id="unknown-of-a-signature"),
        pytest.param(edited(GOOD, ["signatures", 0, "sig"], None), id="no-signature"),
        pytest.param(edited(GOOD, ["signatures", 0, "sig"], ""), id="empty-signature"),
        pytest.param(edited(GOOD, ["signatures", 0, "keyid"], 7), id="key-id"),
        pytest.param(edited(GOOD, ["signatures"], []), id="no-signatures"),
        pytest.param(edited(GOOD, ["signatures"], {}), id="signatures-object"),
        pytest.param(edited(GOOD, ["payload"], "e30"), id="base64"),
        pytest.param(edited(GOOD, ["payloadType"], ""), id="no-type"),
    ],
)
def test_what_is_no_plain_envelope_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^envelope: "):
        read_envelope(content)


def test_only_statements_of_in_toto_are_in_it() -> None:
    check_payload_type(read_envelope(GOOD))
    for other in ("application/json", PAYLOAD_TYPE.upper(), PAYLOAD_TYPE + " "):
        with pytest.raises(InputError, match="payloadType: expected application/vnd"):
            check_payload_type(read_envelope(edited(GOOD, ["payloadType"], other)))


def test_the_key_of_each_signature_is_told_in_order() -> None:
    envelope = read_envelope(approved("emil", "ann", "stranger"))
    found = signers(envelope, KEYS)
    named = {name: one for (name, _), one in zip(envelope.signatures, found, strict=True)}
    assert named[key("ann").id] == key("ann")
    assert named[key("emil").id] == key("emil")
    assert named[key("stranger").id] is None


@pytest.mark.parametrize("hint", ["", "nobody", key("emil").id], ids=["none", "name", "another"])
def test_a_key_id_is_a_hint_only(hint: str) -> None:
    envelope = read_envelope(edited(approved("ann"), ["signatures", 0, "keyid"], hint))
    assert signers(envelope, KEYS) == (key("ann"),)


def test_a_key_id_does_not_make_a_signature() -> None:
    named = edited(approved("stranger"), ["signatures", 0, "keyid"], key("ann").id)
    assert signers(read_envelope(named), KEYS) == (None,)


def test_the_payload_type_is_part_of_what_is_signed() -> None:
    other = edited(approved("ann"), ["payloadType"], "application/json")
    assert signers(read_envelope(other), KEYS) == (None,)


@given(st.binary(min_size=1, max_size=80))
@settings(max_examples=40)
def test_bytes_that_are_no_signature_are_by_nobody(value: bytes) -> None:
    envelope = Envelope(PAYLOAD_TYPE, b"{}", (("", value),))
    assert signers(envelope, KEYS) == (None,)


@given(mutated(GOOD))
@settings(max_examples=60)
def test_a_changed_envelope_is_refused_or_signed_by_nobody_else(content: bytes) -> None:
    try:
        envelope = read_envelope(content)
    except InputError:
        return
    found = signers(envelope, KEYS)
    assert {one.holder for one in found if one} <= {"ann", "emil"}
    if envelope.payload != read_envelope(GOOD).payload:
        assert set(found) == {None}


def test_a_signature_bit_counts() -> None:
    document = json.loads(signed(b"{}", "ann"))
    value = bytearray(base64.b64decode(document["signatures"][0]["sig"]))
    for at in range(len(value)):
        value[at] ^= 1
        envelope = Envelope(PAYLOAD_TYPE, b"{}", (("", bytes(value)),))
        assert signers(envelope, KEYS) == (None,)
        value[at] ^= 1
