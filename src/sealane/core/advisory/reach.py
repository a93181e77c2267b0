"""What a record says of one project, whichever entries say it: what it affects, what fixes it.

Whether the record is withdrawn does not matter here: its ranges are to be right all the same.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from packaging.version import Version

from sealane.core.advisory.file_version import version_or_none
from sealane.core.advisory.intervals import Interval, intervals_of
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Affected, Record
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import dataclass, replace
from sealane.core.release.affected import fixed_versions
from sealane.errors import InputError


@dataclass(frozen=True, slots=True)
class Reach:
    """What a record says of one project.

    Attributes:
        project: Name as PEP 503 writes it.
        intervals: Of all its ranges, sorted by where they begin.
        listed: Every version it lists, as written.
        fixed: Every version that an event calls fixed, as written; PEP 440 knows all of them.
    """

    project: str
    intervals: tuple[Interval, ...]
    listed: tuple[str, ...]
    fixed: tuple[str, ...]

    @property
    def fixes(self) -> tuple[Version, ...]:
        """The fixed versions, oldest first."""
        return tuple(sorted({Version(text) for text in self.fixed}))

    def inside(self, version: Version) -> bool:
        """Whether a version is in one of the ranges."""
        return any(one.holds(version) for one in self.intervals)

    def affects(self, version: Version) -> bool:
        """Whether a version is in one of the ranges, or listed.

        Listed texts that PEP 440 does not know affect no version; ADV09 names them.
        """
        return self.inside(version) or version in _listed(self.listed)

    def affected(self, listing: Listing) -> tuple[str, ...]:
        """The versions of an index that are affected, oldest first."""
        listed = _listed(self.listed)
        return tuple(
            text
            for text, version in versions_of(listing)
            if version in listed or self.inside(version)
        )


@dataclass(frozen=True, slots=True)
class Probe:
    """A version to ask a service about, and what it should say.

    Attributes:
        project: Name as PEP 503 writes it.
        version: PEP 440 normal form; it is on the index.
        vulnerable: Whether it has to be flagged.
        fix: The first fix after it; "" where the record names none.
    """

    project: str
    version: str
    vulnerable: bool
    fix: str = ""


def project_of(entry: Affected) -> str:
    """The project an entry is about, as PEP 503 writes it; "" where it names none."""
    name = entry.about.name or entry.about.purl.removeprefix("pkg:pypi/").partition("@")[0]
    return normal_name(name)


def projects_of(record: Record) -> tuple[str, ...]:
    """The projects a record names, each once, in its order."""
    names = [project_of(entry) for entry in record.affected]
    return tuple(dict.fromkeys(name for name in names if name))


def entries_of(record: Record, project: str) -> tuple[Affected, ...]:
    """The entries about one project."""
    return tuple(entry for entry in record.affected if project_of(entry) == project)


def reach_of(record: Record, project: str) -> Reach:
    """What the record says of a project.

    Raises:
        InputError: Ranges that cannot be read in one way; ADV04 and ADV05 say why.
    """
    entries = [entry.about for entry in entries_of(record, project)]
    ranges = [
        one
        for about in entries
        # Without its list: a version that is listed alone is no range.
        for one in intervals_of(replace(about, versions=()))
    ]
    return Reach(
        project,
        tuple(sorted(ranges, key=lambda one: Version(one.introduced or "0.dev0"))),
        tuple(text for about in entries for text in about.versions),
        tuple(dict.fromkeys(text for about in entries for text in fixed_versions(about))),
    )


def listing_for(listings: Sequence[Listing], project: str) -> Listing | None:
    """The listing of a project; None where its index was not read."""
    return next((one for one in listings if one.project == project), None)


def versions_of(listing: Listing) -> tuple[tuple[str, Version], ...]:
    """The versions of an index, oldest first, as written and as PEP 440 orders them."""
    return tuple((text, Version(text)) for text in listing.versions)


def released_by(manifests: Sequence[ReleaseManifest], project: str) -> frozenset[Version]:
    """The versions of a project that the manifests release.

    Raises:
        InputError: One of them is no PEP 440 version, so that no index can have it.
    """
    found = set()
    for manifest in manifests:
        for package in manifest.packages:
            if normal_name(package.name) == project:
                version = version_or_none(package.pep440)
                if version is None:
                    raise InputError(
                        f"release manifest {manifest.tag}: {package.name[:60]}: expected a "
                        f"PEP 440 version, got {package.pep440[:40]!r}",
                        hint="name the manifest of a release that an index takes",
                    )
                found.add(version)
    return frozenset(found)


def fixes_of(reach: Reach, manifests: Sequence[ReleaseManifest]) -> tuple[Version, ...]:
    """The fixed versions of the record, and what the manifests release; oldest first.

    Raises:
        InputError: As `released_by`.
    """
    return tuple(sorted({*reach.fixes, *released_by(manifests, reach.project)}))


def subjects_of(
    record: Record, listings: Sequence[Listing]
) -> Iterator[tuple[Reach, Listing | None]]:
    """What the record says of each project, beside its index; None where that was not read.

    Raises:
        InputError: It names none, so that nothing can be told of it; or as `reach_of`.
    """
    projects = projects_of(record)
    if not projects:
        raise InputError(
            f"advisory {record.id[:60]}: affected: expected a package, got none",
            hint="name the package, and the versions that are affected",
        )
    for project in projects:
        yield reach_of(record, project), listing_for(listings, project)


def probes_of(reach: Reach, listing: Listing) -> tuple[Probe, ...]:
    """What to ask a service: the newest version inside each interval, and the fix that ends it.

    Only versions that the index has can be asked about. Listed versions outside every range are
    asked about too: a service that reads ranges alone would not know them.
    """
    known, fixes = versions_of(listing), reach.fixes
    asked: dict[str, Probe] = {}

    def ask(text: str, version: Version) -> None:
        vulnerable = reach.affects(version)
        later = [one for one in fixes if vulnerable and one > version]
        asked[text] = Probe(reach.project, text, vulnerable, str(later[0]) if later else "")

    for interval in reach.intervals:
        inside = [pair for pair in known if interval.holds(pair[1])]
        fix = version_or_none(interval.fixed)
        for pair in inside[-1:]:
            ask(*pair)
        for text, version in known:
            if inside and version == fix:
                ask(text, version)
    listed = _listed(reach.listed)
    for text, version in known:
        if version in listed and not reach.inside(version):
            ask(text, version)
    return tuple(asked.values())


@lru_cache(maxsize=16)
def _listed(texts: tuple[str, ...]) -> frozenset[Version | None]:
    # A reach is asked about one version after the other, against lists of thousands.
    return frozenset(version_or_none(text) for text in texts)
