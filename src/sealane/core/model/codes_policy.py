"""The codes of what a policy's rules answer."""

from __future__ import annotations

from sealane.core.model.code import Code

POLICY_CODES = (
    Code(
        "SL-DIS-001",
        "distrusted",
        "The policy distrusts the artifact, or somebody or something that signed for it.",
        "do not use the artifact; the reason is the policy's own",
    ),
    Code(
        "SL-ID-012",
        "owner-id-mismatch",
        "The project's owner has another immutable id than the policy names.",
        "do not use the artifact before its publisher has explained who owns the project now",
    ),
    Code(
        "SL-POL-002",
        "nothing-enforced",
        "Only rules that are not enforced are about the artifact, and none of them holds.",
        "read why below; a rule in mode enforce would keep the artifact from being used",
    ),
    Code(
        "SL-REQ-002",
        "signers-too-few",
        "Fewer distinct signers than the policy demands have signed it.",
        "ask for the missing signatures; those of one signer count once",
    ),
    Code(
        "SL-REQ-003",
        "not-required",
        "A requirement is not asked for: the condition that it depends on does not hold.",
        "nothing",
    ),
    Code(
        "SL-REQ-004",
        "trust-root-mismatch",
        "It was not proven with the trust root that the policy demands.",
        "ask the publisher which instance it signs with, or name the root that is meant by trust",
    ),
    Code(
        "SL-REQ-005",
        "source-mismatch",
        "Certificate or provenance names another repository than the policy demands, or none.",
        "compare the repository with the publisher's own page, not with the evidence",
    ),
    Code(
        "SL-REQ-006",
        "builder-mismatch",
        "The provenance names another builder than the policy demands.",
        "ask the publisher what its releases are built with",
    ),
    Code(
        "SL-REQ-007",
        "level-too-low",
        "The SLSA build level that the policy demands was not proven.",
        "the finding says what the next level lacks; ask the publisher for it",
    ),
    Code(
        "SL-REQ-008",
        "signed-too-early",
        "It was signed before the policy allows, or nothing proves when.",
        "ask the publisher for a newer release, or for evidence with a proven time",
    ),
    Code(
        "SL-REQ-009",
        "signed-too-long-ago",
        "The signature is older than the policy allows, or nothing proves when it was made.",
        "ask the publisher for newer evidence",
    ),
    Code(
        "SL-REQ-010",
        "expression-false",
        "The policy's expression does not hold for what was stated.",
        "look at the statement: sealane inspect FILE shows it",
    ),
    Code(
        "SL-REQ-011",
        "expression-failed",
        "The policy's expression could not be evaluated, or its answer is neither true nor false.",
        "correct the expression; has(predicate.x) asks whether a member is there",
    ),
    Code(
        "SL-REQ-012",
        "expression-unavailable",
        "The policy has an expression, and the library that evaluates it is not installed.",
        "python -m pip install 'sealane[cel]'",
    ),
    Code(
        "SL-REQ-013",
        "sbom-insufficient",
        "A bill of materials does not list, or describe, what the policy demands.",
        "ask the publisher for a complete bill of materials",
    ),
    Code(
        "SL-REQ-014",
        "vulnerable",
        "A scan found a vulnerability that is graver than the policy accepts.",
        "use a release without it, or list its id as allowed once it was looked into",
    ),
    Code(
        "SL-REQ-015",
        "scan-insufficient",
        "A scan is by a scanner that does not count, is too old, or does not say what it found.",
        "ask for a new scan by a scanner that the policy names",
    ),
    Code(
        "SL-REQ-016",
        "tests-insufficient",
        "A test result is not the success that the policy demands.",
        "look at the run that the statement names before using the artifact",
    ),
    Code(
        "SL-REQ-017",
        "release-incomplete",
        "The files of this version that were judged are not exactly those that the release lists.",
        "name all files of the release, and no others of this version, in one run",
    ),
    Code(
        "SL-REQ-018",
        "release-undecided",
        "Whether the release is complete was not decided: its other files are not known.",
        "judge all files of the release in one run",
    ),
)
