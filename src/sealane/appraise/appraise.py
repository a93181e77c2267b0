"""Judges artifacts by their evidence: prove, then ask the policy, then say what was found.

Read this first. One artifact at a time:
1. Every piece of evidence is proven, or refused with a reason (`prove`).
2. The policy asks each of its rules, seeing only what was proven.
3. A refusal keeps the artifact from passing, unless every rule holds without it: then it is a note,
   where the policy does not say that no evidence may be refused.
4. Without a policy nothing passes: what was proven is shown, and nobody was named to trust.
5. Publisher pins and advisories add what they demand; nothing passes because of them.
6. Whether a release is complete is decided last, with all artifacts of the run in sight.

`collect` reads the cases that are judged here, `batch` hands many of them to several processes.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, TypeVar

from sealane.appraise.collect import Case
from sealane.appraise.complete import Undecided, decided
from sealane.appraise.prove import prove_all
from sealane.appraise.setup import Setup
from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import replace
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.policy.answers import finding, holds
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.schema import Policy
from sealane.errors import EvidenceError

if TYPE_CHECKING:
    from sealane.core.policy.checks.interface import Expressions

_T = TypeVar("_T")
_MISSING = finding("SL-EV-001", Outcome.MISSING, "")
_UNDECIDED = finding("SL-REQ-018", Outcome.FAIL, "")


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
    results = [judge_first(case, setup, at) for case in cases]
    return Appraisal(
        verdicts=tuple(complete(results, setup, at)),
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
    """The verdict on the only artifact of a run; the caller has checked the policy is current."""
    return complete([judge_first(case, setup, at)], setup, at)[0]


def judge_first(case: Case, setup: Setup, at: datetime) -> Verdict | Undecided:
    """The verdict on one of several artifacts; the caller has checked that the policy is current.

    Returns:
        Where the policy asks whether its release is complete, what was found: `complete` decides.
    """
    facts, refused = prove_all(case, setup, at)  # 1
    found = Undecided(case, facts, (*case.findings, *refused))
    verdict = _decide(found, setup, at)
    undecided = any(one.code == _UNDECIDED.code for one in verdict.findings)
    return found if undecided else verdict


def complete(
    results: Sequence[Verdict | Undecided | _T], setup: Setup, at: datetime
) -> list[Verdict | _T]:
    """Results in which everything is decided, in the same order.

    Args:
        results: One for each thing that is judged in this run.
        setup: What they are judged by.
        at: When, aware, UTC.
    """

    def decide(one: Undecided, files: tuple[Artifact, ...]) -> Verdict:
        return _decide(one, setup, at, files)

    return decided(results, decide)  # 6


def _decide(
    found: Undecided, setup: Setup, at: datetime, files: tuple[Artifact, ...] | None = None
) -> Verdict:
    case, facts, refused, policy = found.case, found.facts, found.refused, setup.policy
    if policy is None:
        answers = _nobody_named(case, facts)  # 4
    else:
        answers = evaluate(  # 2
            policy,
            case.artifact,
            facts,
            at=at,
            files=files,
            expressions=_expressions,
            detailed=setup.detailed,
        )
        refused = _exempted(refused, policy, case.artifact, at)
    pinned = _pinned(case, facts, setup, at)  # 5
    if policy is None and not holds(pinned):
        # Claims that contradict the pins are not shown as something to trust.
        answers = ()
    answers += (*pinned, *_agreeing(case, setup, at))
    if holds(answers):  # 3
        if policy is None or not policy.no_rejected_evidence:
            refused = tuple([replace(one, outcome=Outcome.NOTE) for one in refused])
    elif any(one.outcome is Outcome.FAIL for one in refused):
        # That something is missing is no news beside what was found and does not hold.
        answers = tuple([one for one in answers if one.code != _MISSING.code])
    return Verdict(case.artifact, (*answers, *refused), facts)


def _pinned(case: Case, facts: tuple[Fact, ...], setup: Setup, at: datetime) -> tuple[Finding, ...]:
    rules = () if setup.policy is None else setup.policy.rules
    if setup.pins is None and all(rule.continuity is None for rule in rules):
        return ()
    from sealane.core.policy.pins_check import check_pins

    path = str(case.path or case.artifact.name)
    return check_pins(setup.pins, setup.policy, case.artifact, facts, at=at, path=path)


def _agreeing(case: Case, setup: Setup, at: datetime) -> tuple[Finding, ...]:
    rules = () if setup.policy is None else setup.policy.rules
    if not setup.advisories and not any(rule.advisory for rule in rules):
        return ()
    from sealane.core.policy.agreement import check_agreement

    return check_agreement(setup.advisories, setup.policy, case.artifact, at)


def _exempted(
    refused: tuple[Finding, ...], policy: Policy, artifact: Artifact, at: datetime
) -> tuple[Finding, ...]:
    if not (refused and policy.exemptions):
        return refused
    from sealane.core.policy.exemptions import exempted, exemption_for

    return tuple(
        exempted(one, exemption_for(one.code, (), policy.exemptions, artifact, at))
        for one in refused
    )


def _expressions() -> Expressions:
    from sealane.io.adapters.cel import load_expressions

    return load_expressions()


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
