"""Judges a policy file by who signed it, as any other artifact is judged.

Whoever was named on the command line has to have signed it: a policy cannot name its own signer.
What was judged has to be the bytes that were read as the policy.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from sealane.appraise.alone import judge_alone
from sealane.appraise.setup import make_setup
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.quick import quick_policy
from sealane.core.policy.schema import Policy
from sealane.errors import InputError, PolicyError, UsageError
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
    try:
        judged = judge_alone(path, setup, at)
    except InputError as error:
        raise PolicyError(f"policy {path}: {error.message}", hint=error.hint) from error
    if judged.refused is not None:
        raise _refused(path, wanted, judged.refused)
    if judged.sha256 != policy.sha256:
        raise PolicyError(
            f"policy {path}: expected sha256 {policy.sha256}, got {judged.sha256}",
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
