"""What was found beside, inside or about an artifact: untrusted until proven."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class EvidenceForm(StrEnum):
    """The forms of evidence that are read."""

    SIGSTORE_BUNDLE = "sigstore-bundle"
    PEP740_ATTESTATION = "pep740-attestation"
    PEP740_PROVENANCE = "pep740-provenance"


@dataclass(frozen=True, slots=True)
class Evidence:
    """Untrusted bytes and where they came from.

    Attributes:
        form: What the bytes look like.
        content: The bytes as found.
        origin: Path or URL, for the report.
    """

    form: EvidenceForm
    content: bytes
    origin: str
