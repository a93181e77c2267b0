"""Writes a record as OSV has it: JSON, in the order of OSV's documentation, the same each time.

Spec: OSV schema 1.7.5.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from sealane.core.advisory.record import Affected, Credit, Record, Severity
from sealane.core.advisory.record_provenance import render_provenance
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.release.affected import VersionRange


def render_record(record: Record) -> bytes:
    """The record as JSON in UTF-8, indented by 2, with a newline at its end.

    Members that are empty are left out, `affected` only where the record has none at all. What
    `unknown` names is not written.
    """
    text = json.dumps(render_members(record), indent=2, ensure_ascii=False, allow_nan=False)
    return f"{text}\n".encode()


def render_members(record: Record) -> dict[str, JsonValue]:
    """The record as JSON values, in the order in which they are written."""
    references: list[JsonValue] = [
        _said({"type": one.type, "url": one.url}) for one in record.references
    ]
    members = _said(
        {
            "schema_version": record.schema_version,
            "id": record.id,
            "modified": rfc3339(record.modified),
            "published": rfc3339(record.published) if record.published else "",
            "withdrawn": rfc3339(record.withdrawn) if record.withdrawn else "",
            "aliases": list(record.aliases),
            "upstream": list(record.upstream),
            "related": list(record.related),
            "summary": record.summary,
            "details": record.details,
            "severity": _severities(record.severity),
        }
    )
    if record.has_affected:
        members["affected"] = [_affected(one) for one in record.affected]
    return members | _said(
        {
            "references": references,
            "credits": [_credit(one) for one in record.credits],
            "database_specific": _database_specific(record),
        }
    )


def _database_specific(record: Record) -> dict[str, JsonValue]:
    extra = _free(record.database_specific)
    extra |= _said({"cwe_ids": list(record.weaknesses), "severity": record.rating})
    if record.provenance is not None:
        extra["sealane"] = render_provenance(record.provenance)
    return dict(sorted(extra.items()))


def _severities(severities: Iterable[Severity]) -> list[JsonValue]:
    return [_said({"type": one.type, "score": one.score}) for one in severities]


def _credit(credit: Credit) -> JsonValue:
    return _said({"name": credit.name, "contact": list(credit.contact), "type": credit.type})


def _affected(entry: Affected) -> JsonValue:
    about = entry.about
    package = _said({"ecosystem": about.ecosystem, "name": about.name, "purl": about.purl})
    return _said(
        {
            "package": package,
            "severity": _severities(entry.severity),
            "ranges": [_range(one) for one in about.ranges],
            "versions": list(about.versions),
            "ecosystem_specific": _free(entry.ecosystem_specific),
            "database_specific": _free(entry.database_specific),
        }
    )


def _range(one: VersionRange) -> JsonValue:
    events: list[JsonValue] = [{kind: text} for kind, text in one.events]
    return _said(
        {
            "type": one.type,
            "repo": one.repo,
            "events": events,
            "database_specific": _free(one.database_specific),
        }
    )


def _said(members: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    return {name: value for name, value in members.items() if value not in ("", [], {})}


def _free(members: Iterable[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    return {name: _sorted(value) for name, value in sorted(members, key=lambda one: one[0])}


def _sorted(value: JsonValue) -> JsonValue:
    """The value with the members of all its objects in the order of their names."""
    if isinstance(value, dict):
        return _free(value.items())
    return [_sorted(one) for one in value] if isinstance(value, list) else value
