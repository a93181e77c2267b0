"""A Sigstore bundle as values: read strictly, judged nowhere here.

What is wrong with the JSON is refused here; what a bundle lacks, or has too much of, is for
`core/verify` to refuse with its reason, so the counts of certificates, entries, signatures and
timestamps are kept as they are.

Spec: sigstore protobuf-specs, sigstore_bundle.proto and sigstore_rekor.proto; ProtoJSON.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Mapping

from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    as_text,
    parse_again,
    refuse_proto_names,
)
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_MEDIA_TYPE = "application/vnd.dev.sigstore.bundle"
_VERSIONS = {
    f"{_MEDIA_TYPE}+json;version=0.1": 1,
    f"{_MEDIA_TYPE}+json;version=0.2": 2,
    f"{_MEDIA_TYPE}+json;version=0.3": 3,
    f"{_MEDIA_TYPE}.v0.3+json": 3,
}
_NUMBER = re.compile(r"0|[1-9][0-9]{0,18}")
_ALGORITHMS = {"SHA2_256": "sha256", "SHA2_384": "sha384", "SHA2_512": "sha512"}
# More of any of these is not evidence but an attack on whoever reads it.
MOST_CERTIFICATES = 10
MOST_ENTRIES = 32
MOST_SIGNATURES = 32
MOST_TIMESTAMPS = 256
MOST_HASHES = 64
LONGEST_CHECKPOINT = 16 * 1024
LARGEST_PROOF_PART = 64 * 1024  # bytes of a certificate, signature or timestamp


@dataclass(frozen=True, slots=True)
class MessageSignature:
    """A signature over a file.

    Attributes:
        algorithm: "sha256", "sha384" or "sha512"; "" where no digest is given.
        digest: What the bundle says the file's digest is: a claim; b"" where it says nothing.
        signature: ECDSA in DER, RSA or Ed25519.
    """

    algorithm: str
    digest: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Envelope:
    """A DSSE envelope.

    Attributes:
        payload_type: Media type of the payload.
        payload: The payload, before base64.
        signatures: Every signature, in order; at most 32.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class InclusionProof:
    """A path from an entry to the root that a log committed to.

    Attributes:
        index: Position of the entry in that log's tree.
        size: Size of the tree.
        root: Root hash, 32 bytes.
        hashes: The path, lowest first, at most 64.
        checkpoint: Signed note over size and root; "" where there is none.
    """

    index: int
    size: int
    root: bytes
    hashes: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class LogEntry:
    """An entry of a transparency log.

    Attributes:
        log_id: Which log.
        index: Position over all shards of the log.
        kind: Kind and version of the body, as the bundle says them, e.g. ("dsse", "0.0.1").
        integrated: Unix seconds when it was appended, as the bundle says; None where it does not.
        promise: The log's signed entry timestamp; None where there is none.
        proof: The inclusion proof; None where there is none.
        body: The entry as it was logged, JSON.
    """

    log_id: bytes
    index: int
    kind: tuple[str, str]
    integrated: int | None
    promise: bytes | None
    proof: InclusionProof | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Bundle:
    """A whole bundle; nothing in it is proven.

    Attributes:
        version: 1, 2 or 3 for 0.1 to 0.3; None for a media type nobody knows.
        media_type: The media type as written.
        content: What was signed.
        certificates: DER, leaf first; empty for a bundle by a managed key.
        single: Whether the certificate stood alone, as version 0.3 wants it.
        key_hint: What the bundle says of the managed key; None where it names none.
        entries: Entries of logs.
        timestamps: RFC 3161 responses, DER.
    """

    version: int | None
    media_type: str
    content: MessageSignature | Envelope
    certificates: tuple[bytes, ...]
    single: bool
    key_hint: str | None
    entries: tuple[LogEntry, ...]
    timestamps: tuple[bytes, ...]

    @property
    def signature(self) -> bytes:
        """The signature that a time-stamp authority signs: the first; b"" where there is none."""
        if isinstance(self.content, MessageSignature):
            return self.content.signature
        return self.content.signatures[0] if self.content.signatures else b""


