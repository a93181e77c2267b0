"""A signing key in a file, for what is signed by a key; it is read when it is named, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from sealane.core.attestation.keyed import render_keyed_bundle
from sealane.core.verify.keys import TrustedKey, spki_of
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

PASSWORD = "SEALANE_KEY_PASSWORD"  # noqa: S105 - a variable's name
KEY_LIMIT = 64 * 1024
PrivateKey = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey
_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512(),
}  # fmt: skip


class KeySigner:
    """Signs statements by one key; see `load_signing_key`."""

    def __init__(self, key: PrivateKey, spki: bytes) -> None:
        self._key = key
        self._public = TrustedKey("signing key", spki)

    @property
    def digest(self) -> str:
        """SHA-256 of the public key's SubjectPublicKeyInfo, lower-case hex."""
        return self._public.digest

    def sign(self, statement: bytes) -> bytes:
        """Sign one in-toto statement, byte for byte, as verifiers expect it of such a key.

        Returns:
            A Sigstore bundle as JSON, without certificate and without log entry.
        """
        signed = pre_authentication_encoding(PAYLOAD_TYPE, statement)
        return render_keyed_bundle(statement, self._signature(signed), self._public.spki)

    def _signature(self, message: bytes) -> bytes:
        if isinstance(self._key, ed25519.Ed25519PrivateKey):
            return self._key.sign(message)
        digest = _HASHES[self._public.algorithms[0]]
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return self._key.sign(message, ec.ECDSA(digest))
        return self._key.sign(message, padding.PKCS1v15(), digest)


def load_signing_key(path: Path, environ: Mapping[str, str]) -> KeySigner:
    """Read a private key.

    Args:
        path: PEM, PKCS #8 or the older forms of OpenSSL; an encrypted one needs its password in
            the variable `PASSWORD`.
        environ: The process's environment.

    Raises:
        InputError: It cannot be read or decrypted, is none, or of a kind that is not supported.
    """
    content = read_bounded(path, KEY_LIMIT, what="signing key")
    encrypted = b"ENCRYPTED" in content
    # The bytes of the variable, whether they are UTF-8 or not.
    text = environ.get(PASSWORD, "")
    password = text.encode(errors="surrogateescape") if encrypted else None
    if encrypted and not password:
        raise _refused(path, "it is encrypted", f"put its password into the variable {PASSWORD}")
    try:
        key = load_pem_private_key(content, password)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        # What the library says of a key that it cannot read may quote it.
        raise _refused(path, "it cannot be read, or not with this password", _HINT) from None
    if not isinstance(key, PrivateKey):
        raise _refused(path, f"a key of kind {type(key).__name__} is not supported", _HINT)
    try:
        signer = KeySigner(key, spki_of(key.public_key()))
        signer.sign(b"")
    except InputError as error:
        raise _refused(path, error.message, _HINT) from error
    return signer


_HINT = (
    "name a private key in PEM: ECDSA on P-256, P-384 or P-521, Ed25519, or RSA of 2048 bits or "
    "more; keys in cosign's own form are not read"
)


def _refused(path: Path, why: str, hint: str) -> InputError:
    return InputError(f"signing key {str(path)!r}: {why}", hint=hint)
