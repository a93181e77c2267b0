"""What publish did and saw, line by line: append-only, hash-chained, without a secret.

A lost journal is harmless, because a resumed release looks at the index again; a changed one is an
error, because it would tell a story that nobody wrote.
"""

from __future__ import annotations

import hashlib
import re
from datetime import UTC, datetime
from enum import StrEnum

from sealane.core.model.chain import START, seal, unseal_next, whole_lines
from sealane.core.model.statement import JsonValue
from sealane.core.model.token_shapes import holds_token
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_KEYS = {
    "seq", "release", "action", "channel", "file", "state", "status", "code", "observed", "time",
}  # fmt: skip
_DIGEST = re.compile(r"[0-9a-f]{64}")
_CODE = re.compile(r"[a-z0-9-]{0,64}")


class State(StrEnum):
    """What is known of one file on one channel."""

    PLANNED = "planned"
    SENT = "sent"  # written before the request leaves
    ACCEPTED = "accepted"
    AMBIGUOUS = "ambiguous"
    REFUSED = "refused"
    OBSERVED = "observed"
    MISSING = "missing"
    CONFLICT = "conflict"


# After one of these our request may have reached the channel.
_LEFT_US = {State.SENT, State.ACCEPTED, State.AMBIGUOUS}
_MAY_BE_PUBLIC = _LEFT_US | {State.OBSERVED, State.MISSING, State.CONFLICT}


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the journal.

    Attributes:
        release: Release id: SHA-256 of the signed manifest's payload, lower-case hex.
        channel: The channel's name.
        file: The artifact's name.
        state: What is known now.
        at: When, aware, UTC.
        status: HTTP status of the answer; None where there was none.
        code: Why, one word of `lane.resume.Reason`; "" where there is nothing to say.
        observed: SHA-256 the channel shows, lower-case hex; "" where it shows nothing.
    """

    release: str
    channel: str
    file: str
    state: State
    at: datetime
    status: int | None = None
    code: str = ""
    observed: str = ""

    @property
    def action(self) -> str:
        """Names the one thing to be done: this file of this release on this channel."""
        return action_id(self.release, self.channel, self.file)


@dataclass(frozen=True, slots=True)
class Journal:
    """A journal that has been read and whose chain holds.

    Attributes:
        events: All lines, oldest first.
        head: Digest of the last line; what the next one names.
        intact: How many bytes of the file belong to whole lines.
        torn: True where a last line without its end was left by a killed process.
    """

    events: tuple[Event, ...] = ()
    head: str = START
    intact: int = 0
    torn: bool = False

    def sent(self, action: str) -> bool:
        """Whether a request for this action may have reached the channel."""
        return any(e.action == action and e.state in _LEFT_US for e in self.events)

    def sent_anything(self, release: str) -> bool:
        """Whether any request of this release may have reached a channel."""
        return any(e.release == release and e.state in _LEFT_US for e in self.events)

    def public(self, release: str) -> tuple[tuple[str, str, State], ...]:
        """Channel, file and last state of what of a release is, or may be, public by now."""
        latest = {(e.channel, e.file): e.state for e in self.events if e.release == release}
        return tuple((*key, state) for key, state in latest.items() if state in _MAY_BE_PUBLIC)

    def latest(self, action: str) -> Event | None:
        """What was last written about an action."""
        return next((e for e in reversed(self.events) if e.action == action), None)


def action_id(release: str, channel: str, file: str) -> str:
    """Names one file of one release on one channel: SHA-256 over the three, lower-case hex."""
    return hashlib.sha256(f"{release}\0{channel}\0{file}".encode()).hexdigest()


def render_event(journal: Journal, event: Event) -> bytes:
    """The line that an event adds to a journal, without its line end.

    Raises:
        InputError: The event holds what looks like a token, or a text where a word is due.
    """
    texts = (event.release, event.channel, event.file, event.code, event.observed)
    if any(map(holds_token, texts)):
        raise InputError("journal: refused a line that holds what looks like a token")
    document: dict[str, JsonValue] = {
        "seq": len(journal.events) + 1,
        "release": event.release,
        "action": event.action,
        "channel": event.channel,
        "file": event.file,
        "state": event.state.value,
        "status": event.status,
        "code": event.code,
        "observed": event.observed,
        "time": event.at.astimezone(UTC).isoformat(timespec="seconds"),
    }
    _read_event(document, "journal")
    return seal(document, journal.head)


def parse_journal(content: bytes) -> Journal:
    """Read a journal and check its chain.

    A last line without its line end was being written when the process was killed; it is left out
    and reported. Nothing was sent on its account, for a line is on the disk before a request
    leaves.

    Raises:
        InputError: Any other damage: a line changed, missing, moved, or not one of ours.
    """
    lines, intact = whole_lines(content)
    events: list[Event] = []
    head = START
    for line in lines:
        event, head = _read_line(line, head, len(events) + 1)
        events.append(event)
    return Journal(tuple(events), head, intact, torn=intact < len(content))


def extend(journal: Journal, line: bytes) -> Journal:
    """A journal with one line more.

    Raises:
        InputError: The line is not the next one.
    """
    event, head = _read_line(line, journal.head, len(journal.events) + 1)
    return Journal((*journal.events, event), head, journal.intact + len(line) + 1)


def _read_line(line: bytes, head: str, number: int) -> tuple[Event, str]:
    place = f"journal line {number}"
    document, head = unseal_next(line, head, number, place=place)
    return _read_event(document, place), head


def _read_event(document: dict[str, JsonValue], place: str) -> Event:
    if document.keys() != _KEYS:
        raise InputError(f"{place}: expected the members {', '.join(sorted(_KEYS))}")
    status = document["status"]
    if status is not None and (type(status) is not int or not 100 <= status <= 599):
        raise InputError(f"{place}: status is not one of HTTP")
    event = Event(
        release=_text(document, "release", _DIGEST, place),
        channel=_text(document, "channel", re.compile(r"[\w.-]{1,100}"), place),
        file=_text(document, "file", re.compile(r"[\w.+!-]{1,255}"), place),
        state=_state(document, place),
        at=_time(document, place),
        status=status,
        code=_text(document, "code", _CODE, place),
        observed=_text(document, "observed", re.compile(r"([0-9a-f]{64})?"), place),
    )
    if document["action"] != event.action:
        raise InputError(f"{place}: the action is not that of its release, channel and file")
    return event


def _text(document: dict[str, JsonValue], key: str, pattern: re.Pattern[str], place: str) -> str:
    value = document[key]
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise InputError(f"{place}: {key}: not of the form {pattern.pattern}")
    return value


def _state(document: dict[str, JsonValue], place: str) -> State:
    try:
        return State(str(document["state"]))
    except ValueError as error:
        raise InputError(f"{place}: unknown state") from error


def _time(document: dict[str, JsonValue], place: str) -> datetime:
    try:
        at = datetime.fromisoformat(str(document["time"]))
    except ValueError as error:
        raise InputError(f"{place}: time is not ISO 8601") from error
    if at.utcoffset() is None:
        raise InputError(f"{place}: time without a zone")
    return at.astimezone(UTC)
