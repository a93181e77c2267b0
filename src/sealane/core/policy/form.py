"""What a value in a policy file may be, as plain data.

One description serves three readers: `reading.py` checks a file by it, `json_schema.py` writes it
as a JSON Schema, and the reference lists its keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text of one line, not blank.

    Attributes:
        like: What it is, for errors.
        pattern: What all of it has to match, in the syntax that Python and ECMAScript share.
        longest: Characters it has at most.
        exact: Whether it is compared as it is, so that what looks like a pattern is a mistake.
        lines: Whether it may have several lines.
    """

    like: str = "text"
    pattern: str = ""
    longest: int = 1000
    exact: bool = False
    lines: bool = False


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number, bounds included."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Truth:
    """true or false."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A date and time with a zone."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some texts."""

    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Many:
    """A list, none of it twice.

    Attributes:
        of: What each entry is.
        least: How many it has at least.
        most: How many it has at most.
        alone: Whether one entry may stand there without brackets.
    """

    of: Kind
    least: int = 1
    most: int = 1000
    alone: bool = False


@dataclass(frozen=True, slots=True)
class Inside:
    """A table of some shape, by the shape's name."""

    shape: str


@dataclass(frozen=True, slots=True)
class Named:
    """Tables of one shape, each under a name of its own.

    Attributes:
        shape: Name of the shape.
        least: How many there are at least.
    """

    shape: str
    least: int = 0


Kind: TypeAlias = Text | Whole | Truth | Moment | Choice | Many | Inside | Named
Default: TypeAlias = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a table.

    Attributes:
        name: As the file writes it.
        kind: What its value is.
        doc: What it means, for the reference; Markdown.
        required: Whether it has to be there.
        default: What holds where it is left out.
        hint: What to do where it is missing or wrong; "" for the usual.
    """

    name: str
    kind: Kind
    doc: str
    required: bool = False
    default: Default = None
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with exactly these keys.

    Attributes:
        title: How the reference calls it, e.g. "[trust.NAME]".
        keys: Every key it may have.
        some: Keys of which at least one has to be there; empty where that is not asked.
    """

    title: str
    keys: tuple[Key, ...]
    some: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ByKind:
    """A table whose key `kind` says which of several it is.

    Attributes:
        title: As in `Table`.
        tables: Kind, and name of its shape.
    """

    title: str
    tables: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ByKey:
    """A table that is told by one key it has.

    Attributes:
        title: As in `Table`.
        tables: Key, and name of the shape of a table that has it.
        otherwise: Name of the shape of a table that has none of them.
    """

    title: str
    tables: tuple[tuple[str, str], ...]
    otherwise: str


Shape: TypeAlias = Table | ByKind | ByKey
Shapes: TypeAlias = Mapping[str, Shape]
