"""The door to `pysequoia` that signs: detached OpenPGP signatures by a key in a file.

Whether a key is in force the library judges by the machine's clock; it is looked at here by the
time that is passed in too. Each signature is verified before anybody publishes it.

Spec: RFC 9580; CSAF 2.0, section 7.1.19 (requirement 19).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.errors import InputError, MissingExtraError
from sealane.io.adapters.files import read_bounded

if TYPE_CHECKING:
    from pysequoia import Tsk

PASSWORD = "SEALANE_OPENPGP_PASSWORD"  # noqa: S105 - a variable's name
KEY_LIMIT = 256 * 1024


class OpenPgpSigner:
    """Signs documents by one key; see `load_openpgp_key`."""

    def __init__(self, key: Tsk, password: str | None, place: str) -> None:
        self._key = key
        self._password = password
        self._place = place
        self._certificate = key.extract_certificate()

    @property
    def fingerprint(self) -> str:
        """Of the key's certificate, upper-case hex."""
        return self._certificate.fingerprint.upper()

    @property
    def certificate(self) -> bytes:
        """The public half, armoured, for those who verify."""
        return str(self._certificate).encode()

    def sign(self, content: bytes) -> bytes:
        """An armoured detached signature, which the public half verifies.

        Raises:
            InputError: The key cannot sign, or not so that its public half verifies it.
        """
        from pysequoia import Sig, SignatureMode, sign, verify

        try:
            signer = self._key.signer(self._password)
            signature = bytes(sign(signer, content, mode=SignatureMode.DETACHED, armor=True))
        except (RuntimeError, ValueError):
            # What the library says of a key that it cannot use may quote it.
            raise _refused(
                self._place, "it cannot sign: it has no secret part for it, or is locked"
            ) from None
        try:
            result = verify(
                bytes=content,
                store=lambda _ids: [self._certificate],
                signature=Sig.from_bytes(signature),
            )
            proven = {str(one.certificate).upper() for one in result.valid_sigs}
        except (RuntimeError, ValueError, TypeError) as error:
            raise _refused(self._place, "its public half refuses what it signs") from error
        if proven != {self.fingerprint}:
            raise _refused(self._place, "its public half does not verify what it signs")
        return signature


def load_openpgp_key(path: Path, environ: Mapping[str, str], at: datetime) -> OpenPgpSigner:
    """Read an OpenPGP secret key, and sign once to see that it can.

    Args:
        path: One key, armoured or binary; one with a password needs it in the variable `PASSWORD`.
        environ: The process's environment.
        at: When it is to sign, UTC.

    Raises:
        InputError: It cannot be read, has no secret part, is revoked, has expired, or cannot sign.
        MissingExtraError: The library is not installed.
    """
    content = read_bounded(path, KEY_LIMIT, what="OpenPGP key")
    try:
        from pysequoia import Cert, Tsk
    except ModuleNotFoundError as error:
        raise MissingExtraError("signing with OpenPGP", "pgp", "pysequoia") from error
    place = str(path)
    try:
        found = list(Cert.split_bytes(content))
    except (RuntimeError, ValueError):
        raise _refused(place, "it cannot be read") from None
    if len(found) != 1:
        raise _refused(place, f"expected one key, got {len(found)}")
    (certificate,) = found
    if certificate.is_revoked:
        raise _refused(place, "it is revoked")
    expires = certificate.expiration
    if expires is not None and expires <= at:
        raise _refused(place, f"it expired at {expires.isoformat()}")
    signer = OpenPgpSigner(Tsk.from_bytes(content), environ.get(PASSWORD) or None, place)
    signer.sign(b"")
    return signer


def _refused(place: str, why: str) -> InputError:
    return InputError(
        f"OpenPGP key {place!r}: {why}",
        hint="name one secret key that can sign and is in force, as `gpg --export-secret-keys` "
        f"writes it; its password goes into the variable {PASSWORD}",
    )