def is_bundle(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object says that it is a Sigstore bundle."""
    return str(members.get("mediaType", "")).startswith(_MEDIA_TYPE)


def parse_bundle(content: bytes) -> Bundle:
    """Read a bundle.

    Args:
        content: JSON.

    Raises:
        InputError: It is no bundle, a part is missing, of another type or too large, or a member
            has the name of its .proto field, which other readers take for the member itself.
    """
    members = as_object(parse_again(content, "bundle"), "bundle")
    if "mediaType" not in members or "verificationMaterial" not in members:
        raise InputError("bundle: expected mediaType and verificationMaterial")
    # The walk is left out where no name can have an underscore, plain or escaped.
    if b"_" in content or b"\\u005" in content:
        refuse_proto_names(members, "bundle")
    media_type = _text(members["mediaType"], "mediaType")
    material = as_object(members["verificationMaterial"], "bundle: verificationMaterial")
    certificates, single, hint = _key_material(material)
    return Bundle(
        version=_VERSIONS.get(media_type),
        media_type=media_type,
        content=_content(members),
        certificates=certificates,
        single=single,
        key_hint=hint,
        entries=tuple(_entry(one) for one in _listed(material, "tlogEntries", MOST_ENTRIES)),
        timestamps=_timestamps(material),
    )


def _content(members: Mapping[str, JsonValue]) -> MessageSignature | Envelope:
    message, envelope = members.get("messageSignature"), members.get("dsseEnvelope")
    if (message is None) == (envelope is None):
        raise InputError("bundle: expected either messageSignature or dsseEnvelope")
    if message is not None:
        return _message(as_object(message, "bundle: messageSignature"))
    parts = as_object(envelope, "bundle: dsseEnvelope")
    signatures = _listed(parts, "signatures", MOST_SIGNATURES)
    return Envelope(
        payload_type=_text(parts.get("payloadType"), "payloadType"),
        payload=_bytes(parts.get("payload"), "payload", limit=None),
        signatures=tuple(
            _bytes(as_object(one, "bundle: signature").get("sig"), "sig") for one in signatures
        ),
    )


def _message(parts: Mapping[str, JsonValue]) -> MessageSignature:
    signature = _bytes(parts.get("signature"), "signature")
    digest = parts.get("messageDigest")
    if digest is None:
        return MessageSignature("", b"", signature)
    named = as_object(digest, "bundle: messageDigest")
    algorithm = as_text(named.get("algorithm"), "bundle: messageDigest: algorithm")
    if algorithm not in _ALGORITHMS:
        raise InputError(f"bundle: messageDigest: algorithm {algorithm[:40]!r} is not supported")
    value = _bytes(named.get("digest"), "messageDigest")
    return MessageSignature(_ALGORITHMS[algorithm], value, signature)


def _key_material(
    material: Mapping[str, JsonValue],
) -> tuple[tuple[bytes, ...], bool, str | None]:
    """Certificates, whether one stood alone, and the hint of a managed key."""
    names = ("certificate", "x509CertificateChain", "publicKey")
    found = [name for name in names if material.get(name) is not None]
    if len(found) > 1:
        raise InputError(f"bundle: expected one of {', '.join(names)}, got {', '.join(found)}")
    if not found:
        return (), False, None
    value = as_object(material[found[0]], f"bundle: {found[0]}")
    if found[0] == "certificate":
        return (_raw(value),), True, None
    if found[0] == "publicKey":
        return (), False, _optional(value.get("hint"), "publicKey: hint")
    chain = _listed(value, "certificates", MOST_CERTIFICATES)
    return tuple(_raw(as_object(one, "bundle: certificate")) for one in chain), False, None


def _raw(value: Mapping[str, JsonValue]) -> bytes:
    return _bytes(value.get("rawBytes"), "certificate")


def _entry(value: JsonValue) -> LogEntry:
    entry = as_object(value, "bundle: log entry")
    kind = as_object(entry.get("kindVersion"), "bundle: kindVersion")
    promise, proof = entry.get("inclusionPromise"), entry.get("inclusionProof")
    time = entry.get("integratedTime")
    return LogEntry(
        log_id=_bytes(as_object(entry.get("logId"), "bundle: logId").get("keyId"), "keyId"),
        index=_number(entry.get("logIndex"), "logIndex"),
        kind=(
            _text(kind.get("kind"), "kind"),
            _text(kind.get("version"), "version"),
        ),
        # A zero is how a log without times writes none.
        integrated=_number(time, "integratedTime") or None,
        promise=None if promise is None else _promise(as_object(promise, "bundle: promise")),
        proof=None if proof is None else _proof(as_object(proof, "bundle: inclusionProof")),
        body=_bytes(entry.get("canonicalizedBody"), "canonicalizedBody", limit=None),
    )


def _promise(value: Mapping[str, JsonValue]) -> bytes:
    return _bytes(value.get("signedEntryTimestamp"), "signedEntryTimestamp")


def _proof(value: Mapping[str, JsonValue]) -> InclusionProof:
    checkpoint = value.get("checkpoint")
    note = ""
    if checkpoint is not None:
        held = as_object(checkpoint, "bundle: checkpoint").get("envelope")
        note = _optional(held, "checkpoint")
    if len(note) > LONGEST_CHECKPOINT:
        raise InputError(f"bundle: checkpoint: longer than {LONGEST_CHECKPOINT} characters")
    return InclusionProof(
        index=_number(value.get("logIndex"), "inclusionProof: logIndex"),
        size=_number(value.get("treeSize"), "treeSize"),
        root=_bytes(value.get("rootHash"), "rootHash"),
        hashes=tuple(_bytes(one, "hashes") for one in _listed(value, "hashes", MOST_HASHES)),
        checkpoint=note,
    )


def _timestamps(material: Mapping[str, JsonValue]) -> tuple[bytes, ...]:
    data = material.get("timestampVerificationData")
    if data is None:
        return ()
    held = as_object(data, "bundle: timestampVerificationData")
    return tuple(
        _bytes(as_object(one, "bundle: timestamp").get("signedTimestamp"), "signedTimestamp")
        for one in _listed(held, "rfc3161Timestamps", MOST_TIMESTAMPS)
    )


def _listed(holder: Mapping[str, JsonValue], key: str, most: int) -> list[JsonValue]:
    """A repeated field; an absent one is empty."""
    value = holder.get(key)
    listed = [] if value is None else as_list(value, f"bundle: {key}")
    if len(listed) > most:
        raise InputError(f"bundle: {key}: expected at most {most}, got {len(listed)}")
    return listed


def _optional(value: JsonValue, place: str) -> str:
    """A string field that may be absent; it is empty then."""
    return "" if value is None else _text(value, place)


def _text(value: JsonValue, place: str) -> str:
    """A string field; half of a surrogate pair, which JSON can escape, is in no text."""
    text = as_text(value, f"bundle: {place}")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"bundle: {place}: not text that can be encoded") from error
    return text


def _bytes(value: JsonValue, place: str, limit: int | None = LARGEST_PROOF_PART) -> bytes:
    """A bytes field: base64 of the standard alphabet, padded, and not empty but for a payload."""
    text = as_text(value, f"bundle: {place}")
    try:
        content = binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise InputError(f"bundle: {place}: not base64") from error
    # Several texts may stand for the same bytes; a digest of the evidence must not depend on that.
    if limit is not None and not 0 < len(content) <= limit:
        raise InputError(f"bundle: {place}: expected 1 to {limit} bytes, got {len(content)}")
    return content


def _number(value: JsonValue, place: str) -> int:
    """An int64 field: a decimal string or a number; an absent one is zero, as ProtoJSON has it."""
    if value is None:
        return 0
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not _NUMBER.fullmatch(text):
        raise InputError(f"bundle: {place}: expected a whole number, got {str(value)[:40]!r}")
    return int(text)
