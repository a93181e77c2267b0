"""Which members the schema of OSV knows, and where a record has others.

The schema lets others pass below the top; a reader that passes over a misspelt "last_afected" gets
it wrong, though, so they are told.

Spec: OSV schema 1.7.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TypeAlias

from sealane.core.model.statement import JsonValue

# Members by name; None where nothing below is looked into. A list is looked through.
_Tree: TypeAlias = "Mapping[str, _Tree | None]"

_SEVERITY: _Tree = {"type": None, "score": None}
_EVENT: _Tree = {"introduced": None, "fixed": None, "last_affected": None, "limit": None}
_AFFECTED: _Tree = {
    "package": {"ecosystem": None, "name": None, "purl": None},
    "severity": _SEVERITY,
    "ranges": {"type": None, "repo": None, "events": _EVENT, "database_specific": None},
    "versions": None,
    "ecosystem_specific": None,
    "database_specific": None,
}
_RECORD: _Tree = {
    "schema_version": None,
    "id": None,
    "modified": None,
    "published": None,
    "withdrawn": None,
    "aliases": None,
    "upstream": None,
    "related": None,
    "summary": None,
    "details": None,
    "severity": _SEVERITY,
    "affected": _AFFECTED,
    "references": {"type": None, "url": None},
    "credits": {"name": None, "type": None, "contact": None},
    "database_specific": None,
}


def unknown_members(record: Mapping[str, JsonValue]) -> tuple[str, ...]:
    """Places of members that the schema does not know, as JSON pointers, in the record's order."""
    return tuple(_unknown(dict(record), _RECORD, ""))


def pointer(*steps: str | int) -> str:
    """A JSON pointer, e.g. "/affected/0/package".

    Spec: RFC 6901, section 3.
    """
    return "".join("/" + str(one).replace("~", "~0").replace("/", "~1") for one in steps)


def _unknown(value: JsonValue, tree: _Tree, place: str) -> Iterator[str]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _unknown(one, tree, place + pointer(number))
    elif isinstance(value, dict):
        for name, one in value.items():
            if name not in tree:
                yield place + pointer(name)
            elif (below := tree[name]) is not None:
                yield from _unknown(one, below, place + pointer(name))
