"""A plain DSSE envelope is signed by keys that are trusted; no log and no authority is asked.

Spec: DSSE v1, protocol.md, "Protocol".
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.exceptions import InvalidSignature

from sealane.core.attestation.envelope import Envelope, pre_authentication_encoding
from sealane.core.verify.interface import Demands, Proven
from sealane.core.verify.keys import TrustedKey, verify_message
from sealane.core.verify.managed import check_key_at
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError


def prove_envelope(
    envelope: Envelope, keys: Sequence[TrustedKey], demands: Demands
) -> tuple[Proven, ...]:
    """What an envelope proves.

    1. No log entry and no time-stamp is demanded of a key: an envelope has neither.
    2. At least one trusted key made one of the signatures; the key ids in it are hints only.
    3. That key was never retired, for nothing proves when it signed.

    Returns:
        One for each trusted key that signed: a key that signed twice counts once.

    Raises:
        VerificationError: One of these does not hold.
    """
    if demands.key_logs or demands.timestamps:  # 1
        raise refusal(
            Reason.ENTRY_MISSING,
            "a plain envelope is in no log",
            expected=f"entries of {demands.key_logs} logs and {demands.timestamps} time-stamps",
            actual="neither",
        )
    signed = pre_authentication_encoding(envelope.payload_type, envelope.payload)
    signatures = [signature for _, signature in envelope.signatures]
    made = [key for key in keys if _made_one(key, signatures, signed)]  # 2
    if not made:
        raise refusal(
            Reason.SIGNATURE_INVALID if keys else Reason.KEY_UNKNOWN,
            "no trusted key signed the envelope",
            expected=", ".join(key.name for key in keys) or "a key that you name",
            actual=_hints(envelope),
        )
    usable = {key.digest: key for key in made if key.window.end is None}  # 3
    if not usable:
        check_key_at(made[0], ())
    return tuple(
        Proven(key.identity, envelope.payload_type, envelope.payload, None, None, "")
        for key in usable.values()
    )


def _made_one(key: TrustedKey, signatures: Sequence[bytes], signed: bytes) -> bool:
    return any(_made(key, signature, signed) for signature in signatures)


def _made(key: TrustedKey, signature: bytes, signed: bytes) -> bool:
    try:
        verify_message(key, signature, signed)
    except (InvalidSignature, InputError):
        return False
    return True


def _hints(envelope: Envelope) -> str:
    named = [repr(hint[:40]) for hint, _ in envelope.signatures if hint]
    return f"{len(envelope.signatures)} signatures, by {', '.join(named[:3]) or 'unnamed keys'}"
