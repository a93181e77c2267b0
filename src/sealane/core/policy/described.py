"""Which packages a bill of materials is about: its own subject, not what it lists beside it.

Whatever depends on a package lists it too, so that it is listed says nothing.

Spec: CycloneDX 1.2 to 1.7, "metadata.component"; SPDX 2.3, section 11.1 (DESCRIBES); SPDX 3.0,
"rootElement".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue

_DOCUMENT = "SPDXRef-DOCUMENT"
_PLACE = "bill of materials"


def described_packages(document: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Package URLs of what a bill is about, without qualifiers and subpaths.

    Raises:
        InputError: A member is of another type than its format has there.
    """
    members = Members(document, _PLACE)
    if members.has("bomFormat"):
        component = members.inner_or_empty("metadata").inner_or_empty("component")
        found = iter((component.text_or_empty("purl"),))
    elif members.has("spdxVersion"):
        found = _spdx_2(members)
    else:
        found = _spdx_3(members)
    return tuple(dict.fromkeys(_plain(one) for one in found if one))


def _spdx_2(members: Members) -> Iterator[str]:
    about = {
        one.text_or_empty("relatedSpdxElement")
        for one in members.each_or_none("relationships")
        if one.text_or_empty("relationshipType") == "DESCRIBES"
        and one.text_or_empty("spdxElementId") == _DOCUMENT
    }
    # Version 2.2 has a list of its own for the same thing.
    about.update(members.texts_or_none("documentDescribes"))
    for package in members.each_or_none("packages"):
        if package.text_or_empty("SPDXID") in about - {""}:
            for reference in package.each_or_none("externalRefs"):
                if reference.text_or_empty("referenceType") == "purl":
                    yield reference.text_or_empty("referenceLocator")


def _spdx_3(members: Members) -> Iterator[str]:
    elements = {one.text_or_empty("spdxId"): one for one in members.each("@graph")}
    waiting = [one for one in elements.values() if _kind(one) == "SpdxDocument"]
    seen: set[str] = set()
    while waiting:
        for name in waiting.pop().texts_or_none("rootElement"):
            element = elements.get(name)
            if element is None or name in seen:
                continue
            seen.add(name)
            if _kind(element) == "software_Package":
                yield element.text_or_empty("software_packageUrl")
            else:
                waiting.append(element)


def _kind(element: Members) -> str:
    return element.text_or_empty("type") or element.text_or_empty("@type")


def _plain(purl: str) -> str:
    return purl.partition("#")[0].partition("?")[0]
