"""Step 6: logs that the trust root knows hold the entries, and were valid at every time.

Spec: Sigstore client specification, "Transparency log entry".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sealane.core.attestation.bundle import Bundle, InclusionProof, LogEntry
from sealane.core.verify.checkpoint import check_signed, parse_checkpoint
from sealane.core.verify.interface import Demands
from sealane.core.verify.merkle import root_of
from sealane.core.verify.promise import check_promise
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import Log
from sealane.errors import InputError, VerificationError


def check_entries(
    bundle: Bundle, logs: Sequence[Log], moments: Sequence[datetime], demands: Demands
) -> int | None:
    """Check every log entry of a bundle; how many there have to be, step 1 has counted.

    Returns:
        Index of the first entry, as what proves the entry has it: its promise, or where there is
        none its inclusion proof. None where the bundle has no entry.

    Raises:
        VerificationError: One does not hold.
    """
    indexes = [_check_entry(entry, logs, moments, demands) for entry in bundle.entries]
    return indexes[0] if indexes else None


def _check_entry(
    entry: LogEntry, logs: Sequence[Log], moments: Sequence[datetime], demands: Demands
) -> int:
    """Check one entry.

    1. The trust root knows its log, whose key was valid at every time.
    2. A promise holds, if there is one.
    3. The inclusion proof leads to a root that the log signed; only where that is allowed, and
       where there is no proof at all, the promise is enough.

    Returns:
        The entry's proven index.
    """
    log = _log_of(entry, logs, moments)  # 1
    if entry.promise is not None:
        check_promise(entry, entry.promise, log.key)  # 2
    if entry.proof is not None:
        _check_proof(entry, entry.proof, log)  # 3
    elif entry.promise is None or not demands.promise_alone:
        raise refusal(
            Reason.PROOF_MISSING,
            "the log entry has no inclusion proof",
            expected="an inclusion proof with a checkpoint",
            actual="a promise alone" if entry.promise is not None else "neither proof nor promise",
        )
    if entry.promise is None and entry.proof is not None:
        return entry.proof.index
    return entry.index


def _log_of(entry: LogEntry, logs: Sequence[Log], moments: Sequence[datetime]) -> Log:
    known = [log for log in logs if log.log_id == entry.log_id]
    if not known:
        raise refusal(
            Reason.LOG_UNKNOWN,
            "the trust root does not know the log of the entry",
            expected=", ".join(log.key.name for log in logs) or "a log in the trust root",
            actual=f"log id {entry.log_id.hex()[:64]}",
        )
    for log in known:
        window = log.key.window
        # Without a proven time, which a managed key may lack, a retired log proves nothing.
        if all(window.holds(at) for at in moments) and (moments or window.end is None):
            return log
    raise refusal(
        Reason.LOG_OUTSIDE_WINDOW,
        "the log's key was not valid when it was signed",
        expected=" or ".join(str(log.key.window) for log in known),
        actual=", ".join(at.isoformat() for at in moments) or "no proven time",
    )


def _check_proof(entry: LogEntry, proof: InclusionProof, log: Log) -> None:
    if not proof.checkpoint:
        message = "the inclusion proof has no checkpoint"
        raise refusal(Reason.CHECKPOINT_MISSING, message, expected=f"one of {log.key.name}")
    try:
        checkpoint = parse_checkpoint(proof.checkpoint)
    except InputError as error:
        raise refusal(Reason.CHECKPOINT_INVALID, error.message) from error
    check_signed(checkpoint, log.log_id, log.key)
    try:
        root = root_of(entry.body, proof.index, proof.size, proof.hashes)
    except InputError as error:
        raise refusal(Reason.PROOF_INVALID, error.message) from error
    # All of them have to be the same: what was computed, what the bundle says, what was signed.
    if (root, proof.size) != (checkpoint.root, checkpoint.size) or root != proof.root:
        raise _elsewhere(root, proof.size, checkpoint.root, checkpoint.size)


def _elsewhere(root: bytes, size: int, signed_root: bytes, signed_size: int) -> VerificationError:
    return refusal(
        Reason.PROOF_INVALID,
        "the inclusion proof does not lead to the root that the log signed",
        expected=f"{signed_root.hex()} of {signed_size} entries",
        actual=f"{root.hex()} of {size} entries",
    )
