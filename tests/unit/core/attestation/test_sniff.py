"""Evidence is told from artifacts by what is in it, and by names that only evidence has."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.mentions import (
    bundles_in,
    envelopes_in,
    mentioned,
    passed_over,
)
from sealane.core.attestation.sniff import (
    is_detached_signature,
    is_named_like_evidence,
    signed_name,
    sniff,
)
from sealane.core.model.artifact import Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.errors import InputError
from support.forms import ARMOURED, OPENPGP, bundle, envelope, layout, metablock

A = "a" * 64
ENVELOPE = json.dumps(envelope(A)).encode()
BUNDLE = json.dumps(bundle(A)).encode()


@pytest.mark.parametrize(
    ("content", "form"),
    [
        (ENVELOPE, EvidenceForm.DSSE_ENVELOPE),
        (BUNDLE, EvidenceForm.SIGSTORE_BUNDLE),
        (json.dumps(bundle(A), indent=1).encode(), EvidenceForm.SIGSTORE_BUNDLE),
        (b'{"verificationMaterial": {}, "mediaType": "odd"}', EvidenceForm.SIGSTORE_BUNDLE),
        (BUNDLE + b"\n" + BUNDLE, EvidenceForm.BUNDLE_LINES),
        (b"# evidence\n" + ENVELOPE, EvidenceForm.BUNDLE_LINES),
        (b'{"attestations": []}', EvidenceForm.NPM_ATTESTATIONS),
        (metablock(layout()), EvidenceForm.IN_TOTO_LAYOUT),
        (OPENPGP, EvidenceForm.OPENPGP_SIGNATURE),
        (ARMOURED, EvidenceForm.OPENPGP_SIGNATURE),
    ],
)
@pytest.mark.parametrize("name", ["x", "x.jsonl"])
def test_a_form_is_told_by_what_is_in_it(content: bytes, form: EvidenceForm, name: str) -> None:
    assert sniff(content, name) is form


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "not JSON"), (b" \n", "not JSON"), (b"PK\3\4", "not JSON"), (b"[]", "of no form"),
        (b'"text"', "of no form"), (b"{}", "of no form"), (b"{}\n{}", "not JSON"),
        (b'{"bomFormat": "CycloneDX"}', "nobody signed"),
        (b'{"spdxVersion": "x"}', "nobody signed"),
        (b'{"signed": {}, "signatures": []}', "without its layout"),
        (OPENPGP[:-1], "cut off"), (b"-----BEGIN PGP MESSAGE-----\n", "detached"),
        (b"x\n" * 1001, "more than 1000 lines"),
    ],
)  # fmt: skip
def test_what_is_no_evidence_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        sniff(content, "x")


@pytest.mark.parametrize(
    ("name", "held"),
    [
        ("f.intoto.jsonl", True), ("f.sigstore.jsonl", True), ("f.build.slsa", True),
        ("f.dsse.json", True), ("f.vsa.json", True), ("f.jsonl", False), ("f.slsa", False),
        ("f.asc", False), ("f.sig", False), ("f.layout", False), ("f.link", False),
    ],
)  # fmt: skip
def test_names_that_artifacts_have_too_make_no_evidence(name: str, *, held: bool) -> None:
    assert is_named_like_evidence(name) is held


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        ("f.whl.asc", "f.whl"), ("f.sig", "f"), ("f.asc.sig", "f.asc"), ("f.whl", None),
        (".asc", None), (".sig", None), ("sig", None),
    ],
)  # fmt: skip
def test_a_signature_is_called_after_what_it_signs(name: str, signed: str | None) -> None:
    assert signed_name(name) == signed


def test_a_detached_signature_is_told_by_its_frame() -> None:
    assert is_detached_signature(OPENPGP)
    assert is_detached_signature(ARMOURED)
    for other in (b"", b"{}", OPENPGP + b"x", ENVELOPE):
        assert not is_detached_signature(other)


def test_an_envelope_is_no_bundle_and_says_what_it_is_about() -> None:
    evidence = Evidence(EvidenceForm.DSSE_ENVELOPE, ENVELOPE, "x")
    assert (bundles_in(evidence), envelopes_in(evidence)) == ((), (ENVELOPE,))
    assert mentioned(evidence) == {Digest("sha256", A)}
    assert passed_over(evidence) == ()


def test_a_detached_signature_does_not_say_what_it_is_about() -> None:
    evidence = Evidence(EvidenceForm.OPENPGP_SIGNATURE, OPENPGP, "x")
    assert (bundles_in(evidence), envelopes_in(evidence)) == ((), ())
    assert mentioned(evidence) == frozenset()


@pytest.mark.parametrize(
    ("digest", "found"),
    [
        ({"algorithm": "SHA2_512", "digest": "A" * 86 + "=="}, {Digest("sha512", "0" * 128)}),
        ({"algorithm": "SHA2_256", "digest": "A" * 43 + "="}, {Digest("sha256", "0" * 64)}),
        ({"algorithm": "SHA3_256", "digest": "A" * 43 + "="}, set()),
        ({"algorithm": "SHA2_512", "digest": "A" * 43 + "="}, set()),
        ({"algorithm": ["SHA2_256"], "digest": "A" * 43 + "="}, set()),
        ({"digest": "A" * 43 + "="}, set()),
    ],
)
def test_the_digest_of_a_signed_file_needs_its_algorithm(
    digest: dict[str, Any], found: set[Digest]
) -> None:
    content = {"mediaType": "x", "messageSignature": {"messageDigest": digest}}
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, json.dumps(content).encode(), "x")
    assert mentioned(evidence) == found


FORMS = st.sampled_from(list(EvidenceForm))
STARTS = st.sampled_from([b"", b"\xc2", b"-----BEGIN PGP SIGNATURE-----\n", b"{", BUNDLE, ENVELOPE])


@given(STARTS, st.binary(max_size=80), st.sampled_from(["x", "x.jsonl"]), FORMS)
def test_no_bytes_raise_anything_else(
    start: bytes, content: bytes, name: str, form: EvidenceForm
) -> None:
    with contextlib.suppress(InputError):
        sniff(start + content, name)
    evidence = Evidence(form, start + content, name, (("a", content),))
    mentioned(evidence)
    for read in (bundles_in, envelopes_in, passed_over):
        try:
            read(evidence)
        except InputError:
            continue
