"""The one door to `pysequoia`: detached OpenPGP signatures, described and proven.

Steps of `prove_signature`:
1. Read the frame of the file: whole signature packets over a file, and nothing else.
2. Keep of the certificates those that are neither revoked nor expired at the time of the judgement.
   A signature's own time is a claim: with a key that has expired, or was lost, anybody can write
   any time into it, so it does not matter that the key was valid then.
3. Read the signed file once, and compare its digest with the one that is judged.
4. Let the library check each signature against those certificates; its policy refuses weak hashes
   and keys.

Spec: RFC 9580.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.core.archives.limits import ARTIFACT_LIMIT
from sealane.core.attestation.openpgp import signatures_in
from sealane.core.model.identity import Identity
from sealane.core.policy.people import OPENPGP_ISSUER
from sealane.core.verify.interface import Proven
from sealane.errors import InputError, MissingExtraError, TrustError, VerificationError
from sealane.io.adapters.files import read_bounded

if TYPE_CHECKING:
    from pysequoia import Cert, Sig

# What stands in place of a certificate's issuer; no certificate of Fulcio can have it.
ISSUER = OPENPGP_ISSUER
REFUSED = "SL-SIG-001"
UNREADABLE = "SL-SIG-002"
OTHER_FILE = "SL-SUB-001"
MOST_CERTIFICATES = 1000


class OpenPgpChecker:
    """Describes and proves detached signatures; it never judges who signed.

    Args:
        at: The time of the judgement, aware, UTC: a certificate must not have expired by then. The
            library also judges by the machine's clock.
    """

    name = "openpgp"

    def __init__(self, at: datetime) -> None:
        self._at = at

    def describe(self, signature: bytes) -> str:
        """What a signature says of itself; nothing of it is verified.

        Args:
            signature: The signature file, armoured or binary.

        Returns:
            One sentence, issuers and times of all signatures.

        Raises:
            InputError: It is no detached signature, or the library cannot read it.
            MissingExtraError: The library is not installed.
        """
        said = ", and ".join(_said(packet) for packet in signatures_in(signature))
        return f"an OpenPGP signature that says it is {said}; not verified"

    def prove_signature(
        self, signature: bytes, file: Path, certificates: Sequence[bytes], *, sha256: str = ""
    ) -> Proven:
        """Check that one of the signatures over a file is by one of the certificates.

        Args:
            signature: The signature file, armoured or binary.
            file: What is signed; at most 256 MiB.
            certificates: Certificates that are trusted, each armoured or binary, one or more.
            sha256: What the file's digest has to be, lower-case hex; "" leaves that to the caller.

        Returns:
            What was proven: the certificate's fingerprint, and no time.

        Raises:
            VerificationError: No signature holds, or the file is another one.
            TrustError: A certificate cannot be read.
            InputError: The file cannot be read.
            MissingExtraError: The library is not installed.
        """
        try:
            packets = signatures_in(signature)  # 1
        except InputError as error:
            raise VerificationError(UNREADABLE, error.message, hint=error.hint) from error
        usable = self._usable(certificates)  # 2
        content = read_bounded(file, ARTIFACT_LIMIT, what="signed file")  # 3
        if sha256 and hashlib.sha256(content).hexdigest() != sha256:
            raise VerificationError(
                OTHER_FILE,
                f"{str(file)!r} changed while it was judged",
                expected=f"sha256:{sha256}",
            )
        refused, said = [], []
        for packet in packets:  # 4
            try:
                said.append(_said(packet))
                fingerprint = _verified(packet, content, usable)
                return self._proven(fingerprint, _loaded(packet).created)
            except InputError as error:
                refused.append(error.message)
        raise VerificationError(
            REFUSED,
            f"no OpenPGP signature holds: {'; '.join(refused)[:300]}",
            expected="a signature by " + (" or ".join(one.fingerprint for one in usable)[:200]),
            actual=", ".join(said)[:300],
            hint="compare the fingerprint with the publisher's own page",
        )

    def _usable(self, certificates: Sequence[bytes]) -> list[Cert]:
        read = [one for content in certificates for one in _certificates(content)]
        if len(read) > MOST_CERTIFICATES:
            raise TrustError(f"OpenPGP: more than {MOST_CERTIFICATES} certificates")
        usable = [one for one in read if not one.is_revoked and not self._expired(one)]
        if not usable:
            raise VerificationError(
                REFUSED,
                "no OpenPGP certificate can be used",
                expected="one that is neither revoked nor expired",
                actual=", ".join(one.fingerprint for one in read)[:200] or "none was named",
                hint="get the signer's present certificate from a place you trust",
            )
        return usable

    def _expired(self, certificate: Cert) -> bool:
        expires = certificate.expiration
        return expires is not None and expires <= self._at

    def _proven(self, fingerprint: str, created: datetime | None) -> Proven:
        return Proven(
            signer=Identity(ISSUER, fingerprint),
            payload_type=None,
            payload=None,
            signed_at=None,
            log_index=None,
            certificate="",
            notes=(f"the signature says it was made at {_shown(created)}; that is not proven",),
        )


def _verified(packet: bytes, content: bytes, usable: list[Cert]) -> str:
    """The fingerprint of the certificate that one signature is by.

    Raises:
        InputError: It is by none of them, or does not hold.
    """
    from pysequoia import verify

    try:
        result = verify(bytes=content, store=lambda _ids: usable, signature=_loaded(packet))
        fingerprints = {str(one.certificate) for one in result.valid_sigs}
    except (RuntimeError, ValueError, TypeError) as error:
        raise InputError(_first_line(error)) from error
    # The library was given these alone; that it answers with another would be its bug.
    known = sorted(fingerprints & {one.fingerprint for one in usable})
    if not known:
        raise InputError("the library names no certificate")
    return known[0]


def _loaded(packet: bytes) -> Sig:
    try:
        from pysequoia import Sig
    except ModuleNotFoundError as error:
        raise _missing() from error
    try:
        return Sig.from_bytes(packet)
    except (RuntimeError, ValueError) as error:
        raise InputError(f"OpenPGP signature: {_first_line(error)}") from error


def _said(packet: bytes) -> str:
    found = _loaded(packet)
    issuer = found.issuer_fingerprint or found.issuer_key_id or "nobody"
    return f"by {issuer} at {_shown(found.created)}"


def _certificates(content: bytes) -> list[Cert]:
    try:
        from pysequoia import Cert
    except ModuleNotFoundError as error:
        raise _missing() from error
    try:
        found = list(Cert.split_bytes(content))
    except (RuntimeError, ValueError) as error:
        raise TrustError(f"OpenPGP certificate: {_first_line(error)}") from error
    if not found:
        raise TrustError("OpenPGP certificate: the file holds none")
    return found


def fingerprints_of(content: bytes) -> tuple[str, ...]:
    """The fingerprints of the OpenPGP certificates in a file, upper-case hex, in its order.

    Args:
        content: Certificates, armoured or binary.

    Raises:
        TrustError: It holds none, or one that cannot be read.
        MissingExtraError: The library is not installed.
    """
    return tuple(one.fingerprint for one in _certificates(content))


def _shown(moment: datetime | None) -> str:
    return moment.astimezone(UTC).isoformat() if moment else "no time"


def _first_line(error: Exception) -> str:
    # The library appends a stack of its own functions.
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _missing() -> MissingExtraError:
    return MissingExtraError("verifying an OpenPGP signature", "pgp", "pysequoia")
