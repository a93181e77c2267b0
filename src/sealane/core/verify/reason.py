"""Why a bundle is refused: one reason a defect, each with a stable finding code."""

from __future__ import annotations

from enum import StrEnum

from sealane.core.model.codes import code_of
from sealane.errors import VerificationError


class Reason(StrEnum):
    """Every reason for which the verifier refuses; the value is the finding code."""

    UNREADABLE = "SL-SIG-002"
    VERSION_UNKNOWN = "SL-BUN-001"
    FORM_INVALID = "SL-BUN-002"
    KEY_MATERIAL_MISSING = "SL-BUN-003"
    SIGNATURE_COUNT = "SL-BUN-004"
    SIGNATURE_INVALID = "SL-SIG-004"
    DIGEST_UNKNOWN = "SL-SIG-005"
    OTHER_ARTIFACT = "SL-SUB-001"
    KEY_UNKNOWN = "SL-KEY-001"
    KEY_UNSUPPORTED = "SL-KEY-002"
    KEY_OUTSIDE_WINDOW = "SL-KEY-003"
    CERTIFICATE_UNREADABLE = "SL-CRT-001"
    CERTIFICATE_UNTRUSTED = "SL-CRT-002"
    CERTIFICATE_PROFILE = "SL-CRT-003"
    AUTHORITY_OUTSIDE_WINDOW = "SL-CRT-004"
    SCT_MISSING = "SL-SCT-001"
    SCT_INVALID = "SL-SCT-002"
    SCT_OUTSIDE_WINDOW = "SL-SCT-003"
    TIME_MISSING = "SL-TIM-001"
    TIME_OUTSIDE_CERTIFICATE = "SL-TIM-002"
    TIMESTAMP_INVALID = "SL-TIM-003"
    TIMESTAMP_DUPLICATE = "SL-TIM-004"
    TIMESTAMP_COUNT = "SL-TIM-005"
    TIMESTAMP_OUTSIDE_WINDOW = "SL-TIM-006"
    ENTRY_MISSING = "SL-LOG-001"
    ENTRY_DUPLICATE = "SL-LOG-002"
    ENTRY_KIND_UNKNOWN = "SL-LOG-003"
    ENTRY_MISMATCH = "SL-LOG-004"
    LOG_UNKNOWN = "SL-LOG-005"
    LOG_OUTSIDE_WINDOW = "SL-LOG-006"
    PROMISE_INVALID = "SL-LOG-007"
    PROOF_MISSING = "SL-LOG-008"
    PROOF_INVALID = "SL-LOG-009"
    CHECKPOINT_MISSING = "SL-LOG-010"
    CHECKPOINT_INVALID = "SL-LOG-011"


def refusal(
    reason: Reason, message: str, *, expected: str = "", actual: str = ""
) -> VerificationError:
    """The error for a reason, with the hint of its finding code."""
    hint = code_of(reason).hint
    return VerificationError(str(reason), message, expected=expected, actual=actual, hint=hint)
