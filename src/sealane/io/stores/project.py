"""Reads `sealane.toml`, the description of what a project releases."""

from __future__ import annotations

import tomllib
from pathlib import Path

from sealane.core.release.project import CONFIGURATION_FILE, Project
from sealane.core.release.project_parse import parse_project
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded

SIZE_LIMIT = 256 * 1024  # bytes


def load_project(directory: Path) -> Project:
    """Read `sealane.toml` in a folder; names it leaves out come from each `pyproject.toml`.

    Raises:
        InputError: It is missing, too large, not TOML, or not what the schema demands.
    """
    content = read_bounded(directory / CONFIGURATION_FILE, SIZE_LIMIT, what="configuration")

    def manifest_name(path: str) -> str | None:
        return _manifest_name(directory / path / "pyproject.toml")

    return parse_project(content, manifest_name)


def _manifest_name(path: Path) -> str | None:
    """The name a package gives itself; preflight compares it, so a broken file is none here."""
    try:
        manifest = tomllib.loads(read_bounded(path).decode("utf-8"))
        name = manifest["project"]["name"]
    except (InputError, ValueError, KeyError, TypeError):
        return None
    return name if isinstance(name, str) else None
