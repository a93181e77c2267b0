"""A key signs in the ways of its kind, or as its details say, and in no other."""

import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import dsa, ec, x25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sealane.core.verify.keys import (
    ALWAYS,
    KEY_ISSUER,
    TrustedKey,
    Window,
    load_public_key,
    spki_of,
    verify_digest,
    verify_message,
)
from sealane.errors import InputError
from sealane.sandbox.pki import spki
from support.maker.keys import key_named, sign

MESSAGE = b"what is signed"
HASHES = {
    "p256": {"sha256"}, "p384": {"sha384", "sha256"}, "p521": {"sha512", "sha256"},
    "rsa2048": {"sha256", "sha384", "sha512"}, "rsa3072": {"sha256", "sha384", "sha512"},
}  # fmt: skip
ALL = ("sha256", "sha384", "sha512")


def trusted(kind: str, details: str = "") -> TrustedKey:
    return TrustedKey("a key", spki(key_named("tested", kind).public_key()), details)


@pytest.mark.parametrize("kind", HASHES)
@pytest.mark.parametrize("algorithm", ALL)
def test_a_key_signs_the_digests_of_its_kind(kind: str, algorithm: str) -> None:
    signature = sign(key_named("tested", kind), MESSAGE, algorithm)
    digest = hashlib.new(algorithm, MESSAGE).digest()
    key = trusted(kind)
    if algorithm in HASHES[kind]:
        verify_message(key, signature, MESSAGE)
        verify_digest(key, signature, algorithm, digest)
        return
    with pytest.raises(InvalidSignature):
        verify_message(key, signature, MESSAGE)
    with pytest.raises(InputError, match="it signs"):
        verify_digest(key, signature, algorithm, digest)


@pytest.mark.parametrize("kind", [*HASHES, "ed25519"])
def test_a_signature_over_other_bytes_or_by_another_key_does_not_hold(kind: str) -> None:
    signature = sign(key_named("tested", kind), MESSAGE)
    other = TrustedKey("", spki(key_named("other", kind).public_key()))
    verify_message(trusted(kind), signature, MESSAGE)
    for key, made, message in (
        (trusted(kind), signature, MESSAGE + b"."),
        (trusted(kind), signature[:-1] + bytes([signature[-1] ^ 1]), MESSAGE),
        (trusted(kind), signature + b"\0", MESSAGE),
        (trusted(kind), b"", MESSAGE),
        (other, signature, MESSAGE),
    ):
        with pytest.raises(InvalidSignature):
            verify_message(key, made, message)


def test_ed25519_signs_no_digest() -> None:
    key = trusted("ed25519")
    assert key.algorithms == ()
    digest = hashlib.sha256(MESSAGE).digest()
    with pytest.raises(InputError, match="the whole message"):
        verify_digest(key, sign(key_named("tested", "ed25519"), digest), "sha256", digest)


@pytest.mark.parametrize("size", [0, 31, 33, 64])
def test_a_digest_has_its_length(size: int) -> None:
    with pytest.raises(InputError, match="32 bytes"):
        verify_digest(trusted("p256"), b"x", "sha256", bytes(size))


DETAILS = [
    ("p256", "PKIX_ECDSA_P256_SHA_256", ("sha256",)),
    ("p384", "PKIX_ECDSA_P384_SHA_384", ("sha384",)),
    ("p384", "PKIX_ECDSA_P384_SHA_256", ("sha256",)),
    ("p521", "PKIX_ECDSA_P521_SHA_512", ("sha512",)),
    ("ed25519", "PKIX_ED25519", ()),
    ("rsa2048", "PKCS1_RSA_PKCS1V5", ("sha256",)),
    ("rsa2048", "PKIX_RSA_PKCS1V15_2048_SHA256", ("sha256",)),
    ("rsa3072", "PKIX_RSA_PSS_3072_SHA256", ("sha256",)),
]


@pytest.mark.parametrize(("kind", "details", "algorithms"), DETAILS)
def test_details_allow_what_they_name(kind: str, details: str, algorithms: tuple[str, ...]) -> None:
    key, pss = trusted(kind, details), "_PSS_" in details
    assert key.algorithms == algorithms
    private = key_named("tested", kind)
    for algorithm in ALL if algorithms else ("",):
        signature = sign(private, MESSAGE, algorithm, pss=pss)
        if algorithm in algorithms or not algorithms:
            verify_message(key, signature, MESSAGE)
            continue
        with pytest.raises(InvalidSignature):
            verify_message(key, signature, MESSAGE)


