"""The journal of a case: append-only, hash-chained, read again whole or not at all.

It tells what was done and seen, and a lift that was killed goes on by it. A changed one is an
error, because it would have a channel skipped, or something published twice.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import TypeVar

from sealane.core.embargo.case_name import SHAPE
from sealane.core.embargo.events import Act, Entry, Event, Kind, Progress
from sealane.core.embargo.roles import Action
from sealane.core.embargo.terms import check_utc
from sealane.core.model.chain import START, seal, unseal_next, whole_lines
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.token_shapes import holds_token
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError, InputError

_KEYS = {
    "seq", "case", "revision", "time", "kind", "of", "held", "act", "progress", "seconds",
    "sha256", "text",
}  # fmt: skip
_DIGEST = re.compile(r"([0-9a-f]{64})?")
_SECOND = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_LONGEST = 1000  # characters of a text
_MOST_SECONDS = 7 * 24 * 3600
_MOST_REVISIONS = 1_000_000
_REASONED = {Kind.OBJECTED, Kind.RESOLVED, Kind.STOP, Kind.LEAK, Kind.ABORT}
_NAMED = {Kind.FIX_VERIFIED, Kind.SENT, Kind.ACKNOWLEDGED, Kind.OBJECTED, Kind.RESOLVED}
_HELD = {Kind.BUILT_TWICE, Kind.COUNTED, Kind.CLOCK_CHECKED}
_OF_LIFT = {Act.PREFLIGHT, Act.BUILD, Act.SIGN, Act.CHECK}
_CHANGED = "take the journal as it was written from a copy; do not edit it"
_T = TypeVar("_T", Kind, Act, Progress)


@dataclass(frozen=True, slots=True)
class CaseJournal:
    """A journal that has been read and whose chain holds.

    Attributes:
        entries: All lines, oldest first.
        head: Digest of the last line; what the next one names.
        intact: How many bytes of the file belong to whole lines.
        torn: True where a last line without its end was left by a killed process.
    """

    entries: tuple[Entry, ...] = ()
    head: str = START
    intact: int = 0
    torn: bool = False


def parse_case_journal(content: bytes) -> CaseJournal:
    """Read the journal of a case.

    1. Each line is of the chain (see `model.chain`), so that none was changed, moved, taken out of
    the middle, or written by a second process that had read the same head. 2. Its number is the
    next. 3. It is of the same case, and of no earlier revision. 4. Its event is a whole one.

    A last line without its line end was being written when the process was killed; it is left out
    and reported. Nothing was done on its account, for a line is on the disk before its act.

    Args:
        content: The file.

    Raises:
        InputError: Any other damage.
    """
    lines, intact = whole_lines(content)
    entries: list[Entry] = []
    head = START
    for line in lines:
        entry, head = _next(entries[-1:], line, head, len(entries) + 1)
        entries.append(entry)
    return CaseJournal(tuple(entries), head, intact, torn=intact < len(content))


def extend_case_journal(journal: CaseJournal, line: bytes) -> CaseJournal:
    """A journal with one line more.

    Args:
        journal: What is there.
        line: The next line, without its line end.

    Raises:
        InputError: It is not the next line.
    """
    entry, head = _next(journal.entries[-1:], line, journal.head, len(journal.entries) + 1)
    return CaseJournal((*journal.entries, entry), head, journal.intact + len(line) + 1)


def _next(last: Sequence[Entry], line: bytes, head: str, number: int) -> tuple[Entry, str]:
    place = f"case journal line {number}"
    try:
        document, head = unseal_next(line, head, number, place=place)  # 1, 2
    except InputError as error:
        raise InputError(error.message, hint=_CHANGED) from error
    entry = _read(document, place)  # 4
    _check_follows(last, entry, place)  # 3
    return entry, head


def render_entry(journal: CaseJournal, entry: Entry) -> bytes:
    """The line that an entry adds to a journal, without its line end.

    Args:
        journal: What is there, without a torn line.
        entry: What happened.

    Raises:
        EmbargoError: The journal's last line is torn: this one would be read as its end.
        InputError: The entry holds what looks like a token, is not a whole event, or does not
            follow the journal.
    """
    if journal.torn:
        raise EmbargoError(
            "case journal: its last line is torn, and would be joined with the next",
            hint=f"cut the file to its first {journal.intact} bytes, then resume",
        )
    event = entry.event
    if any(map(holds_token, (event.of, event.text))):
        raise InputError(
            "case journal: refused a line that holds what looks like a token",
            hint="leave tokens out of reasons",
        )
    document: dict[str, JsonValue] = {
        "seq": len(journal.entries) + 1,
        "case": entry.case,
        "revision": entry.revision,
        "time": rfc3339(check_utc(entry.at, "case journal: time").replace(microsecond=0)),
        "kind": event.kind.value,
        "of": event.of,
        "held": event.held,
        "act": event.act.value if event.act else "",
        "progress": event.progress.value if event.progress else "",
        "seconds": event.seconds,
        "sha256": event.sha256,
        "text": event.text,
    }
    _check_follows(journal.entries[-1:], _read(document, "case journal"), "case journal")
    return seal(document, journal.head)


def _check_follows(before: Sequence[Entry], entry: Entry, place: str) -> None:
    """The chain tells that nobody else wrote a line in between, not that it is of this case."""
    if not before:
        return
    last = before[-1]
    if entry.case != last.case:
        raise InputError(f"{place}: expected case {last.case}, got {entry.case}", hint=_CHANGED)
    # A revision is made by its own line, one at a time.
    expected = last.revision + (entry.event.kind is Kind.REVISE)
    if entry.revision != expected:
        raise InputError(
            f"{place}: expected revision {expected}, got {entry.revision}", hint=_CHANGED
        )


def _read(document: dict[str, JsonValue], place: str) -> Entry:
    if document.keys() != _KEYS:
        raise InputError(f"{place}: expected the members {', '.join(sorted(_KEYS))}")
    act, progress = document["act"], document["progress"]
    event = Event(
        kind=_word(document, "kind", Kind, place),
        of=_text(document, "of", place),
        held=_flag(document, place),
        act=_word(document, "act", Act, place) if act != "" else None,
        progress=_word(document, "progress", Progress, place) if progress != "" else None,
        seconds=_number(document, "seconds", 0, _MOST_SECONDS, place),
        sha256=_shaped(document, "sha256", _DIGEST, place),
        text=_text(document, "text", place),
    )
    check_event(event, place)
    return Entry(
        case=_shaped(document, "case", SHAPE, place),
        revision=_number(document, "revision", 1, _MOST_REVISIONS, place),
        at=_time(document, place),
        event=event,
    )


def check_event(event: Event, place: str) -> None:
    """An event says what its kind needs, and nothing that has no meaning in it.

    Raises:
        InputError: It does not.
    """
    kind = event.kind
    acted = kind is Kind.ACTED
    of_channel = acted and event.act not in _OF_LIFT
    for what, there, wanted in (
        ("act", event.act is not None, acted),
        ("progress", event.progress is not None, acted),
        ("of", event.of != "", of_channel or kind in _NAMED or kind is Kind.COUNTED),
        ("seconds", event.seconds != 0, kind is Kind.REHEARSED),
    ):
        if there != wanted:
            expected, actual = (_there(one) for one in (wanted, there))
            raise InputError(f"{place}: {kind}: {what}: expected {expected}, got {actual}")
    if kind is Kind.COUNTED and event.of not in set(Action):
        raise InputError(f"{place}: {kind}: of: expected an action, got {event.of!r:.40}")
    if not event.held and kind not in _HELD:
        raise InputError(f"{place}: {kind}: held: expected true, got false")
    if kind in _REASONED and not event.text.strip():
        raise InputError(f"{place}: {kind}: text: expected a reason, got none")
    if kind in (Kind.SENT, Kind.CLOSE) and not event.sha256:
        raise InputError(f"{place}: {kind}: sha256: expected a digest, got none")


def _there(one: bool) -> str:
    return "one" if one else "none"


def _word(document: dict[str, JsonValue], key: str, known: type[_T], place: str) -> _T:
    try:
        return known(str(document[key]))
    except ValueError as error:
        raise InputError(
            f"{place}: {key}: expected one of {', '.join(known)}, got {document[key]!r:.40}"
        ) from error


def _text(document: dict[str, JsonValue], key: str, place: str) -> str:
    value = document[key]
    if not isinstance(value, str) or len(value) > _LONGEST or not value.isprintable():
        raise InputError(f"{place}: {key}: expected one printable line, got {value!r:.40}")
    return value


def _shaped(document: dict[str, JsonValue], key: str, shape: re.Pattern[str], place: str) -> str:
    value = document[key]
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise InputError(f"{place}: {key}: expected {shape.pattern}, got {value!r:.40}")
    return value


def _flag(document: dict[str, JsonValue], place: str) -> bool:
    value = document["held"]
    if not isinstance(value, bool):
        raise InputError(f"{place}: held: expected true or false, got {value!r:.40}")
    return value


def _number(document: dict[str, JsonValue], key: str, least: int, most: int, place: str) -> int:
    value = document[key]
    # True is an int to Python.
    if type(value) is not int or not least <= value <= most:
        raise InputError(f"{place}: {key}: expected {least} to {most}, got {value!r:.40}")
    return value


def _time(document: dict[str, JsonValue], place: str) -> datetime:
    text = _shaped(document, "time", _SECOND, place)
    try:
        return datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError(f"{place}: time: expected a real date, got {text}") from error
