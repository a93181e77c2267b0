"""PEP 740 and Sigstore bundles become each other without loss; broken ones are refused."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.mentions import bundles_in, mentioned
from sealane.core.attestation.outline import Content, only_timestamp, parse_outline
from sealane.core.attestation.pep740 import (
    MOST_ATTESTATIONS,
    attestation_from_bundle,
    bundle_from_attestation,
    claimed_in_provenance,
)
from sealane.core.attestation.sniff import is_named_like_evidence, sniff
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError

SHA = "a" * 64
STATEMENT = json.dumps({
    "_type": "https://in-toto.io/Statement/v1", "subject": [{"digest": {"sha256": SHA}}],
    "predicateType": "x", "predicate": {},
}).encode()  # fmt: skip


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def attestation(**changed: object) -> dict[str, Any]:
    return {
        "version": 1,
        "verification_material": {
            "certificate": b64(b"certificate"),
            "transparency_entries": [
                {"logIndex": "7", "integratedTime": "9", "inclusionPromise": {"x": "y"}}
            ],
            "timestamps": [b64(b"one"), b64(b"two")],
        },
        "envelope": {"statement": b64(STATEMENT), "signature": b64(b"signature")},
        **changed,
    }


def bundle(**changed: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(bundle_from_attestation(raw(attestation())))
    return {**document, **changed}


def raw(value: object) -> bytes:
    return json.dumps(value).encode()


def material(**changed: object) -> dict[str, object]:
    return {"verification_material": {**attestation()["verification_material"], **changed}}


def test_an_attestation_survives_the_way_there_and_back_with_its_timestamps() -> None:
    there = bundle_from_attestation(raw(attestation()))
    assert json.loads(attestation_from_bundle(there)) == attestation()
    assert parse_outline(there).timestamps == (b"one", b"two")


def test_without_timestamps_none_are_made_up() -> None:
    plain = attestation()
    del plain["verification_material"]["timestamps"]
    there = bundle_from_attestation(raw(plain))
    assert "timestampVerificationData" not in json.loads(there)["verificationMaterial"]
    assert json.loads(attestation_from_bundle(there)) == plain


def test_the_first_certificate_of_an_old_chain_is_the_leaf() -> None:
    old = bundle()
    leaf = old["verificationMaterial"].pop("certificate")
    chain = {"certificates": [leaf, {"rawBytes": b64(b"root")}]}
    old["verificationMaterial"]["x509CertificateChain"] = chain
    kept = json.loads(attestation_from_bundle(raw(old)))
    assert kept["verification_material"]["certificate"] == leaf["rawBytes"]


@pytest.mark.parametrize(
    "changed",
    [
        {"version": 2}, {"version": True}, {"version": "1"}, {"verification_material": None},
        {"envelope": []}, {"envelope": {"statement": "x"}}, material(certificate=None),
        material(transparency_entries=None), material(timestamps=7),
    ],
)  # fmt: skip
def test_a_broken_attestation_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(InputError):
        bundle_from_attestation(raw(attestation(**changed)))


@pytest.mark.parametrize(
    "change",
    [
        {"dsseEnvelope": None}, {"verificationMaterial": None},
        {"verificationMaterial": {"certificate": {"rawBytes": "x"}, "tlogEntries": []}},
        {
            "verificationMaterial": {
                "x509CertificateChain": {"certificates": []}, "tlogEntries": [{}],
            }
        },
        {"dsseEnvelope": {"payloadType": "text/plain", "signatures": [{"sig": "x"}]}},
        {"dsseEnvelope": {"payloadType": "application/vnd.in-toto+json", "signatures": []}},
    ],
)  # fmt: skip
def test_a_bundle_that_is_no_attestation_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(InputError):
        attestation_from_bundle(raw(bundle(**change)))


def provenance(attestations: list[object], **changed: object) -> bytes:
    bundles = [{"publisher": {"kind": "unheard of"}, "attestations": attestations}]
    return raw({"version": 1, "attestation_bundles": bundles, **changed})


def test_a_provenance_object_gives_its_attestations_and_what_the_index_claims() -> None:
    (claimed,) = claimed_in_provenance(provenance([attestation()]))
    assert claimed.publisher == {"kind": "unheard of"}
    assert claimed.bundle == bundle_from_attestation(raw(attestation()))
    assert claimed_in_provenance(provenance([])) == ()
    assert claimed_in_provenance(provenance([], attestation_bundles=[])) == ()


@pytest.mark.parametrize(
    "content",
    [
        provenance([attestation()], version=2), provenance([], attestation_bundles={}),
        provenance([7]), provenance([], attestation_bundles=[{"attestations": []}]),
        provenance([attestation()] * (MOST_ATTESTATIONS + 1)),
    ],
)  # fmt: skip
def test_a_broken_provenance_object_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        claimed_in_provenance(content)


def test_an_outline_says_what_the_bundle_claims() -> None:
    outline = parse_outline(raw(bundle()))
    assert (outline.content, outline.integrated, outline.log_index) == (Content.DSSE, 9, 7)
    (alone,) = parse_outline(only_timestamp(raw(bundle()), 1)).timestamps
    assert alone == b"two"


def entry(**changed: object) -> dict[str, Any]:
    changed_bundle = bundle()
    changed_bundle["verificationMaterial"]["tlogEntries"][0].update(changed)
    return changed_bundle


def stamps(value: object) -> dict[str, Any]:
    changed_bundle = bundle()
    data = {"rfc3161Timestamps": value}
    changed_bundle["verificationMaterial"]["timestampVerificationData"] = data
    return changed_bundle


def test_a_time_without_a_promise_is_no_time() -> None:
    assert parse_outline(raw(entry(inclusionPromise=None))).integrated is None
    assert parse_outline(raw(entry(integratedTime="0"))).integrated is None


@pytest.mark.parametrize(
    "value",
    [
        bundle(mediaType="x"), bundle(mediaType=None), bundle(dsseEnvelope=None),
        bundle(messageSignature={}), entry(logIndex="x"), entry(logIndex=-1),
        entry(logIndex="1" * 20),
        entry(integratedTime="1e9"), entry(integratedTime=True), entry(integratedTime="\u0661"),
        entry(integrated_time="9"), stamps([{"signedTimestamp": "%"}]), stamps([7]), stamps(7),
        stamps([{"signedTimestamp": "AA=="}] * 33),
        bundle(verificationMaterial={"tlogEntries": []}),
        bundle(verificationMaterial={"tlogEntries": [{}, {}]}),
    ],
)  # fmt: skip
def test_an_outline_that_cannot_be_trusted_to_be_read_alike_is_refused(value: object) -> None:
    with pytest.raises(InputError):
        parse_outline(raw(value))


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (raw(bundle()), EvidenceForm.SIGSTORE_BUNDLE),
        (raw(attestation()), EvidenceForm.PEP740_ATTESTATION),
        (provenance([]), EvidenceForm.PEP740_PROVENANCE),
    ],
)
def test_evidence_is_told_by_what_is_in_it(content: bytes, form: EvidenceForm) -> None:
    assert sniff(content, "x") is form
    evidence = Evidence(form, content, "x")
    about = Digest("sha256", SHA)
    expected = frozenset() if form is EvidenceForm.PEP740_PROVENANCE else frozenset({about})
    assert mentioned(evidence) == expected
    assert len(bundles_in(evidence)) == len(expected)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"7", b"PK", raw({"version": 1})])
def test_what_is_no_evidence_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        sniff(content, "x")


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("f.whl.sigstore.json", True), ("f.sigstore", True), ("f.publish.attestation", True),
        ("f.provenance", True), ("f.whl", False), ("provenance.tar.gz", False), ("f.json", False),
    ],
)  # fmt: skip
def test_evidence_is_told_by_its_name(name: str, *, held: bool) -> None:
    assert is_named_like_evidence(name) is held


def test_the_digest_of_a_signature_over_a_file_is_found() -> None:
    message = {"messageDigest": {"algorithm": "SHA2_256", "digest": b64(bytes.fromhex(SHA))}}
    content = raw(bundle(dsseEnvelope=None, messageSignature=message))
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, content, "x")
    assert mentioned(evidence) == {Digest("sha256", SHA)}
    broken = raw(bundle(dsseEnvelope=None, messageSignature={"messageDigest": {"digest": "%"}}))
    assert mentioned(Evidence(EvidenceForm.SIGSTORE_BUNDLE, broken, "x")) == frozenset()


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip
KEYS = st.sampled_from([
    "mediaType", "verificationMaterial", "dsseEnvelope", "messageSignature", "version", "envelope",
    "verification_material", "attestation_bundles",
])  # fmt: skip


@given(st.dictionaries(KEYS, JSON), st.sampled_from(list(EvidenceForm)))
def test_no_evidence_raises_anything_else(members: dict[str, object], form: EvidenceForm) -> None:
    for whole in (members, bundle(**members), attestation(**members)):
        content = raw(whole)
        for read in (parse_outline, bundle_from_attestation, attestation_from_bundle):
            try:
                read(content)
            except InputError:
                continue
        mentioned(Evidence(form, content, "x"))
