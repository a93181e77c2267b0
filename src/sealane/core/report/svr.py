"""Verdicts as simple verification results: what holds, and nothing about what does not.

Spec: in-toto attestation, spec/predicates/svr.md, 0.2.
"""

from __future__ import annotations

from sealane.core.attestation.predicates.svr import PREDICATE, AppliedPolicy, Svr, render_svr
from sealane.core.model.artifact import Digest
from sealane.core.model.summarizer import (
    Summarizer,
    build_level,
    check_summarizable,
    policy_uri,
    statement_about,
)
from sealane.core.model.verdict import Appraisal, Outcome, Verdict

POLICY_PASSED = "SEALANE_POLICY_PASSED"
_LEVEL = "SLSA_BUILD_LEVEL_"


def svr_statements(appraisal: Appraisal, summarizer: Summarizer) -> tuple[bytes, ...]:
    """One in-toto statement for each verdict that is a pass, unsigned; none for any other.

    Args:
        appraisal: An enforced run.
        summarizer: Who speaks.

    Raises:
        UsageError: It cannot be summed up; see `check_summarizable`.
    """
    check_summarizable(appraisal, summarizer)
    return tuple(
        statement_about(one.artifact, PREDICATE, render_svr(svr_of(one, appraisal, summarizer)))
        for one in appraisal.verdicts
        if one.outcome is Outcome.PASS
    )


def svr_of(verdict: Verdict, appraisal: Appraisal, summarizer: Summarizer) -> Svr:
    """The result of one verdict; without properties where it is no pass.

    Raises:
        UsageError: As `svr_statements`.
    """
    policy = check_summarizable(appraisal, summarizer)
    level = build_level(verdict)
    levels = (f"{_LEVEL}{level}",) if level else ()
    passed = verdict.outcome is Outcome.PASS
    return Svr(
        verifier=summarizer.verifier_in(appraisal),
        policies=(AppliedPolicy(policy_uri(policy), (Digest("sha256", policy.sha256),)),),
        created=appraisal.at,
        properties=(POLICY_PASSED, *levels) if passed else (),
        sandbox=appraisal.sandbox,
    )
