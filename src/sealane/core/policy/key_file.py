"""Reads a file that holds one public key."""

from __future__ import annotations

import binascii
import re

from sealane.core.verify.keys import load_public_key, spki_of
from sealane.errors import InputError

_ARMOUR = b"-----BEGIN "
_PEM = re.compile(
    rb"\s*-----BEGIN PUBLIC KEY-----[ \t]*\r?\n([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*"
)


def parse_key_file(content: bytes) -> bytes:
    """The key in a file.

    Args:
        content: SubjectPublicKeyInfo, as PEM with nothing around it or as DER.

    Returns:
        DER SubjectPublicKeyInfo, encoded anew: one key has one digest, however it was written.

    Raises:
        InputError: It is no public key, more than one, a private key or a certificate, or of a
            kind that is not supported.

    Spec: RFC 7468 section 13; RFC 5280 section 4.1.2.7.
    """
    if b"PRIVATE KEY" in content:
        raise InputError("a private key", hint="name the public key; the private one is not read")
    if _ARMOUR not in content:
        return _canonical(content)
    found = _PEM.fullmatch(content)
    if found is None:
        first = content.partition(_ARMOUR)[2].partition(b"-----")[0][:40]
        raise InputError(
            "expected one PUBLIC KEY and nothing around it, got "
            f"{first.decode('ascii', 'backslashreplace')!r} first",
            hint="write the key alone to a file, as PEM or DER",
        )
    try:
        return _canonical(binascii.a2b_base64(b"".join(found[1].split()), strict_mode=True))
    except binascii.Error as error:
        raise InputError("PUBLIC KEY: not base64", hint="get the file again") from error


def _canonical(der: bytes) -> bytes:
    return spki_of(load_public_key(der))
