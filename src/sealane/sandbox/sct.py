"""The bytes of a signed certificate timestamp, and of the list a certificate carries.

Spec: RFC 6962 sections 3.2 and 3.3.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence

from sealane.sandbox import der

SCT_LIST_OID = "1.3.6.1.4.1.11129.2.4.2"
_OCTET_STRING = 0x04
_PRECERT_ENTRY = 1
_SHA256_ECDSA = b"\x04\x03"


def _vector(content: bytes, size_bytes: int) -> bytes:
    return len(content).to_bytes(size_bytes, "big") + content


def timestamped_entry(timestamp: int, issuer_key_hash: bytes, body: bytes) -> bytes:
    """What a log promises: this precertificate was seen at this time.

    Args:
        timestamp: Unix time in milliseconds.
        issuer_key_hash: SHA-256 of the issuer's public key.
        body: The certificate's body without poison and without SCT list.
    """
    head = struct.pack(">QH", timestamp, _PRECERT_ENTRY)
    return head + issuer_key_hash + _vector(body, 3) + _vector(b"", 2)


def signed_bytes(entry: bytes) -> bytes:
    """What the log signs: version 0, signature type 0, the timestamped entry."""
    return b"\x00\x00" + entry


def log_leaf(entry: bytes) -> bytes:
    """The Merkle leaf: version 0, leaf type 0, the timestamped entry."""
    return b"\x00\x00" + entry


def digitally_signed(signature: bytes) -> bytes:
    """An ECDSA-SHA-256 signature in TLS form."""
    return _SHA256_ECDSA + _vector(signature, 2)


def encode_sct(log_id: bytes, timestamp: int, signature: bytes) -> bytes:
    """One SCT, version 1, without extensions."""
    head = b"\x00" + log_id + struct.pack(">Q", timestamp)
    return head + _vector(b"", 2) + digitally_signed(signature)


def extension_value(scts: Sequence[bytes]) -> bytes:
    """The value of a certificate's SCT list extension: an OCTET STRING around the TLS list."""
    listed = _vector(b"".join(_vector(sct, 2) for sct in scts), 2)
    return der.encode(_OCTET_STRING, listed)
