"""Step 3: which times the bundle proves.

A log's time counts with the promise that binds it, which step 6 verifies; a time-stamp counts when
an authority of the trust root made it. What does not hold proves nothing, and one time is enough,
but every time that is proven has to agree with certificates and windows.

Spec: Sigstore client specification, "Establishing a time for the signature".
"""

from __future__ import annotations

from datetime import UTC, datetime

from sealane.core.attestation.bundle import Bundle
from sealane.core.model.values import dataclass
from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason, refusal
from sealane.core.verify.root import TrustRoot
from sealane.core.verify.timestamp import Stamp, verify_timestamp
from sealane.errors import VerificationError


@dataclass(frozen=True, slots=True)
class Times:
    """What is known of when a bundle was made.

    Attributes:
        moments: Every proven time, those of logs first; may be empty for a managed key.
        notes: What does not hold beside them.
    """

    moments: tuple[datetime, ...]
    notes: tuple[str, ...] = ()

    @property
    def signed_at(self) -> datetime | None:
        """The time to report: the log's, else the first time-stamp's."""
        return self.moments[0] if self.moments else None


def establish_times(bundle: Bundle, root: TrustRoot, demands: Demands) -> Times:
    """The times a bundle proves.

    Raises:
        VerificationError: A certificate's signature has no proven time, or fewer time-stamp
            authorities than demanded signed one.
    """
    logged = [
        _moment(entry.integrated)
        for entry in bundle.entries
        if entry.promise is not None and entry.integrated is not None
    ]
    stamps, refused = _stamps(bundle, root)
    if len({stamp.authority for stamp in stamps}) < demands.timestamps:
        raise _missing(refused, f"time-stamps of {demands.timestamps} authorities", len(stamps))
    moments = (*logged, *(stamp.at for stamp in stamps))
    if not moments and bundle.certificates:
        wanted = "a log entry with an inclusion promise, or a time-stamp"
        raise _missing(refused, wanted, 0)
    return Times(moments, tuple(f"a time-stamp does not hold: {one.message}" for one in refused))


def _stamps(bundle: Bundle, root: TrustRoot) -> tuple[list[Stamp], list[VerificationError]]:
    stamps, refused = [], []
    for response in bundle.timestamps:
        try:
            stamps.append(verify_timestamp(response, bundle.signature, root.timestamp_authorities))
        except VerificationError as error:
            refused.append(error)
    return stamps, refused


def _missing(refused: list[VerificationError], wanted: str, found: int) -> VerificationError:
    """Why there are too few times: what is wrong with one that is there says more than a count."""
    if refused:
        return refused[0]
    return refusal(
        Reason.TIME_MISSING,
        "nothing proves when it was signed",
        expected=wanted,
        actual=f"{found} that hold" if found else "neither",
    )


def _moment(seconds: int) -> datetime:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise refusal(Reason.UNREADABLE, "the log's time is none", actual=str(seconds)) from error
