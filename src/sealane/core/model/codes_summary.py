"""The codes of what keeps a verifier's summary from counting."""

from __future__ import annotations

from sealane.core.model.code import Code

SUMMARY_CODES = (
    Code(
        "SL-SUM-001",
        "verifier-mismatch",
        "A summary is by another verifier than the policy names for its signer.",
        "name the verifier's id as it publishes it; who signs for one need not sign for another",
    ),
    Code(
        "SL-SUM-002",
        "resource-mismatch",
        "A verification summary was made for another resource than the artifact is taken from.",
        "ask the verifier which resource it names, and write that as the requirement's resource",
    ),
    Code(
        "SL-SUM-003",
        "level-missing",
        "A summary does not say that the demanded SLSA build level was reached.",
        "ask the verifier for the level, or demand the artifact's own provenance",
    ),
    Code(
        "SL-SUM-004",
        "property-missing",
        "A summary does not list a property that the policy demands.",
        "ask the verifier whether it checks that property",
    ),
    Code(
        "SL-SUM-005",
        "summary-failed",
        "A verifier says that the artifact did not pass.",
        "do not use the artifact before the verifier's publisher has explained it",
    ),
)
