"""Tells evidence from artifacts, by what is in a file and by how it is called."""

from __future__ import annotations

from sealane.core.attestation.bundle import is_bundle
from sealane.core.attestation.pep740 import is_attestation, is_provenance
from sealane.core.attestation.strict_json import parse_json
from sealane.core.model.evidence import EvidenceForm
from sealane.errors import InputError

# Names that only evidence has. A file of such a name is never judged as an artifact, whatever is
# in it: otherwise a broken attestation would become one more file that needs an attestation.
SUFFIXES = (".sigstore.json", ".sigstore", ".attestation", ".provenance")


def is_named_like_evidence(name: str) -> bool:
    """Whether a file name is one that only evidence has."""
    return name.endswith(SUFFIXES)


def sniff(content: bytes, name: str) -> EvidenceForm:
    """What form of evidence some bytes are.

    Raises:
        InputError: None that can be read.
    """
    members = parse_json(content, f"evidence {name!r}")
    if isinstance(members, dict):
        if is_bundle(members):
            return EvidenceForm.SIGSTORE_BUNDLE
        if is_attestation(members):
            return EvidenceForm.PEP740_ATTESTATION
        if is_provenance(members):
            return EvidenceForm.PEP740_PROVENANCE
    raise InputError(
        f"evidence {name!r}: neither a Sigstore bundle nor a PEP 740 attestation or provenance",
        hint="name a .sigstore.json, .attestation or .provenance file",
    )
