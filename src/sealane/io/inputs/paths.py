"""Files, folders and digests from a command line, as artifacts and paths of evidence."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from sealane.core.attestation.sniff import is_named_like_evidence
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.verify.naming import purl_and_version
from sealane.errors import InputError, UsageError

MOST_FILES = 100_000
_DIGEST = re.compile(r"(sha[0-9]+):([0-9A-Fa-f]+)")
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Located:
    """An artifact and the file it was read from; None for a bare digest."""

    artifact: Artifact
    path: Path | None


@dataclass(frozen=True, slots=True)
class Named:
    """What a command line names.

    Attributes:
        artifacts: What is to be judged, in the order it was named.
        evidence: Files among the paths that are evidence.
    """

    artifacts: tuple[Located, ...]
    evidence: tuple[Path, ...]


def collect_paths(names: Sequence[str]) -> Named:
    """Read what was named: every file once; of folders all their files.

    Raises:
        InputError: A path is missing, unreadable, a loop of links or not a file, or a folder
            holds a link to another folder or too many files.
        UsageError: A digest of an algorithm that cannot be judged by.
    """
    artifacts: dict[str, Located] = {}
    evidence: dict[Path, None] = {}
    for name in names:
        if not name:
            # `Path("")` is the working directory: an unset variable would judge something else.
            raise UsageError("expected a path, got an empty text", hint="name a file or folder")
        # A file of such a name does not stand in for the digest that was asked for.
        digest = _DIGEST.fullmatch(name)
        if digest:
            artifacts.setdefault(name.lower(), _by_digest(digest[1], digest[2]))
            continue
        for path in _files(Path(name)):
            # By its name alone: by its content an artifact could make itself evidence, and would
            # not be judged. Evidence of another name is named with --evidence.
            if is_named_like_evidence(path.name):
                evidence.setdefault(path)
            elif str(path) not in artifacts:
                artifacts[str(path)] = Located(read_artifact(path), path)
    return Named(tuple(artifacts.values()), tuple(evidence))


def read_artifact(path: Path) -> Artifact:
    """A file's name, size and digests; it is read once, and never whole.

    Raises:
        InputError: Missing, unreadable, or not a file.
    """
    sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
    try:
        # O_NONBLOCK: opening a named pipe must fail below, not wait for a writer.
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise OSError(errno.EINVAL, "not a regular file")
            while chunk := stream.read(_CHUNK):
                sha256.update(chunk)
                sha512.update(chunk)
                size += len(chunk)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    purl, version = purl_and_version(path.name)
    digests = (Digest("sha256", sha256.hexdigest()), Digest("sha512", sha512.hexdigest()))
    return Artifact(path.name, digests, size, purl, version)


def _by_digest(algorithm: str, value: str) -> Located:
    if algorithm != "sha256":
        raise UsageError(
            f"{algorithm}: a bare digest of this algorithm is not supported in this version",
            hint="name the file, or its sha256",
        )
    try:
        digest = Digest(algorithm, value.lower())
    except ValueError as error:
        raise UsageError(str(error), hint="write sha256: and 64 hex digits") from error
    return Located(Artifact(str(digest), (digest,)), None)


def _files(path: Path) -> Iterator[Path]:
    """The file itself, or all files below a folder, sorted."""
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not is_folder:
        yield path
        return
    found = 0
    for folder, folders, names in os.walk(path, onerror=_stop):
        folders.sort()
        for name in folders:
            if (Path(folder) / name).is_symlink():
                # Left out silently it would look verified.
                raise InputError(
                    f"{str(Path(folder) / name)!r}: a link to a folder is not followed",
                    hint="name the folder it leads to",
                )
        for name in sorted(names):
            found += 1
            if found > MOST_FILES:
                raise InputError(f"{str(path)!r}: more than {MOST_FILES} files")
            yield Path(folder) / name


def _stop(error: OSError) -> None:
    raise _unreadable(Path(error.filename or "?"), error) from error


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"file {str(path)!r}: {reason}", hint="name existing, readable files")
