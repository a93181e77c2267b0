"""Step 8: the log entry is about this signature, by this key, over this content.

Without it an entry of anybody's could lend its time to a signature that was never logged
(CVE-2022-36056).

Spec: sigstore/rekor, pkg/types/{hashedrekord,dsse,intoto}; Rekor v2, "Log entry".
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Mapping

from sealane.core.attestation.bundle import Bundle, Envelope, LogEntry, MessageSignature
from sealane.core.attestation.envelope import pre_authentication_encoding
from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.artifact import Artifact
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.signature import algorithm_of, message_digest
from sealane.errors import InputError, VerificationError

_HASH_NAMES = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}
_PEM = {b"CERTIFICATE", b"PUBLIC KEY"}


@dataclass(frozen=True, slots=True)
class Signed:
    """What was proven before: who signed what.

    Attributes:
        bundle: The bundle; its signature holds.
        key: The key that made the signature.
        certificate: DER of the leaf; b"" for a managed key.
        artifact: What a signature over a file is over.
    """

    bundle: Bundle
    key: TrustedKey
    certificate: bytes
    artifact: Artifact

    @property
    def verifier(self) -> bytes:
        """DER of what the log has to name as the verifier: certificate, or public key."""
        return self.certificate or self.key.spki


def check_body(entry: LogEntry, signed: Signed) -> None:
    """Check that an entry is about what was signed.

    1. It is of a kind that is read, for this kind of content, and of the kind the bundle says.
    2. Content, signature and verifier in it are those of the bundle.

    Raises:
        VerificationError: It is about something else, or cannot be read.
    """
    try:
        body = parse_object(entry.body, "log entry")
        kind = (as_text(body.get("kind"), "kind"), as_text(body.get("apiVersion"), "apiVersion"))
        if kind != entry.kind:  # 1
            raise _unknown(entry.kind, kind)
        pairs = _compared(kind, as_object(body.get("spec"), "spec"), signed)  # 2
    except (InputError, UnicodeEncodeError) as error:
        message = f"the log entry cannot be read: {str(error)[:200]}"
        raise refusal(Reason.ENTRY_MISMATCH, message) from error
    for what, there, here in pairs:
        if there != here:
            raise refusal(
                Reason.ENTRY_MISMATCH,
                f"the log entry is about another {what}",
                expected=_shown(here),
                actual=_shown(there),
            )


# What has to be equal: its name, as the entry has it, as the bundle has it.
_Pairs = tuple[tuple[str, bytes, bytes], ...]
_Spec = Mapping[str, JsonValue]


def _compared(kind: tuple[str, str], spec: _Spec, signed: Signed) -> _Pairs:
    content = signed.bundle.content
    match content, kind:
        case MessageSignature(), ("hashedrekord", "0.0.1"):
            return _hashedrekord_1(spec, content, signed)
        case _, ("hashedrekord", "0.0.2"):
            return _hashedrekord_2(spec, content, signed)
        case Envelope(), ("dsse", "0.0.1"):
            return _dsse(spec, content, signed)
        case Envelope(), ("intoto", "0.0.2"):
            return _intoto(spec, content, signed)
        case _:
            raise _unknown(("a known kind", ""), kind)


def _hashedrekord_1(spec: _Spec, message: MessageSignature, signed: Signed) -> _Pairs:
    data = as_object(as_object(spec.get("data"), "data").get("hash"), "hash")
    signature = as_object(spec.get("signature"), "signature")
    key = as_object(signature.get("publicKey"), "publicKey")
    algorithm = as_text(data.get("algorithm"), "algorithm")
    digest = message_digest(message, signed.key, signed.artifact)
    return (
        ("digest algorithm", algorithm.encode(), algorithm_of(message, signed.key).encode()),
        ("file", _hex(data.get("value")), bytes.fromhex(digest)),
        ("signature", _base64(signature.get("content")), message.signature),
        ("verifier", _pem(key.get("content")), signed.verifier),
    )


def _hashedrekord_2(spec: _Spec, content: MessageSignature | Envelope, signed: Signed) -> _Pairs:
    record = as_object(spec.get("hashedRekordV002"), "hashedRekordV002")
    data = as_object(record.get("data"), "data")
    signature = as_object(record.get("signature"), "signature")
    verifier = as_object(signature.get("verifier"), "verifier")
    algorithm = _HASH_NAMES.get(as_text(data.get("algorithm"), "algorithm"), "")
    name = "x509Certificate" if signed.certificate else "publicKey"
    held = as_object(verifier.get(name), name)
    return (
        ("content", _base64(data.get("digest")), _digest(algorithm, content, signed)),
        ("signature", _base64(signature.get("content")), signed.bundle.signature),
        ("verifier", _base64(held.get("rawBytes")), signed.verifier),
    )


def _dsse(spec: _Spec, envelope: Envelope, signed: Signed) -> _Pairs:
    signature = _only(as_list(spec.get("signatures"), "signatures"))
    return (
        ("payload", _hash(spec.get("payloadHash")), hashlib.sha256(envelope.payload).digest()),
        ("signature", _base64(signature.get("signature")), envelope.signatures[0]),
        ("verifier", _pem(signature.get("verifier")), signed.verifier),
    )


def _intoto(spec: _Spec, envelope: Envelope, signed: Signed) -> _Pairs:
    content = as_object(spec.get("content"), "content")
    held = as_object(content.get("envelope"), "envelope")
    signature = _only(as_list(held.get("signatures"), "signatures"))
    kind = as_text(held.get("payloadType"), "payloadType")
    # The signature is base64 of the base64 that stands in the envelope.
    inner = _decoded(_base64(signature.get("sig")))
    return (
        ("payload", _hash(content.get("payloadHash")), hashlib.sha256(envelope.payload).digest()),
        ("payload type", kind.encode(), envelope.payload_type.encode()),
        ("signature", inner, envelope.signatures[0]),
        ("verifier", _pem(signature.get("publicKey")), signed.verifier),
    )


def _digest(algorithm: str, content: MessageSignature | Envelope, signed: Signed) -> bytes:
    """What an entry of the second generation is over: the file, or an envelope's encoding."""
    if algorithm not in signed.key.algorithms:
        raise InputError(f"digest algorithm {algorithm!r} is not one of the key's")
    if isinstance(content, Envelope):
        encoded = pre_authentication_encoding(content.payload_type, content.payload)
        return hashlib.new(algorithm, encoded).digest()
    if algorithm != algorithm_of(content, signed.key):
        raise InputError(f"digest algorithm {algorithm!r} is not the signature's")
    return bytes.fromhex(message_digest(content, signed.key, signed.artifact))


