"""JSON as evidence may be written: no duplicate keys, no numbers that are none, bounded depth."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import NoReturn

from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# Real evidence nests less than 20 deep; SBOMs as predicates reach about 30.
MOST_DEPTH = 100
_SHARED = 256 * 1024  # bytes; what is larger is rare, and is not kept
# A string is one match, closed or not, so that what looks like a bracket in it does not count.
_BRACKETS = re.compile(r'"(?:[^"\\]|\\.)*+"?|[\[\]{}]', re.DOTALL)


def parse_json(content: bytes, place: str) -> JsonValue:
    """The value of a JSON text in UTF-8.

    Two readers that disagree on a duplicate key disagree on what was signed, so one is refused.

    Raises:
        InputError: Not JSON, not UTF-8, a duplicate key, NaN or Infinity, or nested too deep.
    """
    return _told(_read, content, place)


def parse_again(content: bytes, place: str) -> JsonValue:
    """As `parse_json`, for readers that follow each other on the same bytes.

    What an evidence file is, and what it says, are two questions. Its value is shared between
    those who ask, so nobody may change it.

    Raises:
        InputError: As `parse_json`.
    """
    return _told(_read_once if len(content) <= _SHARED else _read, content, place)


def _told(read: Callable[[bytes], JsonValue], content: bytes, place: str) -> JsonValue:
    try:
        return read(content)
    except _TooDeepError as error:
        raise InputError(f"{place}: {error}") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not JSON: {str(error)[:200]}") from error


class _TooDeepError(ValueError):
    """Nested deeper than is read."""


def _read(content: bytes) -> JsonValue:
    text = content.decode("utf-8")
    if _depth(text) > MOST_DEPTH:
        raise _TooDeepError(f"nested deeper than {MOST_DEPTH}")
    value: JsonValue = _DECODER.decode(text)
    return value


_read_once = lru_cache(maxsize=2)(_read)


def parse_object(content: bytes, place: str) -> dict[str, JsonValue]:
    """The members of a JSON object; see `parse_json`.

    Raises:
        InputError: As `parse_json`, or the text is not an object.
    """
    return as_object(parse_json(content, place), place)


def as_object(value: JsonValue, place: str) -> dict[str, JsonValue]:
    """The value, which has to be an object.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(value, dict):
        raise InputError(f"{place}: expected an object, got {kind_of(value)}")
    return value


def as_list(value: JsonValue, place: str) -> list[JsonValue]:
    """The value, which has to be a list.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(value, list):
        raise InputError(f"{place}: expected a list, got {kind_of(value)}")
    return value


def as_text(value: JsonValue, place: str) -> str:
    """The value, which has to be a string.

    Raises:
        InputError: It is something else.
    """
    if not isinstance(value, str):
        raise InputError(f"{place}: expected a string, got {kind_of(value)}")
    return value


def refuse_proto_names(value: JsonValue, place: str) -> None:
    """Refuse members that are named as in a .proto file, e.g. "integrated_time".

    Protobuf's readers take such a name for "integratedTime" too. Read by one reader and overseen by
    another it would be judged by other values than it is verified by.

    Raises:
        InputError: There is such a member, at any depth.
    """
    open_values = [value]
    while open_values:
        current = open_values.pop()
        if isinstance(current, dict):
            for name, inner in current.items():
                if "_" in name:
                    raise InputError(f"{place}: {name[:60]!r}: expected a name in lowerCamelCase")
                open_values.append(inner)
        elif isinstance(current, list):
            open_values += current


def kind_of(value: JsonValue) -> str:
    """What JSON calls a value, for an error."""
    names = {dict: "an object", list: "a list", str: "a string", bool: "a boolean"}
    return "null" if value is None else names.get(type(value), "a number")


def _depth(text: str) -> int:
    """The nesting of a JSON text; of what is none, no less than a reader gets to see."""
    # Nothing nests deeper than it has brackets; most evidence has few, and needs no closer look.
    if (brackets := text.count("[") + text.count("{")) <= MOST_DEPTH:
        return brackets
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        bracket = found[0]
        if bracket in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif bracket in "]}":
            depth -= 1
    return deepest


def _without_duplicates(pairs: list[tuple[str, JsonValue]]) -> dict[str, JsonValue]:
    members = dict(pairs)
    if len(members) != len(pairs):
        # Counted in one pass: one name after the other would take hours for a million of them.
        counts = Counter(name for name, _ in pairs)
        twice = next(name for name, count in counts.items() if count > 1)
        raise ValueError(f"the key {twice[:60]!r} stands twice")
    return members


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


# Made once: `json.loads` would make one for every text.
_DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_no_constant)
