"""Step 9: what was proven is about this artifact; then, and only then, it is a fact.

1. An envelope's payload is an in-toto statement.
2. One of its subjects is the artifact; an index-hosted attestation, and a publish statement in
   whatever envelope, has exactly that one, by name.
3. The predicate has the form of its type; an index hosts two types only.

A signature over the file itself has no statement: the engine has compared the digest.
"""

from __future__ import annotations

from sealane.core.attestation.predicates import provenance, publish
from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.attestation.statement import parse_statement
from sealane.core.model.artifact import Artifact
from sealane.core.model.codes import code_of
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.statement import Statement
from sealane.core.verify.interface import Proven
from sealane.core.verify.subject import check_hosted_subject, check_subject
from sealane.errors import InputError, VerificationError

_HOSTED_TYPES = (publish.PREDICATE, provenance.PREDICATE)
_HOSTED_FORMS = (EvidenceForm.PEP740_ATTESTATION, EvidenceForm.PEP740_PROVENANCE)


def fact_about(
    proven: Proven,
    artifact: Artifact,
    *,
    evidence: Evidence,
    trust: str,
    roots: tuple[str, ...] = (),
    notes: tuple[str, ...] = (),
) -> Fact:
    """The fact that something proven is about an artifact.

    Args:
        proven: What a prover returned.
        artifact: What it has to be about.
        evidence: What it was proven from.
        trust: Name and digest of the trust root, for the report.
        roots: What the policy calls that root.
        notes: What a reader should know of the evidence.

    Raises:
        VerificationError: It is about something else, or says nothing that can be read.
    """
    return Fact(
        artifact=artifact,
        statement=_statement(proven, artifact, evidence),
        signer=proven.signer,
        signed_at=proven.signed_at,
        trust=trust,
        evidence=evidence,
        log_index=proven.log_index,
        certificate=proven.certificate,
        notes=(*notes, *proven.notes),
        roots=roots,
        log_generation=proven.log_generation,
    )


def _statement(proven: Proven, artifact: Artifact, evidence: Evidence) -> Statement | None:
    hosted = evidence.form in _HOSTED_FORMS
    if proven.payload is None or proven.payload_type is None:
        if hosted:
            raise _invalid("a hosted attestation without a statement", "a statement", "nothing")
        return None
    try:
        statement = parse_statement(proven.payload_type, proven.payload)  # 1
    except InputError as error:
        raise VerificationError("SL-SIG-002", error.message) from error
    # Whoever hands over the evidence chooses its form; a publish statement is bound to one name.
    if hosted or statement.predicate_type == publish.PREDICATE:
        check_hosted_subject(statement, artifact)
    else:
        check_subject(statement, artifact)  # 2
    _check_predicate(statement, hosted=hosted)  # 3
    return statement


def _check_predicate(statement: Statement, *, hosted: bool) -> None:
    kind = statement.predicate_type
    if hosted and kind not in _HOSTED_TYPES:
        expected = " or ".join(_HOSTED_TYPES)
        raise _invalid("the statement's type may not be hosted by an index", expected, kind)
    known = by_uri(kind)
    if known is None:
        return
    try:
        known.check(statement.predicate)
    except InputError as error:
        raise _invalid(error.message, f"a predicate of type {kind}", "") from error


def _invalid(message: str, expected: str, actual: str) -> VerificationError:
    hint = code_of("SL-PRE-002").hint
    return VerificationError("SL-PRE-002", message, expected=expected, actual=actual, hint=hint)
