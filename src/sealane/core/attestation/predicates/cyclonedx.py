"""A CycloneDX document as a predicate.

Spec: in-toto attestation, spec/predicates/cyclonedx.md.
"""

from __future__ import annotations

from sealane.core.attestation.predicates.interface import family
from sealane.core.attestation.sbom import CYCLONEDX_VERSIONS, outline_cyclonedx

URIS = family("https://cyclonedx.org/bom", *CYCLONEDX_VERSIONS)
parse_cyclonedx = outline_cyclonedx
