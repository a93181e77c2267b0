"""Reads values by their description, and finds everything that is wrong, not just the first thing.

TOML's types are exact: `true` is no number, `1.0` is no whole one, and nothing is converted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any, TypeAlias, assert_never

from sealane.core.model.values import dataclass
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
    Shapes,
    Table,
    Text,
    Truth,
    Whole,
)

Place = tuple[str | int, ...]
# What a value turned out to be: its description says so, and the type checker cannot follow it.
Read: TypeAlias = Any
# Deeper than anybody writes, and far from where Python's own stack ends.
DEEPEST = 16
NAME = "[A-Za-z0-9][A-Za-z0-9._-]*"
LONGEST_NAME = 100
# Whoever writes one of these believes that something is matched; here it is compared as it is.
LOOSE = re.compile(r"[*\\|^$()\[\]{}]|\.\+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_CONTROL_BUT_LINES = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_EXACT_HINT = "write the value in full; only match takes globs, and only ref takes {pep440}"
_TWICE_HINT = "leave one of them out"
_ZONE_HINT = "write e.g. 2027-06-30T00:00:00Z"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something in a file that is wrong.

    Attributes:
        place: Keys, and positions from 0 in lists.
        why: What is wrong: expected and actual.
        hint: What to do; "" for the usual.
    """

    place: Place
    why: str
    hint: str = ""


