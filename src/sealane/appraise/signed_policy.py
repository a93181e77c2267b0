"""Judges a policy file by who signed it, as any other artifact is judged.

1. The file is an artifact, and the evidence beside it is all there is.
2. Whoever was named on the command line has to have signed it: a policy cannot name its own signer.
3. What was judged are the bytes that were read as the policy.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sealane.appraise.appraise import judge
from sealane.appraise.collect import Sources, collect
from sealane.appraise.setup import make_setup
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome, Problem
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import Policy
from sealane.errors import PolicyError, UsageError
from sealane.io.evidence.sidecar import Pile
from sealane.io.stores.policies.keys import load_keys
from sealane.io.stores.trust.load import TrustMaterial


@dataclass(frozen=True, slots=True)
class Wanted:
    """Who has to have signed a policy.

    Attributes:
        who: As `--publisher` has it.
        flag: The flag that said so, for errors.
    """

    who: str
    flag: str


def check_signed(
    path: Path, policy: Policy, wanted: Wanted, trust: TrustMaterial, at: datetime
) -> None:
    """Check that a policy file is signed by somebody.

    Args:
        path: The file.
        policy: What was read from it.
        wanted: Who has to have signed it.
        trust: The trust root for its evidence; never one that only the policy itself names.
        at: When, aware, UTC.

    Raises:
        PolicyError: It is not signed, by somebody else, or was changed while it was read.
        UsageError: Nobody is named in a form that is known.
        TrustError: The root cannot be read.
    """
    setup = make_setup(_policy_of(wanted), trust)
    case = collect(path, Sources(Pile([], [path.name])))  # 1
    if isinstance(case, Problem):
        raise PolicyError(f"policy {path}: {case.message}", hint=case.hint)
    verdict = judge(case, setup, at)  # 2
    if verdict.outcome is not Outcome.PASS:
        why = next(one for one in verdict.findings if one.outcome is not Outcome.PASS)
        raise _refused(path, wanted, why)
    judged = {one.value for one in case.artifact.digests if one.algorithm == "sha256"}
    if judged != {policy.sha256}:  # 3
        raise PolicyError(
            f"policy {path}: expected sha256 {policy.sha256}, got {' or '.join(sorted(judged))}",
            hint="it was changed while it was read; run the command again",
        )


def _policy_of(wanted: Wanted) -> Policy:
    try:
        policy = quick_policy([wanted.who])
    except UsageError as error:
        message = error.message.replace("--publisher", wanted.flag)
        raise UsageError(message, hint=error.hint) from error
    return load_keys(policy)


def _refused(path: Path, wanted: Wanted, why: Finding) -> PolicyError:
    place = f"policy {path}: not signed by {wanted.who}: {why.code}"
    details = [why.place, f"expected {why.expected}" if why.expected else ""]
    details.append(f"got {why.actual}" if why.actual else "")
    said = ", ".join(one for one in details if one)
    if why.outcome is Outcome.MISSING:
        hint = f"have it signed, with the bundle beside it as {path.name}.sigstore.json"
    else:
        hint = why.hint or f"leave {wanted.flag} out only if you read the policy yourself"
    return PolicyError(f"{place}: {said}", hint=hint)
