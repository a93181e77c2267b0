"""Judges artifacts by their evidence: prove, then ask the policy, then say what was found.

Read this first. One artifact at a time:
1. Every piece of evidence is proven, or refused with a reason (`prove`).
2. The policy asks each of its rules, seeing only what was proven.
3. A refusal keeps the artifact from passing, unless every rule holds without it: then it is a note.
4. Without a policy nothing passes: what was proven is shown, and nobody was named to trust.

`collect` reads the cases that are judged here, `batch` hands many of them to several processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sealane.appraise.collect import Case
from sealane.appraise.prove import prove_all
from sealane.appraise.setup import Setup
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.policy.evaluate import evaluate, finding
from sealane.errors import EvidenceError


def appraise(cases: Sequence[Case], setup: Setup, at: datetime) -> Appraisal:
    """A verdict on each artifact.

    Args:
        cases: At least one.
        setup: What is judged by.
        at: When, aware, UTC.

    Raises:
        EvidenceError: There is no artifact.
        PolicyError: The policy has expired.
    """
    check_ready(cases, setup, at)
    return Appraisal(
        verdicts=tuple(judge(case, setup, at) for case in cases),
        based_on=setup.based_on,
        at=at,
        sandbox=setup.trust.sandbox,
    )


def check_ready(asked: Sequence[object], setup: Setup, at: datetime) -> None:
    """Check that there is something to judge, and something to judge it by.

    Raises:
        EvidenceError: Nothing was asked for, which must never end as a pass.
        PolicyError: The policy has expired.
    """
    if not asked:
        raise EvidenceError(
            "there is nothing to verify: no artifact among the paths",
            hint="name at least one artifact; attestations are evidence, not artifacts",
        )
    if setup.policy is not None:
        setup.policy.check_current(at)


def judge(case: Case, setup: Setup, at: datetime) -> Verdict:
    """The verdict on one artifact; the caller has checked that the policy is current."""
    facts, refused = prove_all(case, setup, at)  # 1
    if setup.policy is None:
        answers = _nobody_named(case, facts)  # 4
    else:
        answers = evaluate(setup.policy, case.artifact, facts)  # 2
    refused = (*case.findings, *refused)
    if all(answer.outcome is Outcome.PASS for answer in answers):  # 3
        refused = tuple(replace(one, outcome=Outcome.NOTE) for one in refused)
    elif any(one.outcome is Outcome.FAIL for one in refused):
        # That something is missing is no news beside what was found and does not hold.
        answers = tuple(one for one in answers if one.code != _MISSING.code)
    return Verdict(case.artifact, (*answers, *refused), facts)


_MISSING = finding("SL-EV-001", Outcome.MISSING, "")


def _nobody_named(case: Case, facts: tuple[Fact, ...]) -> tuple[Finding, ...]:
    if not facts:
        name = case.artifact.name
        return (finding("SL-EV-001", Outcome.MISSING, name, "evidence", "none that holds"),)
    return tuple(
        finding(
            "SL-ID-011",
            Outcome.MISSING,
            fact.evidence.origin,
            "a publisher that you name",
            f"{fact.signer.subject} ({fact.signer.issuer})",
        )
        for fact in facts
    )
