"""Judges the cases of a policy, with what judges real artifacts; only nothing was proven before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sealane.appraise.appraise import complete
from sealane.appraise.collect import Case
from sealane.appraise.complete import Undecided
from sealane.appraise.setup import Setup
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Verdict
from sealane.core.policy.case_results import CaseResult, TestedPolicy
from sealane.core.policy.cases import Cases, PolicyCase
from sealane.core.policy.schema import Policy
from sealane.errors import PolicyError
from sealane.io.stores.trust.load import TrustMaterial

# Never read: what a case takes as proven is not proven again.
_NO_ROOT = TrustMaterial("none", b"", "", sandbox=False)


def judge_cases(cases: Cases, policy: Policy) -> TestedPolicy:
    """What a policy answers to its cases.

    Args:
        cases: What is taken as proven, and which verdicts are expected.
        policy: The policy that they are about, its keys loaded.

    Raises:
        PolicyError: A case names a trust root that the policy does not have, or is judged when the
            policy is none.
    """
    setup = Setup(policy, _NO_ROOT)
    results = tuple(CaseResult(case, _verdict(case, setup, policy)) for case in cases.cases)
    return TestedPolicy(cases, policy, results)


def _verdict(case: PolicyCase, setup: Setup, policy: Policy) -> Verdict:
    policy.check_current(case.at)
    facts = tuple(_rooted(fact, case, policy) for fact in case.facts)
    # Of the other files only that they are there matters.
    others = [Verdict(one, ()) for one in case.others]
    asked: Sequence[Verdict | Undecided] = [
        Undecided(Case(case.artifact, ()), facts, case.refused),
        *others,
    ]
    return complete(asked, setup, case.at)[0]


def _rooted(fact: Fact, case: PolicyCase, policy: Policy) -> Fact:
    """A fact with the names of the trust roots it is said to be proven with."""
    known = tuple(one.name for one in policy.trusts)
    for name in fact.roots:
        if name not in known:
            raise PolicyError(
                f"case {case.name!r}: {fact.evidence.origin}: trust: there is no [trust.{name}] in "
                f"{policy.origin}",
                hint=f"known are {', '.join(known)}" if known else "leave trust out",
            )
    # Where there are several, one that is not named is none of them.
    return replace(fact, roots=fact.roots or (known if len(known) == 1 else ()))
