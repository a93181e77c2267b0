"""Verdicts to sum up, as a run with details finds them."""

from datetime import UTC, datetime

from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence, EvidenceForm, with_digests
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.verdict import Finding, Outcome, Verdict

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
SIGNER = Identity("https://gitlab.com", "https://gitlab.com/a/b//ci.yml@refs/tags/v1")


def evidence(origin: str, content: bytes = b"evidence") -> Evidence:
    """Evidence with its digests."""
    return with_digests(Evidence(EvidenceForm.SIGSTORE_BUNDLE, content, origin))


def fact_from(artifact: Artifact, found: Evidence) -> Fact:
    """What some evidence proved of an artifact."""
    return Fact(artifact, None, SIGNER, AT, "root", found)


def passed(artifact: Artifact, *levels: int) -> Verdict:
    """A verdict that is a pass, with a finding for each level that was proven."""
    findings = [
        Finding("SL-REQ-001 requirement-met", Outcome.PASS, level=level) for level in levels or (0,)
    ]
    return Verdict(artifact, tuple(findings), (fact_from(artifact, evidence("dir/x.sigstore")),))
