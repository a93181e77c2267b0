"""Each version of each project as a product, with what the record says of it.

Spec: CSAF 2.0, section 3.2.3.9 (product status); OSV schema 1.7, "Evaluation"; PEP 440.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from packaging.version import Version

from sealane.core.advisory.documents import Rendering
from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.projects import Project, projects_of
from sealane.core.advisory.record import Record
from sealane.core.model.moment import rfc3339
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import dataclass


class Status(StrEnum):
    """What a record says of a version."""

    AFFECTED = "affected"
    FIXED = "fixed"
    UNAFFECTED = "unaffected"


@dataclass(frozen=True, slots=True)
class Product:
    """One version of a project.

    Attributes:
        project: Name as PEP 503 writes it.
        version: PEP 440 normal form.
        status: What the record says of it.
        fix: Of an affected version, the version that fixes it; "" where none is named.
        last: Of an affected version without a fix, the last one affected; "" where none is named.
        why: Of an unaffected version, why; "" for one from before the vulnerable code.
        first: Whether it is the first fixed version of its series.
    """

    project: str
    version: str
    status: Status
    fix: str = ""
    last: str = ""
    why: str = ""
    first: bool = False

    @property
    def id(self) -> str:
        """What the document calls it."""
        return f"{self.project}@{self.version}"


@dataclass(frozen=True, slots=True)
class _Span:
    """One interval with its bounds parsed once, however many versions are held against it."""

    introduced: Version | None
    fixed: Version | None
    last: Version | None

    def began(self, version: Version) -> bool:
        return self.introduced is None or version >= self.introduced

    def holds(self, version: Version) -> bool:
        if not self.began(version):
            return False
        if self.fixed is not None:
            return version < self.fixed
        return self.last is None or version <= self.last


def products_of(record: Record, rendering: Rendering) -> tuple[Product, ...]:
    """Every version of every project, by project in the order of the record, oldest first.

    Known are the versions that the index lists, those that the record lists, for they are installed
    even where an index has deleted them, and those that it calls fixed.

    Raises:
        InputError: What is affected cannot be told.
    """
    found: list[Product] = []
    for project in projects_of(record):
        versions = _versions(record, rendering, project)
        if record.withdrawn is not None:
            why = f"The advisory was withdrawn at {rfc3339(record.withdrawn)}."
            found += [_product(project, one, Status.UNAFFECTED, why=why) for one in versions]
        else:
            unaffected = record.provenance.unaffected if record.provenance else ()
            found += _judged(project, versions, unaffected)
    return tuple(found)


def _versions(record: Record, rendering: Rendering, project: Project) -> list[Version]:
    texts = [*project.fixed]
    for entry in record.affected:
        if normal_name(entry.about.name) == project.name:
            texts += entry.about.versions
    for listing in rendering.listings:
        if listing.project == project.name:
            texts += listing.versions
    # "1.2" and "1.2.0" are one version; as the index writes it, scanners find it.
    known = {Version(text): Version(text) for text in texts}
    return [written for _, written in sorted(known.items())]


def _judged(
    project: Project, versions: Iterable[Version], unaffected: tuple[str, ...]
) -> list[Product]:
    # A record without ranges has as many intervals as it lists versions: those are looked up.
    alone = {Version(one.introduced) for one in project.intervals if _is_alone(one)}
    spans = [_span(one) for one in project.intervals if not _is_alone(one)]
    fixed = {Version(text) for text in project.fixed}
    found = []
    for version in versions:
        holding = [one for one in spans if one.holds(version)]
        if holding or version in alone:
            found.append(_affected(project, version, holding))
        elif series := next((one for one in unaffected if _is_of(version, one)), ""):
            why = f"The series {series} is not affected."
            found.append(_product(project, version, Status.UNAFFECTED, why=why))
        else:
            before = [one for one in spans if one.began(version)]
            found.append(_other(project, version, before, alone, fixed))
    return found


def _affected(project: Project, version: Version, holding: list[_Span]) -> Product:
    fixes = [one.fixed for one in holding if one.fixed is not None]
    lasts = [one.last for one in holding if one.last is not None]
    fix = str(max(fixes)) if fixes else ""
    last = str(max(lasts)) if lasts and not fixes else ""
    return _product(project, version, Status.AFFECTED, fix=fix, last=last)


def _other(
    project: Project,
    version: Version,
    before: list[_Span],
    alone: set[Version],
    fixed: set[Version],
) -> Product:
    if before and before[-1].fixed is not None:
        return _product(project, version, Status.FIXED, first=version in fixed)
    if before and before[-1].last is not None:
        why = f"{before[-1].last} is the last version that is affected."
        return _product(project, version, Status.UNAFFECTED, why=why)
    if alone:
        why = "The advisory lists the versions that are affected, and this is none of them."
        return _product(project, version, Status.UNAFFECTED, why=why)
    return _product(project, version, Status.UNAFFECTED)


def _product(
    project: Project,
    version: Version,
    status: Status,
    *,
    fix: str = "",
    last: str = "",
    why: str = "",
    first: bool = False,
) -> Product:
    return Product(project.name, str(version), status, fix, last, why, first)


def _is_of(version: Version, series: str) -> bool:
    parts = series.split(".")
    return [str(one) for one in version.release[: len(parts)]] == parts


def _is_alone(interval: Interval) -> bool:
    return bool(interval.introduced) and interval.introduced == interval.last_affected


def _span(interval: Interval) -> _Span:
    bounds = (interval.introduced, interval.fixed, interval.last_affected)
    return _Span(*(Version(text) if text else None for text in bounds))
