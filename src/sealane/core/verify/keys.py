"""Public keys that are trusted, and how each of them signs.

Spec: sigstore protobuf-specs, sigstore_common.proto, `PublicKeyDetails`.
"""

from __future__ import annotations

import contextlib
import hashlib
from datetime import UTC, datetime
from functools import lru_cache
from typing import cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa, utils
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_public_key,
)

from sealane.core.model.identity import Identity
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PublicKey = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey

# What a managed key is called where a certificate has its issuer. No certificate can have it: a
# claim that starts with it is refused when the certificate is read.
KEY_ISSUER = "urn:sealane:key"
_SMALLEST_RSA = 2048
_BY_NAME: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_HASHERS = {"sha256": hashlib.sha256, "sha384": hashlib.sha384, "sha512": hashlib.sha512}
# Made once: a bundle needs four of them.
_ECDSA = {name: ec.ECDSA(utils.Prehashed(kind)) for name, kind in _BY_NAME.items()}
# What a key of each kind signs: digests of these, the usual one first. The smaller hash of a large
# curve was the default of early clients. An Ed25519 key signs the message itself.
_OF_KIND = {
    "secp256r1": ("sha256",),
    "secp384r1": ("sha384", "sha256"),
    "secp521r1": ("sha512", "sha256"),
    "rsa": ("sha256", "sha384", "sha512"),
    "ed25519": (),
}
# Names of `PublicKeyDetails`: the kind of key, and what it signs with.
_DETAILS = {
    "PKIX_ECDSA_P256_SHA_256": ("secp256r1", ("sha256",)),
    "PKIX_ECDSA_P384_SHA_384": ("secp384r1", ("sha384",)),
    "PKIX_ECDSA_P384_SHA_256": ("secp384r1", ("sha256",)),
    "PKIX_ECDSA_P521_SHA_512": ("secp521r1", ("sha512",)),
    "PKIX_ECDSA_P521_SHA_256": ("secp521r1", ("sha256",)),
    "PKIX_ED25519": ("ed25519", ()),
    "PKCS1_RSA_PKCS1V5": ("rsa", ("sha256",)),
    "PKIX_RSA_PKCS1V5": ("rsa", ("sha256",)),
    "PKIX_RSA_PKCS1V15_2048_SHA256": ("rsa", ("sha256",)),
    "PKIX_RSA_PKCS1V15_3072_SHA256": ("rsa", ("sha256",)),
    "PKIX_RSA_PKCS1V15_4096_SHA256": ("rsa", ("sha256",)),
    "PKIX_RSA_PSS_2048_SHA256": ("rsa", ("sha256",)),
    "PKIX_RSA_PSS_3072_SHA256": ("rsa", ("sha256",)),
    "PKIX_RSA_PSS_4096_SHA256": ("rsa", ("sha256",)),
}
_PSS = "_PSS_"
_RSA, _ED25519 = "rsa", "ed25519"


@dataclass(frozen=True, slots=True)
class Window:
    """When something was valid; an open end is None.

    Attributes:
        start: First moment, aware, UTC.
        end: Last moment, aware, UTC.
    """

    start: datetime | None = None
    end: datetime | None = None

    def holds(self, at: datetime) -> bool:
        """Whether a moment lies in it; both ends belong to it."""
        return (self.start is None or self.start <= at) and (self.end is None or at <= self.end)

    def __str__(self) -> str:
        """Both ends, for an error."""
        start = self.start.astimezone(UTC).isoformat() if self.start else "ever"
        return f"{start} to {self.end.astimezone(UTC).isoformat() if self.end else 'now'}"


ALWAYS = Window()


