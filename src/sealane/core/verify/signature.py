"""Step 7: the key signed the envelope, or this very file.

Spec: DSSE v1, protocol.md; sigstore_bundle.proto, `MessageSignature`.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature

from sealane.core.attestation.bundle import Bundle, Envelope, MessageSignature
from sealane.core.attestation.envelope import pre_authentication_encoding
from sealane.core.model.artifact import Artifact
from sealane.core.verify.keys import TrustedKey, verify_digest, verify_message
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError, VerificationError


def check_signature(bundle: Bundle, key: TrustedKey, artifact: Artifact) -> None:
    """Check a bundle's signature.

    Args:
        bundle: With exactly one signature.
        key: Whose it has to be.
        artifact: What a signature over a file has to be over; an envelope's subjects are compared
            by the caller.

    Raises:
        VerificationError: It does not hold, or cannot be checked.
    """
    try:
        if isinstance(bundle.content, Envelope):
            envelope = bundle.content
            signed = pre_authentication_encoding(envelope.payload_type, envelope.payload)
            verify_message(key, envelope.signatures[0], signed)
        else:
            _check_message(bundle.content, key, artifact)
    except InvalidSignature as error:
        raise refusal(
            Reason.SIGNATURE_INVALID,
            "the signature does not hold",
            expected=f"a signature by {key.name} over this content",
        ) from error
    except InputError as error:
        raise refusal(Reason.KEY_UNSUPPORTED, error.message) from error


def message_digest(message: MessageSignature, key: TrustedKey, artifact: Artifact) -> str:
    """The digest of the artifact, lower-case hex, that a signature over it is over.

    Raises:
        VerificationError: That digest was not computed, or the bundle says another one.
        InputError: The key is not supported.
    """
    algorithm = algorithm_of(message, key)
    known = artifact.digest(algorithm)
    if known is None:
        raise refusal(
            Reason.DIGEST_UNKNOWN,
            f"the signature is over the {algorithm} digest of the file",
            expected=f"the file, or its {algorithm}",
            actual=str(artifact.digests[0]),
        )
    if message.digest and message.digest.hex() != known:
        raise _other(f"{algorithm}:{known}", f"{algorithm}:{message.digest.hex()}")
    return known


def algorithm_of(message: MessageSignature, key: TrustedKey) -> str:
    """Which digest a signature over a file is over: what the bundle says, or the key implies.

    Raises:
        InputError: The key is not supported, or signs no digests.
    """
    if message.algorithm:
        return message.algorithm
    if not key.algorithms:
        raise InputError(f"key {key.name!r}: it signs the whole file, which is not supported")
    return key.algorithms[0]


def _check_message(message: MessageSignature, key: TrustedKey, artifact: Artifact) -> None:
    digest = message_digest(message, key, artifact)
    algorithm = algorithm_of(message, key)
    verify_digest(key, message.signature, algorithm, bytes.fromhex(digest))


def _other(expected: str, actual: str) -> VerificationError:
    message = "the signature is over another file"
    return refusal(Reason.OTHER_ARTIFACT, message, expected=expected, actual=actual)
