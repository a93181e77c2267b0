"""What a verifier has to answer, and what may be demanded of it."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sealane.core.model.artifact import Artifact
from sealane.core.model.identity import Identity
from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Demands:
    """How much proof material has to hold beside the signature.

    The defaults are those of the public infrastructure. A certificate lives for minutes, so a
    signature by one always needs a proven time, whatever is demanded here.

    Attributes:
        logs: Logs that must hold an entry for a signature by a certificate, distinct by their id.
        key_logs: The same for a signature by a managed key.
        timestamps: Time-stamp authorities that must have signed a time, distinct.
        scts: Certificate transparency logs that must have promised the certificate, distinct.
        promise_alone: Whether a log's signed promise counts where no inclusion proof is there, as
            in bundles of version 0.1 that npm still serves.
    """

    logs: int = 1
    key_logs: int = 1
    timestamps: int = 0
    scts: int = 1
    promise_alone: bool = False


@dataclass(frozen=True, slots=True)
class Proven:
    """What evidence proves, before anybody asks whether that is enough.

    Attributes:
        signer: Identity of the certificate with all claims, or of the key.
        payload_type: Type of the signed payload; None for a signature over the file itself.
        payload: The signed payload; None for a signature over the file itself.
        signed_at: The proven time, aware, UTC; None where nothing proves one, which only a key's
            signature may lack.
        log_index: Index of the log entry; None without a log.
        certificate: SHA-256 of the leaf certificate (DER), lower-case hex; "" for a key.
        notes: What a reader should know of the proof.
        log_generation: 1 or 2 for an entry of Rekor v1 or v2; 0 without a log, and where the engine
            does not tell.
    """

    signer: Identity
    payload_type: str | None
    payload: bytes | None
    signed_at: datetime | None
    log_index: int | None
    certificate: str
    notes: tuple[str, ...] = ()
    log_generation: int = 0


class Engine(Protocol):
    """Proves bundles against one trust root; it never judges who signed."""

    @property
    def name(self) -> str:
        """What policies and reports call it."""
        ...

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        """Check signature, certificate chain, SCT, log entry and time of one bundle.

        Args:
            bundle: A Sigstore bundle as JSON.
            artifact: What a signature over the file itself must be over; for a DSSE envelope the
                caller compares the subjects.

        Returns:
            What was proven; never returns for a bundle that does not hold.

        Raises:
            VerificationError: The bundle does not hold, or is of a form the engine cannot read.
        """
        ...
