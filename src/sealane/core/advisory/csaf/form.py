"""Whether a CSAF document has the form that the official schema asks for, coded by hand.

A validator that reads schemas would have to be handed the schemas of CSAF and of CVSS, whose terms
do not allow to ship all of them; and of a missing one it would ask the network.

Spec: CSAF 2.0, csaf_json_schema.json, with the formats "uri" and "date-time" checked.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator
from typing import assert_never

from sealane.core.advisory.csaf.shapes import (
    Again,
    ByVersion,
    Choice,
    Many,
    Score,
    Shape,
    Table,
    Text,
)
from sealane.core.advisory.csaf.tables import CSAF
from sealane.core.advisory.csaf.tables_cvss import CVSS_2, CVSS_3
from sealane.core.advisory.csaf.tables_products import BRANCHES
from sealane.core.advisory.documents import Fault
from sealane.core.attestation.strict_json import kind_of
from sealane.core.model.statement import JsonValue

_CVSS = re.compile(r"/vulnerabilities/[0-9]+/scores/[0-9]+/cvss_v[23](?:/|$)")


def form_faults(document: JsonValue) -> tuple[Fault, ...]:
    """What the official schema refuses in a document.

    The rule is "6.1.8" inside of CVSS objects, which that rule is about, and "schema" elsewhere.
    """
    return tuple(
        Fault("6.1.8" if _CVSS.match(place) else "schema", place, message)
        for place, message in _found(document, CSAF, "")
    )


def cvss_faults(value: JsonValue, member: str, place: str) -> Iterator[tuple[str, str]]:
    """What is wrong with one CVSS object: places and messages.

    Args:
        value: The object.
        member: "cvss_v2" or "cvss_v3".
        place: Its place, as a JSON pointer.
    """
    return _found(value, CVSS_2 if member == "cvss_v2" else CVSS_3, place)


def shape_faults(value: JsonValue, shape: Shape) -> Iterator[tuple[str, str]]:
    """Where a value has another shape, as a JSON pointer, and what is wrong there."""
    return _found(value, shape, "")


def unknown_members(document: JsonValue) -> Iterator[str]:
    """Places of all members that the form does not know, as JSON pointers.

    The document's form has to be right.
    """
    return _unknown(document, CSAF, "")


def _found(value: JsonValue, shape: Shape, place: str) -> Iterator[tuple[str, str]]:
    match shape:
        case Text():
            if not isinstance(value, str):
                yield place, f"expected {shape.like}, got {kind_of(value)}"
            elif not value or not shape.fits(value):
                yield place, f"expected {shape.like}, got {value[:80]!r}"
        case Choice():
            if not isinstance(value, str) or value not in shape.words:
                yield place, f"expected {_one_of(shape.words)}, got {_shown(value)}"
        case Score():
            yield from _in_score(value, place)
        case Many():
            yield from _in_list(value, shape, place)
        case Table():
            yield from _in_table(value, shape, place)
        case ByVersion():
            yield from _by_version(value, shape, place)
        case Again():
            yield from _found(value, BRANCHES, place)
        case _:
            assert_never(shape)


def _in_score(value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
    # To Python a boolean is a number.
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield place, f"expected a number, got {kind_of(value)}"
    elif not 0 <= value <= 10:
        yield place, f"expected a number from 0 to 10, got {str(value)[:20]}"


def _in_list(value: JsonValue, shape: Many, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, list):
        yield place, f"expected a list, got {kind_of(value)}"
        return
    if len(value) < shape.least:
        yield place, f"expected {shape.least} or more, got {len(value)}"
    for number, one in enumerate(value):
        yield from _found(one, shape.of, f"{place}/{number}")
    if shape.distinct:
        seen: dict[Hashable, int] = {}
        for number, one in enumerate(value):
            first = seen.setdefault(_key(one), number)
            if first != number:
                yield f"{place}/{number}", f"the same stands at {place}/{first} already"


def _in_table(value: JsonValue, shape: Table, place: str) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield place, f"expected an object, got {kind_of(value)}"
        return
    for name in shape.required:
        if name not in value:
            yield place, f"{name} is missing"
    if len(value) < shape.least:
        yield place, f"expected {shape.least} members or more, got {len(value)}"
    if shape.most and len(value) > shape.most:
        yield place, f"expected {shape.most} members or less, got {len(value)}"
    for name, inner in shape.members:
        if name in value:
            yield from _found(value[name], inner, f"{place}/{name}")


def _by_version(value: JsonValue, shape: ByVersion, place: str) -> Iterator[tuple[str, str]]:
    tables = dict(shape.tables)
    version = value.get("version") if isinstance(value, dict) else None
    if isinstance(version, str) and version in tables:
        yield from _in_table(value, tables[version], place)
    elif isinstance(value, dict) and "version" in value:
        yield f"{place}/version", f"expected {_one_of(tuple(tables))}, got {_shown(version)}"
    else:
        yield from _in_table(value, Table((), ("version",)), place)


def _unknown(value: JsonValue, shape: Shape, place: str) -> Iterator[str]:
    if isinstance(shape, Many) and isinstance(value, list):
        for number, one in enumerate(value):
            yield from _unknown(one, shape.of, f"{place}/{number}")
    elif isinstance(shape, Again):
        yield from _unknown(value, BRANCHES, place)
    elif isinstance(shape, ByVersion) and isinstance(value, dict):
        yield from _unknown(value, dict(shape.tables)[str(value["version"])], place)
    elif isinstance(shape, Table) and isinstance(value, dict):
        members = dict(shape.members)
        for name, inner in value.items():
            at = f"{place}/{escaped(name)}"
            if name in members:
                yield from _unknown(inner, members[name], at)
            else:
                yield at


def escaped(name: str) -> str:
    """A member's name as a JSON pointer writes it.

    Spec: RFC 6901, section 3.
    """
    return name.replace("~", "~0").replace("/", "~1")


def _key(value: JsonValue) -> Hashable:
    """The same for values that JSON takes for equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, list):
        return ("list", *map(_key, value))
    if isinstance(value, dict):
        return ("object", frozenset((name, _key(inner)) for name, inner in value.items()))
    return (isinstance(value, bool), value)


def _one_of(words: tuple[str, ...]) -> str:
    if len(words) == 1:
        return repr(words[0])
    return f"one of {', '.join(words)}"


def _shown(value: JsonValue) -> str:
    return repr(value[:80]) if isinstance(value, str) else kind_of(value)
