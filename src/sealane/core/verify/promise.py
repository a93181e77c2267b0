"""Step 6a: the log promised, at a time, to append the entry.

Spec: Rekor v1, `SignedEntryTimestamp`: a signature over the canonical JSON (RFC 8785) of body,
time, log and index.
"""

from __future__ import annotations

import base64

from cryptography.exceptions import InvalidSignature

from sealane.core.attestation.bundle import LogEntry
from sealane.core.verify.keys import TrustedKey, verify_message
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError


def check_promise(entry: LogEntry, promise: bytes, key: TrustedKey) -> None:
    """Check that a log promised this entry, at this time, at this position.

    Raises:
        VerificationError: It did not.
    """
    # Base64 and hex hold nothing that JSON would escape, and the names are in order: this is the
    # canonical form.
    signed = (
        f'{{"body":"{base64.b64encode(entry.body).decode()}",'
        f'"integratedTime":{entry.integrated or 0},'
        f'"logID":"{entry.log_id.hex()}","logIndex":{entry.index}}}'
    )
    try:
        verify_message(key, promise, signed.encode())
    except (InvalidSignature, InputError) as error:
        raise refusal(
            Reason.PROMISE_INVALID,
            "the log did not promise this entry at this time",
            expected=f"signed by {key.name}",
        ) from error
