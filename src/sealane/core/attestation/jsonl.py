"""Several pieces of evidence in one file, one JSON object a line.

Lines that hold something else are passed over, as the specification wants it, and counted. Nobody
signs the file as a whole: a line may have been taken out, so a policy has to require what it wants.

Spec: in-toto attestation, spec/v1/bundle.md.
"""

from __future__ import annotations

from sealane.core.attestation.bundle import is_bundle
from sealane.core.attestation.envelope import is_envelope
from sealane.core.attestation.strict_json import parse_json
from sealane.core.model.values import dataclass
from sealane.errors import InputError

MOST_LINES = 1000
_WHITE = b" \t\r"


@dataclass(frozen=True, slots=True)
class Lines:
    """What a file of lines holds.

    Attributes:
        bundles: The lines that say they are Sigstore bundles, in order.
        envelopes: The lines that are plain DSSE envelopes, in order.
        ignored: How many lines hold something else; blank ones are not counted.
    """

    bundles: tuple[bytes, ...]
    envelopes: tuple[bytes, ...]
    ignored: int


def parse_lines(content: bytes) -> Lines:
    """Sort the lines of a file; none at all is no error here, and proves nothing.

    Raises:
        InputError: More than 1,000 lines that are not blank.
    """
    stripped = (line.strip(_WHITE) for line in content.split(b"\n"))
    lines = [line for line in stripped if line]
    if len(lines) > MOST_LINES:
        raise InputError(f"evidence: more than {MOST_LINES} lines, got {len(lines)}")
    kinds = [_kind(line) for line in lines]
    return Lines(
        bundles=tuple(line for line, kind in zip(lines, kinds, strict=True) if kind == "bundle"),
        envelopes=tuple(line for line, kind in zip(lines, kinds, strict=True) if kind == "dsse"),
        ignored=kinds.count(""),
    )


def _kind(line: bytes) -> str:
    try:
        members = parse_json(line, "line")
    except InputError:
        return ""
    if not isinstance(members, dict):
        return ""
    if is_bundle(members):
        return "bundle"
    return "dsse" if is_envelope(members) else ""
