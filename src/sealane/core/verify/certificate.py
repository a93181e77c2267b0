"""Reads the identity out of a signing certificate.

Spec: sigstore/fulcio, docs/oid-info.md. Extensions 1 to 6 are deprecated raw strings and are not
read, but for the issuer of old certificates that have no extension 8.
"""

from __future__ import annotations

from functools import lru_cache
from typing import cast

from cryptography import x509
from cryptography.x509.oid import ObjectIdentifier

from sealane.core.model.identity import Claim, Identity
from sealane.core.verify.broken import BROKEN
from sealane.core.verify.extensions import Extensions, extensions_of
from sealane.errors import VerificationError

_ARC = "1.3.6.1.4.1.57264.1."
_OLD_ISSUER = ObjectIdentifier(f"{_ARC}1")
_OTHER_NAME = ObjectIdentifier(f"{_ARC}7")
_FIRST_DER = int(Claim.ISSUER)
_UTF8_STRING = 0x0C
_MOST_TEXT = 2048
# Names that sealane gives to signers without a certificate, e.g. to the keys of a policy.
_RESERVED = "urn:sealane:"


def identity_of(certificate: x509.Certificate) -> Identity:
    """Subject, issuer and claims of a certificate.

    Raises:
        VerificationError: It has no subject or several, no issuer, a claim that is not text, or a
            name that stands for a signer without a certificate.
    """
    try:
        extensions = extensions_of(certificate)
        subject = _subject(extensions)
    except BROKEN as error:
        raise _refused(f"its extensions cannot be read: {error}") from error
    claims = tuple(sorted(_claims(extensions)))
    issuer = dict(claims).get(int(Claim.ISSUER)) or _old_issuer(extensions)
    if not issuer:
        raise _refused("it names no issuer")
    for name in (issuer, subject):
        # An authority that can be made to write such a name could let anybody pass for a key.
        if name.lower().startswith(_RESERVED):
            raise _refused(f"it names {name[:80]!r}, which no certificate may")
    return Identity(issuer, subject, claims)


def _subject(extensions: Extensions) -> str:
    held = extensions.get(x509.SubjectAlternativeName.oid)
    # The library reads this OID as this class.
    names = list(cast("x509.SubjectAlternativeName", held.value)) if held else []
    if len(names) != 1:
        raise _refused(f"expected one subject alternative name, got {len(names)}")
    name = names[0]
    if isinstance(name, x509.UniformResourceIdentifier | x509.RFC822Name):
        return _checked(name.value)
    if isinstance(name, x509.OtherName) and name.type_id == _OTHER_NAME:
        return _text(name.value)
    raise _refused(f"a subject of kind {type(name).__name__} is not known")


def _claims(extensions: Extensions) -> list[tuple[int, str]]:
    found = []
    for oid, extension in extensions.items():
        number = _number(oid)
        if number >= _FIRST_DER:
            found.append((number, _text(extension.value.public_bytes())))
    return found


@lru_cache(maxsize=256)
def _number(oid: ObjectIdentifier) -> int:
    """The last arc of a claim's OID; 0 for any other extension."""
    number = oid.dotted_string.removeprefix(_ARC)
    return int(number) if number.isdigit() else 0


def _old_issuer(extensions: Extensions) -> str:
    held = extensions.get(_OLD_ISSUER)
    if held is None:
        return ""
    try:
        return _checked(held.value.public_bytes().decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _refused("extension 1 is not UTF-8") from error


@lru_cache(maxsize=256)
def _text(value: bytes) -> str:
    """The text of a DER UTF8String: one byte of tag, then the length, then exactly that much.

    Most claims of a project are the same in all of its certificates.
    """
    if len(value) < 2 or value[0] != _UTF8_STRING:
        raise _refused("a claim is not a UTF8String")
    length, start = value[1], 2
    if length & 0x80:
        size = length & 0x7F
        start += size
        length = int.from_bytes(value[2:start], "big")
        # DER allows one encoding only: the shortest.
        if not 1 <= size <= 2 or len(value) < start or value[2] == 0 or length < 0x80:
            raise _refused("a claim's length is not DER")
    if len(value) != start + length:
        raise _refused("a claim has more or fewer bytes than it says")
    try:
        return _checked(value[start:].decode("utf-8"))
    except UnicodeDecodeError as error:
        raise _refused("a claim is not UTF-8") from error


def _checked(text: str) -> str:
    if len(text) > _MOST_TEXT or "\0" in text:
        raise _refused("a claim is too long, or holds a NUL")
    return text


def _refused(why: str) -> VerificationError:
    return VerificationError("SL-ID-001", f"signing certificate: {why}")
