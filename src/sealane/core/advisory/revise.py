"""The revisions of a record: the one that is published, and those that correct it.

Spec: OSV schema 1.7, "modified", "withdrawn"; CSAF 2.0, section 3.2.1.12.6.
"""

from __future__ import annotations

from datetime import datetime

from sealane.core.advisory.record import Provenance, Record, Revision
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import replace
from sealane.errors import InputError

_FIRST = "Published."


def with_first_revision(record: Record) -> Record:
    """A published record with its first revision; one that has revisions, or is a draft, as it is.

    Documents are dated by it, so that whoever renders them again gets the same bytes.
    """
    provenance = record.provenance or Provenance()
    if record.published is None or provenance.revisions:
        return record
    first = Revision("1", record.published, _FIRST)
    return replace(record, provenance=replace(provenance, revisions=(first,)))


def revised(record: Record, summary: str, at: datetime, *, withdraw: bool = False) -> Record:
    """The record with one revision more, changed at a time.

    Args:
        record: A published record.
        summary: What changed, one line.
        at: When, UTC, whole seconds.
        withdraw: Whether it is withdrawn by this revision.

    Raises:
        InputError: It is not published, was withdrawn before, has no whole numbers as revisions,
            or was changed later than that; the summary is empty or has several lines.
    """
    place = f"advisory {record.id[:60]}"
    if record.published is None:
        raise InputError(
            f"{place}: it is not published, and a draft has no revisions",
            hint="change it, and write the lift with: sealane advisory check --fill --lifted TIME",
        )
    if record.withdrawn is not None and withdraw:
        raise InputError(f"{place}: it was withdrawn at {rfc3339(record.withdrawn)}")
    if not summary.strip() or not summary.isprintable():
        raise InputError(f"{place}: summary: expected one line that says what changed")
    before = with_first_revision(record)
    provenance = before.provenance or Provenance()
    last = provenance.revisions[-1]
    if not (last.number.isascii() and last.number.isdigit()):
        raise InputError(
            f"{place}: revisions: expected whole numbers, got {last.number[:20]!r}",
            hint="write the next revision into the record by hand",
        )
    if at <= max(last.at, record.published):
        raise InputError(
            f"{place}: expected a time after {rfc3339(max(last.at, record.published))}, "
            f"got {rfc3339(at)}",
            hint="look at the clock of this machine",
        )
    following = Revision(str(int(last.number) + 1), at, summary.strip())
    return replace(
        before,
        modified=at,
        withdrawn=at if withdraw else record.withdrawn,
        provenance=replace(provenance, revisions=(*provenance.revisions, following)),
    )
