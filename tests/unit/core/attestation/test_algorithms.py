"""Which digests a file needs is seen in its evidence, whatever encoding it is in."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.algorithms import algorithms_in
from sealane.core.model.evidence import Evidence, EvidenceForm

FORMS = sorted(EvidenceForm)


def seen(content: bytes, form: EvidenceForm = EvidenceForm.BUNDLE_LINES) -> tuple[str, ...]:
    return algorithms_in(Evidence(form, content, "x"))


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", ()),
        (b'{"sha256": "00"}', ()),
        (b'{"sha384": "00"}', ("sha384",)),
        (b'{"algorithm": "SHA2_512"}', ("sha512",)),
        (b'{"sha512": 1, "sha384": 2}', ("sha384", "sha512")),
    ],
)
def test_an_algorithm_is_seen_by_its_name(content: bytes, found: tuple[str, ...]) -> None:
    for form in FORMS:
        assert seen(content, form) == found


@given(st.binary(max_size=40), st.binary(max_size=40), st.sampled_from(["sha384", "sha512"]))
def test_an_algorithm_is_seen_through_base64_wherever_it_stands(
    before: bytes, after: bytes, name: str
) -> None:
    payload = base64.b64encode(before + name.encode() + after).decode()
    for form in FORMS:
        assert name in seen(json.dumps({"payload": payload}).encode(), form)
    for form, holder, member in (
        (EvidenceForm.SIGSTORE_BUNDLE, "dsseEnvelope", "payload"),
        (EvidenceForm.PEP740_ATTESTATION, "envelope", "statement"),
    ):
        assert name in seen(json.dumps({holder: {member: payload}}).encode(), form)


@pytest.mark.parametrize("form", [EvidenceForm.SIGSTORE_BUNDLE, EvidenceForm.PEP740_ATTESTATION])
@pytest.mark.parametrize(
    "content",
    [
        b"sha512", b'["sha512"]', b'{"dsseEnvelope": ["sha512"]}', b'{"envelope": "sha512"}',
        b'{"dsseEnvelope": {"payload": 1, "x": "sha512"}}',
        b'{"envelope": {"statement": "sha512?"}}',
        b'{"dsseEnvelope": {"payload": "x"}, "x": "sha512"}',
    ],
)  # fmt: skip
def test_in_what_is_broken_a_name_is_seen_all_the_same(form: EvidenceForm, content: bytes) -> None:
    assert seen(content, form) == ("sha512",)