@dataclass(frozen=True, slots=True)
class TrustedKey:
    """A public key that is trusted in advance.

    Attributes:
        name: What it is called, for reports: a log's host, a publisher of a policy.
        spki: DER SubjectPublicKeyInfo.
        details: How it signs, a name of `PublicKeyDetails`; "" for what the key's kind implies.
        window: When its signatures count.
    """

    name: str
    spki: bytes
    details: str = ""
    window: Window = ALWAYS

    @property
    def digest(self) -> str:
        """SHA-256 of the SubjectPublicKeyInfo, lower-case hex."""
        return hashlib.sha256(self.spki).hexdigest()

    @property
    def identity(self) -> Identity:
        """Who a signature by this key is by."""
        return Identity(KEY_ISSUER, f"sha256:{self.digest}")

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Hashes it may sign with, the expected one first; empty for Ed25519.

        Raises:
            InputError: The key, or how it signs, is not supported.
        """
        return _ready(self.spki, self.details).algorithms


def verify_message(key: TrustedKey, signature: bytes, message: bytes) -> None:
    """Check a signature over a message.

    Raises:
        InvalidSignature: It does not hold.
        InputError: The key, or how it signs, is not supported.
    """
    ready = _ready(key.spki, key.details)
    if ready.kind == _ED25519:
        # The kind tells the class, and `isinstance` of an abstract class takes long to say so.
        cast("ed25519.Ed25519PublicKey", ready.key).verify(signature, message)
        return
    for name in ready.algorithms[:-1]:
        with contextlib.suppress(InvalidSignature):
            _verify(ready, key.details, signature, name, _HASHERS[name](message).digest())
            return
    last = ready.algorithms[-1]
    _verify(ready, key.details, signature, last, _HASHERS[last](message).digest())


def verify_digest(key: TrustedKey, signature: bytes, algorithm: str, digest: bytes) -> None:
    """Check a signature over a message of which only the digest is known.

    Args:
        key: Whose signature it has to be.
        signature: The signature; ECDSA in DER.
        algorithm: "sha256", "sha384" or "sha512".
        digest: The message's digest.

    Raises:
        InvalidSignature: It does not hold.
        InputError: A key of this kind does not sign digests of that algorithm.
    """
    ready = _ready(key.spki, key.details)
    if algorithm not in ready.algorithms:  # of Ed25519 none is
        signs = " or ".join(ready.algorithms) or "the whole message"
        raise InputError(f"key {key.name!r}: it signs {signs}, not a {algorithm} digest")
    _verify(ready, key.details, signature, algorithm, digest)


@lru_cache(maxsize=256)
def load_public_key(spki: bytes) -> PublicKey:
    """The key in a SubjectPublicKeyInfo.

    Raises:
        InputError: It cannot be read, is of another kind, or an RSA key below 2048 bits.
    """
    try:
        key = load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise InputError(f"public key: {str(error)[:100]}") from error
    if not isinstance(key, PublicKey) or _kind(key) not in _OF_KIND:
        raise InputError(f"public key: {_described(key)} is not supported")
    if isinstance(key, rsa.RSAPublicKey) and key.key_size < _SMALLEST_RSA:
        raise InputError(f"public key: expected RSA of 2048 bits or more, got {key.key_size}")
    return key


def spki_of(key: object) -> bytes:
    """DER SubjectPublicKeyInfo of a key.

    Raises:
        InputError: It is of a kind that is not supported.
    """
    if isinstance(key, PublicKey):
        return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    raise InputError(f"public key: {_described(key)} is not supported")


def _described(key: object) -> str:
    curve = f" on {key.curve.name}" if isinstance(key, ec.EllipticCurvePublicKey) else ""
    return f"a key of kind {type(key).__name__}{curve}"


@dataclass(frozen=True, slots=True)
class _Ready:
    """A key that was loaded, its kind, and the hashes it may sign with."""

    key: PublicKey
    kind: str
    algorithms: tuple[str, ...]


@lru_cache(maxsize=256)
def _ready(spki: bytes, details: str) -> _Ready:
    key = load_public_key(spki)
    kind = _kind(key)
    if not details:
        return _Ready(key, kind, _OF_KIND[kind])
    expected, algorithms = _DETAILS.get(details, ("", ()))
    if kind != expected:
        raise InputError(f"public key: {kind} does not sign as {details[:60]!r} says")
    return _Ready(key, kind, algorithms)


def _kind(key: PublicKey) -> str:
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    return _RSA if isinstance(key, rsa.RSAPublicKey) else _ED25519


def _verify(ready: _Ready, details: str, signature: bytes, algorithm: str, digest: bytes) -> None:
    hashing = _BY_NAME[algorithm]
    if len(digest) != hashing.digest_size:
        raise InputError(f"digest: expected {hashing.digest_size} bytes, got {len(digest)}")
    if ready.kind != _RSA:
        cast("ec.EllipticCurvePublicKey", ready.key).verify(signature, digest, _ECDSA[algorithm])
        return
    by_rsa = cast("rsa.RSAPublicKey", ready.key)
    if _PSS in details:
        pss = padding.PSS(padding.MGF1(hashing), padding.PSS.DIGEST_LENGTH)
        by_rsa.verify(signature, digest, pss, utils.Prehashed(hashing))
    else:
        by_rsa.verify(signature, digest, padding.PKCS1v15(), utils.Prehashed(hashing))
