"""Entries of Rekor v2: what is logged, under which names, and what is refused."""

import hashlib
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.sandbox.entries_v2 import canonical_body_v2
from support.sandbox_parts import Parts, document
from support.signing import PRIVATE_KEY, b64
from support.signing_v2 import (
    ENTRIES,
    TYPE,
    asked,
    body_of,
    changed,
    hashedrekord_v2,
    logged,
    parse_checkpoint,
)

LOG = "/rekor2"
DER, SPKI = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
OTHER = ec.generate_private_key(ec.SECP256R1())
ED25519 = ed25519.Ed25519PrivateKey.generate()


def with_key(details: str, raw: bytes, signature: bytes, digest: bytes) -> dict[str, Any]:
    verifier = {"keyDetails": details, "publicKey": {"rawBytes": b64(raw)}}
    signed = {"content": b64(signature), "verifier": verifier}
    return {TYPE: {"digest": b64(digest), "signature": signed}}


CURVES: list[tuple[str, ec.EllipticCurve, hashes.HashAlgorithm, str]] = [
    ("PKIX_ECDSA_P256_SHA_256", ec.SECP256R1(), hashes.SHA256(), "SHA2_256"),
    ("PKIX_ECDSA_P384_SHA_384", ec.SECP384R1(), hashes.SHA384(), "SHA2_384"),
    ("PKIX_ECDSA_P521_SHA_512", ec.SECP521R1(), hashes.SHA512(), "SHA2_512"),
]


@pytest.mark.parametrize(("details", "curve", "algorithm", "name"), CURVES)
def test_every_curve_is_logged_with_its_own_digest_and_no_other(
    parts: Parts, details: str, curve: ec.EllipticCurve, algorithm: hashes.HashAlgorithm, name: str
) -> None:
    key = ec.generate_private_key(curve)
    digest = hashlib.new(algorithm.name, b"artifact").digest()
    signature = key.sign(b"artifact", ec.ECDSA(algorithm))
    raw = key.public_key().public_bytes(DER, SPKI)
    data = json.loads(body_of(logged(parts, with_key(details, raw, signature, digest))))
    assert data["spec"]["hashedRekordV002"]["data"]["algorithm"] == name
    for other, *_ in CURVES:
        if other != details:
            response = parts.call("POST", ENTRIES, with_key(other, raw, signature, digest))
            assert f"the key is not {other}" in document(response)["message"]


def test_every_rsa_size_is_logged_under_its_own_name(parts: Parts) -> None:
    digest = hashlib.sha256(b"artifact").digest()
    sizes = (2048, 3072, 4096)
    for bits in sizes:
        key = rsa.generate_private_key(65537, bits)
        signature = key.sign(b"artifact", padding.PKCS1v15(), hashes.SHA256())
        raw = key.public_key().public_bytes(DER, SPKI)
        for named in sizes:
            proposed = with_key(f"PKIX_RSA_PKCS1V15_{named}_SHA256", raw, signature, digest)
            expected = 201 if named == bits else 400
            assert parts.call("POST", ENTRIES, proposed).status == expected


def test_a_certificate_is_logged_as_it_came(parts: Parts) -> None:
    key, raw = parts.keys.tsa.key, parts.keys.tsa.leaf.public_bytes(DER)
    signature = key.sign(b"artifact", ec.ECDSA(hashes.SHA256()))
    verifier = {
        "keyDetails": "PKIX_ECDSA_P256_SHA_256",
        "x509Certificate": {"rawBytes": b64(raw)},
        # protobuf's JSON may say of a member that it is not there
        "publicKey": None,
    }
    proposed = asked("signature", {"content": b64(signature), "verifier": verifier})
    data = json.loads(body_of(logged(parts, proposed)))
    shown = data["spec"]["hashedRekordV002"]["signature"]["verifier"]
    assert shown == {name: verifier[name] for name in ("keyDetails", "x509Certificate")}


