"""The form of a JSON document as a table, for formats whose schema says nothing more than form.

It is written by hand, so that a document is checked without the format's schema at hand; tests
hold the two against each other.

Spec: JSON Schema 2020-12, validation vocabulary, of which this is a small part; RFC 6901.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Protocol

from sealane.core.attestation.strict_json import kind_of
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

_NO = re.compile("(?!)")


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
class Text:
    """A text: how long in characters, and how it is written; `like` says so in words."""

    most: int = 1 << 20
    pattern: re.Pattern[str] | None = None
    like: str = ""
    least: int = 1

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no such text."""
        if not isinstance(value, str):
            yield place, f"expected a string, got {kind_of(value)}"
        elif not self.least <= len(value) <= self.most:
            yield place, f"expected {self.least} to {self.most} characters, got {len(value)}"
        elif self.pattern is not None and not self.pattern.fullmatch(value):
            yield place, f"expected {self.like}, got {value[:60]!r}"


@dataclass(frozen=True, slots=True)
class Word:
    """One of some words."""

    words: tuple[str, ...]

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is none of them."""
        if not isinstance(value, str) or value not in self.words:
            got = repr(value[:60]) if isinstance(value, str) else kind_of(value)
            yield place, f"expected one of {', '.join(self.words)}, got {got}"


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
            yield place, f"expected {self.least:g} to {self.most:g}, got {value}"


@dataclass(frozen=True, slots=True)
class Switch:
    """True or false."""

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is neither."""
        if not isinstance(value, bool):
            yield place, f"expected a boolean, got {kind_of(value)}"


@dataclass(frozen=True, slots=True)
class Row:
    """A list: what each item looks like, how many there are, and whether each is there once."""

    item: Shape
    least: int = 1
    unique: bool = True
    most: int = 1 << 20

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no list, too short or long, there twice, and what is wrong inside."""
        if not isinstance(value, list):
            yield place, f"expected a list, got {kind_of(value)}"
            return
        if not self.least <= len(value) <= self.most:
            yield place, f"expected {self.least} to {self.most} items, got {len(value)}"
        if self.unique:
            yield from _twice(value, place)
        for number, one in enumerate(value):
            yield from self.item.broken(one, f"{place}/{number}")


@dataclass(frozen=True, slots=True)
class Table:
    """An object: members it needs, members it may have, and names of others that may be there."""

    needed: Mapping[str, Shape]
    allowed: Mapping[str, Shape]
    others: re.Pattern[str] = _NO

    def broken(self, value: JsonValue, place: str) -> Iterator[tuple[str, str]]:
        """What is no object, missing or unknown, and what is wrong inside."""
        if not isinstance(value, dict):
            yield place, f"expected an object, got {kind_of(value)}"
            return
        for name in self.needed:
            if name not in value:
                yield place, f"expected a member {name}, got none"
        for name, one in value.items():
            inner = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            shape = self.needed.get(name) or self.allowed.get(name)
            if shape is not None:
                yield from shape.broken(one, inner)
            elif not self.others.fullmatch(name):
                yield inner, "the format knows no such member"


def _twice(value: list[JsonValue], place: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for number, one in enumerate(value):
        text = json.dumps(one, sort_keys=True)
        if text in seen:
            yield f"{place}/{number}", "the same item is there before it"
        seen.add(text)
