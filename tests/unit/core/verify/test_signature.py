"""A signature is over the envelope, or over the digest of this very file."""

import json

import pytest

from sealane.core.attestation.bundle import Bundle, MessageSignature, parse_bundle
from sealane.core.model.artifact import Artifact
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason
from sealane.core.verify.signature import algorithm_of, check_signature, message_digest
from sealane.errors import InputError, VerificationError
from sealane.sandbox.pki import spki
from support.judged import FILE, WORLD, Json, artifact_of, edited, flipped
from support.maker.content import ARTIFACT
from support.maker.keys import key_named


def trusted(kind: str) -> TrustedKey:
    return TrustedKey("the key", spki(key_named("release", kind).public_key()))


def parsed(bundle: Json) -> Bundle:
    return parse_bundle(json.dumps(bundle).encode())


def refused(bundle: Json, key: TrustedKey, artifact: Artifact = FILE) -> str:
    with pytest.raises(VerificationError) as raised:
        check_signature(parsed(bundle), key, artifact)
    return raised.value.code


KINDS = [("p256", "sha256"), ("p384", "sha384"), ("p521", "sha512"), ("rsa2048", "sha256")]


@pytest.mark.parametrize(("kind", "algorithm"), KINDS)
def test_a_file_is_compared_by_the_digest_that_was_signed(kind: str, algorithm: str) -> None:
    bundle = WORLD.bundle(managed=key_named("release", kind), kind="message")
    check_signature(parsed(bundle), trusted(kind), artifact_of(ARTIFACT, algorithm))
    other = artifact_of(b"another file", algorithm)
    assert refused(bundle, trusted(kind), other) == Reason.OTHER_ARTIFACT
    unsaid = edited(bundle, "messageSignature.messageDigest", None)
    check_signature(parsed(unsaid), trusted(kind), artifact_of(ARTIFACT, algorithm))
    assert refused(unsaid, trusted(kind), other) == Reason.SIGNATURE_INVALID
    lacking = artifact_of(ARTIFACT, "sha512" if algorithm == "sha256" else "sha256")
    assert refused(bundle, trusted(kind), lacking) == Reason.DIGEST_UNKNOWN


def test_the_digest_that_a_bundle_claims_does_not_replace_the_files() -> None:
    """Signature and claim agree on another file; the file that is judged decides."""
    bundle = WORLD.bundle(
        managed=key_named("release", "p256"), kind="message", content=b"another file"
    )
    assert refused(bundle, trusted("p256")) == Reason.OTHER_ARTIFACT
    unsaid = edited(bundle, "messageSignature.messageDigest", None)
    assert refused(unsaid, trusted("p256")) == Reason.SIGNATURE_INVALID


def test_the_algorithm_that_a_bundle_claims_is_one_that_the_key_signs() -> None:
    bundle = WORLD.bundle(managed=key_named("release", "p256"), kind="message", algorithm="sha512")
    assert refused(bundle, trusted("p256")) == Reason.KEY_UNSUPPORTED


def test_an_envelope_is_signed_with_its_type() -> None:
    for kind in ("p256", "p384", "ed25519", "rsa2048"):
        bundle = WORLD.bundle(managed=key_named("release", kind))
        check_signature(parsed(bundle), trusted(kind), FILE)
        for path, change in (
            ("dsseEnvelope.payloadType", "application/vnd.in-toto+jso"),
            ("dsseEnvelope.payload", flipped(3)),
            ("dsseEnvelope.payload", ""),
        ):
            assert refused(edited(bundle, path, change), trusted(kind)) == (
                Reason.SIGNATURE_INVALID
            )


def test_nothing_moves_between_type_and_payload() -> None:
    """The encoding has the lengths, so that two envelopes never sign the same bytes."""
    bundle = WORLD.bundle(managed=key_named("release", "p256"), payload_type="a", statement=b"b c")
    moved = edited(
        edited(bundle, "dsseEnvelope.payloadType", "a 3 b"), "dsseEnvelope.payload", "Yw=="
    )
    check_signature(parsed(bundle), trusted("p256"), FILE)
    assert refused(moved, trusted("p256")) == Reason.SIGNATURE_INVALID


def test_ed25519_over_a_file_cannot_be_checked() -> None:
    bundle = WORLD.bundle(managed=key_named("release", "ed25519"), kind="message")
    assert refused(bundle, trusted("ed25519")) == Reason.KEY_UNSUPPORTED
    with pytest.raises(InputError, match="whole file"):
        algorithm_of(MessageSignature("", b"", b"x"), trusted("ed25519"))


def test_the_digest_is_the_files_own() -> None:
    message = MessageSignature("sha384", b"", b"x")
    assert message_digest(message, trusted("p256"), FILE) == FILE.digest("sha384")
