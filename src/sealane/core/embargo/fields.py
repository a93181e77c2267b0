"""Takes members out of an object that sealane wrote itself: each is there, and none is unknown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from sealane.core.attestation.strict_json import as_list, as_object, as_text, kind_of
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# Whole numbers beyond it are not the same in every reader of JSON (RFC 8259, section 6).
MOST = 2**53 - 1
LONGEST = 500  # characters of a text; more is not shown in one piece either
_MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_T = TypeVar("_T")
_Kind = TypeVar("_Kind", bound=StrEnum)


class Fields:
    """The members of one object, of which each is taken once.

    Args:
        document: The object.
        place: What it is called in errors, e.g. "embargo.json: schedule".

    Raises:
        InputError: It is no object.
    """

    def __init__(self, document: JsonValue, place: str) -> None:
        self._left = dict(as_object(document, place))
        self._place = place

    def value(self, key: str) -> JsonValue:
        """A member of any type.

        Raises:
            InputError: It is missing.
        """
        if key not in self._left:
            raise InputError(f"{self._place}: {key}: missing", hint=f"add {key!r}")
        return self._left.pop(key)

    def finish(self) -> None:
        """Nothing is left that nobody has asked for.

        Raises:
            InputError: Something is.
        """
        if self._left:
            raise InputError(
                f"{self._place}: unknown member {min(self._left)[:60]!r}",
                hint="remove it, or use the version of sealane that wrote it",
            )

    def text(self, key: str) -> str:
        """A text on one line: not empty, 500 characters at most, all of them visible, in NFC.

        Raises:
            InputError: It is something else. What a terminal would hide or obey may not be in what
                people approve by reading it.
        """
        found = as_text(self.value(key), self._at(key))
        if not found or found != found.strip() or len(found) > LONGEST or not _plain(found):
            raise self.wrong(
                key, f"a line of 1 to {LONGEST} visible characters in Unicode's NFC", found
            )
        return found

    def text_or_empty(self, key: str) -> str:
        """As `text`, or "".

        Raises:
            InputError: It is something else.
        """
        if self._left.get(key) == "":
            return as_text(self.value(key), self._at(key))
        return self.text(key)

    def shaped(self, key: str, shape: re.Pattern[str], expected: str) -> str:
        """A text that matches a pattern from its first to its last character.

        Args:
            key: Name of the member.
            shape: The pattern.
            expected: What such a text is called in errors.

        Raises:
            InputError: It does not match.
        """
        found = as_text(self.value(key), self._at(key))
        if shape.fullmatch(found) is None:
            raise self.wrong(key, expected, found)
        return found

    def sha256(self, key: str) -> str:
        """A SHA-256 digest, lower-case hex.

        Raises:
            InputError: It is something else.
        """
        return self.shaped(key, _SHA256, "64 lower-case hex digits")

    def sha256_or_empty(self, key: str) -> str:
        """A SHA-256 digest, lower-case hex, or "" where there is none yet.

        Raises:
            InputError: It is something else.
        """
        if self._left.get(key) == "":
            return as_text(self.value(key), self._at(key))
        return self.sha256(key)

    def number(self, key: str, least: int, most: int = MOST) -> int:
        """A whole number between two others.

        Raises:
            InputError: It is something else.
        """
        found = self.value(key)
        # True is an int to Python, and 1.0 is 1.
        if type(found) is not int or not least <= found <= most:
            raise self.wrong(key, f"a whole number from {least} to {most}", found)
        return found

    def flag(self, key: str) -> bool:
        """True or false.

        Raises:
            InputError: It is something else.
        """
        found = self.value(key)
        if not isinstance(found, bool):
            raise self.wrong(key, "true or false", found)
        return found

    def one_of(self, key: str, known: type[_Kind]) -> _Kind:
        """A member of an enumeration.

        Raises:
            InputError: It is something else.
        """
        return known(self.word(key, [one.value for one in known]))

    def word(self, key: str, known: Collection[str]) -> str:
        """One of some words.

        Raises:
            InputError: It is something else.
        """
        found = as_text(self.value(key), self._at(key))
        if found not in known:
            raise self.wrong(key, f"one of {', '.join(known)}", found)
        return found

    def moment(self, key: str) -> datetime:
        """A time, aware, UTC.

        Raises:
            InputError: It is not written as 2026-11-25T12:00:00Z, or is in no calendar: a leap
                second is not, for clocks disagree on when it is.
        """
        found = as_text(self.value(key), self._at(key))
        try:
            if _MOMENT.fullmatch(found):
                return datetime.fromisoformat(found).astimezone(UTC)
        except ValueError as error:
            raise self.wrong(key, f"a time ({error})", found) from error
        raise self.wrong(key, "a time in UTC and whole seconds, as 2026-11-25T12:00:00Z", found)

    def moment_or_none(self, key: str) -> datetime | None:
        """As `moment`, or null where it is open.

        Raises:
            InputError: It is something else.
        """
        if key in self._left and self._left[key] is None:
            self.value(key)
            return None
        return self.moment(key)

    def inner(self, key: str) -> Fields:
        """An object.

        Raises:
            InputError: It is something else.
        """
        return Fields(self.value(key), self._at(key))

    def each(self, key: str, read: Callable[[Fields], _T]) -> tuple[_T, ...]:
        """A list of objects, each read to its end.

        Raises:
            InputError: It is something else, or one of them is refused.
        """
        found = []
        for number, value in enumerate(as_list(self.value(key), self._at(key))):
            inner = Fields(value, f"{self._at(key)}[{number}]")
            found.append(read(inner))
            inner.finish()
        return tuple(found)

    def each_shaped(self, key: str, shape: re.Pattern[str], expected: str) -> tuple[str, ...]:
        """A list of texts, each as `shaped` has it.

        Raises:
            InputError: It is something else.
        """
        return tuple(
            Fields({name: value}, self._place).shaped(name, shape, expected)
            for name, value in self._numbered(key)
        )

    def each_of(self, key: str, known: type[_Kind]) -> tuple[_Kind, ...]:
        """A list of members of an enumeration.

        Raises:
            InputError: It is something else.
        """
        return tuple(
            Fields({name: value}, self._place).one_of(name, known)
            for name, value in self._numbered(key)
        )

    def groups(
        self, key: str, shape: re.Pattern[str], expected: str
    ) -> tuple[tuple[str, ...], ...]:
        """A list of lists of texts, each as `shaped` has it.

        Raises:
            InputError: It is something else.
        """
        return tuple(
            Fields({name: value}, self._place).each_shaped(name, shape, expected)
            for name, value in self._numbered(key)
        )

    def _numbered(self, key: str) -> list[tuple[str, JsonValue]]:
        values = as_list(self.value(key), self._at(key))
        return [(f"{key}[{number}]", value) for number, value in enumerate(values)]

    def wrong(self, key: str, expected: str, actual: JsonValue) -> InputError:
        """The error for a member that is something else than expected."""
        got = shown(repr(actual)[:80]) if isinstance(actual, str | int | float) else kind_of(actual)
        return InputError(f"{self._at(key)}: expected {expected}, got {got}")

    def _at(self, key: str) -> str:
        return f"{self._place}: {key}"


def _plain(text: str) -> bool:
    """Whether a text is shown as it is, and has no twin that looks the same."""
    return shown(text) == text and unicodedata.is_normalized("NFC", text)
