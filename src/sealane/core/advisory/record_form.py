"""What the schema of OSV demands of a record's form, written by hand.

The schema's own file is not shipped; a test holds the two against each other. Where the schema
gives a format ("date-time", "uri"), it is checked here; many validators only note it.

Spec: OSV schema 1.7.5, validation/schema.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from sealane.core.advisory.documents import Fault
from sealane.core.advisory.record_words import (
    CREDITS,
    ECOSYSTEM,
    IDENTIFIER,
    REFERENCES,
    SCORES,
    UBUNTU,
)
from sealane.core.advisory.shape import (
    ANY,
    AnyObject,
    Anything,
    Row,
    Shape,
    Table,
    Text,
    Word,
    Written,
    pointer,
    strangers,
)
from sealane.core.attestation.members import parse_moment
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

RULE = "schema"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", re.ASCII)
# RFC 3986: a scheme, then characters that are allowed somewhere, and whole percent-encodings.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+")
_COMMIT = re.compile("0|[a-f0-9]{40}|[a-f0-9]{64}")
_EVENTS = ("introduced", "fixed", "last_affected", "limit")


def form_faults(record: JsonValue) -> tuple[Fault, ...]:
    """What the schema refuses in a record, each with its place; nothing where it is valid."""
    return tuple(Fault(RULE, place, message) for place, message in _RECORD.broken(record, ""))


def unknown_members(record: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Places of members that the schema does not know, as JSON pointers, in the record's order.

    The schema lets others pass below the top; a reader that passes over a misspelt "last_afected"
    gets it wrong, though, so they are told.
    """
    return tuple(strangers(dict(record), _RECORD))


def _is_time(text: str) -> bool:
    if not _TIME.fullmatch(text):
        return False
    try:
        # Digits beyond nanoseconds are no mistake of the record.
        parse_moment(re.sub(r"\.[0-9]+", "", text), "")
    except InputError:
        return False
    return True


def _rated_once(record: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    # A rating of the record forbids those of its packages; only null is allowed there.
    entries = record.get("affected") if "severity" in record else None
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and entry.get("severity") is not None:
            yield (
                place + pointer("affected", number, "severity"),
                "severity stands at the record and at a package: expected one of the two",
            )


def _score_of_type(severity: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    kind, score = severity.get("type"), severity.get("score")
    if not isinstance(kind, str) or not isinstance(score, str):
        return
    inner = place + pointer("score")
    if kind == "Ubuntu":
        yield from Word(UBUNTU).broken(score, inner)
    elif kind in SCORES:
        yield from _matching(SCORES[kind], f"a vector of {kind}").broken(score, inner)


def _one_kind(event: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    """Exactly one of the four kinds has a text; what else it has is left aside."""
    kinds = [name for name in _EVENTS if isinstance(event.get(name), str)]
    if len(kinds) != 1:
        yield place, f"expected one of {', '.join(_EVENTS)} with a text, got {len(kinds)}"


def _events_together(found: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    value = found.get("events")
    events = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
    kinds = {name for one in events for name in one}
    if "introduced" not in kinds:
        yield place + pointer("events"), "expected an introduced event, got none"
    if {"last_affected", "fixed"} <= kinds:
        yield place + pointer("events"), "expected fixed or last_affected, got both"
    if found.get("type") == "GIT":
        if "repo" not in found:
            yield place, "expected the member repo in a GIT range, it is missing"
        for number, event in enumerate(events):
            yield from _one_commit(event, place + pointer("events", number))


def _one_commit(event: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    texts = [text for name in _EVENTS if isinstance(text := event.get(name), str)]
    if sum(bool(_COMMIT.fullmatch(text)) for text in texts) != 1:
        shown = ", ".join(repr(text[:60]) for text in texts)
        yield place, f'expected "0" or one full commit id, got {shown}'


def _matching(pattern: re.Pattern[str], like: str) -> Text:
    return Text(pattern=pattern, like=like, least=0)


def _list(item: Shape, *, null: bool = False) -> Row:
    return Row(item, least=0, unique=False, null=null)


_OBJECT = AnyObject()
_TEXT = Text(least=0)
_MOMENT = Written("a time in UTC like 2026-11-25T12:00:00Z", _is_time)
_SEVERITY = Table(
    {"type": Word((*SCORES, "Ubuntu")), "score": _TEXT}, {}, ANY, relation=_score_of_type
)
_EVENT = Table({}, dict.fromkeys(_EVENTS, Anything()), ANY, relation=_one_kind)
_RANGE = Table(
    {"type": Word(("GIT", "SEMVER", "ECOSYSTEM")), "events": _list(_EVENT)},
    {"repo": _TEXT, "database_specific": _OBJECT},
    ANY,
    relation=_events_together,
)
_PACKAGE = Table(
    {"ecosystem": _matching(ECOSYSTEM, "an ecosystem that OSV knows"), "name": _TEXT},
    {"purl": _TEXT},
    ANY,
)
_AFFECTED = Table(
    {},
    {
        "package": _PACKAGE,
        "severity": _list(_SEVERITY, null=True),
        "ranges": _list(_RANGE),
        "versions": _list(_TEXT),
        "ecosystem_specific": _OBJECT,
        "database_specific": _OBJECT,
    },
    ANY,
)
_REFERENCE = Table({"type": Word(REFERENCES), "url": _matching(_URI, "a URL")}, {}, ANY)
_CREDIT = Table({"name": _TEXT}, {"contact": _list(_TEXT), "type": Word(CREDITS)}, ANY)
# Here alone the schema allows no member of others.
_RECORD = Table(
    {
        "id": _matching(
            IDENTIFIER, "an identifier with a prefix that OSV knows, like PYSEC-2026-1"
        ),
        "modified": _MOMENT,
    },
    {
        "schema_version": _TEXT,
        "published": _MOMENT,
        "withdrawn": _MOMENT,
        "aliases": _list(_TEXT, null=True),
        "related": _list(_TEXT),
        "upstream": _list(_TEXT),
        "summary": _TEXT,
        "details": _TEXT,
        "severity": _list(_SEVERITY, null=True),
        "affected": _list(_AFFECTED, null=True),
        "references": _list(_REFERENCE, null=True),
        "credits": _list(_CREDIT),
        "database_specific": _OBJECT,
    },
    relation=_rated_once,
)
