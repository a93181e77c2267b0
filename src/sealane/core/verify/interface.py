"""What a verifier of Sigstore evidence has to answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sealane.core.model.identity import Identity


@dataclass(frozen=True, slots=True)
class Proven:
    """What a bundle proves, before anybody asks whether that is enough.

    Attributes:
        signer: Identity of the certificate, with all claims.
        payload_type: DSSE payload type; None for a signature over the file itself.
        payload: DSSE payload bytes; None for a signature over the file itself.
        signed_at: The proven time, aware, UTC.
        log_index: Index of the log entry; None without a log.
        certificate: SHA-256 of the leaf certificate (DER), lower-case hex.
    """

    signer: Identity
    payload_type: str | None
    payload: bytes | None
    signed_at: datetime
    log_index: int | None
    certificate: str


class Engine(Protocol):
    """Proves bundles against one trust root; it never judges who signed."""

    name: str

    def prove(self, bundle: bytes, sha256: str) -> Proven:
        """Check signature, certificate chain, SCT, log entry and time of one bundle.

        Args:
            bundle: A Sigstore bundle as JSON.
            sha256: Digest of the artifact, lower-case hex. A signature over the file must be
                over this digest; for a DSSE envelope the caller compares the subjects.

        Returns:
            What was proven; never returns for a bundle that does not hold.

        Raises:
            VerificationError: The bundle does not hold, or is of a form the engine cannot read.
        """
        ...
