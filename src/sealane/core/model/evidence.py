"""What was found beside, inside or about an artifact: untrusted until proven."""

from __future__ import annotations

import hashlib
from enum import StrEnum

from sealane.core.model.values import dataclass, replace


class EvidenceForm(StrEnum):
    """The forms of evidence that are read."""

    SIGSTORE_BUNDLE = "sigstore-bundle"
    BUNDLE_LINES = "bundle-lines"
    PEP740_ATTESTATION = "pep740-attestation"
    PEP740_PROVENANCE = "pep740-provenance"
    NPM_ATTESTATIONS = "npm-attestations"
    DSSE_ENVELOPE = "dsse-envelope"
    IN_TOTO_LAYOUT = "in-toto-layout"
    OPENPGP_SIGNATURE = "openpgp-signature"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Untrusted bytes and where they came from.

    Attributes:
        form: What the bytes look like.
        content: The bytes as found.
        origin: Path or URL, for the report.
        parts: Further files that belong to it, by name: the links beside an in-toto layout.
        sha256: Digest of the bytes, lower-case hex; "" where a run was not asked for details.
        part_digests: The same of each part, by name.
    """

    form: EvidenceForm
    content: bytes
    origin: str
    parts: tuple[tuple[str, bytes], ...] = ()
    sha256: str = ""
    part_digests: tuple[tuple[str, str], ...] = ()


def with_digests(evidence: Evidence) -> Evidence:
    """Evidence with the digests of its bytes, by which a summary names it."""
    return replace(
        evidence,
        sha256=hashlib.sha256(evidence.content).hexdigest(),
        part_digests=tuple(
            (name, hashlib.sha256(content).hexdigest()) for name, content in evidence.parts
        ),
    )
