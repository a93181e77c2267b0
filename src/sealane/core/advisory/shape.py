"""The form of a JSON document as a table, for formats whose schema says nothing more than form.

It is written by hand, so that a document is checked without the format's schema at hand; tests
hold the two against each other.

Spec: JSON Schema 2020-12, validation vocabulary, of which this is a small part; RFC 6901.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Final, Protocol, TypeAlias

from sealane.core.attestation.strict_json import kind_of
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

_NO = re.compile("(?!)")
_NO_END = 1 << 30
# For a table that may have members of any name.
ANY: Final = re.compile(".*", re.DOTALL)
# What holds between the members of an object, given its place.
Relation: TypeAlias = Callable[[Mapping[str, JsonValue], str], Iterator[tuple[str, str]]]


class Shape(Protocol):
    """What a value has to look like."""

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """Each place that looks otherwise, as a JSON pointer, and what is wrong there."""
        ...


@dataclass(frozen=True, slots=True)
class Anything:
    """Any value: what sealane neither writes nor reads."""

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """Nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class AnyObject:
    """An object with whatever members."""

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is none."""
        if not isinstance(value, dict):
            yield place, f"expected an object, got {kind_of(value)}"


@dataclass(frozen=True, slots=True)
class Text:
    """A text: how long in characters, and how it is written; `like` says so in words."""

    most: int = _NO_END
    pattern: re.Pattern[str] | None = None
    like: str = ""
    least: int = 1

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no such text."""
        if not isinstance(value, str):
            yield place, f"expected a string, got {kind_of(value)}"
        elif not self.least <= len(value) <= self.most:
            yield place, f"expected {_span(self.least, self.most)} characters, got {len(value)}"
        elif self.pattern is not None and not self.pattern.fullmatch(value):
            yield place, f"expected {self.like}, got {value[:60]!r}"


@dataclass(frozen=True, slots=True)
class Written:
    """A text that a function knows: what it looks like, in words; never an empty one."""

    like: str = "a text"
    fits: Callable[[str], bool] = bool

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no such text."""
        if not isinstance(value, str) or not value or not self.fits(value):
            yield place, f"expected {self.like}, got {_shown(value)}"


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words."""

    words: tuple[str, ...]

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is none of them."""
        if not isinstance(value, str) or value not in self.words:
            yield place, f"expected {_one_of(self.words)}, got {_shown(value)}"


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two others, both allowed; `whole` for one without a fraction."""

    least: float
    most: float
    whole: bool = False

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is none, or outside."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            yield place, f"expected a number, got {kind_of(value)}"
        elif not self.least <= value <= self.most or (self.whole and value != int(value)):
            kind = "whole number" if self.whole else "number"
            yield place, f"expected a {kind} from {self.least:g} to {self.most:g}, got {value}"


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false."""

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is neither."""
        if not isinstance(value, bool):
            yield place, f"expected a boolean, got {kind_of(value)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A list: what each item looks like, how many there are, and whether each is there once.

    Where `null` is set, null stands for no list.
    """

    item: Shape
    least: int = 1
    unique: bool = True
    most: int = _NO_END
    null: bool = False

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no list, too short or long, there twice, and what is wrong inside."""
        if self.null and value is None:
            return
        if not isinstance(value, list):
            yield place, f"expected a list, got {kind_of(value)}"
            return
        if not self.least <= len(value) <= self.most:
            yield place, f"expected {_span(self.least, self.most)} items, got {len(value)}"
        if self.unique:
            yield from _twice(value, place)
        for number, one in enumerate(value):
            yield from self.item.broken(one, f"{place}/{number}")


