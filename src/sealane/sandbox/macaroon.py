"""Macaroons, version 2: tokens whose holder can narrow them but not widen them.

Spec: libmacaroons doc/format.txt, "Version 2"; only first-party caveats.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, replace

from sealane.errors import InputError

_VERSION = 2
_END, _LOCATION, _IDENTIFIER, _SIGNATURE = 0, 1, 2, 6
_SIGNATURE_SIZE = 32
# The key of a chain is not the root key itself but this HMAC of it, so says the format.
_GENERATOR = b"macaroons-key-generator"
_LONGEST = 8192
_MOST_CAVEATS = 32


@dataclass(frozen=True, slots=True)
class Macaroon:
    """A token.

    Attributes:
        location: Where it is used; a hint, not signed.
        identifier: Names the root key.
        caveats: Conditions, all of which must hold; signed in this order.
        signature: End of the HMAC chain, 32 bytes.
    """

    location: bytes
    identifier: bytes
    caveats: tuple[bytes, ...]
    signature: bytes

    def narrowed(self, caveat: bytes) -> Macaroon:
        """The token with one more condition; needs no root key."""
        signature = _hmac(self.signature, caveat)
        return replace(self, caveats=(*self.caveats, caveat), signature=signature)

    def signed_by(self, root_key: bytes) -> bool:
        """Whether the chain over identifier and caveats starts from this root key."""
        return hmac.compare_digest(self.signature, _chain(root_key, self.identifier, self.caveats))


def mint(root_key: bytes, location: bytes, identifier: bytes, *caveats: bytes) -> Macaroon:
    """A new token."""
    return Macaroon(location, identifier, caveats, _chain(root_key, identifier, caveats))


def render_macaroon(macaroon: Macaroon) -> str:
    """The token as text: base64url without padding."""
    fields = bytearray([_VERSION])
    if macaroon.location:
        fields += _field(_LOCATION, macaroon.location)
    fields += _field(_IDENTIFIER, macaroon.identifier) + bytes([_END])
    for caveat in macaroon.caveats:
        fields += _field(_IDENTIFIER, caveat) + bytes([_END])
    fields += bytes([_END]) + _field(_SIGNATURE, macaroon.signature)
    return urlsafe_b64encode(fields).rstrip(b"=").decode("ascii")


def parse_macaroon(text: str) -> Macaroon:
    """Read a token's text.

    Raises:
        InputError: Not a version 2 macaroon in its one form, or with third-party caveats.
    """
    data = _decoded(text)
    if not data or data[0] != _VERSION:
        raise InputError("macaroon: not version 2")
    header, position = _section(data, 1)
    if set(header) - {_LOCATION, _IDENTIFIER} or _IDENTIFIER not in header:
        raise InputError("macaroon: broken header")
    caveats: list[bytes] = []
    while True:
        caveat, position = _section(data, position)
        if not caveat:
            break
        if set(caveat) != {_IDENTIFIER} or len(caveats) == _MOST_CAVEATS:
            raise InputError("macaroon: a third-party caveat, or too many")
        caveats.append(caveat[_IDENTIFIER])
    kind, signature, position = _packet(data, position)
    if kind != _SIGNATURE or len(signature) != _SIGNATURE_SIZE or position != len(data):
        raise InputError("macaroon: does not end in its signature")
    parsed = Macaroon(header.get(_LOCATION, b""), header[_IDENTIFIER], tuple(caveats), signature)
    # One token, one text: what is compared by its hash must not have a second spelling.
    if render_macaroon(parsed) != text:
        raise InputError("macaroon: not in its shortest form")
    return parsed


def _hmac(key: bytes, data: bytes) -> bytes:
    return hmac.digest(key, data, hashlib.sha256)


def _chain(root_key: bytes, identifier: bytes, caveats: tuple[bytes, ...]) -> bytes:
    signature = _hmac(_hmac(_GENERATOR, root_key), identifier)
    for caveat in caveats:
        signature = _hmac(signature, caveat)
    return signature


def _decoded(text: str) -> bytes:
    if len(text) > _LONGEST:
        raise InputError("macaroon: longer than any token")
    try:
        return urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
    except ValueError as error:
        raise InputError("macaroon: not base64url") from error


def _number(value: int) -> bytes:
    digits = bytearray()
    while value > 0x7F:
        digits.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*digits, value])


def _field(kind: int, content: bytes) -> bytes:
    return _number(kind) + _number(len(content)) + content


def _read_number(data: bytes, position: int) -> tuple[int, int]:
    value = 0
    for place, digit in enumerate(data[position : position + 3]):
        value |= (digit & 0x7F) << 7 * place
        if digit < 0x80:
            return value, position + place + 1
    raise InputError("macaroon: cut short, or a number that is too large")


def _packet(data: bytes, position: int) -> tuple[int, bytes, int]:
    kind, position = _read_number(data, position)
    if kind == _END:
        return kind, b"", position
    size, position = _read_number(data, position)
    if position + size > len(data):
        raise InputError("macaroon: cut short")
    return kind, data[position : position + size], position + size


def _section(data: bytes, position: int) -> tuple[dict[int, bytes], int]:
    """Fields up to the end mark; their kinds must ascend."""
    fields: dict[int, bytes] = {}
    while True:
        kind, content, position = _packet(data, position)
        if kind == _END:
            return fields, position
        if fields and kind <= max(fields):
            raise InputError("macaroon: fields out of order")
        fields[kind] = content
