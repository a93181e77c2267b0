"""Bills of materials: what they say of themselves."""

import json
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.sbom import Sbom, SbomFormat, parse_sbom
from sealane.errors import InputError
from support.predicates import CYCLONEDX, SPDX_2, SPDX_3

CDX = "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79"


@pytest.mark.parametrize(
    ("document", "outline"),
    [
        (CYCLONEDX, Sbom(SbomFormat.CYCLONEDX, "1.6", CDX, 5)),
        (
            {"bomFormat": "CycloneDX", "specVersion": "1.2"},
            Sbom(SbomFormat.CYCLONEDX, "1.2", "", 0),
        ),
        (SPDX_2, Sbom(SbomFormat.SPDX, "2.3", "https://example.org/sbom/1", 2)),
        (
            {"spdxVersion": "SPDX-2.2", "SPDXID": "SPDXRef-DOCUMENT"},
            Sbom(SbomFormat.SPDX, "2.2", "", 0),
        ),
        (SPDX_3, Sbom(SbomFormat.SPDX, "3.0.1", "https://example.org/doc", 2)),
    ],
)
def test_a_document_is_outlined(document: dict[str, Any], outline: Sbom) -> None:
    assert parse_sbom(json.dumps(document).encode()) == outline


@pytest.mark.parametrize(
    "document",
    [
        {}, {"bomFormat": "cyclonedx", "specVersion": "1.6"}, {"bomFormat": "CycloneDX"},
        CYCLONEDX | {"specVersion": "2.0"}, CYCLONEDX | {"specVersion": 1.6},
        CYCLONEDX | {"components": {}}, CYCLONEDX | {"components": [1]},
        CYCLONEDX | {"components": [{"components": 1}]}, CYCLONEDX | {"serialNumber": 7},
        SPDX_2 | {"spdxVersion": "SPDX-1.0"}, SPDX_2 | {"SPDXID": "x"}, SPDX_2 | {"packages": 1},
        SPDX_2 | {"spdxVersion": None}, SPDX_3 | {"@context": "https://example.org/3.0"},
        SPDX_3 | {"@context": ["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"]},
        SPDX_3 | {"@graph": []}, SPDX_3 | {"@graph": [1]},
        SPDX_3 | {"@graph": [{"type": "SpdxDocument", "spdxId": "x"}] * 2},
        SPDX_3 | {"@graph": [{"type": "SpdxDocument"}]}, SPDX_3 | {"@graph": [{"type": 1}]},
    ],
    ids=lambda document: json.dumps(document)[:60],
)  # fmt: skip
def test_a_document_that_is_not_read_is_refused(document: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="here"):
        parse_sbom(json.dumps(document).encode(), "here")


def installed() -> list[tuple[str, bytes]]:
    """Documents inside the packages that these tests run with, as their makers wrote them."""
    files = (file for one in distributions() for file in one.files or () if "sboms" in file.parts)
    return [(str(file), Path(str(file.locate())).read_bytes()) for file in files]


def test_documents_of_real_packages_are_outlined() -> None:
    found = {name: parse_sbom(content, name) for name, content in installed()}
    assert all(outline.format is SbomFormat.CYCLONEDX for outline in found.values())
    (listed,) = (one.components for name, one in found.items() if "cryptography-rust" in name)
    assert listed > 0


@pytest.mark.parametrize("content", [b"", b"<bom/>", b"SPDXVersion: SPDX-2.3\n", b"[]", b"\xff"])
def test_another_syntax_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_sbom(content)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@given(st.sampled_from([CYCLONEDX, SPDX_2, SPDX_3]), st.data())
def test_no_document_raises_anything_else(document: dict[str, Any], data: st.DataObject) -> None:
    changed = document | data.draw(st.dictionaries(st.sampled_from(sorted(document)), JSON))
    try:
        parse_sbom(json.dumps(changed).encode())
    except InputError:
        return
