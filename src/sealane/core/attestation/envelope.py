"""The DSSE envelope: what its signature is computed over."""

from __future__ import annotations

PAYLOAD_TYPE = "application/vnd.in-toto+json"


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
