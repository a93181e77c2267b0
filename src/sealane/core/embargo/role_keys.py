"""Which keys may approve: kept offline, each with one spelling, and none that anybody can use."""

from __future__ import annotations

import hashlib

from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from sealane.core.embargo.roles import RoleKey, Roles
from sealane.core.verify.keys import load_public_key, spki_of
from sealane.errors import InputError

_P256 = "secp256r1"
_KINDS = "make an Ed25519 or ECDSA P-256 key, and name its public half as a tool exports it"
# Ed25519 is computed modulo this prime; a larger number is a second spelling of a smaller one.
_PRIME = 2**255 - 19
# The second coordinates of the eight points of order 1, 2, 4 and 8. Under a key that is one of
# them signatures can be made without a private key, and OpenSSL accepts them.
# RFC 8032, sections 5.1.3 and 8.
_EIGHTH = int("7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7", 16)
_SMALL = frozenset({0, 1, _PRIME - 1, _EIGHTH, _PRIME - _EIGHTH})


def key_id(spki: bytes) -> str:
    """What a key is called: SHA-256 of its SubjectPublicKeyInfo (DER), lower-case hex."""
    return hashlib.sha256(spki).hexdigest()


def check_role_key(key: RoleKey, place: str) -> None:
    """Check that a key may approve.

    1. Its id is the digest of the key, so that one key cannot have two.
    2. It is Ed25519 or ECDSA on P-256.
    3. It is encoded in the usual way, so that one key has one digest.
    4. It is a key that only its holder can sign with.

    Args:
        key: The key.
        place: What it is called in errors.

    Raises:
        InputError: One of these does not hold.
    """
    if key.id != key_id(key.spki):  # 1
        raise InputError(
            f"{place}: id: expected {key_id(key.spki)}, the digest of the key, got {key.id[:64]!r}",
            hint="a key has one id only: the SHA-256 of its SubjectPublicKeyInfo",
        )
    try:
        public = load_public_key(key.spki)
    except InputError as error:
        raise InputError(f"{place}: {error.message}", hint=_KINDS) from error
    if isinstance(public, ec.EllipticCurvePublicKey):
        usable = public.curve.name == _P256
    else:
        usable = isinstance(public, ed25519.Ed25519PublicKey)
    if not usable:  # 2
        kind = type(public).__name__.removesuffix("PublicKey")
        raise InputError(f"{place}: expected Ed25519 or P-256, got {kind}", hint=_KINDS)
    if spki_of(public) != key.spki:  # 3
        raise InputError(f"{place}: spki: not in its usual encoding", hint=_KINDS)
    if isinstance(public, ed25519.Ed25519PublicKey):
        _check_point(public, place)  # 4


def keys_of(roles: Roles) -> tuple[RoleKey, ...]:
    """Every key of a role file, once, by id."""
    known = {key.id: key for role in roles.roles for key in role.keys}
    return tuple(known[name] for name in sorted(known))


def _check_point(public: ed25519.Ed25519PublicKey, place: str) -> None:
    # The highest bit is the sign of the other coordinate. RFC 8032, section 5.1.2.
    y = int.from_bytes(public.public_bytes_raw(), "little") & (2**255 - 1)
    if y >= _PRIME or y in _SMALL:
        raise InputError(
            f"{place}: a key that anybody can sign for, or that has two spellings",
            hint="this key was made to deceive: ask who handed it in",
        )
