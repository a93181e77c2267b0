"""What the statements of policy cases say: JSON of any form, taken out before the rest is read.

A fact's `content` is a table, or the name of a table `[content.NAME]` that several facts share.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, time
from typing import Any

from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.policy.reading import Place, Trouble, did_you_mean, quoted

_CONTENT, _CASE, _FACT = "content", "case", "fact"
_DEEPEST = 32
# Numbers that every reader of JSON reads as the same.
_LARGEST = 2**53
_HINT = "write a table, or the name of a [content.NAME]"

_Members = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class Contents:
    """What was taken out.

    Attributes:
        found: Place of a fact, and what its statement says.
        troubles: What is wrong with it.
    """

    found: Mapping[Place, _Members]
    troubles: tuple[Trouble, ...]

    def of(self, place: Place) -> _Members | None:
        """What the statement of a fact says; None where the file does not tell."""
        return self.found.get(place)


def take_contents(values: Mapping[str, Any]) -> tuple[dict[str, Any], Contents]:
    """A file's values without contents, and the contents.

    Whatever is not where it should be stays, for the strict reader to complain about.
    """
    taker = _Taker()
    left = {key: value for key, value in values.items() if key != _CONTENT}
    taker.share(values.get(_CONTENT, {}))
    cases = left.get(_CASE)
    if isinstance(cases, list):
        left[_CASE] = [taker.case(number, one) for number, one in enumerate(cases)]
    return left, taker.contents()


class _Taker:
    """Takes contents out, and keeps what is wrong with them."""

    def __init__(self) -> None:
        self._named: dict[str, _Members] = {}
        self._unused: set[str] = set()
        self._found: dict[Place, _Members] = {}
        self._troubles: list[Trouble] = []

    def share(self, tables: object) -> None:
        """Read what several facts may name."""
        if not isinstance(tables, dict):
            self._say((_CONTENT,), f"expected tables, got {quoted(tables)}")
            return
        self._named = {name: self._table(one, (_CONTENT, name)) for name, one in tables.items()}
        self._unused = set(self._named)

    def case(self, number: int, case: object) -> object:
        """A copy of a case in which no fact has a content."""
        facts = case.get(_FACT) if isinstance(case, dict) else None
        if not isinstance(case, dict) or not isinstance(facts, list):
            return case
        place: Place = (_CASE, number, _FACT)
        return {**case, _FACT: [self._fact(one, (*place, n)) for n, one in enumerate(facts)]}

    def contents(self) -> Contents:
        """What was taken out so far."""
        unused = [
            Trouble((_CONTENT, name), "no fact has it", "leave it out")
            for name in sorted(self._unused)
        ]
        return Contents(self._found, (*self._troubles, *unused))

    def _fact(self, fact: object, place: Place) -> object:
        if not isinstance(fact, dict) or _CONTENT not in fact:
            return fact
        self._found[place] = self._content(fact[_CONTENT], (*place, _CONTENT))
        return {key: value for key, value in fact.items() if key != _CONTENT}

    def _content(self, value: object, place: Place) -> _Members:
        if not isinstance(value, str):
            return self._table(value, place)
        if value not in self._named:
            hint = did_you_mean(value, self._named) or _HINT
            self._say(place, f"there is no [content.{value[:60]}]", hint)
            return {}
        self._unused.discard(value)
        return self._named[value]

    def _table(self, value: object, place: Place, depth: int = 0) -> dict[str, JsonValue]:
        if not isinstance(value, dict):
            self._say(place, f"expected a table, got {quoted(value)}")
            return {}
        return {key: self._json(one, (*place, key), depth) for key, one in value.items()}

    def _json(self, value: Any, place: Place, depth: int) -> JsonValue:  # noqa: ANN401 - TOML
        """A value of TOML as JSON has it; a time is its text in RFC 3339."""
        if depth > _DEEPEST:
            self._say(place, f"nested more than {_DEEPEST} deep", "use fewer levels")
            return None
        if isinstance(value, dict):
            return self._table(value, place, depth + 1)
        if isinstance(value, list):
            return [self._json(one, (*place, n), depth + 1) for n, one in enumerate(value)]
        if isinstance(value, date | time):
            return value.isoformat().replace("+00:00", "Z")
        usable = not isinstance(value, int | float) or abs(value) <= _LARGEST
        if not usable or (isinstance(value, float) and math.isnan(value)):
            self._say(place, "a number that JSON does not have", "write it as text")
            return None
        found: JsonValue = value
        return found

    def _say(self, place: Place, why: str, hint: str = _HINT) -> None:
        self._troubles.append(Trouble(place, why, hint))
