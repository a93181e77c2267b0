"""The one door to `sigstore`'s verifier: proves bundles, and leaves judging who signed to us.

Steps of `prove`:
1. Read what the bundle claims: kind of content, times.
2. Reduce the trust root to what was valid at the time that step 3 proves.
3. Let the library check chain, SCT, log entry, time and signature, with a policy that only
   records the certificate.
4. Read the identity out of the recorded certificate.

Spec: Sigstore client specification, "Verification".
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sealane.core.attestation.outline import (
    Content,
    Outline,
    only_timestamp,
    parse_outline,
    with_zeros,
)
from sealane.core.model.artifact import Artifact
from sealane.core.verify.certificate import identity_of
from sealane.core.verify.interface import Proven
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.windows import root_at
from sealane.errors import InputError, MissingExtraError, VerificationError

if TYPE_CHECKING:
    from cryptography.x509 import Certificate
    from sigstore.models import Bundle
    from sigstore.verify import Verifier

REFUSED = "SL-SIG-001"
UNREADABLE = "SL-SIG-002"
OUTSIDE_WINDOW = "SL-SIG-003"


class _Recorder:
    """A verification policy that keeps the certificate and rejects none.

    It takes no decision away from anybody: `Proven` says who signed, and only the policy of
    `core/policy` says whether that is enough.
    """

    def __init__(self) -> None:
        self.certificate: Certificate | None = None

    def verify(self, cert: Certificate) -> None:
        """Keep the certificate."""
        self.certificate = cert


class SigstoreEngine:
    """Proves bundles with the `sigstore` library against one trust root.

    Args:
        root: A Sigstore trusted root, JSON.

    Raises:
        MissingExtraError: The library is not installed.
    """

    name = "sigstore"

    def __init__(self, root: bytes) -> None:
        _check_installed()
        self._root = root

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        """Check signature, certificate chain, SCT, log entry and time of one bundle.

        Args:
            bundle: A Sigstore bundle as JSON.
            artifact: What a signature over the file itself must be over; its SHA-256 has to be
                known then, for the library takes no other digest.

        Returns:
            What was proven.

        Raises:
            VerificationError: The bundle does not hold, or is of a form the library cannot read.
        """
        try:
            outline = parse_outline(bundle)  # 1
        except InputError as error:
            raise VerificationError(UNREADABLE, error.message) from error
        if outline.integrated is None and len(outline.timestamps) > 1:
            return self._prove_by_any_timestamp(bundle, outline, artifact)
        return self._prove(bundle, outline, artifact)

    def _prove_by_any_timestamp(
        self, bundle: bytes, outline: Outline, artifact: Artifact
    ) -> Proven:
        """Prove with one timestamp at a time, so that it is known which of them held.

        The bundle as a whole is proven first, whatever was valid when: it is the library that
        refuses duplicates, and a time that is proven and outside the certificate's life.
        """
        _verified(_verifier(self._root), _parsed(bundle), outline.content, artifact, _Recorder())
        last: VerificationError | None = None
        for index in range(len(outline.timestamps)):
            alone = only_timestamp(bundle, index)
            try:
                return self._prove(alone, parse_outline(alone), artifact)
            except VerificationError as error:
                last = error
        raise last or VerificationError(REFUSED, "no timestamp holds")

    def _prove(self, bundle: bytes, outline: Outline, artifact: Artifact) -> Proven:
        times = _claimed_times(outline)
        if not times:
            raise VerificationError(
                REFUSED,
                "the bundle has no signed time",
                expected="a log entry with an inclusion promise, or an RFC 3161 timestamp",
                actual="neither",
            )
        verifier = self._verifier_at(times)  # 2
        recorder = _Recorder()
        payload = _verified(verifier, _parsed(bundle), outline.content, artifact, recorder)  # 3
        if recorder.certificate is None:
            raise VerificationError(REFUSED, "the library did not look at the certificate")
        return Proven(
            signer=identity_of(recorder.certificate),  # 4
            payload_type=payload[0] if payload else None,
            payload=payload[1] if payload else None,
            signed_at=times[0],
            log_index=outline.log_index,
            certificate=_fingerprint(recorder.certificate),
        )

    def _verifier_at(self, times: Sequence[datetime]) -> Verifier:
        try:
            reduced = root_at(self._root, times)
        except InputError as error:
            raise VerificationError(OUTSIDE_WINDOW, error.message) from error
        return _verifier(reduced)


def _check_installed() -> None:
    try:
        import sigstore  # noqa: F401 - that it is there; what is heavy of it is loaded later
    except ModuleNotFoundError as error:
        raise MissingExtraError("the second opinion", "sigstore", "sigstore") from error


def _claimed_times(outline: Outline) -> list[datetime]:
    """The times that the proof will hold against signatures: the log's, else the timestamps'.

    With a log's time the library leaves out timestamps that do not hold, so those prove nothing.
    """
    try:
        if outline.integrated is not None:
            return [datetime.fromtimestamp(outline.integrated, UTC)]
        return [_timestamp(response) for response in outline.timestamps]
    except (ValueError, OverflowError, OSError) as error:
        raise VerificationError(UNREADABLE, f"a time of the bundle: {error}") from error


def _timestamp(response: bytes) -> datetime:
    from rfc3161_client import decode_timestamp_response

    return decode_timestamp_response(response).tst_info.gen_time.astimezone(UTC)


@lru_cache(maxsize=64)
def _verifier(root: bytes) -> Verifier:
    """A verifier for a reduced root; the same few reductions come up again and again."""
    from sigstore.models import TrustedRoot
    from sigstore.verify import Verifier

    try:
        # The library takes a root from a file, or from its own user cache.
        with TemporaryDirectory(prefix="sealane-") as folder:
            file = Path(folder) / "trusted_root.json"
            file.write_bytes(root)
            return Verifier(trusted_root=TrustedRoot.from_file(str(file)))
    except _refusals() as error:
        raise VerificationError(
            OUTSIDE_WINDOW,
            "no trust material was valid at the time the bundle claims",
            actual=f"{type(error).__name__}: {str(error)[:200]}",
            hint="the signing key or authority had been retired, or the trust root is too old",
        ) from error


def _parsed(bundle: bytes) -> Bundle:
    from sigstore.models import Bundle

    try:
        return Bundle.from_json(with_zeros(bundle))
    except _refusals() as error:
        raise VerificationError(UNREADABLE, _reason(error)) from error


def _verified(
    verifier: Verifier, bundle: Bundle, content: Content, artifact: Artifact, recorder: _Recorder
) -> tuple[str, bytes] | None:
    """What the signature is over: payload type and payload, or None for the artifact itself."""
    from sigstore.hashes import Hashed
    from sigstore_models.common.v1 import HashAlgorithm

    try:
        match content:
            case Content.DSSE:
                return verifier.verify_dsse(bundle, recorder)
            case Content.MESSAGE:
                digest = _sha256_of(artifact)
                hashed = Hashed(algorithm=HashAlgorithm.SHA2_256, digest=digest)
                verifier.verify_artifact(hashed, bundle, recorder)
                return None
    except _refusals() as error:
        raise VerificationError(REFUSED, _reason(error)) from error


def _sha256_of(artifact: Artifact) -> bytes:
    known = artifact.digest("sha256")
    if known is None:
        raise refusal(
            Reason.DIGEST_UNKNOWN,
            "the signature is over the sha256 digest of the file",
            expected="the file, or its sha256",
            actual=str(artifact.digests[0]),
        )
    return bytes.fromhex(known)


def _refusals() -> tuple[type[Exception], ...]:
    """What the library raises for evidence that does not hold, and for what it cannot read.

    A certificate is parsed before it is known to be anybody's, so all that `cryptography` raises
    for a broken one is here; few of these are a `ValueError`.
    """
    from cryptography import x509
    from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
    from sigstore.errors import Error

    return (
        Error, ValueError, TypeError, LookupError, AttributeError,
        x509.DuplicateExtension, x509.ExtensionNotFound, x509.InvalidVersion,
        x509.UnsupportedGeneralNameType, InvalidSignature, UnsupportedAlgorithm,
        ArithmeticError, RecursionError, AssertionError,
    )  # fmt: skip


def _reason(error: Exception) -> str:
    text = " ".join(str(error).split())[:300]
    return f"the bundle does not hold: {text or type(error).__name__}"


def _fingerprint(certificate: Certificate) -> str:
    from cryptography.hazmat.primitives.serialization import Encoding

    return hashlib.sha256(certificate.public_bytes(Encoding.DER)).hexdigest()
