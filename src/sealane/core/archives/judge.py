"""Whether the two copies of a release are one, and may be released."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from packaging.utils import canonicalize_name, parse_sdist_filename, parse_wheel_filename

from sealane.core.archives.compare import Difference, explain
from sealane.core.archives.content import forbidden_members
from sealane.core.archives.metadata import check_metadata
from sealane.core.archives.read import read_artifact
from sealane.errors import InputError

Expected = tuple[str, str]


def check_digests(copy: str, files: Mapping[str, bytes], recorded: Mapping[str, str]) -> None:
    """Compare the files of a copy with its build record.

    Args:
        copy: Name of the copy, for the error.
        files: Content by name.
        recorded: SHA-256 by name.

    Raises:
        InputError: A file is missing, unknown, or has other bytes than were built.
    """
    if set(files) != set(recorded):
        raise InputError(
            f"{copy}: the record names {sorted(recorded)}, the folder holds {sorted(files)}"
        )
    for name, content in files.items():
        found = hashlib.sha256(content).hexdigest()
        if found != recorded[name]:
            raise InputError(
                f"{copy}: {name}: expected sha256 {recorded[name]}, got {found}",
                hint="the file was changed after it was built; build again",
            )


def differences(
    a: Mapping[str, bytes], b: Mapping[str, bytes]
) -> tuple[tuple[str, tuple[Difference, ...]], ...]:
    """What differs between two copies, by file; empty when they are one.

    Raises:
        InputError: One copy has a file the other has not, or a file cannot be read safely.
    """
    if set(a) != set(b):
        raise InputError(
            f"the copies have different files: only a {sorted(set(a) - set(b))}, "
            f"only b {sorted(set(b) - set(a))}",
            hint="a version or platform in a file name must not depend on the build",
        )
    found = ((name, explain(name, a[name], b[name])) for name in sorted(a))
    return tuple((name, listed) for name, listed in found if listed)


def check_content(
    files: Mapping[str, bytes], expected: Sequence[Expected], forbid: Sequence[str]
) -> None:
    """Read every file safely, and compare it with the plan and the content policy.

    Args:
        files: Content by name.
        expected: (name, version) of each planned package.
        forbid: Globs of members that may not be in a file.

    Raises:
        InputError: A file is of no planned package, one is missing, or one holds what it may not.
    """
    wanted = {
        (str(canonicalize_name(name)), kind): (name, version)
        for name, version in expected
        for kind in ("sdist", "wheel")
    }
    for file, content in sorted(files.items()):
        archive = read_artifact(file, content)
        planned = wanted.pop(_package(file), None)
        if planned is None:
            raise InputError(f"{file}: of no planned package, or there twice")
        check_metadata(file, archive, *planned)
        bad = forbidden_members(archive, forbid, sdist=not file.endswith(".whl"))
        if bad:
            raise InputError(
                f"{file}: build.forbid: {', '.join(bad[:10])}",
                hint="leave it out of the build, or take the glob out of build.forbid",
            )
    if wanted:
        missing = ", ".join(f"{kind} of {name}" for name, kind in sorted(wanted))
        raise InputError(f"not built: {missing}")


def _package(file: str) -> tuple[str, str]:
    try:
        if file.endswith(".whl"):
            return str(parse_wheel_filename(file)[0]), "wheel"
        return str(parse_sdist_filename(file)[0]), "sdist"
    except ValueError as error:
        raise InputError(f"{file}: {error}") from error
