"""Writes the description of policy files as a JSON Schema, for editors.

It accepts whatever the reader accepts; what contradicts itself is found by the reader alone. Of the
types of TOML JSON has no dates: they are texts in it, as in RFC 3339.

Spec: JSON Schema, draft 2020-12.
"""

from __future__ import annotations

from typing import TypeAlias, assert_never

from sealane.core.policy.form import (
    ByKey,
    ByKind,
    Choice,
    Inside,
    Key,
    Kind,
    Many,
    Moment,
    Named,
    Shape,
    Shapes,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.reading import LONGEST_NAME, LOOSE, NAME

DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PRINTABLE = r"^[^\u0000-\u001f\u007f]*$"
_PRINTABLE_LINES = r"^[^\u0000-\u0008\u000b-\u001f\u007f]*$"
# Most readers of schemas leave formats unread; the zone is what people forget.
_TIME = "^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9.]+(Z|[+-][0-9]{2}:[0-9]{2})$"

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"


def schema_of(shapes: Shapes, shape: str, title: str) -> dict[str, Json]:
    """The JSON Schema of a file.

    Args:
        shapes: Every shape that may be named.
        shape: Name of the shape of the whole file.
        title: What the file is.
    """
    definitions: dict[str, Json] = {name: _shape(one) for name, one in shapes.items()}
    return {"$schema": DRAFT, "title": title, **_reference(shape), "$defs": definitions}


def _shape(shape: Shape) -> Json:
    match shape:
        case Table():
            return _table(shape)
        case ByKind():
            return {"oneOf": [_reference(name) for _, name in shape.tables]}
        case ByKey():
            found: Json = _reference(shape.otherwise)
            for key, name in reversed(shape.tables):
                found = {"if": {"required": [key]}, "then": _reference(name), "else": found}
            return found
        case _:
            assert_never(shape)


def _table(table: Table) -> dict[str, Json]:
    found: dict[str, Json] = {
        "type": "object",
        "properties": {key.name: _key(key) for key in table.keys},
        "required": [key.name for key in table.keys if key.required],
        "additionalProperties": False,
    }
    if table.some:
        found["anyOf"] = [{"required": [name]} for name in table.some]
    return found


def _key(key: Key) -> Json:
    found: dict[str, Json] = {"description": key.doc, **_kind(key.kind)}
    if key.default is not None:
        found["default"] = key.default
    return found


def _kind(kind: Kind) -> dict[str, Json]:
    match kind:
        case Text():
            return _text(kind)
        case Whole():
            return {"type": "integer", "minimum": kind.least, "maximum": kind.most}
        case Truth():
            return {"type": "boolean"}
        case Moment():
            return {"type": "string", "format": "date-time", "pattern": _TIME}
        case Choice():
            return {"enum": list(kind.values)}
        case Many():
            return _many(kind)
        case Inside():
            return _reference(kind.shape)
        case Named():
            return {
                "type": "object",
                "propertyNames": {"pattern": f"^{NAME}$", "maxLength": LONGEST_NAME},
                "additionalProperties": _reference(kind.shape),
                "minProperties": kind.least,
            }
        case _:
            assert_never(kind)


def _text(kind: Text) -> dict[str, Json]:
    rules: list[Json] = [{"pattern": _PRINTABLE_LINES if kind.lines else _PRINTABLE}]
    if kind.pattern:
        rules.append({"pattern": f"^(?:{kind.pattern})$"})
    if kind.exact:
        rules.append({"not": {"pattern": LOOSE.pattern}})
    return {"type": "string", "pattern": r"\S", "maxLength": kind.longest, "allOf": rules}


def _many(kind: Many) -> dict[str, Json]:
    one = _kind(kind.of)
    found: dict[str, Json] = {
        "type": "array",
        "items": one,
        "minItems": kind.least,
        "maxItems": kind.most,
        "uniqueItems": isinstance(kind.of, Text),
    }
    return {"anyOf": [one, found]} if kind.alone else found


def _reference(shape: str) -> dict[str, Json]:
    return {"$ref": f"#/$defs/{shape}"}