@dataclass(frozen=True, slots=True)
class Table:
    """An object.

    Attributes:
        needed: Members it must have.
        allowed: Members it may have.
        others: Names of further members that may be there, with any value.
        relation: What else has to hold between the members; None for nothing. It is asked of an
            object whose members may be broken.
    """

    needed: Mapping[str, Shape]
    allowed: Mapping[str, Shape]
    others: re.Pattern[str] = _NO
    relation: Relation | None = None

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no object, missing or unknown, and what is wrong inside."""
        if not isinstance(value, dict):
            yield place, f"expected an object, got {kind_of(value)}"
            return
        for name in self.needed:
            if name not in value:
                yield place, f"expected a member {name}, got none"
        for name, one in value.items():
            shape = self.shape_of(name)
            if shape is not None:
                yield from shape.broken(one, place + pointer(name))
            elif not self.others.fullmatch(name):
                yield place + pointer(name), "the format knows no such member"
        if self.relation is not None:
            yield from self.relation(value, place)

    def shape_of(self, name: str) -> Shape | None:
        """What a member looks like; None for one that is not known by its name."""
        return self.needed.get(name) or self.allowed.get(name)


@dataclass(frozen=True, slots=True)
class ByMember:
    """An object that has the shape its member of some name says; no other word may stand there."""

    member: str
    tables: Mapping[str, Table]

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no object, what says nothing known, and what is otherwise than it says."""
        table = self.table_of(value)
        if table is None:
            words = Word(tuple(self.tables))
            yield from Table({self.member: words}, {}, ANY).broken(value, place)
        else:
            yield from table.broken(value, place)

    def table_of(self, value: JsonValue) -> Table | None:
        """What the object says it looks like; None where it does not."""
        word = value.get(self.member) if isinstance(value, dict) else None
        return self.tables.get(word) if isinstance(word, str) else None


@dataclass(frozen=True, slots=True)
class Later:
    """A shape that is a part of itself: asked for when a value is there."""

    shape: Callable[[], Shape]

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is otherwise than that shape."""
        yield from self.shape().broken(value, place)


def strangers(value: JsonValue, shape: Shape, place: str = "") -> Iterator[str]:
    """Places of the members that a shape does not know by name, as JSON pointers.

    They may be allowed; where one is a misspelt name, a reader that passes over it gets it wrong.
    """
    if isinstance(shape, Later):
        yield from strangers(value, shape.shape(), place)
    elif isinstance(shape, ByMember):
        yield from strangers(value, shape.table_of(value) or Anything(), place)
    elif isinstance(shape, Row) and isinstance(value, list):
        for number, one in enumerate(value):
            yield from strangers(one, shape.item, place + pointer(number))
    elif isinstance(shape, Table) and isinstance(value, dict):
        for name, one in value.items():
            inner = shape.shape_of(name)
            if inner is None:
                yield place + pointer(name)
            else:
                yield from strangers(one, inner, place + pointer(name))


def pointer(*steps: str | int) -> str:
    """A JSON pointer, e.g. "/affected/0/package".

    Spec: RFC 6901, section 3.
    """
    return "".join("/" + str(one).replace("~", "~0").replace("/", "~1") for one in steps)


def _twice(value: list[JsonValue], place: str) -> Iterator[tuple[str, str]]:
    seen: dict[Hashable, int] = {}
    for number, one in enumerate(value):
        first = seen.setdefault(_key(one), number)
        if first != number:
            yield place + pointer(number), f"the same stands at {place}/{first} already"


def _key(value: JsonValue) -> Hashable:
    """The same for values that JSON takes for equal: 1 and 1.0 are, 1 and true are not."""
    if isinstance(value, list):
        return ("list", *map(_key, value))
    if isinstance(value, dict):
        return ("object", frozenset((name, _key(inner)) for name, inner in value.items()))
    return (isinstance(value, bool), value)


def _one_of(words: tuple[str, ...]) -> str:
    return repr(words[0]) if len(words) == 1 else f"one of {', '.join(words)}"


def _span(least: int, most: int) -> str:
    return f"{least} or more" if most == _NO_END else f"{least} to {most}"


def _shown(value: JsonValue) -> str:
    return repr(value[:60]) if isinstance(value, str) else kind_of(value)
