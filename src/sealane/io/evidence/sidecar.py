"""Evidence in files: beside an artifact by name, or named on the command line."""

from __future__ import annotations

import contextlib
import os
import re
from collections import Counter
from collections.abc import Container, Iterable, Mapping, Sequence
from pathlib import Path

from sealane.core.attestation.mentions import mentioned
from sealane.core.attestation.sniff import SIGNATURE_SUFFIXES
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.files import open_regular
from sealane.io.evidence.interface import LINK, Collected, read_evidence

SIDECARS = (
    ".sigstore.json",
    ".sigstore",
    ".publish.attestation",
    ".slsa.attestation",
    ".attestation",
    ".provenance",
    ".intoto.jsonl",
    ".sigstore.jsonl",
    ".build.slsa",
    ".dsse.json",
    ".vsa.json",
    *SIGNATURE_SUFFIXES,
)
MOST_FILES = 100_000
_CROWD = 16
_CERTIFICATE = re.compile(rb'"(?:rawBytes|certificate)"\s*:\s*"([A-Za-z0-9+/=]{64,})"')
_SEARCHED = 64 * 1024  # bytes


class Folders:
    """What lies in the folders of many artifacts, listed once instead of asked name by name.

    Args:
        paths: The artifacts; a folder of few of them is not listed, however much is in it.
    """

    def __init__(self, paths: Iterable[Path] = ()) -> None:
        counts = Counter(os.path.dirname(path) for path in paths)
        crowded = [folder for folder, count in counts.items() if count >= _CROWD]
        self._names = {folder: _names_in(folder) for folder in crowded}

    def beside(self, path: Path) -> tuple[Path, ...]:
        """The files of evidence that lie beside an artifact, by name."""
        # As text: making a path for each name that nobody looks at takes longer than to look.
        whole = os.fspath(path)
        folder, name = os.path.split(whole)
        names = self._names.get(folder)
        if names is None:
            # A link to nowhere is there, and cannot be read: that has to be said.
            found = [suffix for suffix in SIDECARS if os.path.lexists(whole + suffix)]
        else:
            found = [suffix for suffix in SIDECARS if name + suffix in names]
        return tuple([path.with_name(name + suffix) for suffix in found])


def _names_in(folder: str) -> frozenset[str] | None:
    """The evidence in a folder; None where it cannot be listed, though maybe asked name by name."""
    try:
        return frozenset([one for one in os.listdir(folder or os.curdir) if one.endswith(SIDECARS)])
    except OSError:
        return None


def is_beside(file: str, artifacts: Container[str]) -> bool:
    """Whether a file of evidence belongs, by its name, to one of some artifacts.

    Args:
        file: Absolute path of the file.
        artifacts: Absolute paths of the artifacts.
    """
    return any(
        file.endswith(suffix) and file.removesuffix(suffix) in artifacts for suffix in SIDECARS
    )


def first_certificate(path: Path, folders: Folders) -> bytes:
    """What tells files apart that were not signed by the same certificate.

    Only to sort a batch by: nothing is believed, and what cannot be read sorts as empty.

    Args:
        path: An artifact.
        folders: What lies beside it.

    Returns:
        The certificate of the first bundle beside the file, base64; b"" where none is seen.
    """
    for file in folders.beside(path):
        with contextlib.suppress(OSError), open_regular(file) as stream:
            found = _CERTIFICATE.search(stream.read(_SEARCHED))
            if found:
                return found[1]
    return b""


def evidence_files(names: Sequence[str]) -> tuple[Path, ...]:
    """The files that `--evidence` names; of folders all their files.

    In-toto links are left out of a folder: they are read with their layout.

    Raises:
        InputError: One does not exist, or a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        try:
            path.stat()
            files = _files_in(path) if path.is_dir() else [path]
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(
                f"--evidence {name!r}: {reason}", hint="name an existing file or folder"
            ) from error
        if len(files) > MOST_FILES:
            raise InputError(f"--evidence {name!r}: more than {MOST_FILES} files")
        found |= dict.fromkeys(file for file in files if not file.is_dir())
    return tuple(found)


def _files_in(folder: Path) -> list[Path]:
    return sorted(file for file in folder.iterdir() if file.suffix != LINK)


@dataclass(frozen=True, slots=True)
class _Item:
    """One file that was named apart from the artifacts: what it holds, and whose it is."""

    file: Path
    collected: Collected
    names: frozenset[str]
    digests: frozenset[Digest]


class Pile:
    """Evidence that was named apart from the artifacts, and is dealt out to them.

    A file belongs to the artifact whose name it extends; else to every artifact whose digest it
    mentions; with one artifact only, to that one.

    Args:
        files: The files, read once here.
        names: Names of all artifacts of the run.
    """

    def __init__(self, files: Iterable[Path], names: Sequence[str]) -> None:
        self._single = len(names) == 1
        files = list(files)
        # Of many artifacts these are a hundred thousand names; most runs have no such files.
        extended = {name + end: name for name in names for end in SIDECARS} if files else {}
        self._items = [_item(file, extended) for file in files]
        self._by_name: dict[str, list[_Item]] = {}
        self._by_digest: dict[Digest, list[_Item]] = {}
        for item in self._items:
            for name in item.names:
                self._by_name.setdefault(name, []).append(item)
            for digest in item.digests:
                self._by_digest.setdefault(digest, []).append(item)

    @property
    def algorithms(self) -> tuple[str, ...]:
        """Digest algorithms by which its files name artifacts."""
        return tuple(sorted({digest.algorithm for digest in self._by_digest}))

    def about(self, artifact: Artifact) -> Collected:
        """What belongs to one artifact."""
        return sum((item.collected for item in self._of(artifact)), Collected())

    def left(self, artifacts: Iterable[Artifact]) -> tuple[str, ...]:
        """The files that belong to none of the artifacts, and why those that are broken are."""
        dealt = {item.file for artifact in artifacts for item in self._of(artifact)}
        return tuple(
            text for item in self._items if item.file not in dealt for text in _described(item)
        )

    def _of(self, artifact: Artifact) -> list[_Item]:
        if self._single:
            return self._items
        named = self._by_name.get(artifact.name, [])
        mentioned = [one for digest in artifact.digests for one in self._by_digest.get(digest, ())]
        return named + list({one.file: one for one in mentioned}.values())


def _item(file: Path, extended: Mapping[str, str]) -> _Item:
    collected = read_evidence(file)
    if file.name in extended:
        return _Item(file, collected, frozenset({extended[file.name]}), frozenset())
    found = {digest for evidence in collected.evidence for digest in mentioned(evidence)}
    return _Item(file, collected, frozenset(), frozenset(found))


def _described(item: _Item) -> tuple[str, ...]:
    broken = tuple(f"{item.file}: {reason}" for _, reason in item.collected.broken)
    return broken or (str(item.file),)
