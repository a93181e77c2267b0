"""A range of versions as people and forges write it: ">= 1.0, < 1.4.2".

Spec: GitHub, "Global security advisories", vulnerable_version_range; PEP 440.
"""

from __future__ import annotations

import re

from packaging.version import Version

from sealane.core.advisory.intervals import Interval
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_UPGRADE = re.compile(r"pgrade (?:\S{1,300} )?to (\S{1,300}(?: or \S{1,300})*)")
_CLAUSE = re.compile(r"(>=|<=|>|<|=) *([^\s,<>=]+)")
# Everything: by the order of PEP 440 alone, "0.dev0" and "0a1" would be before it.
_EVERYTHING = (">=", "0")


@dataclass(frozen=True, slots=True)
class Bound:
    """One condition: ">=", ">", "<=", "<" or "=", and a version; None for no condition at all."""

    operator: str
    version: Version | None

    def holds(self, version: Version) -> bool:
        """Whether a version meets it, by the order of PEP 440."""
        if self.version is None:
            return True
        order = (version > self.version) - (version < self.version)
        return {">=": order >= 0, ">": order > 0, "<=": order <= 0, "<": order < 0}.get(
            self.operator, order == 0
        )


def range_text(interval: Interval) -> str:
    """An interval as a range."""
    if interval.introduced and interval.introduced == interval.last_affected:
        return f"= {interval.introduced}"
    parts = []
    if interval.introduced or not (interval.fixed or interval.last_affected):
        parts.append(f">= {interval.introduced or '0'}")
    if interval.fixed:
        parts.append(f"< {interval.fixed}")
    elif interval.last_affected:
        parts.append(f"<= {interval.last_affected}")
    return ", ".join(parts)


def parse_range(text: str, place: str) -> tuple[Bound, ...]:
    """The conditions of a range, all of which hold for a version inside it.

    Raises:
        InputError: Another grammar, or a bound that PEP 440 cannot compare.
    """
    bounds = []
    for clause in text.split(","):
        found = _CLAUSE.fullmatch(clause.strip(" "))
        if found is None:
            raise InputError(
                f"{place}: expected a range like '>= 1.0, < 1.4.2', got {text[:80]!r}",
                hint="one range a row; several ranges are several rows",
            )
        if found.groups() == _EVERYTHING:
            bounds.append(Bound(">=", None))
            continue
        bounds.append(Bound(found[1], parse_version(found[2], place)))
    return tuple(bounds)


def parse_version(text: str, place: str) -> Version:
    """A version that can be compared.

    Raises:
        InputError: PEP 440 does not know it.
    """
    try:
        return Version(text)
    except ValueError as error:
        raise InputError(
            f"{place}: expected a PEP 440 version, got {text[:40]!r}",
            hint="write it as the index lists it",
        ) from error


def upgrades_in(text: str) -> frozenset[str]:
    """The versions that a sentence like "Upgrade acme to 1.2 or 2.1." tells people to take.

    What stands there and is no version, as "a later release" does, is left aside.
    """
    words = {word.strip("`.,;") for found in _UPGRADE.findall(text) for word in found.split(" or ")}
    return frozenset(word for word in words if _is_version(word))


def _is_version(text: str) -> bool:
    try:
        Version(text)
    except ValueError:
        return False
    return True
