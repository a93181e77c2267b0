"""Step 4 for a managed key: one of the keys that are trusted made the signature.

What a bundle says of its key is a hint only; whose key counts is known before it is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sealane.core.attestation.bundle import Bundle
from sealane.core.model.artifact import Artifact
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.signature import check_signature
from sealane.errors import VerificationError


def signing_key(
    bundle: Bundle, keys: Sequence[TrustedKey], moments: Sequence[datetime], artifact: Artifact
) -> TrustedKey:
    """The trusted key that made a bundle's signature.

    1. There is a key to try.
    2. One of them made the signature; why none did is told for the last that was tried.
    3. It was valid at every proven time; without one only a key that was never retired is.

    Raises:
        VerificationError: One of these does not hold.
    """
    refused: VerificationError | None = None
    for key in keys:
        try:
            check_signature(bundle, key, artifact)
        except VerificationError as error:
            refused = error
            continue
        check_key_at(key, moments)  # 3
        return key
    if refused is not None:
        raise refused  # 2
    raise refusal(  # 1
        Reason.KEY_UNKNOWN,
        "it is signed by a key, and no key is trusted",
        actual=f"a key that calls itself {bundle.key_hint!r}" if bundle.key_hint else "a key",
    )


def check_key_at(key: TrustedKey, moments: Sequence[datetime]) -> None:
    """Check that a key was valid at every proven time.

    Raises:
        VerificationError: It was not, or it was retired and nothing proves that it signed before.
    """
    if all(key.window.holds(at) for at in moments) and (moments or key.window.end is None):
        return
    raise refusal(
        Reason.KEY_OUTSIDE_WINDOW,
        "the key was not valid when it was signed",
        expected=str(key.window),
        actual=", ".join(at.isoformat() for at in moments) or "no proven time",
    )
