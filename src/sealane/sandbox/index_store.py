"""What the package index keeps: projects, releases, files; content by its digest on disk."""

from __future__ import annotations

import hashlib
import os
import tempfile
import uuid
from pathlib import Path
from typing import IO

from packaging.metadata import parse_email
from packaging.utils import canonicalize_name

from sealane.errors import InputError
from sealane.sandbox.index_model import (
    STATUSES,
    Digests,
    Project,
    Release,
    StoredFile,
    parse_filename,
    wheel_metadata,
)
from sealane.sandbox.state import State

_TABLES = """
CREATE TABLE IF NOT EXISTS project (
    name TEXT PRIMARY KEY, id TEXT NOT NULL UNIQUE, status TEXT NOT NULL DEFAULT 'active'
);
CREATE TABLE IF NOT EXISTS release (
    project TEXT NOT NULL, version TEXT NOT NULL, created REAL NOT NULL, yanked TEXT,
    PRIMARY KEY (project, version)
);
CREATE TABLE IF NOT EXISTS file (
    filename TEXT PRIMARY KEY, project TEXT NOT NULL, version TEXT NOT NULL, kind TEXT NOT NULL,
    sha256 TEXT NOT NULL, blake2_256 TEXT NOT NULL, md5 TEXT NOT NULL, size INTEGER NOT NULL,
    requires_python TEXT NOT NULL, uploaded REAL NOT NULL, serial INTEGER NOT NULL,
    metadata BLOB, provenance TEXT
);
CREATE INDEX IF NOT EXISTS file_of_project ON file (project);
CREATE INDEX IF NOT EXISTS file_by_content ON file (blake2_256);
CREATE TABLE IF NOT EXISTS used_name (filename TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS change (
    serial INTEGER PRIMARY KEY AUTOINCREMENT, project TEXT NOT NULL, what TEXT NOT NULL
);
"""
_FILE = (
    "filename, project, version, kind, sha256, blake2_256, md5, size, requires_python,"
    " uploaded, serial, metadata, provenance"
)
_CHUNK = 1024 * 1024


class IndexStore:
    """The index's tables and files; several services share one state.

    Args:
        state: Where they are kept.
    """

    def __init__(self, state: State) -> None:
        state.ensure(_TABLES)
        self._state = state
        self._folder = state.directory / "files"

    def serial(self) -> int:
        """Number of the newest change."""
        return int(self._state.read("SELECT COALESCE(MAX(serial), 0) FROM change")[0][0])

    def serial_of(self, project: str) -> int:
        """Number of a project's newest change."""
        query = "SELECT COALESCE(MAX(serial), 0) FROM change WHERE project = ?"
        return int(self._state.read(query, project)[0][0])

    def projects(self) -> list[str]:
        """Names of all projects that have a file."""
        return [row[0] for row in self._state.read("SELECT DISTINCT project FROM file ORDER BY 1")]

    def project(self, name: str) -> Project | None:
        """A project by any spelling of its name."""
        rows = self._state.read(
            "SELECT name, id, status FROM project WHERE name = ?", canonicalize_name(name)
        )
        return Project(*rows[0]) if rows else None

    def create_project(self, name: str) -> Project:
        """A project by any spelling of its name, made when missing."""
        with self._state.lock:
            found = self.project(name)
            if found is not None:
                return found
            canonical = canonicalize_name(name)
            self._state.write(
                "INSERT INTO project (name, id) VALUES (?, ?)", canonical, str(uuid.uuid4())
            )
            self._change(canonical, "create")
            return Project(*self._state.read("SELECT * FROM project WHERE name = ?", canonical)[0])

    def set_status(self, name: str, status: str) -> None:
        """Archive, quarantine, deprecate or reactivate a project.

        Raises:
            InputError: No such project or status.
        """
        project = self.project(name)
        if project is None or status not in STATUSES:
            raise InputError(
                f"index: cannot set {name[:80]!r} to {status[:20]!r}",
                hint=f"an existing project, and one of {', '.join(STATUSES)}",
            )
        self._state.write("UPDATE project SET status = ? WHERE name = ?", status, project.name)
        self._change(project.name, status)

    def releases(self, project: str) -> dict[str, Release]:
        """Releases of a project by version."""
        query = "SELECT version, created, yanked FROM release WHERE project = ?"
        return {row[0]: Release(*row) for row in self._state.read(query, project)}

    def yank(self, project: str, version: str, reason: str | None) -> int:
        """Yank a release, or take that back (`reason` None).

        Returns:
            How many releases there were to change: 0 or 1.
        """
        changed = self._state.write(
            "UPDATE release SET yanked = ? WHERE project = ? AND version = ?",
            reason, canonicalize_name(project), version,
        )  # fmt: skip
        if changed:
            self._change(canonicalize_name(project), "yank" if reason is not None else "unyank")
        return changed

    def files(self, project: str) -> list[StoredFile]:
        """Files of a project, oldest first."""
        query = f"SELECT {_FILE} FROM file WHERE project = ? ORDER BY serial"  # noqa: S608 - constant
        return [_stored(row) for row in self._state.read(query, project)]

    def file(self, filename: str) -> StoredFile | None:
        """A file by its name."""
        query = f"SELECT {_FILE} FROM file WHERE filename = ?"  # noqa: S608 - constant
        rows = self._state.read(query, filename)
        return _stored(rows[0]) if rows else None

    def file_with(self, blake2_256: str) -> StoredFile | None:
        """A file by its content."""
        query = f"SELECT {_FILE} FROM file WHERE blake2_256 = ?"  # noqa: S608 - constant
        rows = self._state.read(query, blake2_256)
        return _stored(rows[0]) if rows else None

    def name_was_used(self, filename: str) -> bool:
        """Whether a file of this name was ever stored, deleted ones included."""
        return bool(self._state.read("SELECT 1 FROM used_name WHERE filename = ?", filename))

    def total_size(self, project: str) -> int:
        """Bytes of all files of a project."""
        query = "SELECT COALESCE(SUM(size), 0) FROM file WHERE project = ?"
        return int(self._state.read(query, project)[0][0])

    def add(self, file: StoredFile, content: Path) -> None:
        """Store a file, its project and its release.

        Args:
            file: The file.
            content: A private copy of its bytes (from `write`); is moved.
        """
        target = self.content_path(file.digests.sha256)
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        content.replace(target)
        with self._state.lock:
            self.create_project(file.project)
            serial = self._change(file.project, f"add {file.filename}")
            self._state.write(
                "INSERT OR IGNORE INTO release VALUES (?, ?, ?, NULL)",
                file.project, file.version, file.uploaded,
            )  # fmt: skip
            self._state.write("INSERT OR IGNORE INTO used_name VALUES (?)", file.filename)
            values = (
                file.filename, file.project, file.version, file.kind, file.digests.sha256,
                file.digests.blake2_256, file.digests.md5, file.digests.size,
                file.requires_python, file.uploaded, serial, file.metadata, file.provenance,
            )  # fmt: skip
            marks = ", ".join("?" * len(values))
            self._state.write(f"INSERT INTO file ({_FILE}) VALUES ({marks})", *values)  # noqa: S608 - constant

    def delete(self, filename: str) -> int:
        """Delete a file; its name stays used. How many there were: 0 or 1."""
        with self._state.lock:
            file = self.file(filename)
            if file is None:
                return 0
            self._change(file.project, f"remove {filename}")
            return self._state.write("DELETE FROM file WHERE filename = ?", filename)

    def content_path(self, sha256: str) -> Path:
        """Where the bytes with a digest lie."""
        return self._folder / sha256[:2] / sha256

    def write(self, stream: IO[bytes]) -> tuple[Path, Digests]:
        """Copy a stream into a private file, hashing on the way.

        Returns:
            The file, which the caller hands to `add` or removes, and its digests.
        """
        self._folder.mkdir(mode=0o700, exist_ok=True)
        sha256, blake2 = hashlib.sha256(), hashlib.blake2b(digest_size=32)
        md5 = hashlib.md5(usedforsecurity=False)
        size = 0
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix="incoming-")
        with os.fdopen(descriptor, "wb") as target:
            while chunk := stream.read(_CHUNK):
                size += len(chunk)
                for hasher in (sha256, blake2, md5):
                    hasher.update(chunk)
                target.write(chunk)
        digests = Digests(sha256.hexdigest(), blake2.hexdigest(), md5.hexdigest(), size)
        return Path(name), digests

    def _change(self, project: str, what: str) -> int:
        with self._state.lock:
            self._state.write("INSERT INTO change (project, what) VALUES (?, ?)", project, what)
            return self.serial()


