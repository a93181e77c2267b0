"""ADV09, ADV10 and ADV11: what is said to be affected is what the index has of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, missing, several, unlisted, warned
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import fixes_of, subjects_of, versions_of
from sealane.core.advisory.record_lint import lint
from sealane.core.advisory.series import Series, parse_series
from sealane.core.model.verdict import Finding


class VersionsList:
    """The list of versions, both ways.

    Three things only warn: a version that is there twice, for it is said twice and is no less true;
    one that PEP 440 does not know and of which the index still has a file, for no installer takes
    it; and a bound that was never released (PKG:002 of OSV's linter), for it means what it should.
    """

    code: ClassVar[str] = "SL-ADV-009"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """What is missing in the list, and what should not be there.

        1. Every version of the index inside a range, pre-, post- and development releases and
           yanked ones too: all of them can be installed still.
        2. No version that the index does not have; deleted ones are among those.
        3. None that is outside every range: who reads ranges alone would not know it.
        """
        for fault in lint(case.record, case.listings):
            if fault.rule == "PKG:002":
                place = f"record{fault.place}"
                yield warned(self.code, place, "versions of the index (PKG:002)", fault.message)
        for reach, listing in subjects_of(case.record, case.listings):
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            place = f"record: versions of {reach.project}"
            named = [(text, version_or_none(text)) for text in dict.fromkeys(reach.listed)]
            known = {version for _, version in named}
            lacking = [
                text
                for text, version in versions_of(listing)
                if version not in known and reach.inside(version)
            ]
            if lacking:  # 1
                yield failed(self.code, place, f"also {several(lacking)}", "not listed")
            there = {Version(text) for text in listing.versions}
            strange = [text for text, one in named if one is None and _legacy(text, listing)]
            ghosts = [text for text, one in named if one not in there and text not in strange]
            if ghosts:  # 2
                told = f"listed: {several([text[:40] for text in ghosts])}"
                yield failed(self.code, place, "versions that the index has", told)
            outside = [text for text, one in named if one in there and not reach.inside(one)]
            if outside:  # 3
                told = f"listed: {several(outside)}"
                yield failed(self.code, place, "versions inside a range", told)
            if strange:
                told = f"listed: {several(strange)}"
                yield warned(self.code, place, "PEP 440 versions", told)
            if len({one or text for text, one in named}) < len(reach.listed):
                yield warned(self.code, place, "each version once", "one is there twice")


class NewestUnaffected:
    """The newest release of each supported series, and ranges without an end."""

    code: ClassVar[str] = "SL-ADV-010"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each range without an end, and each series whose users have nowhere to go.

        Newest is what an installer takes: no pre-release, and not yanked. Where the project does
        not say which series it supports, the newest of all is asked. A series without any release
        is missing: nothing can be told of it.
        """
        named = dict.fromkeys(parse_series(text) for text in case.supported)
        supported: tuple[Series | None, ...] = tuple(named) or (None,)
        unseen: set[Series | None] = {*named}
        unread = False
        for reach, listing in subjects_of(case.record, case.listings):
            place = f"record: {reach.project}"
            for interval in reach.intervals:
                if not (interval.fixed or interval.last_affected):
                    told = f"introduced {interval.introduced or '0'}, and no end"
                    yield failed(self.code, place, "a range that ends with a fix", told)
            if listing is None:
                unread = True
                yield unlisted(self.code, reach.project)
                continue
            for series in supported:
                newest = _newest(listing, series)
                if newest is not None:
                    unseen.discard(series)
                    if reach.affects(newest):
                        told = f"newest of {series or 'all'} is not affected"
                        yield failed(self.code, place, told, str(newest))
        if unseen and not unread:
            wanted = f"releases of {several(sorted(map(str, unseen)))}"
            hint = "correct `supported`, or release it"
            yield missing(self.code, "index", wanted, "none", hint)


class PrereleasesAffected:
    """Pre-releases of the fix."""

    code: ClassVar[str] = "SL-ADV-011"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each pre-release or development release of a fix, before it, that is not affected.

        By PEP 440 they come before the fix, so a range that ends with the fix holds them; one that
        ends with the last affected release does not.
        """
        for reach, listing in subjects_of(case.record, case.listings):
            if listing is None:
                yield unlisted(self.code, reach.project)
                continue
            for fix in fixes_of(reach, case.manifests):
                early = [
                    text
                    for text, version in versions_of(listing)
                    if version < fix
                    and version.is_prerelease
                    and _base(version) == _base(fix)
                    and not reach.affects(version)
                ]
                if early:
                    place = f"record: {reach.project}"
                    told = f"not affected: {several(early)}"
                    yield failed(self.code, place, f"what comes before {fix} is affected", told)


def _base(version: Version) -> tuple[int, ...]:
    """Epoch and release without trailing zeros: 1.4 and 1.4.0 are one."""
    parts = list(version.release)
    while parts and parts[-1] == 0:
        parts.pop()
    return (version.epoch, *parts)


def _newest(listing: Listing, series: Series | None) -> Version | None:
    """The newest version that an installer takes, of a series or of all."""
    found = [Version(one.version) for one in listing.releases if not one.yanked]
    return max(
        (one for one in found if not one.is_prerelease and (series is None or series.holds(one))),
        default=None,
    )


def _legacy(text: str, listing: Listing) -> bool:
    """Whether the index has a file whose name tells a version that PEP 440 does not know."""
    form = re.compile(rf".*[-_]{re.escape(text)}[.-].*", re.IGNORECASE | re.DOTALL)
    return any(form.fullmatch(name) for name in listing.legacy)
