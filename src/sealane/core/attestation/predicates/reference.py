"""Documents about the artifact that lie elsewhere, e.g. its SBOM; nothing is fetched from there.

Spec: in-toto attestation, spec/predicates/reference.md, 0.1.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

PREDICATE = "https://in-toto.io/attestation/reference/v0.1"


@dataclass(frozen=True, slots=True)
class Document:
    """A document: where it lies, its media type, and its digests, which may be missing."""

    location: str
    media_type: str
    digests: tuple[Digest, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """Documents, and the URI of the system that provides them."""

    attester: str
    documents: tuple[Document, ...]


def parse_reference(predicate: Mapping[str, JsonValue]) -> Reference:
    """Read a reference.

    Raises:
        InputError: A required member is missing, or one is of another type.
    """
    members = Members(predicate, "reference")
    return Reference(
        members.inner("attester").text("id"),
        tuple(_document(one) for one in members.each("references")),
    )


def _document(members: Members) -> Document:
    return Document(
        members.text("downloadLocation"),
        members.text("mediaType"),
        members.digests_or_none("digest"),
    )
