"""What a software bill of materials says of itself; what it lists is not judged here.

Spec: CycloneDX 1.2 to 1.7 (JSON); SPDX 2.2 and 2.3 (JSON) and 3.0 (JSON-LD).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum

from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import as_text, parse_object
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

CYCLONEDX_VERSIONS = ("1.2", "1.3", "1.4", "1.5", "1.6", "1.7")
_SPDX_2 = {"SPDX-2.2": "2.2", "SPDX-2.3": "2.3"}
_SPDX_3 = re.compile(r"https://spdx\.org/rdf/(3\.0(?:\.[0-9]{1,3})?)/spdx-context\.jsonld")


class SbomFormat(StrEnum):
    """The formats that are read."""

    CYCLONEDX = "CycloneDX"
    SPDX = "SPDX"


@dataclass(frozen=True, slots=True)
class Sbom:
    """A bill of materials, outlined.

    Attributes:
        format: Whose format it has.
        version: Of that format, e.g. "1.6".
        serial: What names this document: CycloneDX's serial number, SPDX's namespace or id; ""
            where nothing does.
        components: How many components or packages it lists, those within others too.
    """

    format: SbomFormat
    version: str
    serial: str
    components: int


def parse_sbom(content: bytes, place: str = "SBOM") -> Sbom:
    """Outline a document.

    Args:
        content: JSON, UTF-8.
        place: What it is called in errors.

    Raises:
        InputError: Not JSON, of no format or version that is read, or a member is of another type.
    """
    members = parse_object(content, place)
    if "bomFormat" in members:
        return outline_cyclonedx(members, place)
    if "spdxVersion" in members or "@context" in members:
        return outline_spdx(members, place)
    raise InputError(
        f"{place}: neither CycloneDX nor SPDX in JSON",
        hint="XML and tag-value documents are not read",
    )


def outline_cyclonedx(document: Mapping[str, JsonValue], place: str = "CycloneDX") -> Sbom:
    """Outline a CycloneDX document.

    Raises:
        InputError: It says it is something else, or of a version that is not read, or a member is
            of another type.
    """
    members = Members(document, place)
    if members.value("bomFormat") != "CycloneDX":
        raise InputError(f"{place}: bomFormat: expected 'CycloneDX'")
    version = members.text("specVersion")
    if version not in CYCLONEDX_VERSIONS:
        known = ", ".join(CYCLONEDX_VERSIONS)
        raise InputError(f"{place}: specVersion: expected one of {known}, got {version[:20]!r}")
    return Sbom(
        SbomFormat.CYCLONEDX, version, members.text_or_empty("serialNumber"), _components(members)
    )


def outline_spdx(document: Mapping[str, JsonValue], place: str = "SPDX") -> Sbom:
    """Outline an SPDX document, of version 2 or 3.

    Raises:
        InputError: It is of a version that is not read, or a member is missing or of another type.
    """
    members = Members(document, place)
    if members.has("spdxVersion"):
        return _spdx_2(members)
    context = as_text(members.value("@context"), f"{place}: @context")
    known = _SPDX_3.fullmatch(context)
    if known is None:
        raise InputError(f"{place}: @context: expected that of SPDX 3.0, got {context[:60]!r}")
    elements = members.each("@graph")
    kinds = [_kind(element) for element in elements]
    if kinds.count("SpdxDocument") != 1:
        raise InputError(f"{place}: @graph: expected one SpdxDocument")
    document_id = elements[kinds.index("SpdxDocument")].text("spdxId")
    return Sbom(SbomFormat.SPDX, known[1], document_id, kinds.count("software_Package"))


def _spdx_2(members: Members) -> Sbom:
    written = members.text("spdxVersion")
    version = _SPDX_2.get(written)
    if version is None:
        raise InputError(
            f"{members.place}: spdxVersion: expected one of {', '.join(_SPDX_2)}, "
            f"got {written[:20]!r}"
        )
    if members.text("SPDXID") != "SPDXRef-DOCUMENT":
        raise InputError(f"{members.place}: SPDXID: expected 'SPDXRef-DOCUMENT'")
    packages = members.each_or_none("packages")
    return Sbom(SbomFormat.SPDX, version, members.text_or_empty("documentNamespace"), len(packages))


def _components(members: Members) -> int:
    """Components at every depth; a loop, for the depth is the writer's choice."""
    count, left = 0, [members]
    while left:
        inner = left.pop().each_or_none("components")
        count += len(inner)
        left += inner
    return count


def _kind(element: Members) -> str:
    # Both spellings are JSON-LD; the context makes "type" stand for "@type".
    return element.text_or_empty("type") or element.text_or_empty("@type")
