"""Evidence that others really wrote, in every form, and what each says it is about."""

import json
from pathlib import Path

import pytest
from in_toto.models.layout import Layout  # type: ignore[import-untyped]

from sealane.core.attestation.envelope import parse_base64, parse_envelope
from sealane.core.attestation.mentions import bundles_in, envelopes_in, mentioned
from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.attestation.sniff import sniff
from sealane.core.attestation.statement import parse_statement
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.io.inputs.paths import read_artifact
from support.layouts import OWNER, evidence, prove, refused
from support.vectors import PACK, manifest, needs_pack

pytestmark = needs_pack
CASES = manifest()["bundle_cases"]
FORMS = {
    "message": EvidenceForm.SIGSTORE_BUNDLE,
    "dsse": EvidenceForm.SIGSTORE_BUNDLE,
    "dsse+key": EvidenceForm.SIGSTORE_BUNDLE,
    "dsse-slsa": EvidenceForm.SIGSTORE_BUNDLE,
    "pep740-attestation": EvidenceForm.PEP740_ATTESTATION,
    "pep740-provenance": EvidenceForm.PEP740_PROVENANCE,
    "pep740-sigstore": EvidenceForm.SIGSTORE_BUNDLE,
    "npm-provenance": EvidenceForm.NPM_ATTESTATIONS,
    "npm-publish": EvidenceForm.NPM_ATTESTATIONS,
}
DEMO = PACK / "in-toto"


def found_in(file: Path) -> Evidence:
    content = file.read_bytes()
    return Evidence(sniff(content, file.name), content, file.name)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_real_evidence_is_of_its_form_and_about_its_artifact(case: dict[str, object]) -> None:
    found = found_in(PACK / str(case["bundle"]))
    assert found.form is FORMS[str(case["kind"])]
    digest = case["digest"]
    assert isinstance(digest, dict)
    named = (
        digest.items() if "algorithm" not in digest else [(digest["algorithm"], digest["value"])]
    )
    ((algorithm, value),) = named
    # A bundle of a version that nobody knows is told, and says what it is about, all the same.
    assert Digest(algorithm, value) in mentioned(found)


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["id"]))
def test_every_real_statement_is_read_and_its_type_known(case: dict[str, object]) -> None:
    for bundle, _ in bundles_in(found_in(PACK / str(case["bundle"]))):
        envelope = json.loads(bundle).get("dsseEnvelope")
        if envelope is None:
            continue
        payload = parse_base64(envelope["payload"], "payload")
        statement = parse_statement(envelope["payloadType"], payload)
        kind = by_uri(statement.predicate_type)
        assert kind is not None
        kind.check(statement.predicate)


def test_a_plain_envelope_is_read_with_its_signature() -> None:
    found = found_in(PACK / "dsse" / "intoto_dsse.json")
    assert found.form is EvidenceForm.DSSE_ENVELOPE
    (content,) = envelopes_in(found)
    envelope = parse_envelope(content)
    assert len(envelope.signatures) == 1
    assert parse_statement(envelope.payload_type, envelope.payload).predicate_type.endswith("/v0.2")


@pytest.mark.parametrize("folder", ["demo_files", "demo_dsse_files"])
def test_links_that_others_signed_hold_under_a_layout_of_ours(folder: str) -> None:
    """The demo's own layout, signed here, for the pack has it as a template without a signature."""
    template = (DEMO / "demo_files" / "demo.layout.template").read_bytes()
    parts = tuple((file.name, file.read_bytes()) for file in (DEMO / folder).glob("*.link"))
    artifact = read_artifact(DEMO / "demo_files" / "foo.tar.gz")
    dsse = "dsse" in folder

    def signed(**changed: object) -> bytes:
        members = {**json.loads(template)["signed"], "expires": "2100-01-01T00:00:00Z", **changed}
        return OWNER.sign(Layout.read(members), dsse=dsse)

    refused(evidence(signed(), *parts), "wants commands run", artifact=artifact)
    content = signed(inspect=[])
    proven = prove(evidence(content, *parts), artifact=artifact)
    assert proven.signer == OWNER.trusted().identity
    other = Artifact("foo.tar.gz", (Digest("sha256", "0" * 64),))
    refused(evidence(content, *parts), "made other files", artifact=other)
    refused(evidence(content, *parts[:1]), "LinkNotFoundError", artifact=artifact)
