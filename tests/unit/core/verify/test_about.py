"""What a proven envelope says still has to be a statement about the artifact."""

import json
from datetime import UTC, datetime

import pytest

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.verify.about import fact_about
from sealane.core.verify.interface import Proven
from sealane.errors import VerificationError

SHA = "a" * 64
NAME = "hello-1.0-py3-none-any.whl"
FILE = Artifact(NAME, (Digest("sha256", SHA),), 7)
BUNDLE, HOSTED = EvidenceForm.SIGSTORE_BUNDLE, EvidenceForm.PEP740_ATTESTATION


def given(payload: bytes | None, payload_type: str | None = PAYLOAD_TYPE) -> Proven:
    """What an engine has proven; it is the real engines that prove."""
    signer = Identity("https://login.example.org", "ann@example.org")
    at = datetime(2026, 1, 1, tzinfo=UTC)
    return Proven(signer, payload_type, payload, at, 7, "c" * 64, ("of the proof",))


def statement(kind: str = PUBLISH_V1, predicate: object = None, sha256: str = SHA) -> bytes:
    return json.dumps({
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": NAME, "digest": {"sha256": sha256}}],
        "predicateType": kind, "predicate": predicate,
    }).encode()  # fmt: skip


def checked(proven: Proven, form: EvidenceForm) -> Fact:
    evidence = Evidence(form, b"content", "origin")
    return fact_about(proven, FILE, evidence=evidence, trust="root", notes=("of the evidence",))


@pytest.mark.parametrize("form", [BUNDLE, HOSTED])
def test_a_fact_holds_what_was_proven(form: EvidenceForm) -> None:
    fact = checked(given(statement()), form)
    assert fact.statement is not None
    assert fact.statement.predicate_type == PUBLISH_V1
    assert (fact.artifact, fact.trust, fact.notes) == (
        FILE,
        "root",
        ("of the evidence", "of the proof"),
    )
    assert (fact.log_index, fact.certificate) == (7, "c" * 64)


def test_a_signature_over_the_file_has_no_statement() -> None:
    assert checked(given(None, None), BUNDLE).statement is None


def test_an_unknown_predicate_is_a_fact_of_a_bundle() -> None:
    assert checked(given(statement("https://example.org/x", {"a": 1})), BUNDLE).statement


@pytest.mark.parametrize(
    ("proven", "form", "code"),
    [
        (given(None, None), HOSTED, "SL-PRE-002"),
        (given(statement("https://example.org/x", {})), HOSTED, "SL-PRE-002"),
        (given(statement(predicate={"a": 1})), HOSTED, "SL-PRE-002"),
        (given(statement(predicate={"a": 1})), BUNDLE, "SL-PRE-002"),
        (given(statement("https://slsa.dev/provenance/v1", {})), BUNDLE, "SL-PRE-002"),
        (given(statement(sha256="b" * 64)), BUNDLE, "SL-SUB-001"),
        (given(statement(sha256="b" * 64)), HOSTED, "SL-SUB-001"),
        (given(b"{"), BUNDLE, "SL-SIG-002"),
        (given(statement(), "text/plain"), BUNDLE, "SL-SIG-002"),
        (given(b""), HOSTED, "SL-SIG-002"),
    ],
)
def test_what_is_no_statement_about_the_file_is_refused(
    proven: Proven, form: EvidenceForm, code: str
) -> None:
    with pytest.raises(VerificationError) as raised:
        checked(proven, form)
    assert raised.value.code == code
