"""What has been proven: who signed what, when."""

from __future__ import annotations

from datetime import datetime

from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement
from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """One piece of evidence of which signature, time, log entry and subject all held.

    Attributes:
        artifact: What it is about; its digest is the one that was signed.
        statement: The signed statement; None for a signature over the file itself.
        signer: The certificate's identity, or the key.
        signed_at: The proven time, aware, UTC; None where nothing proves one, as for a key's
            signature without a log.
        trust: Name and digest of the trust root, e.g. "embedded (sha256:6494…)".
        evidence: What it was proven from.
        log_index: Index of the entry in the transparency log; None without a log.
        certificate: SHA-256 of the leaf certificate (DER), lower-case hex.
        notes: What a reader should know, e.g. a claim by the index that is not proven.
        roots: Names of the policy's `[trust.NAME]` whose root it was proven with; empty where the
            policy names none.
        log_generation: 1 or 2 for an entry of Rekor v1 or v2; 0 without a log, and where the engine
            does not tell.
    """

    artifact: Artifact
    statement: Statement | None
    signer: Identity
    signed_at: datetime | None
    trust: str
    evidence: Evidence
    log_index: int | None = None
    certificate: str = ""
    notes: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    log_generation: int = 0
