"""Whether a statement is about an artifact: by digest only, names are the signer's business."""

from __future__ import annotations

from sealane.core.model.artifact import STRONG_ALGORITHMS, Artifact
from sealane.core.model.statement import Statement, Subject
from sealane.core.verify.naming import distribution
from sealane.errors import VerificationError

_SHOWN = 3


def is_about(subject: Subject, artifact: Artifact) -> bool:
    """Whether a subject names the artifact: at least one strong digest agrees, and none differs."""
    known = {d.algorithm: d.value for d in artifact.digests if d.algorithm in STRONG_ALGORITHMS}
    compared = [known[d.algorithm] == d.value for d in subject.digests if d.algorithm in known]
    return bool(compared) and all(compared)


def check_subject(statement: Statement, artifact: Artifact) -> None:
    """Check that one of a statement's subjects is the artifact.

    Raises:
        VerificationError: None is.
    """
    if any(is_about(subject, artifact) for subject in statement.subjects):
        return
    raise VerificationError(
        "SL-SUB-001",
        "the statement is about other files",
        expected=str(artifact.digests[0]),
        actual=_listed(statement.subjects),
        hint="the evidence belongs to another file, or the file was changed after signing",
    )


def check_hosted_subject(statement: Statement, artifact: Artifact) -> None:
    """Check the subject of an index-hosted attestation.

    1. There is exactly one subject, and it is the artifact.
    2. Its name is that of the artifact's distribution: equal after parsing, not as text.

    Raises:
        VerificationError: One of these does not hold.

    Spec: PyPA specifications, index-hosted attestations, "Attestation verification".
    """
    if len(statement.subjects) != 1:  # 1
        raise VerificationError(
            "SL-SUB-002",
            "an index-hosted attestation is about exactly one file",
            expected="1 subject",
            actual=f"{len(statement.subjects)} subjects",
        )
    check_subject(statement, artifact)
    # An artifact that is known by digest only has no name to compare.
    if artifact.size is None:
        return
    name = statement.subjects[0].name or ""
    ours, theirs = distribution(artifact.name), distribution(name)
    if ours is None or ours != theirs:  # 2
        raise VerificationError(
            "SL-SUB-003",
            "the attestation names another distribution",
            expected=artifact.name,
            actual=name,
            hint="the file was renamed after it was signed, or the attestation is another file's",
        )


def _listed(subjects: tuple[Subject, ...]) -> str:
    shown = ", ".join(str(subject.digests[0]) for subject in subjects[:_SHOWN])
    more = len(subjects) - _SHOWN
    return f"{shown} and {more} more" if more > 0 else shown
