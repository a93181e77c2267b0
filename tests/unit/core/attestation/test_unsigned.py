"""Documents that prove nothing by themselves are told for what they are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.sniff import sniff
from sealane.core.attestation.unsigned import LINK, SBOM, STATEMENT, parse_unsigned
from sealane.errors import InputError
from support.forms import bundle, envelope, enveloped, layout, link, metablock, statement

CYCLONEDX = {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{}, {}]}
SPDX3 = {
    "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
    "@graph": [{"type": "SpdxDocument", "spdxId": "https://example.org/d"}],
}


def read(document: object) -> object:
    return parse_unsigned(json.dumps(document).encode())


def test_a_bill_of_materials_is_outlined() -> None:
    found = parse_unsigned(json.dumps(CYCLONEDX).encode())
    assert found is not None
    assert found.form == SBOM
    assert dict(found.facts) == {"format": "CycloneDX", "version": "1.6", "components": "2"}
    spdx = parse_unsigned(json.dumps(SPDX3).encode())
    assert spdx is not None
    assert dict(spdx.facts)["serial"] == "https://example.org/d"


def test_a_broken_bill_of_materials_says_why() -> None:
    found = parse_unsigned(json.dumps({**CYCLONEDX, "specVersion": "9"}).encode())
    assert found is not None
    assert "specVersion" in found.problem


def test_a_bare_statement_is_read_and_marked_as_unsigned() -> None:
    found = parse_unsigned(statement("ab" * 32))
    assert found is not None
    assert found.form == STATEMENT
    assert found.statement is not None
    assert "nobody signed" in found.what
    broken = parse_unsigned(b'{"predicateType": "x", "subject": []}')
    assert broken is not None
    assert broken.statement is None
    assert "_type" in broken.problem


@pytest.mark.parametrize("content", [metablock(link()), enveloped(link())], ids=["classic", "dsse"])
def test_a_link_is_told_with_its_signatures(content: bytes) -> None:
    found = parse_unsigned(content)
    assert found is not None
    assert (found.form, found.signatures) == (LINK, 1)
    assert dict(found.facts)["name"] == "package"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{", b"[]", b"{}", b'{"@context": "x"}', json.dumps(bundle()).encode(),
        json.dumps(envelope("ab" * 32)).encode(), metablock(layout()), enveloped(layout()),
        metablock({"_type": "link"}),
    ],
)  # fmt: skip
def test_other_bytes_are_none_of_them(content: bytes) -> None:
    assert parse_unsigned(content) is None


def test_none_of_them_is_evidence() -> None:
    for document in (json.dumps(CYCLONEDX).encode(), statement("ab" * 32), metablock(link())):
        with pytest.raises(InputError):
            sniff(document, "f")


@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["signed", "signatures", "_type", "subject", "predicateType", "bomFormat",
                         "specVersion", "@context", "@graph", "payload", "payloadType"]),
        inner, max_size=5),
    max_leaves=12,
))  # fmt: skip
def test_no_document_ends_the_reading(document: object) -> None:
    read(document)
