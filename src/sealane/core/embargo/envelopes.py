"""DSSE envelopes that people sign offline: read without leniency, and whose keys signed them.

Spec: DSSE v1, protocol.md and envelope.md.
"""

from __future__ import annotations

import base64
from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature

from sealane.core.attestation.envelope import (
    MOST_SIGNATURES,
    PAYLOAD_TYPE,
    Envelope,
    parse_envelope,
    pre_authentication_encoding,
)
from sealane.core.attestation.strict_json import as_list, parse_json
from sealane.core.embargo.exact import exact_object
from sealane.core.embargo.roles import RoleKey
from sealane.core.model.chain import canonical
from sealane.core.model.statement import JsonValue
from sealane.core.verify.keys import TrustedKey, verify_message
from sealane.errors import InputError

# An approval with 32 signatures has less than 8 KiB.
MOST_BYTES = 64 * 1024


def read_envelope(content: bytes) -> Envelope:
    """Read an envelope; of any payload type.

    Raises:
        InputError: More than 64 KiB, no envelope, a duplicate key, or a member that is not known.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"envelope: expected {MOST_BYTES} bytes at most, got {len(content)}")
    value = parse_json(content, "envelope")
    members = exact_object(value, "envelope", ("payload", "payloadType", "signatures"))
    for number, one in enumerate(as_list(members["signatures"], "envelope: signatures"), 1):
        exact_object(one, f"envelope: signature {number}", ("sig",), ("keyid",))
    return parse_envelope(content)


def check_payload_type(envelope: Envelope) -> None:
    """Check that an envelope says that a statement is in it.

    The type is part of what is signed: the same bytes under another one mean something else.

    Raises:
        InputError: It says something else.
    """
    if envelope.payload_type != PAYLOAD_TYPE:
        raise InputError(
            f"envelope: payloadType: expected {PAYLOAD_TYPE}, got {envelope.payload_type[:60]!r}"
        )


def render_envelope(payload: bytes, signatures: Sequence[tuple[str, bytes]]) -> bytes:
    """An envelope around a statement.

    Args:
        payload: The statement.
        signatures: (key id, signature) of each; 1 to 32.

    Returns:
        JSON in one line, ASCII, with a line end.

    Raises:
        InputError: No signature, too many, or an empty one.
    """
    if not 1 <= len(signatures) <= MOST_SIGNATURES:
        raise InputError(
            f"envelope: expected 1 to {MOST_SIGNATURES} signatures, got {len(signatures)}"
        )
    if not all(signature for _, signature in signatures):
        raise InputError("envelope: a signature is empty", hint="sign it again")
    listed: list[JsonValue] = [{"keyid": key, "sig": _base64(one)} for key, one in signatures]
    document = {"payload": _base64(payload), "payloadType": PAYLOAD_TYPE}
    return canonical({**document, "signatures": listed}) + b"\n"


def signers(envelope: Envelope, keys: Sequence[RoleKey]) -> tuple[RoleKey | None, ...]:
    """Whose key made each signature.

    A key id that an envelope names is signed by nobody: it says which key is tried first, and
    nothing else. A signature is one key's at most, whatever else it may verify under.

    Args:
        envelope: The envelope.
        keys: The keys that count.

    Returns:
        For each signature in order the key; None where none of them made it.
    """
    signed = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    return tuple(_signer(hint, one, signed, keys) for hint, one in envelope.signatures)


def _signer(hint: str, signature: bytes, signed: bytes, keys: Sequence[RoleKey]) -> RoleKey | None:
    for key in sorted(keys, key=lambda one: one.id != hint):
        try:
            verify_message(TrustedKey(key.holder, key.spki), signature, signed)
        except InvalidSignature:
            continue
        return key
    return None


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")
