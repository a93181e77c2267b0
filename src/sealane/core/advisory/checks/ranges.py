"""ADV04 and ADV05: events are PEP 440 versions, in one range that can be read in one way."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import ClassVar

from packaging.version import Version

from sealane.core.advisory.answers import failed, missing, warned
from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.reach import (
    listing_for,
    project_of,
    projects_of,
    reach_of,
    versions_of,
)
from sealane.core.model.verdict import Finding
from sealane.core.release.affected import VersionRange
from sealane.errors import InputError

_START = Version("0.dev0")  # before everything, as "introduced": "0" is
_ENDS = ("fixed", "last_affected")


class EventVersions:
    """Versions that events name."""

    code: ClassVar[str] = "SL-ADV-004"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each event that names no PEP 440 version; `pip-audit` ends in a traceback there."""
        asked = False
        for number, entry in enumerate(case.record.affected):
            for inner, one in enumerate(entry.about.ranges):
                for kind, text in one.events if one.type != "GIT" else ():
                    asked = True
                    if (kind, text) != ("limit", "*") and version_or_none(text) is None:
                        place = f"record/affected/{number}/ranges/{inner}/events"
                        told = f"{kind}: {text[:60]}"
                        yield failed(self.code, place, "a PEP 440 version", told)
        if not asked:
            yield missing(self.code, "record/affected", "an event that names a version", "none")


class RangeShape:
    """One ECOSYSTEM range a package, its events in turn.

    Two shapes only warn. Events out of order: evaluators sort them, so nothing untrue is said. And
    an interval that holds no version of the index: bounds like "4.3a0" that were never released
    are common, and mean what they should.
    """

    code: ClassVar[str] = "SL-ADV-005"
    published: ClassVar[bool] = False
    deadline_s: ClassVar[int] = 0

    def findings(self, case: Case) -> Iterator[Finding]:
        """Each shape that its readers read in several ways, or not at all.

        REC:001 (something is affected), RNG:001 (introduced) and RNG:002 (not empty) of OSV's
        linter are among them. `pip-audit` shows the fix of the first of two ranges, and of the
        last of two entries.
        """
        record = case.record
        if not record.affected:
            hint = "name the package and the range; without them nobody is warned"
            yield failed(self.code, "record/affected", "a package (REC:001)", "none", hint)
        for project, count in Counter(map(project_of, record.affected)).items():
            if count > 1:
                yield failed(self.code, f"record: {project}", "one entry", f"{count} entries")
        for number, entry in enumerate(record.affected):
            place = f"record/affected/{number}/ranges"
            ranges = [one for one in entry.about.ranges if one.type != "GIT"]
            if len(ranges) != 1:
                yield failed(self.code, place, "one ECOSYSTEM range", f"{len(ranges)} ranges")
            for one in ranges:
                yield from self._range(one, place)
        for project in projects_of(record):
            yield from self._holds(case, project)

    def _range(self, one: VersionRange, place: str) -> Iterator[Finding]:
        if one.type != "ECOSYSTEM":
            yield failed(self.code, place, "type ECOSYSTEM", f"type {one.type[:40]}")
        place = f"{place}/events"
        kinds = [kind for kind, _ in one.events]
        if "introduced" not in kinds:
            yield failed(self.code, place, "introduced (RNG:001)", ", ".join(kinds) or "none")
            return
        if strange := sorted({*kinds} - {"introduced", *_ENDS}):
            yield failed(self.code, place, "introduced and fixed", ", ".join(strange)[:60])
            return
        if {*_ENDS} <= {*kinds}:
            yield failed(self.code, place, "fixed or last_affected", "both in one range")
        marks = [(at, *event) for event in one.events if (at := _at(event)) is not None]
        if len(marks) == len(one.events):  # else ADV04 names what is no version
            yield from self._turns(marks, place)

    def _turns(self, marks: Sequence[tuple[Version, str, str]], place: str) -> Iterator[Finding]:
        # At one version "introduced" comes first, so that with "last_affected" it is that one.
        ordered = sorted(marks, key=lambda mark: (mark[0], mark[1] != "introduced"))
        if ordered != list(marks):
            told = ", ".join(text[:20] for _, _, text in marks[:8])
            yield warned(self.code, place, "events in the order of the versions", told)
        begun: tuple[Version, str] | None = None
        for at, kind, text in ordered:
            opens = kind == "introduced"
            if opens == (begun is not None):
                told = f"{kind} {text[:40]} {'inside a range' if opens else 'that ends nothing'}"
                yield failed(self.code, place, "introduced and fixed in turn", told)
            elif begun is not None and kind == "fixed" and at == begun[0]:
                told = f"introduced {begun[1][:40]}, fixed {text[:40]}"
                yield failed(self.code, place, "a range that is not empty (RNG:002)", told)
            begun = (at, text) if opens else None

    def _holds(self, case: Case, project: str) -> Iterator[Finding]:
        listing = listing_for(case.listings, project)
        if listing is None or not listing.releases:
            return  # ADV03 says so
        try:
            reach = reach_of(case.record, project)
        except InputError:
            return  # said above, or by ADV04
        place = f"record: {project}"
        known = versions_of(listing)
        empty = [
            one for one in reach.intervals if not any(one.holds(version) for _, version in known)
        ]
        if len(empty) == len(reach.intervals):
            hint = "compare the bounds with the versions that were released"
            yield failed(self.code, place, "a range with a version of the index", "none", hint)
            return
        for one in empty:
            told = f"{one.introduced or 'the start'} to {one.fixed or one.last_affected or 'now'}"
            yield warned(self.code, place, "a version of the index in each interval", told)


def _at(event: tuple[str, str]) -> Version | None:
    return _START if event == ("introduced", "0") else version_or_none(event[1])
