"""Versions of a CSAF document: whole numbers, or semantic versions.

Spec: CSAF 2.0, section 3.1.11; Semantic Versioning 2.0.0, sections 2, 9 to 11.
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeAlias

from sealane.core.advisory.csaf.texts import moment_of
from sealane.core.advisory.csaf.walk import Object, each, inner, text
from sealane.core.model.values import dataclass

# Digits are compared as texts, the longer number is the greater: they may be too many for int().
Order: TypeAlias = tuple[object, ...]
# More revisions than a document can list.
_MANY = 10**18


@dataclass(frozen=True, slots=True)
class Number:
    """One version, of which the form is right.

    Attributes:
        text: As it is written.
        core: Major, minor and patch, in digits; of a whole number, with two zeros.
        pre: Identifiers of its pre-release part; none where it has no such part.
        whole: Whether it is a whole number.
    """

    text: str
    core: tuple[str, str, str]
    pre: tuple[str, ...]
    whole: bool

    @property
    def order(self) -> Order:
        """What sorts versions by precedence; build metadata has no part in it."""
        pre = tuple(
            (0, len(one), one) if one.isdigit() else (1, 0, one)  # digits are below words
            for one in self.pre
        )
        return (*((len(one), one) for one in self.core), not self.pre, pre)

    @property
    def major(self) -> int:
        """The major version, or the whole number; of one that is too great, a great one."""
        return min(int(self.core[0][:19]), _MANY)

    @property
    def without_build(self) -> str:
        """The version without its build metadata."""
        return self.text.partition("+")[0]

    @property
    def release(self) -> str:
        """The version without its build metadata and its pre-release part."""
        return self.without_build.partition("-")[0]


@dataclass(frozen=True, slots=True)
class Revision:
    """One item of the revision history: its place, when, and its number."""

    place: str
    at: datetime
    number: Number


def number_of(written: str) -> Number:
    """A version of which the form is right."""
    core, _, pre = written.partition("+")[0].partition("-")
    parts = core.split(".")
    whole = len(parts) == 1
    major, minor, patch = (*parts, "0", "0") if whole else parts
    return Number(written, (major, minor, patch), tuple(pre.split(".")) if pre else (), whole)


def history(document: Object) -> tuple[Revision, ...]:
    """The revision history, oldest first; of the same time, by number."""
    tracking = inner(inner(document, "document"), "tracking")
    found = []
    for place, one in each(tracking, "revision_history", "/document/tracking"):
        at = moment_of(text(one, "date"))
        if at is not None:
            found.append(Revision(place, at, number_of(text(one, "number"))))
    return tuple(sorted(found, key=lambda one: (one.at, one.number.order)))
