"""What may stand at a place of a CSAF document.

Members that no table knows may stand anywhere: the schema of CSAF 2.0 forbids none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Text:
    """A text: what it looks like, in words, and whether one does; never an empty one."""

    like: str = "a text"
    fits: Callable[[str], bool] = bool


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """A number, 0 to 10."""


@dataclass(frozen=True, slots=True)
class Many:
    """A list of one kind: at least so many of them, each only once where they are `distinct`."""

    of: Shape
    least: int = 1
    distinct: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """An object.

    Attributes:
        members: What may stand at each name.
        required: Names that have to be there.
        least: How many members it has at least, known or not.
        most: How many at most; 0 for any number.
    """

    members: tuple[tuple[str, Shape], ...]
    required: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class ByVersion:
    """An object whose member `version` says which table it follows."""

    tables: tuple[tuple[str, Table], ...]


@dataclass(frozen=True, slots=True)
class Again:
    """What a table is a part of again: a list of branches, inside a branch."""


Shape: TypeAlias = Text | Choice | Score | Many | Table | ByVersion | Again
