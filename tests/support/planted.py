"""Real records beside an index of their own, and the defects of real advisories, planted in them.

Reference: embargo and advisories, section 8.
"""

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from packaging.version import Version

from sealane.core.advisory.checks.interface import Case, Stage
from sealane.core.advisory.documents import Document
from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.intervals import Interval
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.reach import Reach, projects_of, reach_of
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_yaml import parse_record_yaml
from sealane.core.advisory.series import series_of
from sealane.core.model.values import replace
from sealane.core.release.affected import VersionRange
from support.cases import LATER, manifest_of
from support.records import listed
from support.vectors import PACK

RECORDS = sorted((PACK / "osv").glob("*.yaml"))
# What only the world tells; nobody asked it about these.
WORLD = frozenset(f"SL-ADV-0{number}" for number in (16, 19, 20, 21, 22, 24, 25))


@cache
def case_of(file: Path) -> Case:
    """The record, published, and an index that is built from it."""
    record = parse_record_yaml(file.read_bytes())
    (project,) = projects_of(record)
    reach = reach_of(record, project)
    named = (version_or_none(text) for text in (*reach.listed, *reach.fixed))
    known = {version for version in named if version is not None}
    newest = max(known, default=Version("0"))
    newer = Version(f"{newest.epoch}!{newest.major + 1}.0")
    listing = listed(project, [str(one) for one in (*known, newer)])
    manifests = tuple(manifest_of(str(version), project) for version in reach.fixes)
    case = Case(record, b"", Stage.PUBLISHED, LATER, (listing,), manifests, left_out=WORLD)
    return saying(case, record)


def saying(case: Case, record: Record) -> Case:
    """The case with another record, and a document that was rendered from that."""
    content = render_record(record)
    document = Document("osv", f"{record.id}.json", content)
    return replace(case, record=record, content=content, documents=(document,))


def reach_in(case: Case) -> Reach:
    return reach_of(case.record, case.listings[0].project)


def with_range(case: Case, events: tuple[tuple[str, str], ...], versions: tuple[str, ...]) -> Case:
    """The case whose record has other events in its ECOSYSTEM range, and another list."""
    (entry,) = case.record.affected
    ranges = tuple(
        VersionRange("ECOSYSTEM", events) if one.type == "ECOSYSTEM" else one
        for one in entry.about.ranges
    )
    about = replace(entry.about, ranges=ranges, versions=versions)
    return saying(case, replace(case.record, affected=(replace(entry, about=about),)))


def events_in(case: Case) -> tuple[tuple[str, str], ...]:
    (entry,) = case.record.affected
    return next(one.events for one in entry.about.ranges if one.type == "ECOSYSTEM")


def versions_in(case: Case) -> tuple[str, ...]:
    return case.record.affected[0].about.versions


def index_of(case: Case, versions: list[str], *yanked: str) -> Case:
    return replace(case, listings=(listed(case.listings[0].project, versions, yanked=yanked),))


def never_published(case: Case) -> Iterator[Case]:
    """Each fix in turn is not on the index, and nobody released it."""
    for fix in reach_in(case).fixes:
        left = [one for one in case.listings[0].versions if Version(one) != fix]
        yield replace(index_of(case, left), manifests=())


def fix_yanked(case: Case) -> Iterator[Case]:
    for fix in reach_in(case).fixes:
        yield index_of(case, list(case.listings[0].versions), str(fix))


def wrong_package(case: Case) -> Iterator[Case]:
    """Another package is named: one that the index does not have, or one with the same versions."""
    (entry,) = case.record.affected
    name = f"{case.listings[0].project}-tools"
    about = replace(entry.about, name=name, purl=f"pkg:pypi/{name}")
    changed = saying(case, replace(case.record, affected=(replace(entry, about=about),)))
    yield replace(changed, listings=(Listing(name, (), "an index"),))
    if case.manifests:
        yield replace(changed, listings=(listed(name, case.listings[0].versions),))


def unbounded(case: Case) -> Iterator[Case]:
    events = sorted(events_in(case), key=lambda one: Version(one[1]))
    if events[-1][0] != "introduced":
        yield with_range(case, tuple(events[:-1]), versions_in(case))


def fix_affected(case: Case) -> Iterator[Case]:
    for fix in reach_in(case).fixes:
        yield with_range(case, events_in(case), (*versions_in(case), str(fix)))


def empty_range(case: Case) -> Iterator[Case]:
    """Each interval in turn begins where it ends."""
    for interval in reach_in(case).intervals:
        if interval.fixed:
            start = ("introduced", interval.introduced or "0")
            at = interval.fixed
            events = tuple(("introduced", at) if one == start else one for one in events_in(case))
            yield with_range(case, events, versions_in(case))


def versions_missing(case: Case) -> Iterator[Case]:
    """The first and the last listed version are left out, or the whole list."""
    listing = versions_in(case)
    if any(version_or_none(one) for one in listing):
        yield with_range(case, events_in(case), ())
    for left in (listing[1:], listing[:-1]):
        known = {version_or_none(one) for one in left}
        if any(version_or_none(one) not in known for one in listing):
            yield with_range(case, events_in(case), left)


def versions_invented(case: Case) -> Iterator[Case]:
    newest = Version(case.listings[0].versions[-1])
    for ghost in (f"{newest.epoch}!{newest.major + 7}.0", "0.0.0.dev0", "1.0 and older"):
        yield with_range(case, events_in(case), (*versions_in(case), ghost))


def series_forgotten(case: Case) -> Iterator[Case]:
    """A series without a word about it.

    1. One of several intervals is left out, with its versions; where it is the first or the last,
       the project says that it supports it.
    2. The newest release begins a series that the project supports.
    """
    reach = reach_in(case)
    for number, interval in enumerate(reach.intervals):
        series = series_of_bounds(interval)
        rest = [one for one in reach.intervals if one is not interval]
        others = set().union(*(series_of_bounds(one) for one in rest))
        if not rest or len(series) != 1 or not interval.introduced or series & others:
            continue
        gone = {("introduced", interval.introduced or "0"), ("fixed", interval.fixed)}
        events = tuple(one for one in events_in(case) if one not in gone)
        versions = tuple(text for text in versions_in(case) if not interval.holds(Version(text)))
        between = 0 < number < len(rest)
        yield replace(with_range(case, events, versions), supported=() if between else (*series,))
    newest = Version(case.listings[0].versions[-1])
    if not reach.affects(newest):
        yield replace(case, supported=(str(series_of(newest, ())),))


def series_of_bounds(interval: Interval) -> set[str]:
    bounds = (interval.introduced, interval.fixed)
    return {str(series_of(Version(one), ())) for one in bounds if one}


PLANTED: dict[str, tuple[Callable[[Case], Iterator[Case]], str]] = {
    "fixed-never-published": (never_published, "ADV06"),
    "fixed-yanked": (fix_yanked, "ADV07"),
    "wrong-package": (wrong_package, "ADV03"),
    "unbounded": (unbounded, "ADV10"),
    "fixed-listed-as-affected": (fix_affected, "ADV08"),
    "empty-range": (empty_range, "ADV05"),
    "versions-missing": (versions_missing, "ADV09"),
    "versions-invented": (versions_invented, "ADV09"),
    "series-forgotten": (series_forgotten, "ADV12"),
}
