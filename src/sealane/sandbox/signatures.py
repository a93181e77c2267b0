"""Signatures as the logs check them before they take an entry: EC or RSA, over a digest."""

from __future__ import annotations

from typing import TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa, utils

from sealane.errors import InputError

PublicKey: TypeAlias = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


def verify_signature(
    key: PublicKey, signature: bytes, digest: bytes, algorithm: hashes.HashAlgorithm
) -> None:
    """Check a signature over a digest: ECDSA, or RSA with PKCS #1 v1.5.

    Raises:
        InputError: It does not hold, or the digest is not of this algorithm.
    """
    if len(digest) != algorithm.digest_size:
        raise InputError(f"digest is not {algorithm.digest_size} bytes long")
    prehashed = utils.Prehashed(algorithm)
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, digest, padding.PKCS1v15(), prehashed)
        else:
            key.verify(signature, digest, ec.ECDSA(prehashed))
    except InvalidSignature as error:
        raise InputError("verifying signature: invalid") from error
