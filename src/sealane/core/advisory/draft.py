"""A record to begin with: from nothing, or from the manifests of the releases that fix it."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import pairwise

from packaging.version import Version

from sealane.core.advisory.file_version import version_of_file
from sealane.core.advisory.fill import fill_versions
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.range_text import parse_version
from sealane.core.advisory.record import (
    ECOSYSTEM,
    SCHEMA_VERSION,
    Affected,
    FixedFile,
    Provenance,
    Record,
)
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.model.project_name import normal_name
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError

_SHA256 = re.compile("[0-9a-f]{64}")
_EVERYTHING = "0"


def blank(identifier: str, project: str, at: datetime) -> Record:
    """A record that says everything of a project is affected, until somebody says better.

    Args:
        identifier: E.g. "PYSEC-0000-acme-1".
        project: Its name, in any writing.
        at: When it is written, UTC.
    """
    events = (("introduced", _EVERYTHING),)
    entry = package_entry(normal_name(project), events)
    return Record(identifier, at, schema_version=SCHEMA_VERSION, affected=(entry,))


def package_entry(project: str, events: tuple[tuple[str, str], ...]) -> Affected:
    """The one entry of a project in the shape that every reader understands: one ECOSYSTEM range.

    Args:
        project: Name as PEP 503 writes it.
        events: Events of the range, sorted.
    """
    ranges = (VersionRange("ECOSYSTEM", events),)
    return Affected(AffectedPackage(ECOSYSTEM, project, f"pkg:pypi/{project}", (), ranges))


def from_manifests(
    identifier: str,
    manifests: Sequence[ReleaseManifest],
    digests: Sequence[str],
    listings: Sequence[Listing],
    *,
    introduced: Mapping[str, str],
    at: datetime,
) -> Record:
    """A record of what releases fix: each of their versions ends what is affected in its series.

    Args:
        identifier: E.g. "PYSEC-0000-acme-1".
        manifests: The releases that fix it, in any order; at least one.
        digests: The SHA-256 of each manifest's payload, in the same order, lower-case hex.
        listings: The index of each package, with or without these releases; where no index was seen
            none of any package, and the lists of versions stay empty.
        introduced: The first affected version of each series, by the version that fixes it; "0" for
            everything before. Needed where a package has several series.
        at: When it is written, UTC.

    Raises:
        InputError: No manifest, another number of digests, no package of a Python index, two
            manifests of one release, a series whose beginning is not told, or series that overlap.
    """
    if not manifests or len(manifests) != len(digests):
        raise InputError(
            f"advisory: expected manifests and a digest for each, got {len(manifests)} and "
            f"{len(digests)}",
            hint="name the release manifest of each release that fixes it",
        )
    for digest in digests:
        if not _SHA256.fullmatch(digest):
            raise InputError(f"advisory: expected a SHA-256 in lower-case hex, got {digest[:70]!r}")
    files = _files(manifests)
    starts = {
        parse_version(fixed, "introduced"): _start(first) for fixed, first in introduced.items()
    }
    packages: dict[str, set[Version]] = {}
    for one in files:
        packages.setdefault(one.package, set()).add(Version(one.version))
    _refuse_unused(starts, {version for found in packages.values() for version in found})
    entries = tuple(
        package_entry(name, _events(name, sorted(packages[name]), starts))
        for name in sorted(packages)
    )
    provenance = Provenance(
        manifests=tuple(digests), files=files, sandbox=any(one.sandbox for one in manifests)
    )
    record = Record(
        identifier,
        at,
        schema_version=SCHEMA_VERSION,
        affected=entries,
        provenance=provenance,
    )
    return fill_versions(record, listings) if listings else record


def _files(manifests: Sequence[ReleaseManifest]) -> tuple[FixedFile, ...]:
    """Every file of a Python index in the manifests, by package, version and name."""
    found: list[FixedFile] = []
    for manifest in manifests:
        releases = {
            (normal_name(one.name), parse_version(one.pep440, f"release manifest {manifest.tag}"))
            for one in manifest.packages
            if one.pep440
        }
        before = {(one.package, Version(one.version)) for one in found}
        for name, version in sorted(releases):
            if (name, version) in before:
                raise InputError(
                    f"release manifest {manifest.tag}: {name} {version} is in another one, too",
                    hint="name each release once",
                )
            found += [
                FixedFile(name, str(version), artifact.name, artifact.sha256)
                for artifact in manifest.artifacts
                if version_of_file(artifact.name, name) == version
            ]
    if not found:
        raise InputError(
            "advisory: expected a wheel or an sdist in the release manifests, got none",
            hint="an advisory is written for packages of a Python index",
        )
    return tuple(sorted(found, key=lambda one: (one.package, Version(one.version), one.name)))


def _start(text: str) -> Version | None:
    return None if text == _EVERYTHING else parse_version(text, "introduced")


def _refuse_unused(starts: Collection[Version], fixed: Collection[Version]) -> None:
    for version in starts:
        if version not in fixed:
            raise InputError(
                f"introduced: {version}: no release manifest has this version",
                hint="name the version that fixes the series, as its manifest has it",
            )


def _events(
    name: str, fixed: Sequence[Version], starts: Mapping[Version, Version | None]
) -> tuple[tuple[str, str], ...]:
    """Introduced and fixed in turn, by series, oldest first."""
    for version in fixed if len(fixed) > 1 else ():
        if version not in starts:
            raise InputError(
                f"{name}: {version} fixes one of {len(fixed)} series, and where that one begins is "
                "not known",
                hint=f"say which version introduced it, e.g. --introduced {version}=1.0",
            )
    series = [(starts.get(version), version) for version in fixed]
    for first, version in series:
        if first is not None and first >= version:
            raise InputError(
                f"{name}: introduced in {first}, which is not before {version}",
                hint="name the first affected version of the series, or 0 for all before the fix",
            )
    for (_, ended), (first, version) in pairwise(series):
        # Equal would be fixed and introduced at once, which OSV leaves open.
        if first is None or first <= ended:
            raise InputError(
                f"{name}: the series that {version} fixes begins in {first or 'the first version'},"
                f" before or with {ended}, which fixes the series before",
                hint="name the first version of its own series",
            )
    return tuple(
        event
        for first, version in series
        for event in (
            ("introduced", _EVERYTHING if first is None else str(first)),
            ("fixed", str(version)),
        )
    )
