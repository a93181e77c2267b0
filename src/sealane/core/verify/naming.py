"""What the file name of a wheel or sdist tells, in normal form.

`packaging.utils` reads the same names, and to do so imports what asks a machine for its platforms:
a sixteenth of judging one file. `tests/unit/core/verify/test_naming.py` holds the two against each
other. Versions are read by `packaging` here too.

Spec: PyPA specifications, binary distribution format and source distribution format.
"""

from __future__ import annotations

import re
from functools import lru_cache
from sys import intern

from packaging.version import InvalidVersion, Version

from sealane.core.model.values import dataclass

# No file system has longer names.
_LONGEST = 255
_SDIST = (".tar.gz", ".zip")
_WHEEL = ".whl"
_RUNS = re.compile("[-_.]+")
_PROJECT = re.compile(r"[\w.]+")
_BUILD = re.compile(r"([0-9]+)(.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Distribution:
    """The parts of a wheel's or sdist's file name; two names of one distribution are equal.

    Attributes:
        project: Normal form of the project's name (PEP 503).
        version: PEP 440 version; "1.0" and "1.0.0" are equal.
        wheel: Build number, its rest, and the tags of interpreter, ABI and platform; empty for an
            sdist.
    """

    project: str
    version: Version
    wheel: tuple[object, ...] = ()


def purl_and_version(name: str) -> tuple[str | None, str | None]:
    """Package URL and PEP 440 version of a wheel or sdist; None for any other file name."""
    found = distribution(name)
    if found is None:
        return None, None
    # One text for all files of a release.
    version = intern(str(found.version))
    return intern(f"pkg:pypi/{found.project}@{version}"), version


def distribution(name: str) -> Distribution | None:
    """The parts of a wheel's or sdist's file name in normal form; None for any other name."""
    if len(name) > _LONGEST:
        return None
    if name.endswith(_WHEEL):
        return _wheel(name.removesuffix(_WHEEL))
    suffix = next((one for one in _SDIST if name.endswith(one)), None)
    if suffix is None:
        return None
    project, _, version = name.removesuffix(suffix).rpartition("-")
    return _made(project, version) if project else None


def _wheel(stem: str) -> Distribution | None:
    parts = stem.split("-")
    if len(parts) not in (5, 6):
        return None
    project, version, *build = parts[:-3]
    if "__" in project or not _PROJECT.fullmatch(project):
        return None
    number = _BUILD.fullmatch(build[0]) if build else None
    if build and number is None:
        return None
    tags = [one.lower().split(".") for one in parts[-3:]]
    if any("" in one for one in tags) or not all(one.isidentifier() for one in tags[0]):
        return None
    numbered = (int(number[1]), number[2]) if number else ()
    return _made(project, version, (*numbered, *map(frozenset, tags)))


def _made(project: str, version: str, wheel: tuple[object, ...] = ()) -> Distribution | None:
    number = _version(version)
    if number is None:
        return None
    return Distribution(_RUNS.sub("-", project).lower(), number, wheel)


@lru_cache(maxsize=64)
def _version(text: str) -> Version | None:
    """A version; the files of a release share theirs."""
    try:
        return Version(text)
    except (InvalidVersion, ValueError):  # int() refuses thousands of digits
        return None
