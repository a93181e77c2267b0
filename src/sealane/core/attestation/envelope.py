"""The DSSE envelope: what its signature is computed over, and the envelope as plain JSON.

Spec: DSSE v1, protocol.md and envelope.md.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping

from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PAYLOAD_TYPE = "application/vnd.in-toto+json"
MOST_SIGNATURES = 32
_URL_SAFE = str.maketrans("-_", "+/")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A signed payload; nothing of it is proven.

    Attributes:
        payload_type: Media type of the payload.
        payload: Raw payload, after base64.
        signatures: (key id, signature) of each; a key id is a hint that nobody signed, "" for none.
    """

    payload_type: str
    payload: bytes
    signatures: tuple[tuple[str, bytes], ...]


def pre_authentication_encoding(payload_type: str, payload: bytes) -> bytes:
    """Encode what a DSSE signature is computed over.

    Args:
        payload_type: Media type, e.g. "application/vnd.in-toto+json".
        payload: Raw payload, before base64.

    Returns:
        "DSSEv1", then type and payload, each after its length in bytes as decimal ASCII, all
        joined by single spaces.

    Spec: DSSE v1, protocol.md, "Signature Definition".
    """
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def is_envelope(members: Mapping[str, JsonValue]) -> bool:
    """Whether an object has the members of an envelope."""
    return {"payload", "payloadType", "signatures"} <= members.keys()


def parse_envelope(content: bytes) -> Envelope:
    """Read an envelope in its JSON form; unknown members are left aside.

    Args:
        content: The JSON text, UTF-8.

    Raises:
        InputError: A member is missing or of another type, something is not base64, the payload
            type is empty or cannot be encoded, or there is no signature or more than 32.

    Spec: DSSE v1, envelope.md, "Standard JSON envelope".
    """
    members = parse_object(content, "envelope")
    payload_type = as_text(members.get("payloadType"), "envelope: payloadType")
    if not payload_type or not payload_type.isprintable():
        raise InputError(f"envelope: payloadType: expected a type, got {payload_type[:40]!r}")
    signatures = as_list(members.get("signatures"), "envelope: signatures")
    if not 1 <= len(signatures) <= MOST_SIGNATURES:
        raise InputError(
            f"envelope: expected 1 to {MOST_SIGNATURES} signatures, got {len(signatures)}"
        )
    return Envelope(
        payload_type,
        parse_base64(members.get("payload"), "envelope: payload"),
        tuple(_signature(one, f"envelope: signature {n}") for n, one in enumerate(signatures, 1)),
    )


def parse_base64(value: JsonValue, place: str) -> bytes:
    """The bytes of a base64 text, standard or URL-safe, padded.

    Two readers that disagree on what a text decodes to disagree on what was signed: one alphabet
    only, nothing between the digits, and no bits that are left over.

    Raises:
        InputError: It is no such text.

    Spec: RFC 4648, sections 4 and 5.
    """
    text = as_text(value, place)
    standard = text
    if "-" in text or "_" in text:
        if "+" in text or "/" in text:
            raise InputError(f"{place}: base64 in two alphabets at once")
        standard = text.translate(_URL_SAFE)
    try:
        decoded = base64.b64decode(standard.encode("ascii"), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{place}: not base64: {str(error)[:80]}") from error
    if base64.b64encode(decoded).decode("ascii") != standard:
        raise InputError(f"{place}: base64 with bits that are left over")
    return decoded


def _signature(value: JsonValue, place: str) -> tuple[str, bytes]:
    members = as_object(value, place)
    named = members.get("keyid")
    signature = parse_base64(members.get("sig"), f"{place}: sig")
    if not signature:
        raise InputError(f"{place}: sig: empty")
    return "" if named is None else as_text(named, f"{place}: keyid"), signature
