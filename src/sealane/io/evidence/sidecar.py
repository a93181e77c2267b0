"""Evidence in files: beside an artifact by name, or named on the command line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sealane.core.attestation.mentions import mentioned
from sealane.core.model.artifact import Artifact
from sealane.errors import InputError
from sealane.io.evidence.interface import Collected, read_evidence

SIDECARS = (
    ".sigstore.json",
    ".sigstore",
    ".publish.attestation",
    ".slsa.attestation",
    ".attestation",
    ".provenance",
)
MOST_FILES = 100_000


def sidecars(path: Path) -> tuple[Path, ...]:
    """The files of evidence that lie beside an artifact, by name."""
    beside = (path.with_name(path.name + suffix) for suffix in SIDECARS)
    # A link to nowhere is there, and cannot be read: that has to be said.
    return tuple(file for file in beside if os.path.lexists(file))


def evidence_files(names: Sequence[str]) -> tuple[Path, ...]:
    """The files that `--evidence` names; of folders all their files.

    Raises:
        InputError: One does not exist, or a folder cannot be read.
    """
    found: dict[Path, None] = {}
    for name in names:
        path = Path(name)
        try:
            path.stat()
            files = sorted(path.iterdir()) if path.is_dir() else [path]
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) else str(error)
            raise InputError(
                f"--evidence {name!r}: {reason}", hint="name an existing file or folder"
            ) from error
        if len(files) > MOST_FILES:
            raise InputError(f"--evidence {name!r}: more than {MOST_FILES} files")
        found |= dict.fromkeys(file for file in files if not file.is_dir())
    return tuple(found)


class Pile:
    """Evidence that was named apart from the artifacts, and is dealt out to them.

    A file belongs to the artifact whose name it extends; else to every artifact whose digest it
    mentions; with one artifact only, to that one.

    Args:
        files: The files, read once here.
        artifacts: All artifacts of the run.
    """

    def __init__(self, files: Iterable[Path], artifacts: Sequence[Artifact]) -> None:
        self._dealt: dict[str, Collected] = {}
        self.left: list[str] = []
        for file in files:
            collected = read_evidence(file)
            owners = _owners(file, collected, artifacts)
            for owner in owners:
                self._dealt[owner] = self._dealt.get(owner, Collected()) + collected
            if not owners:
                self.left += [f"{file}: {reason}" for _, reason in collected.broken] or [str(file)]

    def about(self, artifact: Artifact) -> Collected:
        """What belongs to one artifact."""
        return self._dealt.get(_key(artifact), Collected())


def _owners(file: Path, collected: Collected, artifacts: Sequence[Artifact]) -> list[str]:
    named = [one for one in artifacts if file.name in {one.name + end for end in SIDECARS}]
    if named:
        return list(dict.fromkeys(_key(one) for one in named))
    digests = {digest for evidence in collected.evidence for digest in mentioned(evidence)}
    about = [one for one in artifacts if one.sha256 in digests]
    if not about and len(artifacts) == 1:
        about = list(artifacts)
    return list(dict.fromkeys(_key(one) for one in about))


def _key(artifact: Artifact) -> str:
    return f"{artifact.sha256} {artifact.name}"
