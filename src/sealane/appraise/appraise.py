"""Judges artifacts by their evidence: prove, then ask the policy, then say what was found.

Read this first. One artifact at a time:
1. Every bundle in every piece of evidence is proven, or refused with a reason.
2. The policy asks each of its rules, seeing only what was proven.
3. A refusal keeps the artifact from passing, unless every rule holds without it: then it is a note.
4. Without a policy nothing passes: what was proven is shown, and nobody was named to trust.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sealane.appraise.setup import Setup
from sealane.core.attestation.mentions import bundles_in
from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.policy.evaluate import evaluate, finding
from sealane.core.verify.check import check
from sealane.errors import EvidenceError, InputError, VerificationError


@dataclass(frozen=True, slots=True)
class Case:
    """An artifact, and everything that was found about it.

    Attributes:
        artifact: What is judged.
        evidence: What was found, untrusted.
        findings: Why something that was found is no evidence, e.g. a broken file.
    """

    artifact: Artifact
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...] = ()


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
    if not cases:
        raise EvidenceError(
            "there is nothing to verify", hint="name at least one artifact, e.g. dist/*.whl"
        )
    if setup.policy is not None:
        setup.policy.check_current(at)
    return Appraisal(
        verdicts=tuple(_verdict(case, setup) for case in cases),
        based_on=setup.based_on,
        at=at,
        sandbox=setup.trust.sandbox,
    )


def _verdict(case: Case, setup: Setup) -> Verdict:
    facts, refused = _proven(case, setup)  # 1
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


def _proven(case: Case, setup: Setup) -> tuple[tuple[Fact, ...], tuple[Finding, ...]]:
    facts: list[Fact] = []
    refused: list[Finding] = []
    for evidence in case.evidence:
        try:
            bundles = bundles_in(evidence)
        except InputError as error:
            refused.append(_broken(evidence, error))
            continue
        if not bundles:
            refused.append(finding("SL-EV-002", Outcome.MISSING, evidence.origin))
        for bundle, claimed in bundles:
            notes = (f"the index says it is from {claimed}; that is not proven",) if claimed else ()
            try:
                facts.append(
                    check(
                        setup.engine,
                        bundle,
                        case.artifact,
                        evidence=evidence,
                        trust=str(setup.trust),
                        notes=notes,
                    )
                )
            except VerificationError as error:
                refused.append(_refusal(evidence, error))
    return tuple(facts), tuple(refused)


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


def _broken(evidence: Evidence, error: InputError) -> Finding:
    return finding("SL-SIG-002", Outcome.FAIL, evidence.origin, "", error.message, hint=error.hint)


def _refusal(evidence: Evidence, error: VerificationError) -> Finding:
    place = f"{evidence.origin}: {error.message}"
    return finding(error.code, Outcome.FAIL, place, error.expected, error.actual, hint=error.hint)
