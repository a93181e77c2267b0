"""What the package index has: projects, releases and files, as values."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from sealane.errors import InputError

# PEP 792.
STATUSES = ("active", "archived", "quarantined", "deprecated")
_MOST_METADATA = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Project:
    """A project of the index.

    Attributes:
        name: Normalised name.
        id: Never given to another project.
        status: One of STATUSES (PEP 792).
    """

    name: str
    id: str
    status: str


@dataclass(frozen=True, slots=True)
class Release:
    """All files of one version.

    Attributes:
        version: Normalised.
        created: When its first file came, Unix seconds.
        yanked: Why it was yanked, "" for no reason; None when it was not.
    """

    version: str
    created: float
    yanked: str | None


@dataclass(frozen=True, slots=True)
class Digests:
    """Digests of a content, lower-case hex, and its size in bytes."""

    sha256: str
    blake2_256: str
    md5: str
    size: int


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file.

    Attributes:
        filename: Unique on the index.
        project: Normalised name.
        version: Normalised.
        kind: "bdist_wheel" or "sdist".
        digests: Of its content.
        requires_python: As its metadata says, or "".
        uploaded: Unix seconds.
        serial: The change that brought it; 0 until it is stored.
        metadata: A wheel's METADATA; None for an sdist.
        provenance: PEP 740 provenance as JSON; None without attestations.
    """

    filename: str
    project: str
    version: str
    kind: str
    digests: Digests
    requires_python: str
    uploaded: float
    serial: int = 0
    metadata: bytes | None = None
    provenance: str | None = None


def parse_filename(filename: str) -> tuple[str, str, str]:
    """Kind, normalised project and normalised version of a distribution's file name.

    Raises:
        InputError: Not the name of a wheel or of an sdist.
    """
    try:
        if filename.endswith(".whl"):
            name, version, _, _ = parse_wheel_filename(filename)
            return "bdist_wheel", name, str(version)
        name, version = parse_sdist_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise InputError(f"{filename[:120]!r}: {error}") from error
    return "sdist", name, str(version)


def wheel_metadata(wheel: Path, name: str = "") -> bytes | None:
    """The METADATA of a wheel; None where there is not exactly one.

    Args:
        wheel: The file.
        name: What it is called in an error; its own name by default.

    Raises:
        InputError: Not a zip archive, or an absurdly large METADATA.
    """
    shown = name or wheel.name
    try:
        with zipfile.ZipFile(wheel) as archive:
            names = [
                info for info in archive.infolist()
                if info.filename.count("/") == 1 and info.filename.endswith(".dist-info/METADATA")
            ]  # fmt: skip
            if len(names) != 1:
                return None
            if names[0].file_size > _MOST_METADATA:
                raise InputError(f"{shown!r}: METADATA is larger than {_MOST_METADATA} bytes")
            return archive.read(names[0])
    # NotImplementedError and RuntimeError: a compression, or a password, zipfile does not know.
    except (
        OSError, EOFError, zlib.error, zipfile.BadZipFile, ValueError, NotImplementedError,
        RuntimeError,
    ) as error:  # fmt: skip
        raise InputError(f"{shown!r}: not a readable zip archive: {error}") from error
