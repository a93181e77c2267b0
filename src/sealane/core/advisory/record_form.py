"""What the schema of OSV demands of a record's form, written by hand.

The schema's own file is not shipped; a test holds the two against each other. Where the schema
gives a format ("date-time", "uri"), it is checked here; many validators only note it.

Spec: OSV schema 1.7.5, validation/schema.json.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import TypeAlias

from sealane.core.advisory.documents import Fault
from sealane.core.advisory.record_known import pointer
from sealane.core.advisory.record_words import (
    CREDITS,
    ECOSYSTEM,
    IDENTIFIER,
    REFERENCES,
    SCORES,
    UBUNTU,
)
from sealane.core.attestation.members import parse_moment
from sealane.core.attestation.strict_json import kind_of
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# Tells what is wrong with a value, given its place as a JSON pointer.
_Form: TypeAlias = Callable[[JsonValue, str], Iterator[Fault]]

RULE = "schema"
_TIME = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?Z", re.ASCII)
# RFC 3986: a scheme, then characters that are allowed somewhere, and whole percent-encodings.
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:([!#$&-;=?-Z\[\]_a-z~]|%[0-9A-Fa-f]{2})+")
_COMMIT = re.compile("0|[a-f0-9]{40}|[a-f0-9]{64}")
_EVENTS = ("introduced", "fixed", "last_affected", "limit")


def form_faults(record: JsonValue) -> tuple[Fault, ...]:
    """What the schema refuses in a record, each with its place; nothing where it is valid."""
    return tuple(_record(record, ""))


def _record(value: JsonValue, place: str) -> Iterator[Fault]:
    yield from _members(_RECORD, ("id", "modified"))(value, place)
    # Here alone the schema allows no member of others.
    for name in value if isinstance(value, dict) else ():
        if name not in _RECORD:
            yield Fault(RULE, pointer(name), "expected a member that the schema knows")
    # A rating of the record forbids those of its packages; only null is allowed there.
    if not isinstance(value, dict) or "severity" not in value:
        return
    entries = value.get("affected")
    for number, entry in enumerate(entries if isinstance(entries, list) else []):
        if isinstance(entry, dict) and entry.get("severity") is not None:
            yield Fault(
                RULE,
                pointer("affected", number, "severity"),
                "severity stands at the record and at a package: expected one of the two",
            )


def _wrong(place: str, expected: str, value: JsonValue) -> Fault:
    got = _short(value) if isinstance(value, str) else kind_of(value)
    return Fault(RULE, place, f"expected {expected}, got {got}")


def _text(value: JsonValue, place: str) -> Iterator[Fault]:
    if not isinstance(value, str):
        yield _wrong(place, "a string", value)


def _object(value: JsonValue, place: str) -> Iterator[Fault]:
    if not isinstance(value, dict):
        yield _wrong(place, "an object", value)


def _matching(pattern: re.Pattern[str], expected: str) -> _Form:
    def form(value: JsonValue, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or not pattern.fullmatch(value):
            yield _wrong(place, expected, value)

    return form


def _word(words: Collection[str]) -> _Form:
    def form(value: JsonValue, place: str) -> Iterator[Fault]:
        if not isinstance(value, str) or value not in words:
            yield _wrong(place, f"one of {', '.join(words)}", value)

    return form


def _each(inner: _Form, *, null: bool = False) -> _Form:
    def form(value: JsonValue, place: str) -> Iterator[Fault]:
        if isinstance(value, list):
            for number, one in enumerate(value):
                yield from inner(one, place + pointer(number))
        elif value is not None or not null:
            yield _wrong(place, "a list", value)

    return form


def _members(forms: Mapping[str, _Form], required: Collection[str] = ()) -> _Form:
    def form(value: JsonValue, place: str) -> Iterator[Fault]:
        yield from _object(value, place)
        if isinstance(value, dict):
            for name in required:
                if name not in value:
                    yield Fault(RULE, place, f"expected the member {name}, it is missing")
            for name, inner in forms.items():
                if name in value:
                    yield from inner(value[name], place + pointer(name))

    return form


def _time(value: JsonValue, place: str) -> Iterator[Fault]:
    expected = "a time in UTC like 2026-11-25T12:00:00Z"
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        yield _wrong(place, expected, value)
        return
    try:
        # Digits beyond nanoseconds are no mistake of the record.
        parse_moment(re.sub(r"\.[0-9]+", "", value), place)
    except InputError:
        yield _wrong(place, expected, value)


def _severity(value: JsonValue, place: str) -> Iterator[Fault]:
    forms = {"type": _word((*SCORES, "Ubuntu")), "score": _text}
    yield from _members(forms, ("type", "score"))(value, place)
    if not isinstance(value, dict):
        return
    kind, score = value.get("type"), value.get("score")
    if not isinstance(kind, str) or not isinstance(score, str):
        return
    if kind == "Ubuntu":
        yield from _word(UBUNTU)(score, place + pointer("score"))
    elif kind in SCORES:
        yield from _matching(SCORES[kind], f"a vector of {kind}")(score, place + pointer("score"))


def _event(value: JsonValue, place: str) -> Iterator[Fault]:
    """Exactly one of the four kinds has a text; what else it has is left aside."""
    if isinstance(value, dict):
        kinds = [name for name in _EVENTS if isinstance(value.get(name), str)]
        if len(kinds) != 1:
            yield Fault(
                RULE, place, f"expected one of {', '.join(_EVENTS)} with a text, got {len(kinds)}"
            )
    else:
        yield _wrong(place, "an object", value)


def _range(value: JsonValue, place: str) -> Iterator[Fault]:
    forms = {
        "type": _word(("GIT", "SEMVER", "ECOSYSTEM")),
        "repo": _text,
        "events": _each(_event),
        "database_specific": _object,
    }
    yield from _members(forms, ("type", "events"))(value, place)
    if not isinstance(value, dict):
        return
    events = value.get("events")
    found = [one for one in events if isinstance(one, dict)] if isinstance(events, list) else []
    kinds = {name for one in found for name in one}
    if "introduced" not in kinds:
        yield Fault(RULE, place + pointer("events"), "expected an introduced event, got none")
    if {"last_affected", "fixed"} <= kinds:
        yield Fault(RULE, place + pointer("events"), "expected fixed or last_affected, got both")
    if value.get("type") == "GIT":
        if "repo" not in value:
            yield Fault(RULE, place, "expected the member repo in a GIT range, it is missing")
        for number, event in enumerate(found):
            texts = [text for name in _EVENTS if isinstance(text := event.get(name), str)]
            if sum(bool(_COMMIT.fullmatch(text)) for text in texts) != 1:
                yield Fault(
                    RULE,
                    place + pointer("events", number),
                    f'expected "0" or one full commit id, got {", ".join(map(_short, texts))}',
                )


def _short(text: str) -> str:
    return repr(text[:60])


_PACKAGE = {
    "ecosystem": _matching(ECOSYSTEM, "an ecosystem that OSV knows"),
    "name": _text,
    "purl": _text,
}
_AFFECTED: Mapping[str, _Form] = {
    "package": _members(_PACKAGE, ("ecosystem", "name")),
    "severity": _each(_severity, null=True),
    "ranges": _each(_range),
    "versions": _each(_text),
    "ecosystem_specific": _object,
    "database_specific": _object,
}
_REFERENCE = {"type": _word(REFERENCES), "url": _matching(_URI, "a URL")}
_CREDIT = {"name": _text, "contact": _each(_text), "type": _word(CREDITS)}
_RECORD: Mapping[str, _Form] = {
    "schema_version": _text,
    "id": _matching(IDENTIFIER, "an identifier with a prefix that OSV knows, like PYSEC-2026-1"),
    "modified": _time,
    "published": _time,
    "withdrawn": _time,
    "aliases": _each(_text, null=True),
    "related": _each(_text),
    "upstream": _each(_text),
    "summary": _text,
    "details": _text,
    "severity": _each(_severity, null=True),
    "affected": _each(_members(_AFFECTED), null=True),
    "references": _each(_members(_REFERENCE, ("type", "url")), null=True),
    "credits": _each(_members(_CREDIT, ("name",))),
    "database_specific": _object,
}
