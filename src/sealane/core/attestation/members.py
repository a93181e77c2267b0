"""Takes what is needed out of an object that somebody else wrote; unknown members are left aside.

Attestations of others grow new members, and their specifications want readers to pass over them;
what is asked for has to be there and of its type.

Spec: in-toto attestation, spec/v1/README.md, "Parsing rules", and field_types.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime

from sealane.core.attestation.strict_json import as_list, as_object, as_text
from sealane.core.model.artifact import STRONG_ALGORITHMS, Digest
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

_HEX = re.compile(r"[0-9a-f]+")
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt](\d{2}:\d{2}:\d{2})(\.\d{1,9})?([Zz]|[+-]\d{2}:\d{2})", re.ASCII
)


class Members:
    """The members of one JSON object.

    Null stands for an absent member, as in protobuf's JSON.

    Args:
        members: The object.
        place: What it is called in errors, e.g. "vsa: verifier".
    """

    def __init__(self, members: Mapping[str, JsonValue], place: str) -> None:
        self._members = members
        self._place = place

    @property
    def place(self) -> str:
        """What the object is called in errors."""
        return self._place

    def has(self, key: str) -> bool:
        """Whether a member is there and not null."""
        return self._members.get(key) is not None

    def value(self, key: str) -> JsonValue:
        """A member that has to be there.

        Raises:
            InputError: It is missing, or null.
        """
        if not self.has(key):
            raise InputError(f"{self._place}: {key}: missing")
        return self._members[key]

    def text(self, key: str) -> str:
        """A text that has to be there, and not empty.

        Raises:
            InputError: It is missing, empty, or no text.
        """
        text = as_text(self.value(key), self._at(key))
        if not text:
            raise InputError(f"{self._at(key)}: empty")
        return text

    def text_or_empty(self, key: str) -> str:
        """A text that may be missing or empty.

        Raises:
            InputError: It is no text.
        """
        return as_text(self._members[key], self._at(key)) if self.has(key) else ""

    def moment(self, key: str) -> datetime:
        """A time that has to be there, aware, UTC.

        Raises:
            InputError: It is missing, or not a time as RFC 3339 writes it.
        """
        return parse_moment(self.value(key), self._at(key))

    def moment_or_none(self, key: str) -> datetime | None:
        """A time that may be missing.

        Raises:
            InputError: It is there and not a time as RFC 3339 writes it.
        """
        return self.moment(key) if self.has(key) else None

    def inner(self, key: str) -> Members:
        """An object that has to be there.

        Raises:
            InputError: It is missing, or no object.
        """
        return Members(as_object(self.value(key), self._at(key)), self._at(key))

    def inner_or_empty(self, key: str) -> Members:
        """An object that may be missing, and then has no members.

        Raises:
            InputError: It is there and no object.
        """
        return self.inner(key) if self.has(key) else Members({}, self._at(key))

    def items(self) -> tuple[tuple[str, JsonValue], ...]:
        """All members, sorted by name."""
        return tuple(sorted(self._members.items(), key=lambda item: item[0]))

    def names(self) -> tuple[str, ...]:
        """The names of all members, sorted."""
        return tuple(sorted(self._members))

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts that has to be there; it may be empty.

        Raises:
            InputError: It is missing, no list, or holds something else than texts.
        """
        values = as_list(self.value(key), self._at(key))
        return tuple(as_text(one, f"{self._at(key)}[{n}]") for n, one in enumerate(values))

    def texts_or_none(self, key: str) -> tuple[str, ...]:
        """A list of texts that may be missing, and then has none.

        Raises:
            InputError: It is there and not a list of texts.
        """
        return self.texts(key) if self.has(key) else ()

    def each(self, key: str) -> tuple[Members, ...]:
        """A list of objects that has to be there; it may be empty.

        Raises:
            InputError: It is missing, no list, or holds something else than objects.
        """
        found = []
        for number, value in enumerate(as_list(self.value(key), self._at(key))):
            place = f"{self._at(key)}[{number}]"
            found.append(Members(as_object(value, place), place))
        return tuple(found)

    def each_or_none(self, key: str) -> tuple[Members, ...]:
        """A list of objects that may be missing, and then has none.

        Raises:
            InputError: It is there and not a list of objects.
        """
        return self.each(key) if self.has(key) else ()

    def digests(self, key: str) -> tuple[Digest, ...]:
        """A digest set that has to be there, with one digest at least; sorted by algorithm.

        Raises:
            InputError: It is missing or empty, or a strong digest is not lower-case hex of its
                length.
        """
        return self.digests_or_none(key) or self._no_digest(key)

    def digests_or_none(self, key: str) -> tuple[Digest, ...]:
        """A digest set that may be missing or empty.

        Raises:
            InputError: It is there and broken.
        """
        named = self.inner_or_empty(key)
        return tuple(parse_digest(name, text, named.place) for name, text in named.items())

    def _no_digest(self, key: str) -> tuple[Digest, ...]:
        raise InputError(f"{self._at(key)}: it has no digest, so it is about nothing")

    def _at(self, key: str) -> str:
        return f"{self._place}: {key}"


def parse_digest(algorithm: str, value: JsonValue, place: str) -> Digest:
    """One member of a digest set.

    Args:
        algorithm: Its name.
        value: Its value; of an algorithm that identifies no artifact, in any encoding: it is only
            shown, and where it is not hex, as the hex of its text.
        place: What the digest set is called in errors.

    Raises:
        InputError: No text, or of a strong algorithm and not lower-case hex of its length.

    Spec: in-toto attestation, spec/v1/digest_set.md.
    """
    text = as_text(value, f"{place}: {algorithm[:40]}")
    try:
        if algorithm not in STRONG_ALGORITHMS and not _HEX.fullmatch(text):
            text = text.encode(errors="surrogatepass").hex() or "00"
        return Digest(algorithm, text)
    except ValueError as error:
        raise InputError(f"{place}: {error}") from error


def parse_moment(value: JsonValue, place: str) -> datetime:
    """A time as RFC 3339 writes it, in UTC; digits beyond microseconds are cut off.

    Raises:
        InputError: It is something else, or a day that is in no calendar.
    """
    text = as_text(value, place)
    found = _MOMENT.fullmatch(text)
    if found is None:
        raise InputError(f"{place}: expected a time like 2026-11-25T12:00:00Z, got {text[:40]!r}")
    day, clock, fraction, zone = found.groups()
    written = f"{day}T{clock}{(fraction or '')[:7]}{'+00:00' if zone in 'Zz' else zone}"
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InputError(f"{place}: {text[:40]!r}: {error}") from error
