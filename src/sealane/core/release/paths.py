"""Paths a configuration may name."""

from __future__ import annotations

import posixpath


def checked_path(path: str) -> str:
    """A path of the configuration: relative, inside the project, in one way to write it.

    Raises:
        ValueError: It leaves the project or is not in normal form.
    """
    normal = posixpath.normpath(path)
    if path.startswith("/") or "\\" in path or "\0" in path or normal.split("/")[0] == "..":
        raise ValueError("a path inside the project")
    if normal != path:
        raise ValueError(f"the plain path {normal!r}")
    return path
