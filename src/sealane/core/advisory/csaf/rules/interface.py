"""What a rule of CSAF is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import TypeAlias

from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass

# Where in the document, as a JSON pointer, and what is wrong there, expected and actual.
Broken: TypeAlias = tuple[str, str]
# Whether a word is one, in the language of a tag like "en-US"; None for a language without any.
Speller: TypeAlias = Callable[[str], Callable[[str], bool] | None]


class Level(StrEnum):
    """What breaking a rule means: the document is invalid, or somebody should look at it."""

    MANDATORY = "mandatory"
    OPTIONAL = "optional"
    INFORMATIVE = "informative"


@dataclass(frozen=True, slots=True)
class Csaf:
    """A CSAF document whose form is right, and what its rules need besides.

    Attributes:
        document: The whole of it.
        weaknesses: Known CWE ids and their names.
        speller: Dictionaries; None where spelling is not asked for.
    """

    document: Mapping[str, JsonValue]
    weaknesses: Mapping[str, str]
    speller: Speller | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its number ("6.1.1"), its title, what breaking it means, and the question."""

    number: str
    title: str
    level: Level
    broken: Callable[[Csaf], Iterator[Broken]]
