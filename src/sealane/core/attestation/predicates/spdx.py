"""An SPDX document as a predicate.

Spec: in-toto attestation, spec/predicates/spdx2.md and spdx3.md.
"""

from __future__ import annotations

from sealane.core.attestation.predicates.interface import family
from sealane.core.attestation.sbom import outline_spdx

URIS = family("https://spdx.dev/Document", "2.2", "2.3", "3", "3.0", "3.0.1")
parse_spdx = outline_spdx
