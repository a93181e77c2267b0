"""Folders of files whose names and digests are known: nothing missing, nothing extra."""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from pathlib import Path

from sealane.core.attestation.predicates.release_manifest import ManifestArtifact, ManifestInput
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

# The largest file an index takes by default, and then some.
FILE_LIMIT = 1024 * 1024 * 1024
_CHUNK = 1024 * 1024


def read_result(path: Path, *, what: str, stage: str) -> bytes:
    """A small file that an earlier stage wrote.

    Raises:
        InputError: It is missing, or cannot be read.
    """
    try:
        return read_bounded(path, what=what)
    except InputError as error:
        hint = f"run sealane lane {stage} first, or declare the file as an artifact of its job"
        raise InputError(error.message, hint=hint) from error


def files_in(folder: Path) -> tuple[Path, ...]:
    """The regular files of a folder, sorted by name.

    Raises:
        InputError: It is missing, or holds a folder, a link, or anything else.
    """
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        raise InputError(
            f"{folder}: {error.strerror}", hint="is it an artifact of the job before?"
        ) from error
    for entry in entries:
        # A link could lead to bytes that change after they were looked at.
        if not stat.S_ISREG(entry.lstat().st_mode):
            raise InputError(f"{entry}: expected a regular file", hint="take it away")
    return tuple(entries)


def measure(path: Path) -> ManifestArtifact:
    """Name, size and all digests of a file.

    Raises:
        InputError: It cannot be read, or is larger than `FILE_LIMIT` bytes.
    """
    sums = (hashlib.sha256(), hashlib.sha512(), hashlib.blake2b(digest_size=32))
    size = 0
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                if size > FILE_LIMIT:
                    raise InputError(f"{path}: larger than {FILE_LIMIT} bytes")
                for one in sums:
                    one.update(chunk)
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}") from error
    sha256, sha512, blake = (one.hexdigest() for one in sums)
    return ManifestArtifact(path.name, size, sha256, sha512, blake)


def measured(folder: Path) -> tuple[ManifestArtifact, ...]:
    """All files of a folder, sorted by name.

    Raises:
        InputError: As `files_in` and `measure`, or it is empty.
    """
    found = tuple(measure(path) for path in files_in(folder))
    if not found:
        raise InputError(f"{folder}: it is empty")
    return found


def check_folder(folder: Path, expected: Mapping[str, str]) -> None:
    """Check that a folder holds exactly the files that are expected, byte for byte.

    Args:
        folder: The folder.
        expected: SHA-256 by file name.

    Raises:
        InputError: A file is missing, unknown, or another one.
    """
    found = {path.name: path for path in files_in(folder)}
    for name in sorted(found.keys() - expected.keys()):
        raise InputError(
            f"{folder}: {name[:120]!r} is not part of the release",
            hint="nothing but what was signed may lie there; find out where it came from",
        )
    for name in sorted(expected.keys() - found.keys()):
        raise InputError(
            f"{folder}: {name} is missing", hint="is it an artifact of the job before?"
        )
    for name, sha256 in expected.items():
        actual = measure(found[name]).sha256
        if actual != sha256:
            raise InputError(
                f"{folder / name}: expected sha256 {sha256}, got {actual}",
                hint="the file changed after it was signed; find out where",
            )


def digest_of(path: Path, name: str) -> ManifestInput:
    """A small file under the name it has in the manifest, with its digest.

    Raises:
        InputError: It cannot be read.
    """
    return ManifestInput(name, hashlib.sha256(read_bounded(path, what=name)).hexdigest())
