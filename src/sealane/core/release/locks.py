"""Reads hash-locked requirements: one release a line, at least one strong hash each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

from sealane.core.model.artifact import STRONG_ALGORITHMS
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_HASH = re.compile(r"\s--hash[= ](?P<algorithm>[a-z0-9]+):(?P<value>[0-9a-f]+)(?=\s|$)")
_COMMENT = re.compile(r"(^|\s)#.*$")
_HINT = "make it with: uv pip compile --generate-hashes --no-emit-index-url"


@dataclass(frozen=True, slots=True)
class LockedRelease:
    """One release of a lock file.

    Attributes:
        name: Normalized name.
        version: PEP 440 version in normal form.
        marker: Environment marker; "" where it always applies.
        hashes: "sha256:…", sorted.
        line: Where it starts, from 1.
    """

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    line: int

    def applies(self, environment: Mapping[str, str]) -> bool:
        """Whether it is installed in an environment with these marker values."""
        return not self.marker or Marker(self.marker).evaluate(dict(environment))


def parse_lock(text: str, name: str) -> tuple[LockedRelease, ...]:
    """Read a requirements file in which everything is pinned by version and hash.

    Args:
        text: Content of the file.
        name: Path of the file, for the error.

    Raises:
        InputError: It is empty, or a line is not NAME==VERSION with a strong hash, or an option,
            an address, an editable, or a name twice under markers that may hold together.
    """
    releases = tuple(_parse_line(line, number, name) for number, line in _logical_lines(text))
    if not releases:
        raise InputError(f"{name}: locks nothing", hint=_HINT)
    ordered = sorted(releases, key=lambda release: release.name)
    for package, group in groupby(ordered, key=lambda release: release.name):
        members = list(group)
        if len({member.marker for member in members}) != len(members) or (
            len(members) > 1 and any(not member.marker for member in members)
        ):
            raise InputError(
                f"{name}: line {members[-1].line}: {package} is locked twice", hint=_HINT
            )
    return releases


def _logical_lines(text: str) -> list[tuple[int, str]]:
    found: list[tuple[int, str]] = []
    start, joined = 0, ""
    for number, physical in enumerate(text.splitlines(), start=1):
        # A comment line inside a continued one ends it for pip, too.
        line = _COMMENT.sub("", physical)
        start = start if joined else number
        continued = line.rstrip().endswith("\\")
        joined += line.rstrip().removesuffix("\\") + " "
        if not continued:
            if joined.strip():
                found.append((start, joined.strip()))
            joined = ""
    if joined.strip():
        found.append((start, joined.strip()))
    return found


def _parse_line(line: str, number: int, name: str) -> LockedRelease:
    place = f"{name}: line {number}"
    if line.startswith("-"):
        option = line.split(maxsplit=1)[0]
        raise InputError(f"{place}: option {option!r}: expected NAME==VERSION", hint=_HINT)
    hashes = tuple(sorted({f"{m['algorithm']}:{m['value']}" for m in _HASH.finditer(line)}))
    text = _HASH.sub("", line).strip()
    try:
        requirement = Requirement(text)
    except (InvalidRequirement, RecursionError) as error:
        raise InputError(f"{place}: {text[:80]!r} is not a requirement", hint=_HINT) from error
    if requirement.url:
        raise InputError(f"{place}: {requirement.name}: an address instead of a version")
    if not hashes or not all(map(_strong, hashes)):
        raise InputError(
            f"{place}: {requirement.name}: expected --hash with sha256 or better", hint=_HINT
        )
    marker = str(requirement.marker) if requirement.marker else ""
    return LockedRelease(
        canonicalize_name(requirement.name), _pinned(requirement, place), marker, hashes, number
    )


def _pinned(requirement: Requirement, place: str) -> str:
    specifiers = list(requirement.specifier)
    if len(specifiers) == 1 and specifiers[0].operator == "==":
        try:
            return str(Version(specifiers[0].version))
        except InvalidVersion:
            pass  # "==1.*" names many releases
    raise InputError(
        f"{place}: {requirement.name}{requirement.specifier}: expected ==VERSION", hint=_HINT
    )


def _strong(text: str) -> bool:
    algorithm, _, value = text.partition(":")
    return STRONG_ALGORITHMS.get(algorithm) == len(value)
