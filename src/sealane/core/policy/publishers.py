"""The publishers of a policy file, from their tables."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, assert_never

from sealane.core.policy.people import (
    EmailPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
)
from sealane.core.policy.quick import (
    checked_file,
    checked_issuer,
    checked_origin,
    checked_project,
    workflow_file,
)
from sealane.core.policy.refs import check_template
from sealane.core.policy.refuser import Place, Refuser
from sealane.errors import PolicyError

if TYPE_CHECKING:
    from sealane.core.policy.tables import KeyTable, PublisherTable


def publisher_of(
    name: str, table: PublisherTable, refuser: Refuser, resolve: Callable[[str], str]
) -> Publisher:
    """The publisher of a `[publisher.NAME]`; keys are loaded later.

    Args:
        name: Name of the table.
        table: What stands in it.
        refuser: Names file and line.
        resolve: Makes a path in the file, relative to its folder, absolute.

    Raises:
        PolicyError: A part of it cannot be used.
    """
    place: Place = ("publisher", name)

    def part(key: str, check: Callable[[str], str]) -> str:
        try:
            return check(getattr(table, key))
        except PolicyError as error:
            return refuser.refuse([refuser.at((*place, key), error.message)], error)

    match table.kind:
        case "email":
            return EmailPublisher(name, part("issuer", checked_issuer), tuple(table.members))
        case "gitlab":
            return ForgePublisher(
                name, ForgeSort.GITLAB, part("issuer", checked_origin),
                part("project", checked_project), part("config", checked_file),
                (part("ref", check_template),), table.environment, table.runner, table.project_id,
            )  # fmt: skip
        case "github":
            return ForgePublisher(
                name, ForgeSort.GITHUB, part("issuer", checked_issuer),
                part("project", lambda text: checked_project(text, parts=2)),
                part("workflow", workflow_file), (part("ref", check_template),),
                table.environment, table.runner, table.project_id,
            )  # fmt: skip
        case "key":
            return _key(name, table, refuser, resolve)
        case "openpgp":
            return OpenPgpPublisher(name, resolve(table.file), table.sha256)
        case _:
            assert_never(table.kind)


def checked_time(value: datetime | None, place: Place, refuser: Refuser) -> datetime | None:
    """A time of the file, in UTC.

    Raises:
        PolicyError: It has no zone, or is none in UTC.
    """
    if value is None:
        return None
    if value.utcoffset() is None:
        refuser.refuse([refuser.at(place, "expected a zone, e.g. 2027-06-30T00:00:00Z")])
    try:
        return value.astimezone(UTC)
    except OverflowError as error:
        return refuser.refuse([refuser.at(place, "not a time in UTC")], error)


def _key(
    name: str, table: KeyTable, refuser: Refuser, resolve: Callable[[str], str]
) -> KeyPublisher:
    place: Place = ("publisher", name)
    start = checked_time(table.start, (*place, "start"), refuser)
    end = checked_time(table.end, (*place, "end"), refuser)
    if start is not None and end is not None and end < start:
        why = f"expected a time after start, {start.isoformat()}, got {end.isoformat()}"
        refuser.refuse([refuser.at((*place, "end"), why)])
    return KeyPublisher(name, resolve(table.file), table.sha256, table.details or "", start, end)
