"""Which lock files of a project are audited."""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase

from sealane.core.release.project import Project
from sealane.errors import InputError

_DEFAULT = "requirements*.txt"


def lock_paths(project: Project, paths: Sequence[str]) -> tuple[str, ...]:
    """Paths of the locks to audit: those named, or all requirements found; with the build's own.

    Args:
        project: The configuration.
        paths: All paths of the tagged commit.

    Raises:
        InputError: A named glob matches nothing, or nothing is found: no lock is an error.
    """
    globs = project.audit.locks
    found: set[str] = set()
    for glob in globs:
        matching = [path for path in paths if fnmatchcase(path, glob)]
        if not matching:
            raise InputError(f"audit.locks {glob!r}: matches no file of the commit")
        found.update(matching)
    if not globs:
        found = {path for path in paths if _by_default(path)}
    found.add(project.build.lock)
    return tuple(sorted(found))


def _by_default(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    at_root = not folder and fnmatchcase(name, _DEFAULT)
    return at_root or (folder == "requirements" and name.endswith(".txt"))
