"""What the `sigstore` library keeps to itself of a bundle: the kind of content and the times.

Only the second opinion needs this; the verifier of our own reads `bundle`.
"""

from __future__ import annotations

import base64
import binascii
import json
from enum import StrEnum

from sealane.core.attestation.bundle import is_bundle
from sealane.core.attestation.strict_json import (
    as_list,
    as_object,
    as_text,
    parse_object,
    refuse_proto_names,
)
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

MOST_TIMESTAMPS = 32


class Content(StrEnum):
    """What a bundle's signature is over."""

    DSSE = "dsseEnvelope"
    MESSAGE = "messageSignature"


@dataclass(frozen=True, slots=True)
class Outline:
    """A bundle's own claims; none of them is proven.

    Attributes:
        content: What the signature is over.
        integrated: Unix seconds of the log entry's promise; None without a promise.
        timestamps: RFC 3161 responses, DER, at most 32.
        log_index: Index of the only log entry, as what proves the entry says it: its promise, or
            where there is none its inclusion proof.
    """

    content: Content
    integrated: int | None
    timestamps: tuple[bytes, ...]
    log_index: int


def parse_outline(content: bytes) -> Outline:
    """Read what a bundle claims.

    Raises:
        InputError: It is not a bundle with one kind of content and one log entry.

    Spec: sigstore protobuf-specs, sigstore_bundle.proto.
    """
    members = parse_object(content, "bundle")
    if not is_bundle(members):
        raise InputError("bundle: mediaType: not a Sigstore bundle")
    refuse_proto_names(members, "bundle")
    found = [kind for kind in Content if members.get(kind) is not None]
    if len(found) != 1:
        raise InputError(f"bundle: expected {' or '.join(Content)}, got {len(found)} of them")
    material = as_object(members.get("verificationMaterial"), "bundle: verificationMaterial")
    entry = _only_entry(material)
    return Outline(
        content=found[0],
        integrated=_integrated(entry),
        timestamps=_timestamps(material),
        log_index=_log_index(entry),
    )


def only_timestamp(content: bytes, index: int) -> bytes:
    """A copy of a bundle that keeps one of its RFC 3161 responses.

    Args:
        content: A bundle that `parse_outline` has read.
        index: Which response to keep, from 0.
    """
    members = parse_object(content, "bundle")
    material = as_object(members["verificationMaterial"], "bundle: verificationMaterial")
    data = as_object(material["timestampVerificationData"], "bundle: timestampVerificationData")
    kept = as_list(data["rfc3161Timestamps"], "bundle: rfc3161Timestamps")[index]
    material["timestampVerificationData"] = {**data, "rfc3161Timestamps": [kept]}
    return json.dumps(members).encode()


def with_zeros(content: bytes) -> bytes:
    """A copy of a bundle with the numbers of its log entry that are zero written out.

    A writer of protobuf JSON may leave a zero away, and Go's does: the first entry of a log has no
    `logIndex`. The engine's library insists on it.

    Args:
        content: A bundle that `parse_outline` has read.

    Spec: Protocol Buffers, ProtoJSON, "default values".
    """
    members = parse_object(content, "bundle")
    material = as_object(members["verificationMaterial"], "bundle: verificationMaterial")
    entry = _only_entry(material)
    entry.setdefault("logIndex", "0")
    proof = entry.get("inclusionProof")
    if isinstance(proof, dict):
        proof.setdefault("logIndex", "0")
        # A tree of one leaf needs no hash beside it, and an empty list is a default too.
        proof.setdefault("hashes", [])
    return json.dumps(members).encode()


def _only_entry(material: dict[str, JsonValue]) -> dict[str, JsonValue]:
    entries = as_list(material.get("tlogEntries"), "bundle: tlogEntries")
    if len(entries) != 1:
        raise InputError(f"bundle: expected exactly one log entry, got {len(entries)}")
    return as_object(entries[0], "bundle: log entry")


def _integrated(entry: dict[str, JsonValue]) -> int | None:
    if entry.get("inclusionPromise") is None:
        return None
    seconds = _number(entry.get("integratedTime", 0), "bundle: integratedTime")
    return seconds or None


def _log_index(entry: dict[str, JsonValue]) -> int:
    proof = entry.get("inclusionProof")
    bound = proof if entry.get("inclusionPromise") is None and isinstance(proof, dict) else entry
    return _number(bound.get("logIndex", 0), "bundle: logIndex")


def _timestamps(material: dict[str, JsonValue]) -> tuple[bytes, ...]:
    data = material.get("timestampVerificationData")
    if data is None:
        return ()
    listed = as_object(data, "bundle: timestampVerificationData").get("rfc3161Timestamps") or []
    responses = as_list(listed, "bundle: rfc3161Timestamps")
    if len(responses) > MOST_TIMESTAMPS:
        raise InputError(f"bundle: at most {MOST_TIMESTAMPS} timestamps, got {len(responses)}")
    return tuple(_response(one) for one in responses)


def _response(value: JsonValue) -> bytes:
    members = as_object(value, "bundle: timestamp")
    text = as_text(members.get("signedTimestamp"), "bundle: signedTimestamp")
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("bundle: signedTimestamp: not base64") from error


def _number(value: JsonValue, place: str) -> int:
    """A protobuf int64 in JSON: a decimal string, or a number."""
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or len(text) > 19:
        raise InputError(f"{place}: expected a whole number, got {str(value)[:40]!r}")
    return int(text)