@pytest.mark.parametrize("pss", [True, False])
def test_rsa_pads_in_one_way_only(pss: bool) -> None:
    name = "PKCS1V15" if pss else "PSS"
    key = trusted("rsa2048", f"PKIX_RSA_{name}_2048_SHA256")
    signature = sign(key_named("tested", "rsa2048"), MESSAGE, pss=pss)
    with pytest.raises(InvalidSignature):
        verify_message(key, signature, MESSAGE)


@pytest.mark.parametrize(
    ("kind", "details"),
    [
        ("p256", "PKIX_ECDSA_P384_SHA_384"), ("p256", "PKIX_ED25519"), ("p256", "nonsense"),
        ("ed25519", "PKIX_ECDSA_P256_SHA_256"), ("rsa2048", "PKIX_ECDSA_P256_SHA_256"),
        ("p256", "PKIX_ED25519_PH"), ("p384", "PKIX_ECDSA_P256_SHA_256"),
    ],
)  # fmt: skip
def test_details_of_another_kind_are_refused(kind: str, details: str) -> None:
    with pytest.raises(InputError, match="public key"):
        _ = trusted(kind, details).algorithms


def der(key: object) -> bytes:
    made: bytes = key.public_bytes(  # type: ignore[attr-defined]  # every public key has it
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )
    return made


DSA = dsa.generate_private_key(1024).public_key()
X25519 = x25519.X25519PrivateKey.generate().public_key()
BRAINPOOL = ec.generate_private_key(ec.BrainpoolP256R1()).public_key()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"no key", id="garbage"),
        pytest.param(der(DSA), id="dsa"),
        pytest.param(der(X25519), id="x25519"),
        pytest.param(der(BRAINPOOL), id="brainpool"),
        pytest.param(der(key_named("tested", "k256").public_key()), id="k256"),
        pytest.param(der(key_named("tested", "rsa1024").public_key()), id="rsa-1024"),
        pytest.param(spki(key_named("tested").public_key())[:-1], id="cut-short"),
        pytest.param(spki(key_named("tested").public_key()) + b"\0", id="too-long"),
        # A certificate's, PEM: whoever loads keys takes it apart first.
        pytest.param(b"-----BEGIN PUBLIC KEY-----\n", id="pem"),
        # An object identifier of no curve.
        pytest.param(
            spki(key_named("tested").public_key()).replace(b"\x03\x01\x07", b"\x03\x01\x7f"),
            id="unknown-curve",
        ),
    ],
)
def test_a_key_of_no_supported_kind_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="public key"):
        load_public_key(content)
    with pytest.raises(InputError, match="public key"):
        verify_message(TrustedKey("", content), b"signature", MESSAGE)


@pytest.mark.parametrize("key", [DSA, X25519, None, "a key"])
def test_a_key_of_no_supported_kind_has_no_encoding(key: object) -> None:
    with pytest.raises(InputError, match="not supported"):
        spki_of(key)


def test_a_key_names_itself_by_its_digest() -> None:
    key = trusted("p256")
    digest = hashlib.sha256(key.spki).hexdigest()
    assert key.digest == digest
    assert (key.identity.issuer, key.identity.subject) == (KEY_ISSUER, f"sha256:{digest}")
    assert spki_of(load_public_key(key.spki)) == key.spki


AT = datetime(2026, 6, 1, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("start", "end", "held"),
    [
        (None, None, True),
        (AT, AT, True),
        (AT, None, True),
        (None, AT, True),
        (AT + SECOND, None, False),
        (None, AT - SECOND, False),
        (AT + SECOND / 1000, None, False),
        (AT.astimezone(timezone(timedelta(hours=2))), None, True),
    ],
)
def test_both_ends_belong_to_a_window(
    start: datetime | None, end: datetime | None, *, held: bool
) -> None:
    assert Window(start, end).holds(AT) == held


def test_a_window_is_told_in_utc() -> None:
    east = AT.astimezone(timezone(timedelta(hours=2)))
    assert str(Window(east, east)) == "2026-06-01T00:00:00+00:00 to 2026-06-01T00:00:00+00:00"
    assert str(ALWAYS) == "ever to now"
