"""Reads a wheel or an sdist by the end of its name."""

from __future__ import annotations

from sealane.core.archives.member import Archive
from sealane.core.archives.tar import read_tar
from sealane.core.archives.zip import read_zip
from sealane.errors import InputError


def read_artifact(name: str, content: bytes) -> Archive:
    """All members of a wheel (.whl) or an sdist (.tar.gz).

    Raises:
        InputError: Another kind of file, or one that cannot be read safely.
    """
    if name.endswith(".whl"):
        return read_zip(content, name)
    if name.endswith(".tar.gz"):
        return read_tar(content, name)
    raise InputError(f"{name}: expected a wheel (.whl) or an sdist (.tar.gz)")
