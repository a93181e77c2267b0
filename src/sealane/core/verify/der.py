"""Parts of a certificate as the bytes they are in it.

The library has read the certificate before, so that its DER is well formed; it hands out these
parts encoded anew, or not at all.

Spec: RFC 5280 section 4.1; X.690 section 8.1.
"""

from __future__ import annotations

# What stands before the key in the signed part: version, serial number, algorithm, issuer,
# validity, subject. Certificates of version 1 have no version in them, and are refused elsewhere.
_BEFORE_KEY = 6


def signature_parts(der: bytes) -> tuple[bytes, bytes, bytes, int]:
    """What is signed, the algorithms named in it and beside it, and the signature's unused bits.

    Args:
        der: A certificate.
    """
    start, _ = _value(der, 0)
    inner, end = _value(der, start)
    _, inner = _value(der, inner)
    _, inner = _value(der, inner)
    _, inside_end = _value(der, inner)
    _, outside_end = _value(der, end)
    bits, _ = _value(der, outside_end)
    return der[start:end], der[inner:inside_end], der[end:outside_end], der[bits]


def public_key_of(der: bytes) -> bytes:
    """The SubjectPublicKeyInfo of a certificate.

    Args:
        der: A certificate of version 3.
    """
    start, _ = _value(der, 0)
    at, _ = _value(der, start)
    for _ in range(_BEFORE_KEY):
        _, at = _value(der, at)
    _, end = _value(der, at)
    return der[at:end]


def _value(der: bytes, at: int) -> tuple[int, int]:
    """Where the value of an element begins and ends; all tags here are one byte long."""
    length, start = der[at + 1], at + 2
    if length & 0x80:
        size = length & 0x7F
        start += size
        length = int.from_bytes(der[start - size : start], "big")
    return start, start + length