def _only(signatures: list[JsonValue]) -> dict[str, JsonValue]:
    if len(signatures) != 1:
        raise InputError(f"expected one signature, got {len(signatures)}")
    return as_object(signatures[0], "signature")


def _hash(value: JsonValue) -> bytes:
    """A SHA-256 as Rekor v1 writes it."""
    named = as_object(value, "payloadHash")
    if named.get("algorithm") != "sha256":
        raise InputError("payloadHash: expected sha256")
    return _hex(named.get("value"))


def _hex(value: JsonValue) -> bytes:
    try:
        return binascii.unhexlify(as_text(value, "hash"))
    except ValueError as error:
        raise InputError("a hash is not hex") from error


def _base64(value: JsonValue) -> bytes:
    return _decoded(as_text(value, "content").encode())


def _decoded(encoded: bytes) -> bytes:
    try:
        return binascii.a2b_base64(encoded, strict_mode=True)
    except ValueError as error:
        raise InputError("not base64") from error


def _pem(value: JsonValue) -> bytes:
    """The DER in the base64 of a PEM block; exactly one, of a certificate or a public key."""
    lines = _base64(value).strip().split(b"\n")
    label = lines[0].strip().removeprefix(b"-----BEGIN ").removesuffix(b"-----")
    if label not in _PEM or lines[-1].strip() != b"-----END " + label + b"-----":
        raise InputError("the verifier is not one PEM block")
    return _decoded(b"".join(line.strip() for line in lines[1:-1]))


def _unknown(claimed: tuple[str, str], kind: tuple[str, str]) -> VerificationError:
    return refusal(
        Reason.ENTRY_KIND_UNKNOWN,
        "the log entry is of a kind that is not read for this content",
        expected=" ".join(claimed).strip()[:80],
        actual=" ".join(kind)[:80],
    )


def _shown(value: bytes) -> str:
    """Bytes in an error: a short word as it is, all else as base64."""
    if value.isalnum() and value.isascii():
        return value.decode()[:48]
    return base64.b64encode(value[:48]).decode()
