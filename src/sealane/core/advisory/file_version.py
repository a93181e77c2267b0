"""Which version of a project a file on an index is of, by its name.

Spec: PEP 427 (wheels), PEP 625 (sdists), PEP 440, PEP 503. Names from before PEP 625 keep the
separators of the project's own writing, and eggs and installers have forms of their own; an index
still lists them, and a version that has only such files is one all the same.
"""

from __future__ import annotations

import re

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename
from packaging.version import Version

_SDIST = re.compile(r"(.+)\.(?:tar\.gz|zip|tar\.bz2|tgz|tar\.xz|tar\.Z|tar)", re.DOTALL)
_EGG = re.compile(r"(.+?)(?:-py[0-9](?:\.[0-9]+)?(?:-[^-]+)?)?\.egg", re.DOTALL)
_INSTALLER = re.compile(
    r"(.+)\.(?:win32|win-amd64|macosx-[^-]+|linux-[^-]+)(?:-py[0-9]\.[0-9]+)?\.(?:exe|msi|dmg)",
    re.DOTALL,
)
_BUILT = re.compile(r"(.+)\.(?:linux|macosx|win)-[^/]+\.(?:tar\.gz|zip|tar\.bz2)", re.DOTALL)


def version_of_file(name: str, project: str) -> Version | None:
    """The version that a file's name tells.

    Args:
        name: File name, without folders.
        project: Name as PEP 503 writes it.

    Returns:
        None where the name tells no PEP 440 version of that project.
    """
    if name.endswith(".whl"):
        try:
            named, version, _, _ = parse_wheel_filename(name)
        except InvalidWheelFilename:
            return None
        return version if named == project else None
    for form in (_BUILT, _SDIST, _EGG, _INSTALLER):
        found = form.fullmatch(name)
        if found and (told := _after_project(found[1], project)) is not None:
            return told
    return None


def version_or_none(text: str) -> Version | None:
    """A text as a PEP 440 version, where it is one."""
    try:
        return Version(text)
    except ValueError:  # not PEP 440, or thousands of digits
        return None


def _after_project(stem: str, project: str) -> Version | None:
    # "foo-1.0-1" is foo 1.0.post1, not foo-1.0 1: only the project's own name tells where to cut.
    for cut in re.finditer("-", stem):
        if canonicalize_name(stem[: cut.start()]) == project:
            return version_or_none(stem[cut.end() :])
    return None