ED25519_RAW = b64(ED25519.public_key().public_bytes(DER, SPKI))
DSA_RAW = b64(dsa.generate_private_key(1024).public_key().public_bytes(DER, SPKI))
POINT = PRIVATE_KEY.public_key().public_bytes(
    serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
)
# The same key, its point compressed: other bytes, and they would be another entry.
COMPRESSED = bytes.fromhex("3039301306072a8648ce3d020106082a8648ce3d030107032200") + POINT
VERIFIER = "signature.verifier"
REFUSED: dict[str, tuple[object, str]] = {
    "other-signature": (
        asked("signature.content", b64(OTHER.sign(b"artifact", ec.ECDSA(hashes.SHA256())))),
        "verifying signature: invalid",
    ),
    "other-digest": (asked("digest", b64(bytes(32))), "verifying signature: invalid"),
    "short-digest": (asked("digest", b64(bytes(31))), "digest is not 32 bytes"),
    "no-digest": (asked("digest", None), "malformed: KeyError"),
    "digest-is-text": (asked("digest", "%%%"), "malformed"),
    "digest-is-a-number": (asked("digest", 7), "malformed: TypeError"),
    "other-key": (
        asked(f"{VERIFIER}.publicKey.rawBytes", b64(OTHER.public_key().public_bytes(DER, SPKI))),
        "verifying signature: invalid",
    ),
    "compressed-key": (
        asked(f"{VERIFIER}.publicKey.rawBytes", b64(COMPRESSED)),
        "shortest form",
    ),
    "key-is-no-key": (asked(f"{VERIFIER}.publicKey.rawBytes", b64(b"x")), "malformed"),
    "ed25519-key": (asked(f"{VERIFIER}.publicKey.rawBytes", ED25519_RAW), "Ed25519"),
    "ed25519-details": (asked(f"{VERIFIER}.keyDetails", "PKIX_ED25519"), "PKIX_ED25519 is not"),
    "ed25519ph-details": (asked(f"{VERIFIER}.keyDetails", "PKIX_ED25519_PH"), "ED25519_PH is not"),
    "dsa-key": (asked(f"{VERIFIER}.publicKey.rawBytes", DSA_RAW), "neither EC nor RSA"),
    "unknown-details": (asked(f"{VERIFIER}.keyDetails", "PKCS1_RSA_PSS"), "unknown keyDetails"),
    "details-are-a-list": (asked(f"{VERIFIER}.keyDetails", []), "malformed"),
    "no-key": (asked(f"{VERIFIER}.publicKey", None), "expected a certificate or a public key"),
    "two-keys": (
        asked(f"{VERIFIER}.x509Certificate", {"rawBytes": b64(b"x")}),
        "not both",
    ),
    "unknown-member": (asked("more", 1), "unknown member 'more'"),
    "unknown-member-inside": (asked(f"{VERIFIER}.hint", "x"), "unknown member 'hint'"),
    "dsse": ({"dsseRequestV002": {}}, "unknown member 'dsseRequestV002'"),
    "dsse-besides": ({**hashedrekord_v2(), "dsseRequestV002": {}}, "unknown member"),
    "nothing": ({}, "malformed: KeyError"),
    "list": ([], "expected an object"),
    "text": (b"x", "malformed"),
    "deep": (b"[" * 100000, "malformed: RecursionError"),
}


@pytest.mark.parametrize(("proposed", "why"), REFUSED.values(), ids=REFUSED)
def test_an_entry_that_does_not_hold_is_not_logged(
    parts: Parts, proposed: object, why: str
) -> None:
    response = parts.call("POST", ENTRIES, proposed)
    assert (response.status, document(response)["code"]) == (400, 3)
    assert document(response)["message"].startswith("invalid hashedrekord request: ")
    assert why in document(response)["message"]
    assert parse_checkpoint(parts.call("GET", f"{LOG}/checkpoint").body.decode())[1] == 0
    assert parts.logged


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)
PLACES = [
    TYPE,
    *(f"{TYPE}.{name}" for name in ("digest", "signature", "signature.content", VERIFIER)),
    *(f"{TYPE}.{VERIFIER}.{name}" for name in ("keyDetails", "publicKey", "publicKey.rawBytes")),
]


@given(st.sampled_from(PLACES), JSON)
@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
def test_any_change_of_an_entry_is_canonical_or_refused(place: str, value: object) -> None:
    proposed = changed(hashedrekord_v2(), place, value if value is not None else [])
    try:
        canonical_body_v2(json.dumps(proposed).encode())
    except InputError:
        return


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(InputError):
        canonical_body_v2(body)
