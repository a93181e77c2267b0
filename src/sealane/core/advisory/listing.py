"""What an index has of a project: as it shows it, or as it will be once manifests are released."""

from __future__ import annotations

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file; digest in lower-case hex, "" where it is not told."""

    name: str
    sha256: str
    yanked: bool = False


@dataclass(frozen=True, slots=True)
class ListedRelease:
    """All files of one version, by its PEP 440 normal form; `predicted` where none is there yet."""

    version: str
    files: tuple[ListedFile, ...]
    predicted: bool = False

    @property
    def yanked(self) -> bool:
        """Whether every file is yanked; a release without files is not there at all."""
        return bool(self.files) and all(file.yanked for file in self.files)


@dataclass(frozen=True, slots=True)
class Listing:
    """The releases of one project, oldest first, by PEP 440.

    Attributes:
        project: Name as PEP 503 writes it.
        releases: Those that have files.
        origin: Where it was read, for the report.
        legacy: File names of which no PEP 440 version can be told; they are no release.
    """

    project: str
    releases: tuple[ListedRelease, ...]
    origin: str
    legacy: tuple[str, ...] = ()

    @property
    def versions(self) -> tuple[str, ...]:
        """All versions, oldest first."""
        return tuple(one.version for one in self.releases)
