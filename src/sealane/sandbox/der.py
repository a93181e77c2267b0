"""As much DER as a CT log needs: elements, and a certificate body without its poison."""

from __future__ import annotations

from sealane.errors import InputError

SEQUENCE = 0x30
# Extension 1.3.6.1.4.1.11129.2.4.3, as an encoded object identifier.
_POISON = bytes.fromhex("060a2b06010401d679020403")
_EXTENSIONS = 0xA3


def encode(tag: int, content: bytes) -> bytes:
    """One element with a definite, shortest length."""
    size = len(content)
    if size < 0x80:
        return bytes([tag, size]) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(length)]) + length + content


def decode(data: bytes) -> tuple[int, bytes, bytes]:
    """Split off the first element.

    Returns:
        Its tag, its content, and what follows it.

    Raises:
        InputError: Cut short, or not DER; tags above 30 are not read.
    """
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise InputError("DER: expected an element with a short tag")
    size, start = data[1], 2
    if size >= 0x80:
        count = size & 0x7F
        start = 2 + count
        digits = data[2:start]
        if not 1 <= count <= 4 or len(digits) != count or digits[0] == 0:
            raise InputError("DER: length is not in its shortest form")
        size = int.from_bytes(digits, "big")
        if size < 0x80:
            raise InputError("DER: length is not in its shortest form")
    end = start + size
    if end > len(data):
        raise InputError("DER: element is cut short")
    return data[0], data[start:end], data[end:]


def elements(content: bytes) -> list[tuple[int, bytes]]:
    """All elements of a constructed element's content: tag and content.

    Raises:
        InputError: Not DER.
    """
    found = []
    while content:
        tag, inner, content = decode(content)
        found.append((tag, inner))
    return found


def certificate_body(certificate: bytes) -> bytes:
    """The signed part of a certificate, as encoded.

    Raises:
        InputError: Not a certificate.
    """
    tag, content, rest = decode(certificate)
    parts = elements(content)
    if tag != SEQUENCE or rest or len(parts) != 3 or parts[0][0] != SEQUENCE:
        raise InputError("DER: expected a certificate")
    return encode(*parts[0])


def without_poison(body: bytes) -> bytes:
    """A precertificate's body without the extension that keeps it from being used.

    Raises:
        InputError: Not a certificate body, or not exactly one poison in it.

    Spec: RFC 6962 section 3.2.
    """
    tag, content, rest = decode(body)
    parts = elements(content)
    if tag != SEQUENCE or rest or not parts or parts[-1][0] != _EXTENSIONS:
        raise InputError("DER: expected the body of a certificate with extensions")
    tag, extensions, rest = decode(parts[-1][1])
    if tag != SEQUENCE or rest:
        raise InputError("DER: expected one list of extensions")
    found = elements(extensions)
    kept = [encode(*one) for one in found if not one[1].startswith(_POISON)]
    if len(kept) != len(found) - 1:
        raise InputError("precertificate: expected exactly one poison extension")
    wrapped = encode(_EXTENSIONS, encode(SEQUENCE, b"".join(kept)))
    return encode(SEQUENCE, b"".join(encode(*part) for part in parts[:-1]) + wrapped)
