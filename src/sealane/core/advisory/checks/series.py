"""ADV12: no series is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, several, unlisted
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import Reach, subjects_of, versions_of
from sealane.core.advisory.series import Series, parse_series, series_of
from sealane.core.model.verdict import Finding


class SeriesForgotten:
    """Series that the record says nothing about."""

    code: ClassVar[str] = "SL-ADV-012"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each series that is neither affected nor fixed, and not said to be unaffected.

        1. One that the project supports, wherever it lies: its users ask.
        2. One between two ranges: whoever wrote both of them passed over it. Series are those of
           the project, and where it names none, major and minor number.
        3. One that is said to be unaffected while a range or the list holds versions of it.

        A series is spoken of where one of its versions is affected, or fixes it; its versions
        before the first affected one, and from the fix on, are no gap.
        """
        provenance = case.record.provenance
        supported = tuple(parse_series(text) for text in case.supported)
        unaffected = [parse_series(one) for one in (provenance.unaffected if provenance else ())]
        for reach, listing in subjects_of(case.record, case.listings):
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            affected = set(reach.affected(listing))
            for one in unaffected:  # 3
                if held := [text for text in _versions_in(listing, one) if text in affected]:
                    place = f"record: {reach.project}, series {one}"
                    told = f"affected: {several(held)}"
                    yield failed(self.code, place, "unaffected, as the record says", told)
            silent: dict[Series, list[str]] = {}
            for text, version in versions_of(listing):
                if any(one.holds(version) for one in unaffected):
                    continue
                series = series_of(version, supported)
                if series in supported or (text not in affected and _between(version, reach)):
                    silent.setdefault(series, []).append(text)
            spoken = _spoken(reach, affected, supported)
            for series, versions in silent.items():
                if series not in spoken:
                    place = f"record: {reach.project}, series {series}"
                    told = f"nothing is said of {several(versions)}"
                    yield failed(self.code, place, "affected, fixed, or named as unaffected", told)


def _versions_in(listing: Listing, series: Series) -> list[str]:
    return [text for text, version in versions_of(listing) if series.holds(version)]


def _spoken(reach: Reach, affected: set[str], supported: tuple[Series, ...]) -> set[Series]:
    named = [*reach.fixes, *map(Version, affected)]
    for interval in reach.intervals:
        bounds = (interval.introduced, interval.fixed, interval.last_affected)
        named += [Version(text) for text in bounds if text]
    return {series_of(version, supported) for version in named}


def _between(version: Version, reach: Reach) -> bool:
    """Whether one range begins before a version, and another one after it."""
    if not reach.intervals:
        return False
    first, last = reach.intervals[0], reach.intervals[-1]
    begins = Version(first.introduced or "0.dev0")
    return begins < version < Version(last.introduced or "0.dev0")
