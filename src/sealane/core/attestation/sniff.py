"""Tells evidence from artifacts, by what is in a file and by how it is called."""

from __future__ import annotations

from sealane.core.attestation.bundle import is_bundle
from sealane.core.attestation.envelope import is_envelope
from sealane.core.attestation.pep740 import is_attestation, is_provenance
from sealane.core.attestation.strict_json import parse_again
from sealane.core.model.evidence import EvidenceForm
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# The readers of rare forms are imported when a file may have that form: nearly all evidence is a
# bundle or an index-hosted attestation, and a short run is mostly imports.

# Several pieces of evidence, one a line.
_LINES = ".jsonl"
# Names that only evidence has. A file of such a name is never judged as an artifact, whatever is
# in it: otherwise a broken attestation would become one more file that needs an attestation.
SUFFIXES = (
    ".sigstore.json",
    ".sigstore",
    ".attestation",
    ".provenance",
    ".intoto.jsonl",
    ".sigstore.jsonl",
    ".build.slsa",
    ".dsse.json",
    ".vsa.json",
)
# Names that artifacts have too: an ASCII grid is called .asc, an OCaml interface .sig. Such a file
# is evidence only where it is a signature and the file it is called after is judged beside it.
SIGNATURE_SUFFIXES = (".asc", ".sig")


def is_named_like_evidence(name: str) -> bool:
    """Whether a file name is one that only evidence has."""
    return name.endswith(SUFFIXES)


def signed_name(name: str) -> str | None:
    """The name of the file that a detached signature of this name is over; None for other names."""
    suffix = next((one for one in SIGNATURE_SUFFIXES if name.endswith(one)), "")
    return name.removesuffix(suffix) or None if suffix else None


def is_detached_signature(content: bytes) -> bool:
    """Whether bytes are OpenPGP signatures over a file, and nothing else."""
    from sealane.core.attestation.openpgp import signatures_in

    try:
        return bool(signatures_in(content))
    except InputError:
        return False


def sniff(content: bytes, name: str) -> EvidenceForm:
    """What form of evidence some bytes are.

    Args:
        content: The bytes.
        name: What they are called; it tells only that a file may hold several lines of JSON.

    Raises:
        InputError: None that can be read.
    """
    if not content.lstrip().startswith(b"{"):
        from sealane.core.attestation.openpgp import looks_like_openpgp, signatures_in

        if looks_like_openpgp(content):
            signatures_in(content)
            return EvidenceForm.OPENPGP_SIGNATURE
    try:
        members = parse_again(content, f"evidence {name!r}")
    except InputError:
        if name.endswith(_LINES) or _holds_lines(content):
            return EvidenceForm.BUNDLE_LINES
        raise
    form = _form_of(members, content) if isinstance(members, dict) else None
    if form is None and name.endswith(_LINES):
        return EvidenceForm.BUNDLE_LINES
    if form is None:
        raise InputError(f"evidence {name!r}: {_odd(members)}", hint=_HINT)
    return form


_HINT = "docs/guides/evidence.md lists the forms that are read"


def _holds_lines(content: bytes) -> bool:
    from sealane.core.attestation.jsonl import parse_lines

    lines = parse_lines(content)
    return bool(lines.bundles or lines.envelopes)


def _form_of(members: dict[str, JsonValue], content: bytes) -> EvidenceForm | None:
    # One of a version nobody knows is a bundle too, and refused as such.
    if is_bundle(members) or "verificationMaterial" in members:
        return EvidenceForm.SIGSTORE_BUNDLE
    if is_attestation(members):
        return EvidenceForm.PEP740_ATTESTATION
    if is_provenance(members):
        return EvidenceForm.PEP740_PROVENANCE
    return _rare_form_of(members, content)


def _rare_form_of(members: dict[str, JsonValue], content: bytes) -> EvidenceForm | None:
    from sealane.core.attestation.layout import is_layout
    from sealane.core.attestation.npm import is_npm

    if is_layout(members, content):
        return EvidenceForm.IN_TOTO_LAYOUT
    if is_envelope(members):
        return EvidenceForm.DSSE_ENVELOPE
    return EvidenceForm.NPM_ATTESTATIONS if is_npm(members) else None


def _odd(members: JsonValue) -> str:
    from sealane.core.attestation.layout import is_metablock

    if isinstance(members, dict) and is_metablock(members):
        return "an in-toto link proves nothing without its layout"
    if isinstance(members, dict) and {"bomFormat", "spdxVersion"} & members.keys():
        return "a bill of materials that nobody signed proves nothing"
    return "of no form of evidence that is read"
