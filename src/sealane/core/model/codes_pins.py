"""The codes of what is found when evidence is held against publisher pins."""

from __future__ import annotations

from sealane.core.model.code import Code

# Never the command that would accept the change: whoever reads this has still to find out.
_COMPARE = "do not use the artifact before the project's own page explains the change"

PIN_CODES = (
    Code(
        "SL-PIN-001",
        "pin-held",
        "Signer and evidence are as they were pinned.",
        "nothing",
    ),
    Code(
        "SL-PIN-002",
        "pin-missing",
        "Nothing is pinned of the package that the evidence could be held against.",
        "compare the publisher with the project's own page, then pin it: sealane pins update",
    ),
    Code(
        "SL-PIN-003",
        "pin-issuer",
        "Another login service than the pinned one vouched for the signer.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-004",
        "pin-project",
        "It was signed by another project than the pinned one.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-005",
        "pin-project-renamed",
        "The project has another path and the same immutable id: it was renamed or moved.",
        "nothing; sealane pins update takes the new path over",
    ),
    Code(
        "SL-PIN-006",
        "pin-project-id",
        "The project has the pinned path and another immutable id: the name changed hands.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-007",
        "pin-owner",
        "The project belongs to another owner than the pinned one.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-008",
        "pin-pipeline",
        "Another pipeline or workflow file than the pinned one ran.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-009",
        "pin-workflow",
        "Another reusable workflow than the pinned one signed, or one where there was none.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-010",
        "pin-ref",
        "It was signed from a ref of another form than the pinned one.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-011",
        "pin-environment",
        "It was not signed in the pinned deployment environment.",
        "ask the project; a job outside its protected environment can sign without approval",
    ),
    Code(
        "SL-PIN-012",
        "pin-runner",
        "The kind of machine that signed it is not the pinned one.",
        "ask the project where releases are built",
    ),
    Code(
        "SL-PIN-013",
        "pin-subject",
        "Another key or person than the pinned one signed.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-014",
        "pin-gained",
        "The evidence says more of its signer than was pinned.",
        "nothing; sealane pins update pins it too",
    ),
    Code(
        "SL-PIN-015",
        "pin-evidence-lost",
        "Evidence of a kind that earlier versions had is not there, or by none of its signers.",
        "ask the project whether it was left out on purpose; an attacker would leave it out too",
    ),
    Code(
        "SL-PIN-016",
        "pin-log-lost",
        "Evidence of earlier versions was in a public log, and this is in none.",
        "ask the project; what is in no log can be signed without anybody seeing it",
    ),
    Code(
        "SL-PIN-017",
        "pin-log-moved",
        "The evidence is in a log of another generation than the pinned one.",
        "nothing; sealane pins update takes it over",
    ),
    Code(
        "SL-PIN-018",
        "pin-signer-replaced",
        "It was signed by somebody who had been replaced by then, or at no proven time.",
        _COMPARE,
    ),
    Code(
        "SL-PIN-019",
        "pin-stranger",
        "Somebody who is not pinned signed too, beside a signer who is.",
        "nothing; a signer who is not pinned counts for nothing here",
    ),
    Code(
        "SL-PIN-020",
        "pin-not-asked",
        "The version is older than those that are held against the pins.",
        "nothing; policy and pins say from which version on they are asked",
    ),
)
