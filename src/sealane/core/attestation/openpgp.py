"""Tells a detached OpenPGP signature from other bytes; whether it holds is for a library to say.

Only the frame is read: the armour, the headers of the packets, and of each packet its version and
what kind of signature it is. A certificate, a signed message or a revocation is not evidence about
a file.

Spec: RFC 9580, sections 4.2 (packet headers), 5.2 (signatures) and 6 (armour).
"""

from __future__ import annotations

import base64
import binascii
import re

from sealane.errors import InputError

MOST_SIGNATURES = 32
_BEGIN = b"-----BEGIN PGP SIGNATURE-----"
_END = b"-----END PGP SIGNATURE-----"
_ARMOUR = re.compile(rb"-----BEGIN PGP [A-Z ]+-----")
_HEADER = re.compile(rb"[A-Za-z-]+: [^\n]*")
_SIGNATURE_TAG = 2
# Over the bytes as they are. A signature over text leaves line ends out of account, and so holds
# for other bytes than those that are judged.
_OVER_BYTES = 0x00
_CHECKSUM_LENGTH = 5  # "=" and four base64 digits


def looks_like_openpgp(content: bytes) -> bool:
    """Whether bytes begin as a detached signature does; JSON and text never do."""
    if _ARMOUR.match(content.lstrip()):
        return True
    # The top bit marks a packet, and no ASCII text has it.
    return bool(content) and bool(content[0] & 0x80) and _tag(content[0]) == _SIGNATURE_TAG


def signatures_in(content: bytes) -> tuple[bytes, ...]:
    """Every signature of a detached signature file, each a whole binary packet.

    Args:
        content: The file, armoured or binary.

    Raises:
        InputError: Something else than signatures over a file is in it, it is cut off, or there
            are none or more than 32.
    """
    if not looks_like_openpgp(content):
        raise InputError("OpenPGP signature: neither armoured nor a signature packet")
    left = _dearmoured(content) if _ARMOUR.match(content.lstrip()) else content
    found: list[bytes] = []
    while left:
        if len(found) == MOST_SIGNATURES:
            raise InputError(f"OpenPGP signature: more than {MOST_SIGNATURES} signatures")
        start, end = _body(left)
        _check_signature(left[start:end])
        found.append(left[:end])
        left = left[end:]
    if not found:
        raise InputError("OpenPGP signature: the armour is empty")
    return tuple(found)


def _dearmoured(content: bytes) -> bytes:
    lines = [line.rstrip(b" \t\r") for line in content.strip().split(b"\n")]
    if lines[0] != _BEGIN or lines[-1] != _END or len(lines) < 3:
        raise InputError(
            f"OpenPGP signature: expected a detached signature in armour, got {lines[0][:60]!r}",
            hint="a signed message or a certificate is no signature over a file",
        )
    body = lines[1:-1]
    while body and _HEADER.fullmatch(body[0]):
        body = body[1:]
    # The checksum guards against bad telephone lines, not against attacks.
    if body and body[-1].startswith(b"=") and len(body[-1]) == _CHECKSUM_LENGTH:
        body = body[:-1]
    try:
        return base64.b64decode(b"".join(body), validate=True)
    except (binascii.Error, ValueError) as error:
        raise InputError(f"OpenPGP signature: armour is not base64: {error}") from error


def _tag(first: int) -> int:
    return first & 0x3F if first & 0x40 else first >> 2 & 0x0F


def _body(packet: bytes) -> tuple[int, int]:
    """Where the body of the first packet starts and ends."""
    first = packet[0]
    if not first & 0x80 or _tag(first) != _SIGNATURE_TAG:
        raise InputError(f"OpenPGP signature: expected a signature packet, got {first:#04x}")
    start, length = _new_length(packet) if first & 0x40 else _old_length(packet)
    if not length or start + length > len(packet):
        raise InputError("OpenPGP signature: a packet is empty or cut off")
    return start, start + length


def _old_length(packet: bytes) -> tuple[int, int]:
    size = 1 << (packet[0] & 3)
    if size > 4:
        raise InputError("OpenPGP signature: a packet of unknown length")
    return 1 + size, int.from_bytes(packet[1 : 1 + size], "big")


def _new_length(packet: bytes) -> tuple[int, int]:
    first = packet[1] if len(packet) > 1 else 0
    if first < 192:
        return 2, first
    if first < 224:
        return 3, (first - 192 << 8) + 192 + int.from_bytes(packet[2:3], "big")
    if first < 255:
        raise InputError("OpenPGP signature: a packet in parts")  # for data packets only
    return 6, int.from_bytes(packet[2:6], "big")


def _check_signature(body: bytes) -> None:
    version = body[0]
    # Version 3 has the length of what is hashed before the kind.
    at = 2 if version == 3 else 1
    kind = body[at] if len(body) > at else None
    if version not in {3, 4, 6} or kind != _OVER_BYTES:
        raise InputError(
            f"OpenPGP signature: expected version 3, 4 or 6 over bytes (kind 0), got version "
            f"{version} of kind {kind}",
            hint="sign the file without --textmode; other kinds prove nothing about a file",
        )
