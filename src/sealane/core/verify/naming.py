"""What an artifact's file name tells: its package URL and version."""

from __future__ import annotations

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version


def purl_and_version(name: str) -> tuple[str | None, str | None]:
    """Package URL and PEP 440 version of a wheel or sdist; None for any other file name.

    Spec: PyPA specifications, binary distribution format and source distribution format.
    """
    found = _parsed(name)
    if found is None:
        return None, None
    project, version = found
    return f"pkg:pypi/{project}@{version}", str(version)


def _parsed(name: str) -> tuple[str, Version] | None:
    try:
        if name.endswith(".whl"):
            project, version, _, _ = parse_wheel_filename(name)
        elif name.endswith((".tar.gz", ".zip")):
            project, version = parse_sdist_filename(name)
        else:
            return None
    except (InvalidWheelFilename, InvalidSdistFilename, ValueError):
        return None
    return project, version
