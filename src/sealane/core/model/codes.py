"""The codes of all findings: stable names that reports show and pages explain."""

from __future__ import annotations

from sealane.core.model.code import Code
from sealane.core.model.codes_advisory import ADVISORY_CODES
from sealane.core.model.codes_agreement import AGREEMENT_CODES
from sealane.core.model.codes_pins import PIN_CODES
from sealane.core.model.codes_policy import POLICY_CODES
from sealane.core.model.codes_proof import PROOF_CODES
from sealane.core.model.codes_summary import SUMMARY_CODES

_JUDGED_CODES = (
    Code(
        "SL-EV-001",
        "evidence-missing",
        "No evidence was found for the artifact.",
        "ask its publisher for attestations, then name them: sealane verify FILE --evidence PATH; "
        "or let the index be asked: sealane verify FILE --online=index",
    ),
    Code(
        "SL-EV-002",
        "evidence-empty",
        "A container of evidence holds none.",
        "ask its publisher for attestations; an empty container proves nothing",
    ),
    Code(
        "SL-EV-003",
        "evidence-unrelated",
        "An evidence file that was named is about none of the artifacts.",
        "check that it belongs to this release",
    ),
    Code(
        "SL-EV-004",
        "evidence-told",
        "Something lies beside the artifact that proves nothing, and is told all the same.",
        "nothing; a policy can demand that it counts, where it can be proven at all",
    ),
    Code(
        "SL-ID-001",
        "certificate-unreadable",
        "The signing certificate does not say who signed in a form that can be judged.",
        "do not use the artifact; report it to its publisher",
    ),
    Code(
        "SL-ID-002",
        "issuer-mismatch",
        "Another login service than the policy names vouched for the signer.",
        "do not use the artifact unless its publisher announced another forge or login",
    ),
    Code(
        "SL-ID-003",
        "project-mismatch",
        "It was signed by another project than the policy names.",
        "compare the project with the publisher's own page, not with the evidence",
    ),
    Code(
        "SL-ID-004",
        "ref-mismatch",
        "It was signed from another branch or tag than the policy allows for this version.",
        "look at what the publisher's release page says of this version",
    ),
    Code(
        "SL-ID-005",
        "pipeline-mismatch",
        "Another pipeline or workflow file than the policy allows signed it.",
        "ask the publisher whether the pipeline was renamed",
    ),
    Code(
        "SL-ID-006",
        "environment-mismatch",
        "It was not signed in the protected environment that the policy names.",
        "ask the publisher; a job outside the environment can sign without approval",
    ),
    Code(
        "SL-ID-007",
        "runner-mismatch",
        "The kind of machine that signed it is not one the policy allows.",
        "ask the publisher where releases are built",
    ),
    Code(
        "SL-ID-008",
        "project-id-mismatch",
        "The project has the right name and another immutable id: the name changed hands.",
        "do not use the artifact before its publisher has explained the change",
    ),
    Code(
        "SL-ID-009",
        "subject-mismatch",
        "The subject of the certificate is not one the policy names.",
        "compare the name with the publisher's own page, not with the evidence",
    ),
    Code(
        "SL-ID-010",
        "version-unknown",
        "The artifact's name tells no version, so no tag can be compared with it.",
        "name the ref, for instance …@refs/tags/v1.0",
    ),
    Code(
        "SL-ID-011",
        "nobody-named",
        "The evidence holds, but nobody was named whose word counts.",
        "compare the claims with the project's own page, then say whom you trust: sealane verify "
        "FILE --publisher gitlab:group/project, or github:owner/repository",
    ),
    Code(
        "SL-POL-001",
        "no-rule",
        "No rule of the policy is about the artifact, and the default is to deny.",
        "leave the artifact out, or add a rule whose match names it",
    ),
    Code(
        "SL-PRE-001",
        "predicate-missing",
        "No evidence makes the kind of statement that is required.",
        "ask the publisher for it; the evidence at hand says other things",
    ),
    Code(
        "SL-PRE-002",
        "predicate-invalid",
        "A statement does not have the form of its type, or that type may not stand there.",
        "report it to the publisher",
    ),
    Code(
        "SL-REQ-001",
        "requirement-met",
        "A requirement of the policy holds.",
        "nothing",
    ),
    Code(
        "SL-SUB-001",
        "subject-mismatch",
        "The evidence is about other bytes.",
        "the artifact was changed after signing, or the evidence belongs to another file",
    ),
    Code(
        "SL-SUB-002",
        "subject-count",
        "An index-hosted attestation is not about exactly one file.",
        "report it to the index and the publisher",
    ),
    Code(
        "SL-SUB-003",
        "subject-name",
        "An index-hosted attestation names another distribution than the file's name does.",
        "the file was renamed after it was signed, or the attestation is another file's",
    ),
)

_CODES = (
    *ADVISORY_CODES,
    *AGREEMENT_CODES,
    *_JUDGED_CODES,
    *PIN_CODES,
    *POLICY_CODES,
    *PROOF_CODES,
    *SUMMARY_CODES,
)
CODES = tuple(sorted(_CODES, key=lambda code: code.code))
_BY_CODE = {code.code: code for code in CODES}


def code_of(text: str) -> Code:
    """The kind of finding that a code, or a label, names.

    Raises:
        KeyError: There is no such code; a finding without an explanation is a bug.
    """
    return _BY_CODE[text.split(" ", maxsplit=1)[0]]