class Reader:
    """Reads tables of some shapes, and keeps what is wrong.

    Args:
        shapes: Every shape that may be named.

    Attributes:
        troubles: What was wrong so far.
    """

    def __init__(self, shapes: Shapes) -> None:
        self._shapes = shapes
        self.troubles: list[Trouble] = []

    def table(self, value: object, shape: str, place: Place = (), depth: int = 0) -> Read:
        """The values of a table by key, what is left out as its default.

        Where something is wrong it is kept in `troubles`, and what is returned must not be used.
        """
        if not isinstance(value, dict):
            return self._wrong(place, "a table", value)
        if depth > DEEPEST:
            return self._say(place, f"nested more than {DEEPEST} deep", "use fewer levels")
        found = self._shapes[shape]
        if isinstance(found, Table):
            return self._keys(value, found, place, depth)
        if isinstance(found, ByKey):
            named = [inner for key, inner in found.tables if key in value]
            return self.table(value, named[0] if named else found.otherwise, place, depth)
        return self._by_kind(value, found, place, depth)

    def _by_kind(self, value: dict[str, Any], shape: ByKind, place: Place, depth: int) -> Read:
        kinds = dict(shape.tables)
        kind = value.get("kind")
        if "kind" not in value:
            return self._say((*place, "kind"), "required, and missing", _one_of(kinds))
        if not isinstance(kind, str) or kind not in kinds:
            why = f"expected {_one_of(kinds)}, got {quoted(kind)}"
            return self._say((*place, "kind"), why, _meant(kind, kinds))
        return self.table(value, kinds[kind], place, depth)

    def _keys(self, value: dict[str, Any], table: Table, place: Place, depth: int) -> Read:
        known = {key.name: key for key in table.keys}
        for name in value:
            if name not in known:
                meant = _meant(name, known)
                self._say((*place, name), "unknown key", meant or f"known are {', '.join(known)}")
        for key in table.keys:
            if key.required and key.name not in value:
                self._say((*place, key.name), "required, and missing", key.hint)
        if table.some and not any(name in value for name in table.some):
            self._say(place, f"expected at least one of {', '.join(table.some)}, got none")
        return {
            key.name: self._key(value[key.name], key, place, depth)
            if key.name in value
            else key.default
            for key in table.keys
        }

    def _key(self, value: object, key: Key, place: Place, depth: int) -> Read:
        before = len(self.troubles)
        found = self._value(value, key.kind, (*place, key.name), depth)
        if key.hint:
            own = (*place, key.name)
            for number, one in enumerate(self.troubles[before:], start=before):
                # What is wrong in a table below has hints of its own.
                if not one.hint and one.place in (own, (*own, one.place[-1])):
                    self.troubles[number] = Trouble(one.place, one.why, key.hint)
        return found

    def _value(self, value: object, kind: Kind, place: Place, depth: int) -> Read:
        match kind:
            case Text():
                return self._text(value, kind, place)
            case Whole():
                if type(value) is not int or not kind.least <= value <= kind.most:
                    wanted = f"a whole number from {kind.least} to {kind.most}"
                    return self._wrong(place, wanted, value)
                return value
            case Truth():
                return (
                    value if isinstance(value, bool) else self._wrong(place, "true or false", value)
                )
            case Moment():
                return self._moment(value, place)
            case Choice():
                if not isinstance(value, str) or value not in kind.values:
                    why = f"expected {_one_of(kind.values)}, got {quoted(value)}"
                    return self._say(place, why, _meant(value, kind.values))
                return value
            case Many():
                return self._many(value, kind, place, depth)
            case Inside():
                return self.table(value, kind.shape, place, depth + 1)
            case Named():
                return self._named(value, kind, place, depth)
            case _:
                assert_never(kind)

    def _text(self, value: object, kind: Text, place: Place) -> Read:
        if not isinstance(value, str):
            return self._wrong(place, kind.like, value)
        control = _CONTROL_BUT_LINES if kind.lines else _CONTROL
        if not value.strip():
            return self._wrong(place, f"{kind.like}, not blank", value)
        if len(value) > kind.longest or control.search(value):
            printable = f"{kind.like} of at most {kind.longest} printable characters"
            return self._wrong(place, printable, value)
        if kind.exact and LOOSE.search(value):
            why = f"{quoted(value)} looks like a pattern, and is compared as it is"
            return self._say(place, why, _EXACT_HINT)
        if kind.pattern and not re.fullmatch(kind.pattern, value, re.ASCII):
            return self._wrong(place, kind.like, value)
        return value

    def _moment(self, value: object, place: Place) -> Read:
        if not isinstance(value, datetime):
            return self._wrong(place, "a date and time with a zone", value, _ZONE_HINT)
        if value.utcoffset() is None:
            return self._wrong(place, "a zone", value, _ZONE_HINT)
        try:
            return value.astimezone(UTC)
        except OverflowError:
            return self._say(place, "not a time in UTC", _ZONE_HINT)

    def _many(self, value: object, kind: Many, place: Place, depth: int) -> Read:
        if kind.alone and not isinstance(value, list):
            return (self._value(value, kind.of, place, depth),)
        if not isinstance(value, list):
            return self._wrong(place, "a list", value)
        if not kind.least <= len(value) <= kind.most:
            wanted = f"a list of {kind.least} to {kind.most} entries"
            return self._say(place, f"expected {wanted}, got {len(value)}")
        seen: set[str] = set()
        for number, one in enumerate(value):
            if isinstance(one, str):
                if one in seen:
                    self._say((*place, number), f"{quoted(one)} stands here twice", _TWICE_HINT)
                seen.add(one)
        return tuple(
            self._value(one, kind.of, (*place, number), depth) for number, one in enumerate(value)
        )

    def _named(self, value: object, kind: Named, place: Place, depth: int) -> Read:
        if not isinstance(value, dict):
            return self._wrong(place, "tables, each with a name", value)
        if len(value) < kind.least:
            self._say(place, "expected at least one, got none")
        for name in value:
            if len(name) > LONGEST_NAME or not re.fullmatch(NAME, name, re.ASCII):
                why = f"expected a name of letters, digits and ._-, got {quoted(name)}"
                self._say((*place, name), why)
        return {
            name: self.table(one, kind.shape, (*place, name), depth + 1)
            for name, one in value.items()
        }

    def _wrong(self, place: Place, expected: str, actual: object, hint: str = "") -> None:
        self._say(place, f"expected {expected}, got {quoted(actual)}", hint)

    def _say(self, place: Place, why: str, hint: str = "") -> None:
        self.troubles.append(Trouble(place, why, hint))


def quoted(value: object) -> str:
    """A value as an error shows it, cut off."""
    if isinstance(value, date | time):
        return str(value)
    try:
        return f"{value!r:.60}"
    except RecursionError:
        return "something nested too deep to be shown"
    except ValueError:
        return "a number too large to be shown"


def did_you_mean(name: object, known: Iterable[str]) -> str:
    """The known name that is nearest to one that is not known; "" where none is near."""
    from difflib import get_close_matches

    near = get_close_matches(str(name)[:LONGEST_NAME], list(known), 1)
    return f"did you mean '{near[0]}'?" if near else ""


def _meant(name: object, known: Iterable[str]) -> str:
    return did_you_mean(name, known) if isinstance(name, str) else ""


def _one_of(values: Iterable[str] | Mapping[str, object]) -> str:
    return " or ".join(f'"{value}"' for value in values)
