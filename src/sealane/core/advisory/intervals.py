"""The events of a record as intervals, which is how every other format writes them.

Spec: OSV schema 1.7, "affected[].ranges[].events"; PEP 440.
"""

from __future__ import annotations

from functools import lru_cache

from packaging.version import Version

from sealane.core.model.values import dataclass
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError


@dataclass(frozen=True, slots=True)
class Interval:
    """Affected versions between two bounds, as the record writes them.

    Attributes:
        introduced: First affected version; "" where everything before the end is.
        fixed: First version not affected any more; "" where none is named.
        last_affected: Last affected version, where `fixed` is not named; "" where none is.
    """

    introduced: str
    fixed: str = ""
    last_affected: str = ""

    def holds(self, version: Version) -> bool:
        """Whether a version is inside, by the order of PEP 440."""
        if self.introduced and version < _read(self.introduced):
            return False
        if self.fixed:
            return version < _read(self.fixed)
        return not self.last_affected or version <= _read(self.last_affected)


# A whole index is held against each interval, and a record can have thousands of either.
_read = lru_cache(maxsize=1 << 15)(Version)


def intervals_of(package: AffectedPackage) -> tuple[Interval, ...]:
    """The intervals of one entry, sorted; a listed version outside all of them is one of its own.

    Raises:
        InputError: No events that PEP 440 can compare: a version that is none, another type of
            range than ECOSYSTEM, a limit, or events that do not alternate.
    """
    place = f"affected {package.name or package.purl}"
    found = [
        one
        for number, events in enumerate(package.ranges)
        if events.type != "GIT"
        for one in _of_range(events, f"{place}: ranges[{number}]")
    ]
    versions = {text: _version(text, f"{place}: versions") for text in package.versions}
    alone = [
        text for text, version in versions.items() if not any(one.holds(version) for one in found)
    ]
    found += [Interval(text, last_affected=text) for text in alone]
    return tuple(sorted(found, key=lambda one: Version(one.introduced or "0.dev0")))


def _of_range(events: VersionRange, place: str) -> list[Interval]:
    if events.type != "ECOSYSTEM":
        raise InputError(f"{place}: type: expected ECOSYSTEM, got {events.type[:40]!r}")
    marks = sorted(
        (
            Version("0.dev0") if event == ("introduced", "0") else _version(event[1], place),
            event[0] != "introduced",
            event,
        )
        for event in events.events
    )
    found: list[Interval] = []
    start: str | None = None
    for _, _, (kind, text) in marks:
        if kind == "introduced" and start is None:
            start = "" if text == "0" else text
        elif kind == "fixed" and start is not None:
            found.append(Interval(start, fixed=text))
            start = None
        elif kind == "last_affected" and start is not None:
            found.append(Interval(start, last_affected=text))
            start = None
        else:
            raise InputError(
                f"{place}: events: {kind} {text[:40]!r} has nothing to begin or to end",
                hint="write introduced and fixed in turn, in the order of the versions",
            )
    if start is not None:
        found.append(Interval(start))
    return found


def _version(text: str, place: str) -> Version:
    try:
        return Version(text)
    except ValueError as error:
        raise InputError(f"{place}: expected a PEP 440 version, got {text[:40]!r}") from error
