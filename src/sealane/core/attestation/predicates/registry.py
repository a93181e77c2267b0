"""All predicate types that policies can ask for."""

from __future__ import annotations

from sealane.core.attestation.predicates import provenance, publish, release_manifest
from sealane.core.attestation.predicates.interface import PredicateType

TYPES = (
    PredicateType("publish", (publish.PREDICATE,), publish.parse_publish),
    PredicateType("slsa-provenance", (provenance.PREDICATE,), provenance.parse_provenance),
    PredicateType(
        "release-manifest",
        (release_manifest.PREDICATE,),
        release_manifest.parse_release_manifest,
    ),
)
# A requirement may also ask for any signature over the file itself.
SIGNATURE = "signature"


def names() -> tuple[str, ...]:
    """Every name a requirement may use."""
    return (SIGNATURE, *(kind.name for kind in TYPES))


def by_uri(uri: str) -> PredicateType | None:
    """The type that a URI names; None for one nobody registered."""
    return next((kind for kind in TYPES if uri in kind.uris), None)
