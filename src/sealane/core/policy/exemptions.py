"""Failures that a policy accepts for a while, each for a reason.

What is exempted becomes a note; it never counts as met. Nothing exempts an artifact from:
1. distrust, or from being the business of a rule at all;
2. the question who signed: an exemption from that would let everybody sign;
3. a release that was not judged yet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sealane.core.model.artifact import Artifact
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import REFUSING, is_about
from sealane.core.policy.schema import Exemption

NEVER_EXEMPTED = frozenset(
    {
        "SL-DIS-001",
        "SL-POL-001",
        "SL-POL-002",  # 1
        "SL-ID-001",
        "SL-ID-002",
        "SL-ID-003",
        "SL-ID-008",
        "SL-ID-009",
        "SL-ID-011",
        "SL-ID-012",
        "SL-REQ-004",  # 2
        "SL-REQ-018",  # 3
    }
)


def exemption_for(
    code: str,
    predicates: Sequence[str],
    exemptions: Sequence[Exemption],
    artifact: Artifact,
    at: datetime,
) -> Exemption | None:
    """The exemption that covers a failure; None where none does.

    Args:
        code: The finding's code, or its label.
        predicates: Those of the requirement; empty for what belongs to none.
        exemptions: Those of the policy.
        artifact: What is judged.
        at: When, aware, UTC; an exemption has ended at the moment it expires.
    """
    plain = _plain(code)
    if plain in NEVER_EXEMPTED:
        return None
    for one in exemptions:
        same = _plain(one.code) == plain and (not one.predicate or one.predicate in predicates)
        if same and at < one.expires and is_about(one, artifact):
            return one
    return None


def exempted(finding: Finding, exemption: Exemption | None) -> Finding:
    """A failure as a note that says why and until when; any other finding as it is."""
    if exemption is None or finding.outcome not in REFUSING:
        return finding
    until = exemption.expires.isoformat()
    return replace(
        finding, outcome=Outcome.NOTE, hint=f"exempted until {until}: {exemption.reason}"
    )


def _plain(code: str) -> str:
    return code.partition(" ")[0]
