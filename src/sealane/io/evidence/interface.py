"""What a source of evidence returns, and how one file of evidence is read."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sealane.core.attestation.sniff import sniff
from sealane.core.model.evidence import Evidence
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Collected:
    """What a source found about one artifact.

    Attributes:
        evidence: Untrusted.
        broken: (origin, reason) of what was found and cannot be read.
    """

    evidence: tuple[Evidence, ...] = ()
    broken: tuple[tuple[str, str], ...] = ()

    def __add__(self, other: Collected) -> Collected:
        return Collected(self.evidence + other.evidence, self.broken + other.broken)


def parsed(content: bytes, origin: str) -> Collected:
    """Bytes as evidence, or why they are none."""
    try:
        return Collected((Evidence(sniff(content, origin), content, origin),))
    except InputError as error:
        return Collected(broken=((origin, error.message),))


def read_evidence(path: Path) -> Collected:
    """One file as evidence, or why it is none: a broken file must not hide other artifacts."""
    try:
        content = read_bounded(path, LIMIT, what="evidence")
    except InputError as error:
        return Collected(broken=((str(path), error.message),))
    return parsed(content, str(path))
