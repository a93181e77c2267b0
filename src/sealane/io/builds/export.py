"""Writes the files of a commit into an empty folder, as they were committed and nothing else."""

from __future__ import annotations

import os
import posixpath
from pathlib import Path

from sealane.errors import InputError
from sealane.io.adapters.git import Repository, TreeEntry

_FILES = {"100644": 0o644, "100755": 0o755}
_LINK = "120000"


def export(repository: Repository, commit: str, folder: Path, epoch: int) -> None:
    """Write a commit's files: no filter, modes 644 and 755, every time the same.

    Args:
        repository: Where the commit is.
        commit: Its id.
        folder: Made by this; may not exist yet.
        epoch: Unix seconds, set on every file and folder.

    Raises:
        InputError: The commit holds a submodule, a link that leaves it, or an unsafe path.
    """
    entries = repository.tree(commit)
    if not entries:
        raise InputError(f"commit {commit}: holds no file")
    for entry in entries:
        _check_path(entry)
    folder.mkdir(mode=0o755, parents=True)
    contents = repository.blobs(tuple(entry.object_id for entry in entries))
    for entry, content in zip(entries, contents, strict=True):
        _write(entry, content, folder)
    _set_times(folder, epoch)


def _check_path(entry: TreeEntry) -> None:
    parts = entry.path.split("/")
    # git itself refuses these on checkout; the export does not go through a checkout.
    if any(part in ("", ".", "..") or part.lower() == ".git" for part in parts):
        raise InputError(f"commit: unsafe path {entry.path!r}")
    if entry.mode not in _FILES and entry.mode != _LINK:
        what = "a submodule" if entry.mode == "160000" else f"mode {entry.mode}"
        raise InputError(
            f"commit: {entry.path!r} is {what}", hint="a release is built from plain files only"
        )


def _write(entry: TreeEntry, content: bytes, folder: Path) -> None:
    path = folder / entry.path
    path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
    if entry.mode == _LINK:
        path.symlink_to(_checked_target(entry, content))
        return
    # O_NOFOLLOW and O_EXCL: an earlier entry must not make this one land elsewhere.
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    with os.fdopen(os.open(path, flags, 0o600), "wb") as stream:
        stream.write(content)
        os.fchmod(stream.fileno(), _FILES[entry.mode])


def _checked_target(entry: TreeEntry, content: bytes) -> str:
    target = os.fsdecode(content)
    landing = posixpath.normpath(posixpath.join(posixpath.dirname(entry.path), target))
    if not target or target.startswith("/") or landing.split("/")[0] == "..":
        raise InputError(
            f"commit: link {entry.path!r} leads out of it, to {target[:80]!r}",
            hint="replace the link by what it stands for",
        )
    return target


def _set_times(folder: Path, epoch: int) -> None:
    times = (epoch, epoch)
    for root, folders, files in os.walk(folder, topdown=False):
        for name in (*files, *folders):
            os.utime(Path(root, name), times, follow_symlinks=False)
        # mkdir is subject to the caller's umask; what is built must not be.
        Path(root).chmod(0o755)
        os.utime(root, times)
