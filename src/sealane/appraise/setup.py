"""What artifacts are judged by: policy, trust root and engine, in one value."""

from __future__ import annotations

from dataclasses import dataclass

from sealane.core.model.verdict import Appraisal, Outcome
from sealane.core.policy.schema import Policy
from sealane.core.verify.interface import Engine
from sealane.errors import ExitCode
from sealane.io.stores.trust import TrustMaterial


@dataclass(frozen=True, slots=True)
class Setup:
    """What is judged by.

    Attributes:
        policy: What must be true; None where nobody was named to trust.
        trust: The trust root.
        engine: Proves bundles against that root.
    """

    policy: Policy | None
    trust: TrustMaterial
    engine: Engine

    @property
    def based_on(self) -> tuple[str, ...]:
        """Policy and trust root with their digests, one line each."""
        policy = str(self.policy) if self.policy else "none: nobody was named to trust"
        return (f"policy: {policy}", f"trust root: {self.trust}")


def make_setup(policy: Policy | None, trust: TrustMaterial) -> Setup:
    """A setup with the engine for a trust root."""
    from sealane.io.adapters.sigstore_check import SigstoreEngine

    return Setup(policy, trust, SigstoreEngine(trust.root))


def exit_code(appraisal: Appraisal) -> int:
    """What a run ends with: 0 only when there is a verdict and every one of them is a pass.

    Returns:
        0, 1 where an artifact failed, or 3 where evidence is missing and none failed.
    """
    outcomes = {verdict.outcome for verdict in appraisal.verdicts}
    if Outcome.FAIL in outcomes:
        return ExitCode.FAILED
    return ExitCode.PASS if outcomes == {Outcome.PASS} else ExitCode.EVIDENCE
