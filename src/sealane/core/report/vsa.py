"""Verdicts as SLSA verification summaries, for those who rely on this verifier.

Spec: slsa.dev, "Verification Summary Attestation", v1 (text of 1.2).
"""

from __future__ import annotations

import re
from urllib.parse import quote

from sealane.core.attestation.predicates.vsa import (
    FAILED,
    PREDICATE,
    InputAttestation,
    Vsa,
    render_vsa,
)
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence
from sealane.core.model.summarizer import (
    Summarizer,
    build_level,
    check_summarizable,
    policy_uri,
    statement_about,
)
from sealane.core.model.verdict import Appraisal, Outcome, Verdict

SLSA_VERSION = "1.2"
_LEVEL = "SLSA_BUILD_LEVEL_"


def vsa_statements(appraisal: Appraisal, summarizer: Summarizer) -> tuple[bytes, ...]:
    """One in-toto statement for each verdict, unsigned.

    PASSED is said of a verdict that is a pass, and of no other: evidence that is missing, and a
    rule that would only have warned, are FAILED to whoever relies on the summary.

    Args:
        appraisal: An enforced run whose evidence has its digests.
        summarizer: Who speaks.

    Raises:
        UsageError: It cannot be summed up; see `check_summarizable` and `resource_of`.
    """
    check_summarizable(appraisal, summarizer)
    return tuple(
        statement_about(one.artifact, PREDICATE, render_vsa(vsa_of(one, appraisal, summarizer)))
        for one in appraisal.verdicts
    )


def vsa_of(verdict: Verdict, appraisal: Appraisal, summarizer: Summarizer) -> Vsa:
    """The summary of one verdict.

    Raises:
        UsageError: As `vsa_statements`.
    """
    policy = check_summarizable(appraisal, summarizer)
    passed = verdict.outcome is Outcome.PASS
    return Vsa(
        verifier=summarizer.verifier_in(appraisal),
        verifier_version=(("sealane", summarizer.version),),
        verified_at=appraisal.at,
        resource=summarizer.resource_of(verdict.artifact),
        policy=policy_uri(policy),
        policy_digests=(Digest("sha256", policy.sha256),),
        inputs=_inputs(verdict),
        passed=passed,
        levels=(f"{_LEVEL}{build_level(verdict) or 'UNEVALUATED'}" if passed else FAILED,),
        dependency_levels=None,
        slsa_version=SLSA_VERSION,
        sandbox=appraisal.sandbox,
    )


def _inputs(verdict: Verdict) -> tuple[InputAttestation, ...]:
    """All evidence that proved something, each file once.

    What was refused proved nothing to the policy, and is none of it.
    """
    files = [one for fact in verdict.facts for one in _files(fact.evidence)]
    return tuple(
        InputAttestation(_uri(name), (Digest("sha256", sha256),))
        for name, sha256 in dict.fromkeys(files)
    )


def _files(evidence: Evidence) -> tuple[tuple[str, str], ...]:
    if not evidence.sha256:
        # A list that leaves one out would be a lie, and an empty digest is none.
        raise ValueError(f"{evidence.origin}: the run was not asked for digests of evidence")
    return ((evidence.origin, evidence.sha256), *evidence.part_digests)


def _uri(origin: str) -> str:
    """The name of evidence alone: folders are ours, and a host may be a private index's."""
    return quote(re.split(r"[/\\]", origin)[-1], safe="", errors="surrogateescape")
