"""Bills of materials inside a wheel; they are covered by whatever covers the wheel.

1. The wheel is read once, and its frame as strictly as before a release: no member twice, no links,
   no names that lead elsewhere, no bytes outside of members.
2. Only members below `*.dist-info/sboms/` are unpacked, within bounds on count, size and ratio.
3. Each is outlined by itself; one that cannot be read does not hide the others.

Spec: PEP 770; PyPA specifications, binary distribution format.
"""

from __future__ import annotations

import hashlib
import os
import struct
from pathlib import Path

from sealane.core.archives.limits import ARTIFACT_LIMIT
from sealane.core.archives.member import Member
from sealane.core.archives.zip import read_zip
from sealane.core.attestation.sbom import Sbom, parse_sbom
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.files import open_regular, read_bounded

MOST_SBOMS = 100
LARGEST_SBOM = 16 * 1024 * 1024  # bytes
LARGEST_TOGETHER = 64 * 1024 * 1024  # bytes
# Deflate packs a thousand to one at most; JSON of real documents packs ten to thirty to one.
HIGHEST_RATIO = 200
_SMALL = 64 * 1024  # bytes below which a ratio says nothing
# The end record: signature, then size and start of the directory.
_END = struct.Struct("<4s8x2L2x")
_END_SIGNATURE = b"PK\x05\x06"
_LARGEST_DIRECTORY = 64 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Enclosed:
    """One file below `sboms/`.

    Attributes:
        name: Its path in the wheel.
        sha256: Of its content, lower-case hex.
        sbom: What it says of itself; None where it cannot be read.
        reason: Why it cannot be read; "" where it can.
    """

    name: str
    sha256: str
    sbom: Sbom | None
    reason: str = ""

    def __str__(self) -> str:
        """One line for a report."""
        if self.sbom is None:
            return f"{self.name} (sha256:{self.sha256}): not read: {self.reason}"
        said = f"{self.sbom.format} {self.sbom.version}, {self.sbom.components} components"
        return f"{self.name} (sha256:{self.sha256}): {said}"


def names_sboms(path: Path) -> bool:
    """Whether a wheel's directory names any bill of materials; most do not, and are left unread.

    False for what is no zip file: then there is nothing in it to tell.

    Raises:
        OSError: The file cannot be read.
    """
    with open_regular(path) as stream:
        end = stream.seek(0, os.SEEK_END) - _END.size
        if end < 0:
            return False
        stream.seek(end)
        signature, size, start = _END.unpack(stream.read(_END.size))
        if signature != _END_SIGNATURE or start + size > end:
            return False
        stream.seek(start)
        return b"/sboms/" in stream.read(min(size, _LARGEST_DIRECTORY))


def sboms_in_wheel(path: Path, sha256: str) -> tuple[Enclosed, ...]:
    """Every bill of materials inside a wheel, by name; empty where there is none.

    Args:
        path: The wheel.
        sha256: The digest it was judged by, lower-case hex: what is told is in those bytes.

    Raises:
        InputError: The file is missing, too large, another one, or no zip file that is safe to
            read; the documents are too many, too large, packed too tightly, or in several folders.
    """
    chosen = _Chosen(path.name)
    content = read_bounded(path, ARTIFACT_LIMIT, what="wheel")  # 1
    if hashlib.sha256(content).hexdigest() != sha256:
        raise InputError(f"wheel {path.name!r}: it changed while it was judged")
    archive = read_zip(content, path.name, chosen)  # 2
    chosen.check_folders()
    files = archive.files()
    return tuple(_enclosed(files[name]) for name in sorted(chosen.names & files.keys()))  # 3


class _Chosen:
    """Says which members are unpacked, and keeps the bounds; it is asked once for each."""

    def __init__(self, place: str) -> None:
        self.names: set[str] = set()
        self._place = place
        self._total = 0

    def __call__(self, name: str, packed: int, size: int) -> bool:
        folder, _, inner = name.partition("/")
        if not folder.endswith(".dist-info") or not inner.startswith("sboms/"):
            return False
        self.names.add(name)
        self._total += size
        shown = f"{self._place}: {name}"
        if len(self.names) > MOST_SBOMS:
            raise InputError(f"{shown}: more than {MOST_SBOMS} files below sboms/")
        if size > LARGEST_SBOM or self._total > LARGEST_TOGETHER:
            raise InputError(
                f"{shown}: unpacks to {size} bytes, expected at most {LARGEST_SBOM}, and "
                f"{LARGEST_TOGETHER} for all"
            )
        if size > max(_SMALL, packed * HIGHEST_RATIO):
            raise InputError(f"{shown}: {packed} bytes unpack to {size}, as no document does")
        return True

    def check_folders(self) -> None:
        """Check that all are in one folder: a wheel has one, and installers look at one."""
        folders = sorted({name.partition("/")[0] for name in self.names})
        if len(folders) > 1:
            raise InputError(f"{self._place}: sboms/ in several folders: {', '.join(folders[:3])}")


def _enclosed(member: Member) -> Enclosed:
    sha256 = hashlib.sha256(member.content).hexdigest()
    try:
        return Enclosed(member.name, sha256, parse_sbom(member.content))
    except InputError as error:
        return Enclosed(member.name, sha256, None, error.message)
