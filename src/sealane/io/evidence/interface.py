"""What a source of evidence returns, and how one file of evidence is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

from sealane.core.attestation.sniff import sniff
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.values import dataclass, replace
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

LIMIT = 16 * 1024 * 1024
LINK = ".link"
# Where the links of a step that has a layout of its own lie: the step's name and a key's id.
_SUBLAYOUT = re.compile(r".+\.[0-9A-Fa-f]{8}")


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
    """One file as evidence, or why it is none: a broken file must not hide other artifacts.

    To an in-toto layout belong the links in its folder, and those of the layouts among them.
    """
    try:
        content = read_bounded(path, LIMIT, what="evidence")
        found = parsed(content, str(path))
        if not any(one.form is EvidenceForm.IN_TOTO_LAYOUT for one in found.evidence):
            return found
        return Collected(tuple(_with_links(one, path) for one in found.evidence))
    except InputError as error:
        return Collected(broken=((str(path), error.message),))


def _with_links(evidence: Evidence, path: Path) -> Evidence:
    from sealane.core.attestation.layout import LARGEST_PARTS, MOST_DEPTH, MOST_PARTS

    parts: list[tuple[str, bytes]] = []
    left = LARGEST_PARTS
    for file in _links(path.parent, MOST_DEPTH):
        content = read_bounded(file, min(LIMIT, left), what="link")
        parts.append((file.relative_to(path.parent).as_posix(), content))
        left -= len(content)
        if len(parts) > MOST_PARTS:
            raise InputError(
                f"links beside {path.name!r}: more than {MOST_PARTS}",
                hint="put the layout into a folder with its own links only",
            )
    return replace(evidence, parts=tuple(parts))


def _links(folder: Path, depth: int) -> Iterator[Path]:
    """The links of a folder and of the folders of sublayouts in it, sorted."""
    try:
        entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"links in {str(folder)!r}: {error.strerror}") from error
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if depth > 1 and _SUBLAYOUT.fullmatch(entry.name):
                yield from _links(Path(entry.path), depth - 1)
        elif entry.name.endswith(LINK):
            yield Path(entry.path)