def seed(state: State, folder: Path) -> int:
    """Publish a folder of wheels and sdists, without an uploader and without attestations.

    What is there already stays as it is. The time of upload is the file's own.

    Args:
        state: The sandbox's state.
        folder: A wheelhouse; only its own files are read.

    Returns:
        How many files were published.

    Raises:
        InputError: The folder holds something that is not a distribution, or a file whose name
            is taken by another content.
    """
    store = IndexStore(state)
    count = 0
    try:
        for path in sorted(folder.iterdir()):
            count += _seed_file(store, path)
    except (OSError, InputError) as error:
        reason = error.strerror if isinstance(error, OSError) else error.message
        raise InputError(
            f"wheelhouse {str(folder)!r}: {reason}", hint="only wheels and sdists may lie in it"
        ) from error
    return count


def _seed_file(store: IndexStore, path: Path) -> int:
    kind, project, version = parse_filename(path.name)
    # Opening a named pipe would wait for its writer for ever.
    if not path.is_file():
        raise InputError(f"{path.name!r}: not a file")
    with path.open("rb") as stream:
        copy, digests = store.write(stream)
    try:
        known = store.file(path.name)
        if known is not None:
            if known.digests != digests:
                raise InputError(f"{path.name!r}: the index has this name with other bytes")
            return 0
        metadata = wheel_metadata(copy, path.name) if kind == "bdist_wheel" else None
        requires = str(parse_email(metadata)[0].get("requires_python", "")) if metadata else ""
        uploaded = path.stat().st_mtime
        store.add(
            StoredFile(path.name, project, version, kind, digests, requires, uploaded, 0, metadata),
            copy,
        )
        return 1
    finally:
        copy.unlink(missing_ok=True)


def _stored(row: tuple[object, ...]) -> StoredFile:
    (filename, project, version, kind, sha256, blake2, md5, size, requires, uploaded, serial,
     metadata, provenance) = row  # fmt: skip
    return StoredFile(
        str(filename),
        str(project),
        str(version),
        str(kind),
        Digests(str(sha256), str(blake2), str(md5), int(str(size))),
        str(requires),
        float(str(uploaded)),
        int(str(serial)),
        metadata if isinstance(metadata, bytes) else None,
        str(provenance) if provenance is not None else None,
    )
