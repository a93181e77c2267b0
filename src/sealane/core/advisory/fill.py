"""What of a record follows from other things, and is computed again: versions and times.

Spec: OSV schema 1.7, "affected[].versions", "published", "modified".
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from packaging.version import Version

from sealane.core.advisory.intervals import intervals_of
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import ECOSYSTEM, Affected, Record
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import replace
from sealane.errors import InputError


def fill_versions(record: Record, listings: Sequence[Listing]) -> Record:
    """The record with all listed versions that are inside its ranges, oldest first.

    Pre-, post- and development releases are listed as any other, and so is what is yanked. An entry
    without a range says nothing but its versions, and keeps them, as one of another ecosystem does.

    Args:
        record: The record.
        listings: The index of each package.

    Raises:
        InputError: A package has no listing, or a range that PEP 440 cannot compare.
    """
    entries = tuple(_filled(entry, listings) for entry in record.affected)
    return replace(record, affected=entries)


def corrected_times(record: Record, lifted: datetime | None, at: datetime) -> Record:
    """The record as it is changed at a time: published not before the lift, modified last.

    Args:
        record: The record.
        lifted: When its releases became public, UTC; None for a draft, which is not published.
        at: When it is changed, UTC.

    Raises:
        InputError: The lift is still to come.
    """
    if lifted is None:
        return replace(record, published=None, modified=at)
    if lifted > at:
        raise InputError(
            f"advisory {record.id[:60]}: expected a lift before {at:%Y-%m-%dT%H:%M:%SZ}, "
            f"got {lifted:%Y-%m-%dT%H:%M:%SZ}",
            hint="times are corrected once the releases are public",
        )
    # Who published it before, at a time that holds, keeps that time; only a change moves on.
    published = record.published
    if published is None or not lifted <= published <= at:
        published = lifted
    return replace(record, published=published, modified=at)


def listing_named(listings: Sequence[Listing], project: str) -> Listing:
    """The listing of a project.

    Args:
        listings: All there are.
        project: Name as PEP 503 writes it.

    Raises:
        InputError: There is none.
    """
    found = next((one for one in listings if one.project == project), None)
    if found is None:
        raise InputError(
            f"advisory: no listing of {project[:60]}",
            hint="name the index, or a saved answer of it; versions are not guessed",
        )
    return found


def _filled(entry: Affected, listings: Sequence[Listing]) -> Affected:
    about = entry.about
    if about.ecosystem != ECOSYSTEM or all(one.type == "GIT" for one in about.ranges):
        return entry
    listing = listing_named(listings, normal_name(about.name))
    # Without the versions it has now: each that is in no range would be an interval of its own.
    intervals = intervals_of(replace(about, versions=()))
    inside = tuple(
        text for text in listing.versions if any(one.holds(Version(text)) for one in intervals)
    )
    return replace(entry, about=replace(about, versions=inside))
