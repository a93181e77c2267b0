"""Whether a database has taken in a record that was handed to it.

It renames the file, gives it an id, and fills in versions; what others add to a record are further
aliases. Anything else that differs is another statement.
"""

from __future__ import annotations

import re

from sealane.core.advisory.record import Affected, Record
from sealane.core.model.values import replace

# What the PyPA advisory database replaces by an id of its own.
_UNASSIGNED = re.compile(r"PYSEC-0000-.*")
_SHARED = ("CVE-", "GHSA-")


def is_unassigned(identifier: str) -> bool:
    """Whether an id is one that the database replaces."""
    return _UNASSIGNED.fullmatch(identifier) is not None


def is_taken_in(ours: Record, theirs: Record) -> bool:
    """Whether the database's record is ours, as it takes records in.

    Args:
        ours: What was handed in.
        theirs: What the database has.
    """
    if theirs.id != ours.id and not is_unassigned(ours.id):
        return False
    if not set(ours.aliases) <= {*theirs.aliases, theirs.id}:
        return False
    if not _are_filled(ours.affected, theirs.affected):
        return False
    as_ours = replace(
        theirs,
        id=ours.id,
        aliases=ours.aliases,
        modified=ours.modified,
        published=ours.published,
        schema_version=ours.schema_version,
        affected=ours.affected,
    )
    return as_ours == ours


def concerns_the_same(ours: Record, theirs: Record) -> bool:
    """Whether both are about one vulnerability: they share their id, or a CVE or GHSA id."""
    shared = {ours.id, *ours.aliases} & {theirs.id, *theirs.aliases}
    return ours.id == theirs.id or any(one.startswith(_SHARED) for one in shared)


def _are_filled(ours: tuple[Affected, ...], theirs: tuple[Affected, ...]) -> bool:
    return len(ours) == len(theirs) and all(map(_is_filled, ours, theirs))


def _is_filled(ours: Affected, theirs: Affected) -> bool:
    about = replace(theirs.about, versions=ours.about.versions)
    added = set(ours.about.versions) <= set(theirs.about.versions)
    return added and replace(theirs, about=about) == ours
