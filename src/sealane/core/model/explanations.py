"""The explanation of every finding code; imported by `--explain` and the reference alone."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.model.codes import code_of
from sealane.core.model.explanation import Explanation
from sealane.core.model.explanations_advisory import ADVISORY_EXPLANATIONS
from sealane.core.model.explanations_agreement import AGREEMENT_EXPLANATIONS
from sealane.core.model.explanations_judged import JUDGED_EXPLANATIONS
from sealane.core.model.explanations_pins import PIN_EXPLANATIONS
from sealane.core.model.explanations_policy import POLICY_EXPLANATIONS
from sealane.core.model.explanations_proof import PROOF_EXPLANATIONS

EXPLANATIONS: Mapping[str, Explanation] = {
    **PROOF_EXPLANATIONS,
    **JUDGED_EXPLANATIONS,
    **POLICY_EXPLANATIONS,
    **PIN_EXPLANATIONS,
    **AGREEMENT_EXPLANATIONS,
    **ADVISORY_EXPLANATIONS,
}


def explanation_of(text: str) -> Explanation:
    """What the finding that a code, or a label, names means.

    Raises:
        KeyError: There is no such code, or nobody explained it: both are bugs.
    """
    return EXPLANATIONS[code_of(text).code]
