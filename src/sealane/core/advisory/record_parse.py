"""Reads an OSV record from JSON, as it was written.

What a check can name is read as it is: no entry, ranges of another type, events in another order,
versions that are none. What cannot be read at all is an error with its place.

Spec: OSV schema 1.7.5.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sealane.core.advisory.record import Affected, Credit, Provenance, Record, Reference, Severity
from sealane.core.advisory.record_form import unknown_members
from sealane.core.advisory.record_provenance import parse_provenance
from sealane.core.attestation.members import Members
from sealane.core.attestation.strict_json import as_object, as_text, parse_json
from sealane.core.model.statement import JsonValue
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError

MOST_BYTES = 8 * 1024 * 1024  # The largest record of PyPI is below 100 KiB.
EVENTS = ("introduced", "fixed", "last_affected", "limit")
_TYPED = frozenset({"cwe_ids", "severity", "sealane"})


def parse_record(content: bytes) -> Record:
    """Read a record, JSON in UTF-8.

    Raises:
        InputError: Not strict JSON, larger than 8 MiB, a member of another type than the schema
            says, no id, a time that cannot be read or none of the last change, an event that is not
            one of introduced, fixed, last_affected and limit.
    """
    return read_record(parse_document(content))


def parse_document(content: bytes) -> dict[str, JsonValue]:
    """The members of a record as JSON, of which nothing but the JSON is checked.

    Raises:
        InputError: Not strict JSON, not an object, larger than 8 MiB, or something in it that JSON
            can say and nobody can write down again: a number beyond all bounds, half a character.
    """
    if len(content) > MOST_BYTES:
        raise InputError(f"advisory: expected at most {MOST_BYTES} bytes, got {len(content)}")
    value = parse_json(content, "advisory")
    refuse_unwritable(value, "advisory")
    return as_object(value, "advisory")


def refuse_unwritable(value: JsonValue, place: str) -> None:
    """Refuse what could not be rendered again: an infinite number, half of a surrogate pair.

    Raises:
        InputError: There is such a value, at any depth.
    """
    try:
        json.dumps(value, ensure_ascii=False, allow_nan=False).encode()
    except ValueError as error:
        raise InputError(f"{place}: cannot be written down again: {str(error)[:200]}") from error


def read_record(document: Mapping[str, JsonValue]) -> Record:
    """The record that parsed JSON holds; see `parse_record`.

    Raises:
        InputError: As `parse_record`, but for the JSON itself.
    """
    identifier = Members(document, "advisory").text("id")
    members = Members(document, f"advisory {identifier[:60]}")
    extra = members.inner_or_empty("database_specific")
    return Record(
        id=identifier,
        modified=members.moment("modified"),
        published=members.moment_or_none("published"),
        withdrawn=members.moment_or_none("withdrawn"),
        schema_version=members.text_or_empty("schema_version"),
        summary=members.text_or_empty("summary"),
        details=members.text_or_empty("details"),
        aliases=members.texts_or_none("aliases"),
        upstream=members.texts_or_none("upstream"),
        related=members.texts_or_none("related"),
        severity=_severities(members),
        affected=tuple(_affected(one) for one in members.each_or_none("affected")),
        references=tuple(
            Reference(one.text_or_empty("type"), one.text_or_empty("url"))
            for one in members.each_or_none("references")
        ),
        credits=tuple(_credit(one) for one in members.each_or_none("credits")),
        weaknesses=extra.texts_or_none("cwe_ids"),
        rating=extra.text_or_empty("severity"),
        provenance=_provenance(extra),
        database_specific=tuple(one for one in extra.items() if one[0] not in _TYPED),
        unknown=unknown_members(document),
        has_affected=members.has("affected"),
    )


def _provenance(extra: Members) -> Provenance | None:
    return parse_provenance(extra.inner("sealane")) if extra.has("sealane") else None


def _severities(members: Members) -> tuple[Severity, ...]:
    return tuple(
        Severity(one.text_or_empty("type"), one.text_or_empty("score"))
        for one in members.each_or_none("severity")
    )


def _credit(members: Members) -> Credit:
    return Credit(
        members.text_or_empty("name"),
        members.text_or_empty("type"),
        members.texts_or_none("contact"),
    )


def _affected(members: Members) -> Affected:
    package = members.inner_or_empty("package")
    about = AffectedPackage(
        ecosystem=package.text_or_empty("ecosystem"),
        name=package.text_or_empty("name"),
        purl=package.text_or_empty("purl"),
        versions=members.texts_or_none("versions"),
        ranges=tuple(_range(one) for one in members.each_or_none("ranges")),
    )
    return Affected(
        about,
        _severities(members),
        members.inner_or_empty("ecosystem_specific").items(),
        members.inner_or_empty("database_specific").items(),
    )


def _range(members: Members) -> VersionRange:
    return VersionRange(
        type=members.text_or_empty("type"),
        events=tuple(_event(one) for one in members.each_or_none("events")),
        repo=members.text_or_empty("repo"),
        database_specific=members.inner_or_empty("database_specific").items(),
    )


def _event(members: Members) -> tuple[str, str]:
    kinds = [name for name in members.names() if name in EVENTS]
    if len(kinds) != 1:
        raise InputError(
            f"{members.place}: expected one of {', '.join(EVENTS)}, got {len(kinds)} of them",
            hint="write each event as an object of its own",
        )
    return kinds[0], as_text(members.value(kinds[0]), f"{members.place}: {kinds[0]}")
