"""Files, folders and digests from a command line, as artifacts and paths of evidence."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from sealane.core.attestation.sniff import (
    is_detached_signature,
    is_named_like_evidence,
    signed_name,
)
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.values import dataclass
from sealane.core.verify.naming import purl_and_version
from sealane.errors import InputError, UsageError
from sealane.io.adapters.files import open_regular, read_bounded

MOST_FILES = 100_000
_DIGEST = re.compile(r"(sha[0-9]+):([0-9A-Fa-f]+)")
_CHUNK = 256 * 1024
_LARGEST_SIGNATURE = 64 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Named:
    """What a command line names; no artifact has been read yet.

    Attributes:
        artifacts: Files and bare digests that are to be judged, in the order they were named.
        evidence: Files among the paths that are evidence.
        unread: What was named and cannot be read: it hides none of the others.
    """

    artifacts: tuple[Path | Artifact, ...]
    evidence: tuple[Path, ...]
    unread: tuple[InputError, ...] = ()


def find_paths(names: Sequence[str]) -> Named:
    """Find what was named: every file once; of folders all their files.

    Raises:
        InputError: More files than a run judges.
        UsageError: An empty name, or a digest of an algorithm that cannot be judged by.
    """
    artifacts: dict[str, Path | Artifact] = {}
    evidence: dict[Path, None] = {}
    unread: list[InputError] = []
    empty: list[InputError] = []
    for name in names:
        if not name:
            # `Path("")` is the working directory: an unset variable would judge something else.
            raise UsageError("expected a path, got an empty text", hint="name a file or folder")
        # A file of such a name does not stand in for the digest that was asked for.
        digest = _DIGEST.fullmatch(name)
        if digest:
            artifacts.setdefault(name.lower(), _by_digest(digest[1], digest[2]))
            continue
        found = None
        for found in _files(Path(name)):
            # By its name alone: by its content an artifact could make itself evidence, and would
            # not be judged. Evidence of another name is named with --evidence.
            if isinstance(found, InputError):
                unread.append(found)
            elif is_named_like_evidence(found.name):
                evidence.setdefault(found)
            else:
                artifacts.setdefault(str(found), found)
            # Inside: a folder is not walked to its end only to be refused then.
            if len(artifacts) + len(evidence) + len(unread) > MOST_FILES:
                raise InputError(f"more than {MOST_FILES} files", hint="name fewer in one run")
        if found is None:
            empty.append(_empty(name))
    for path in _signatures(artifacts):
        del artifacts[str(path)]
        evidence.setdefault(path)
    # Where there is no artifact at all, that is what is wrong.
    unread += empty if artifacts else ()
    return Named(tuple(artifacts.values()), tuple(evidence), tuple(unread))


def _empty(name: str) -> InputError:
    """A folder whose release is not there: beside others it would look verified."""
    return InputError(
        f"folder {name!r}: there is no file in it",
        hint="name the folder that holds the artifacts, or leave it out",
    )


def _signatures(artifacts: Mapping[str, Path | Artifact]) -> list[Path]:
    """The detached signatures over other files that are judged.

    Their names alone do not make them evidence, for artifacts have such names too: the file they
    are called after has to be judged beside them, and they have to be signatures and nothing else.
    """
    found = []
    for path in artifacts.values():
        signed = signed_name(path.name) if isinstance(path, Path) else None
        if signed is None or not isinstance(path, Path):
            continue
        # What is larger, or cannot be read, stays an artifact, and is judged as one.
        with contextlib.suppress(InputError):
            if str(path.with_name(signed)) in artifacts and is_detached_signature(
                read_bounded(path, _LARGEST_SIGNATURE)
            ):
                found.append(path)
    return found


def read_artifact(path: Path, algorithms: Sequence[str] = ("sha256",)) -> Artifact:
    """A file's name, size and digests; it is read once, and never whole.

    Args:
        path: The file.
        algorithms: Which digests are computed, all in one pass; "sha256" always is.

    Raises:
        InputError: Missing, unreadable, not a file, or changed while it was read.
    """
    try:
        with open_regular(path) as stream:
            digests, size = _hashed(stream, dict.fromkeys(("sha256", *algorithms)))
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    purl, version = purl_and_version(path.name)
    return Artifact(path.name, digests, size, purl, version)


def _hashed(stream: BinaryIO, algorithms: Iterable[str]) -> tuple[tuple[Digest, ...], int]:
    before = os.fstat(stream.fileno())
    hashes = [hashlib.new(name) for name in algorithms]
    size = 0
    # One byte more than is expected: a file that grew must be noticed, not cut.
    buffer = memoryview(bytearray(min(before.st_size + 1, _CHUNK)))
    while count := stream.readinto(buffer):  # type: ignore[attr-defined]  # unbuffered, so it has it
        for one in hashes:
            one.update(buffer[:count])
        size += count
    after = os.fstat(stream.fileno())
    # The digest of a file that is being written is the digest of nothing that ever was.
    if (before.st_size, before.st_mtime_ns) != (size, after.st_mtime_ns):
        raise OSError(errno.EBUSY, "it changed while it was read")
    return tuple(Digest(one.name, one.hexdigest()) for one in hashes), size


def _by_digest(algorithm: str, value: str) -> Artifact:
    if algorithm != "sha256":
        raise UsageError(
            f"{algorithm}: a bare digest of this algorithm is not supported in this version",
            hint="name the file, or its sha256",
        )
    try:
        digest = Digest(algorithm, value.lower())
    except ValueError as error:
        raise UsageError(str(error), hint="write sha256: and 64 hex digits") from error
    return Artifact(str(digest), (digest,))


def _files(path: Path) -> Iterator[Path | InputError]:
    """The file itself, or all files below a folder, sorted; what cannot be read among them."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        yield _unreadable(path, error)
        return
    if not stat.S_ISDIR(mode):
        yield path
        return
    unread: list[OSError] = []
    for folder, folders, names in os.walk(path, onerror=unread.append):
        folders.sort()
        for name in folders:
            if (Path(folder) / name).is_symlink():
                # Left out silently it would look verified.
                yield InputError(
                    f"{str(Path(folder) / name)!r}: a link to a folder is not followed",
                    hint="name the folder it leads to",
                )
        yield from (Path(folder) / name for name in sorted(names))
    yield from (_unreadable(Path(error.filename or "?"), error) for error in unread)


def _unreadable(path: Path, error: OSError | ValueError) -> InputError:
    reason = error.strerror if isinstance(error, OSError) else str(error)
    return InputError(f"file {str(path)!r}: {reason}", hint="name existing, readable files")
