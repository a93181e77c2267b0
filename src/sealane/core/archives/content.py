"""Content policy: what may not be in a built file."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sealane.core.archives.member import Archive, Kind


def forbidden_members(archive: Archive, globs: Sequence[str], *, sdist: bool) -> tuple[str, ...]:
    """Members that match one of the globs, each with the glob it matches.

    Args:
        archive: The built file.
        globs: `*` and `?` stay within one part of a path, `**` crosses parts. A glob without "/"
            is compared with every part of a path, one with "/" with the whole path.
        sdist: True for an sdist: the folder everything lies in is left out of the path.
    """
    found = []
    for member in archive.members:
        path = member.name.partition("/")[2] if sdist else member.name
        matching = next((glob for glob in globs if path and _matches(glob, path)), None)
        if matching is not None:
            slash = "/" if member.kind is Kind.FOLDER else ""
            found.append(f"{member.name}{slash} (matches {matching!r})")
    return tuple(found)


def _matches(glob: str, path: str) -> bool:
    pattern = re.compile(_translate(glob.rstrip("/")), re.DOTALL)
    if "/" not in glob.rstrip("/"):
        return any(pattern.fullmatch(part) for part in path.split("/"))
    return pattern.fullmatch(path) is not None


def _translate(glob: str) -> str:
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", glob.lstrip("/"))
    signs = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    return "".join(signs.get(part, re.escape(part)) for part in parts)
