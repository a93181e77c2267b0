"""Ranges of PyPI versions as VERS writes them, e.g. "vers:pypi/>=1.0|<1.2".

Spec: VERS specification (package-url/vers-spec), "Normalized, canonical representation and
validation" and "Checking if a version is contained within a range"; PEP 440.
"""

from __future__ import annotations

import re
from itertools import pairwise
from urllib.parse import unquote

from packaging.version import Version

from sealane.core.model.values import dataclass
from sealane.errors import InputError

_CONSTRAINT = re.compile("(>=|<=|!=|>|<|=)?([^<>=!|*]+)")
_UPPER = ("<", "<=")
_LOWER = (">", ">=")


@dataclass(frozen=True, slots=True)
class Vers:
    """A range.

    Attributes:
        named: Versions that are inside whatever the bounds say.
        excluded: Versions that are outside.
        bounds: Comparators and versions, sorted by version; () where only versions are named.
    """

    named: frozenset[Version]
    excluded: frozenset[Version]
    bounds: tuple[tuple[str, Version], ...]

    def holds(self, version: Version) -> bool:
        """Whether a version is inside, by the order of PEP 440.

        1. Versions that are named are inside, those that are excluded are not.
        2. Where nothing but exclusions stands, everything else is inside.
        3. An upper bound at the beginning, or a lower one at the end, is open on one side.
        4. In between, a lower bound and the upper one after it enclose what is inside.
        """
        if version in self.named or version in self.excluded:  # 1
            return version in self.named
        if not self.bounds:  # 2
            return not self.named
        lows: tuple[tuple[str, Version] | None, ...] = self.bounds
        if self.bounds[0][0] in _UPPER:  # 3
            lows = (None, *lows)
        pairs = zip(lows[::2], (*lows[1::2], None), strict=False)
        return any(_between(version, low, high) for low, high in pairs)  # 4


def parse_vers(text: str, place: str) -> Vers:
    """A range of versions of a Python project.

    Raises:
        InputError: Another scheme, a version that PEP 440 does not know, the same version twice, or
            bounds that do not alternate.
    """
    scheme, _, constraints = text.partition("/")
    if scheme != "vers:pypi":
        raise InputError(
            f"{place}: expected a range like vers:pypi/>=1.0|<1.2, got {text[:80]!r}",
            hint="write vers:pypi/, or one product for each version",
        )
    if constraints == "*":
        return Vers(frozenset(), frozenset(), ())
    found: dict[Version, str] = {}
    for one in constraints.split("|"):
        comparator, version = _constraint(one, place)
        if version in found:
            raise InputError(f"{place}: {str(version)!r} stands twice in {text[:80]!r}")
        found[version] = comparator
    bounds = tuple((found[one], one) for one in sorted(found) if found[one] not in ("=", "!="))
    for (first, _), (second, at) in pairwise(bounds):
        if (first in _LOWER) == (second in _LOWER):
            raise InputError(f"{place}: two bounds of one kind in a row at {str(at)!r}")
    return Vers(
        frozenset(one for one in found if found[one] == "="),
        frozenset(one for one in found if found[one] == "!="),
        bounds,
    )


def _constraint(text: str, place: str) -> tuple[str, Version]:
    matched = _CONSTRAINT.fullmatch(text)
    try:
        if matched is not None:
            return matched[1] or "=", Version(unquote(matched[2]))
    except ValueError as error:
        raise _refused(text, place) from error
    raise _refused(text, place)


def _refused(text: str, place: str) -> InputError:
    return InputError(f"{place}: expected one like >=1.0 with a PEP 440 version, got {text[:40]!r}")


def _between(
    version: Version, low: tuple[str, Version] | None, high: tuple[str, Version] | None
) -> bool:
    above = low is None or version > low[1] or (low[0] == ">=" and version == low[1])
    below = high is None or version < high[1] or (high[0] == "<=" and version == high[1])
    return above and below
