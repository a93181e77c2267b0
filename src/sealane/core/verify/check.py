"""Proves one bundle to be about one artifact, step by step; returns the fact, or says why not.

1. The engine proves signature, certificate, log entry and time.
2. An envelope's payload is an in-toto statement.
3. One of its subjects is the artifact; an index-hosted attestation, and a publish statement in
   whatever envelope, has exactly that one, by name.
4. The predicate has the form of its type; an index hosts two types only.

A signature over the file itself has no statement: step 1 has compared the digest.
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
from sealane.core.verify.interface import Engine, Proven
from sealane.core.verify.subject import check_hosted_subject, check_subject
from sealane.errors import InputError, VerificationError

_HOSTED_TYPES = (publish.PREDICATE, provenance.PREDICATE)


def check(
    engine: Engine,
    bundle: bytes,
    artifact: Artifact,
    *,
    evidence: Evidence,
    trust: str,
    notes: tuple[str, ...] = (),
) -> Fact:
    """What a bundle proves about an artifact.

    Args:
        engine: Proves bundles against one trust root.
        bundle: A Sigstore bundle, JSON.
        artifact: What it has to be about; its SHA-256 is known.
        evidence: Where the bundle came from.
        trust: Name and digest of the trust root, for the report.
        notes: What a reader should know of the evidence.

    Raises:
        VerificationError: One of the steps does not hold.
    """
    proven = engine.prove(bundle, artifact.sha256)  # 1
    statement = _statement(proven, artifact, evidence)
    return Fact(
        artifact=artifact,
        statement=statement,
        signer=proven.signer,
        signed_at=proven.signed_at,
        trust=trust,
        evidence=evidence,
        log_index=proven.log_index,
        certificate=proven.certificate,
        notes=notes,
    )


def _statement(proven: Proven, artifact: Artifact, evidence: Evidence) -> Statement | None:
    if proven.payload is None or proven.payload_type is None:
        if evidence.form is not EvidenceForm.SIGSTORE_BUNDLE:
            raise _invalid("a hosted attestation without a statement", "a statement", "nothing")
        return None
    try:
        statement = parse_statement(proven.payload_type, proven.payload)  # 2
    except InputError as error:
        raise VerificationError("SL-SIG-002", error.message) from error
    # Whoever hands over the evidence chooses its form; a publish statement is bound to one name.
    published = statement.predicate_type == publish.PREDICATE
    if evidence.form is EvidenceForm.SIGSTORE_BUNDLE and not published:
        check_subject(statement, artifact)  # 3
    else:
        check_hosted_subject(statement, artifact)
    _check_predicate(statement, evidence)  # 4
    return statement


def _check_predicate(statement: Statement, evidence: Evidence) -> None:
    kind = statement.predicate_type
    if evidence.form is not EvidenceForm.SIGSTORE_BUNDLE and kind not in _HOSTED_TYPES:
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
