"""A bundle is read strictly: what is there as it is, and nothing that two readers read apart."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation import bundle as limits
from sealane.core.attestation.bundle import Envelope, MessageSignature, is_bundle, parse_bundle
from sealane.errors import InputError
from support.judged import (
    BODY,
    CERTIFICATE,
    CHECKPOINT,
    ENTRY,
    MATERIAL,
    PAYLOAD,
    PROMISE,
    PROOF,
    SIGNATURE,
    STAMP,
    WORLD,
    Json,
    at,
    edited,
    raw,
    without,
)
from support.maker.bodies import b64
from support.maker.keys import key_named
from support.mutate import mutated

MADE = WORLD.bundle(timestamps=1)
FILE = WORLD.bundle(kind="message")
CHAINED = WORLD.bundle(version=1, chain=3)
KEYED = WORLD.bundle(managed=key_named("release"), hint="a name")
CHAIN = f"{MATERIAL}.x509CertificateChain.certificates"
STAMPS = f"{MATERIAL}.timestampVerificationData.rfc3161Timestamps"
DIGEST = "messageSignature.messageDigest"


def parsed(bundle: Json) -> limits.Bundle:
    return parse_bundle(json.dumps(bundle).encode())


def test_an_envelope_is_read_with_all_its_proof_material() -> None:
    found = parsed(MADE)
    assert isinstance(found.content, Envelope)
    assert found.content.payload == raw(MADE, PAYLOAD)
    assert found.content.signatures == (found.signature,) == (raw(MADE, SIGNATURE),)
    assert (found.certificates, found.single) == ((raw(MADE, CERTIFICATE),), True)
    assert (found.key_hint, found.timestamps) == (None, (raw(MADE, STAMP),))
    (entry,) = found.entries
    assert (entry.body, entry.promise) == (raw(MADE, BODY), raw(MADE, PROMISE))
    assert (entry.kind, entry.integrated) == (("dsse", "0.0.1"), int(WORLD.at.timestamp()))
    assert entry.proof is not None
    assert entry.proof.checkpoint == at(MADE, CHECKPOINT)
    assert (entry.proof.size, len(entry.proof.hashes)) == (1024, 10)


def test_a_signature_over_a_file_is_read() -> None:
    found = parsed(FILE)
    assert isinstance(found.content, MessageSignature)
    assert found.content.algorithm == "sha256"
    assert found.signature == raw(FILE, "messageSignature.signature")
    unsaid = parsed(without(FILE, DIGEST)).content
    assert unsaid == MessageSignature("", b"", found.signature)


def test_a_chain_and_a_key_are_read_as_what_they_are() -> None:
    chained, keyed = parsed(CHAINED), parsed(KEYED)
    assert (len(chained.certificates), chained.single, chained.version) == (3, False, 1)
    assert (keyed.certificates, keyed.single, keyed.key_hint) == ((), False, "a name")
    assert parsed(edited(KEYED, f"{MATERIAL}.publicKey", {})).key_hint == ""


@pytest.mark.parametrize(
    ("path", "attribute", "value"),
    [
        (f"{MATERIAL}.tlogEntries", "entries", ()),
        (f"{MATERIAL}.certificate", "certificates", ()),
        (f"{MATERIAL}.timestampVerificationData", "timestamps", ()),
        (STAMPS, "timestamps", ()),
        ("dsseEnvelope.signatures", "signature", b""),
    ],
)
def test_what_is_absent_or_null_is_empty(path: str, attribute: str, value: object) -> None:
    assert getattr(parsed(without(MADE, path)), attribute) == value
    assert getattr(parsed(edited(MADE, path, None)), attribute) == value


@pytest.mark.parametrize(
    ("path", "attribute"),
    [(f"{ENTRY}.inclusionPromise", "promise"), (PROOF, "proof")],
)
def test_an_entry_may_lack_promise_and_proof(path: str, attribute: str) -> None:
    assert getattr(parsed(without(MADE, path)).entries[0], attribute) is None
    assert getattr(parsed(edited(MADE, path, None)).entries[0], attribute) is None


def test_a_proof_may_lack_its_checkpoint() -> None:
    for changed in (without(MADE, f"{PROOF}.checkpoint"), edited(MADE, CHECKPOINT, None)):
        proof = parsed(changed).entries[0].proof
        assert proof is not None
        assert proof.checkpoint == ""


@pytest.mark.parametrize(
    ("value", "number"), [("7", 7), (7, 7), ("0", 0), (0, 0), (None, 0), ("9" * 19, 10**19 - 1)]
)
def test_a_number_is_text_or_a_number(value: object, number: int) -> None:
    assert parsed(edited(MADE, f"{ENTRY}.logIndex", value)).entries[0].index == number


@pytest.mark.parametrize("value", ["0", 0, None])
def test_a_time_of_zero_is_none(value: object) -> None:
    changed = edited(MADE, f"{ENTRY}.integratedTime", value)
    assert parsed(changed).entries[0].integrated is None


NUMBERS: list[Any] = ["", "-1", -1, "01", "1.0", 1.0, "1e3", " 1", "1\n", "1_0", True, [], "9" * 20]
PLACES = [f"{ENTRY}.logIndex", f"{ENTRY}.integratedTime", f"{PROOF}.logIndex", f"{PROOF}.treeSize"]


@pytest.mark.parametrize("value", NUMBERS)
@pytest.mark.parametrize("path", PLACES)
def test_no_other_number_is_read(path: str, value: object) -> None:
    with pytest.raises(InputError, match="whole number"):
        parsed(edited(MADE, path, value))


BYTES = [CERTIFICATE, SIGNATURE, STAMP, PROMISE, f"{ENTRY}.logId.keyId", f"{PROOF}.rootHash"]


@pytest.mark.parametrize("path", [*BYTES, f"{PROOF}.hashes.0"])
@pytest.mark.parametrize(
    "value", ["", "YQ", "a-_a", "YQ==\n", "YQ= =", "=", "\u00e9\u00e9==", None, 7, [], {}]
)
def test_bytes_are_in_padded_standard_base64_and_not_empty(path: str, value: object) -> None:
    with pytest.raises(InputError):
        parsed(edited(MADE, path, value))


@pytest.mark.parametrize("path", BYTES)
def test_a_part_has_an_upper_bound(path: str) -> None:
    largest = limits.LARGEST_PROOF_PART
    parsed(edited(MADE, path, b64(bytes(largest))))
    with pytest.raises(InputError, match="expected 1 to"):
        parsed(edited(MADE, path, b64(bytes(largest + 1))))


@pytest.mark.parametrize("path", [PAYLOAD, BODY])
def test_content_may_be_empty_and_large(path: str) -> None:
    parsed(edited(MADE, path, ""))
    parsed(edited(MADE, path, b64(bytes(limits.LARGEST_PROOF_PART * 4))))


COUNTS = [
    (MADE, f"{MATERIAL}.tlogEntries", limits.MOST_ENTRIES),
    (MADE, "dsseEnvelope.signatures", limits.MOST_SIGNATURES),
    (MADE, STAMPS, limits.MOST_TIMESTAMPS),
    (MADE, f"{PROOF}.hashes", limits.MOST_HASHES),
    (CHAINED, CHAIN, limits.MOST_CERTIFICATES),
]


@pytest.mark.parametrize(("bundle", "path", "most"), COUNTS)
def test_a_list_has_an_upper_bound(bundle: Json, path: str, most: int) -> None:
    parsed(edited(bundle, path, lambda listed: listed[:1] * most))
    with pytest.raises(InputError, match="at most"):
        parsed(edited(bundle, path, lambda listed: listed[:1] * (most + 1)))


def test_a_checkpoint_has_an_upper_bound() -> None:
    parsed(edited(MADE, CHECKPOINT, "x" * limits.LONGEST_CHECKPOINT))
    with pytest.raises(InputError, match="longer than"):
        parsed(edited(MADE, CHECKPOINT, "x" * (limits.LONGEST_CHECKPOINT + 1)))


@pytest.mark.parametrize(
    "bundle",
    [
        pytest.param(without(MADE, "mediaType"), id="no-type"),
        pytest.param(without(MADE, MATERIAL), id="no-material"),
        pytest.param(edited(MADE, MATERIAL, []), id="material-is-a-list"),
        pytest.param(without(MADE, "dsseEnvelope"), id="no-content"),
        pytest.param({**MADE, **FILE}, id="two-contents"),
        pytest.param(
            edited(MADE, MATERIAL, lambda held: {**held, "publicKey": {}}), id="two-signers"
        ),
        pytest.param(
            edited(MADE, MATERIAL, lambda held: {**held, "x509CertificateChain": {}}),
            id="certificate-and-chain",
        ),
        pytest.param(edited(FILE, f"{DIGEST}.algorithm", "SHA1"), id="weak-digest"),
        pytest.param(edited(FILE, f"{DIGEST}.algorithm", "sha256"), id="digest-misspelt"),
        pytest.param(edited(FILE, f"{DIGEST}.digest", ""), id="digest-empty"),
        pytest.param(without(MADE, f"{ENTRY}.kindVersion"), id="no-kind"),
        pytest.param(without(MADE, f"{ENTRY}.logId"), id="no-log"),
        pytest.param(edited(MADE, f"{ENTRY}.kindVersion.kind", 7), id="kind-is-a-number"),
        pytest.param(edited(MADE, f"{ENTRY}.kindVersion.kind", "\ud800"), id="surrogate"),
        pytest.param(edited(KEYED, f"{MATERIAL}.publicKey.hint", []), id="hint-is-a-list"),
        pytest.param(edited(KEYED, f"{MATERIAL}.publicKey.hint", 0), id="hint-is-zero"),
        pytest.param(edited(MADE, CHECKPOINT, False), id="checkpoint-is-false"),
        pytest.param(edited(MADE, f"{ENTRY}.integrated_time", "1"), id="proto-name"),
    ],
)
def test_what_is_missing_doubled_or_of_another_type_is_refused(bundle: Json) -> None:
    with pytest.raises(InputError, match="bundle"):
        parsed(bundle)


@pytest.mark.parametrize("escape", ["\\u005f", "\\u005F", "_"])
def test_a_name_of_the_proto_file_is_refused_however_it_is_spelt(escape: str) -> None:
    text = json.dumps(MADE).replace('"logIndex"', f'"log{escape}index"', 1)
    with pytest.raises(InputError, match="lowerCamelCase"):
        parse_bundle(text.encode())


def test_an_underscore_in_a_value_is_no_name() -> None:
    assert parsed(edited(KEYED, f"{MATERIAL}.publicKey.hint", "a_b")).key_hint == "a_b"


@pytest.mark.parametrize(
    ("members", "is_one"),
    [
        ({"mediaType": at(MADE, "mediaType")}, True),
        ({"mediaType": "application/vnd.dev.sigstore.bundle.v9+json"}, True),
        ({"mediaType": 7}, False),
        ({}, False),
    ],
)
def test_a_bundle_says_that_it_is_one(members: Json, *, is_one: bool) -> None:
    assert is_bundle(members) == is_one


@given(mutated([MADE, FILE, CHAINED, KEYED]) | st.binary(max_size=200))
def test_nothing_else_is_raised(content: Json | bytes) -> None:
    try:
        parse_bundle(content if isinstance(content, bytes) else json.dumps(content).encode())
    except InputError:
        return
