"""What publishing an advisory did and saw: append-only, hash-chained, without a secret.

Outlets are looked at again in any case; the journal knows what no look can tell: which of the
things that stand there were ours.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from sealane.core.model.chain import START, seal, unseal_next, whole_lines
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.token_shapes import holds_token
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_DIGEST = re.compile(r"([0-9a-f]{64})?")
# One line of printable characters: what a terminal would obey does not get in.
_TEXT = re.compile(r"[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]{0,1000}")


class Did(StrEnum):
    """What happened at one outlet."""

    SENDING = "sending"  # written before anything leaves
    PUBLISHED = "published"
    FOUND = "found"  # it was there already
    FAILED = "failed"


# After one of these something of the advisory is, or may be, public.
_MAY_BE_PUBLIC = (Did.SENDING, Did.PUBLISHED, Did.FOUND)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the journal.

    Attributes:
        advisory: Id of the record.
        outlet: The outlet's name.
        format: Name of the document's format.
        document: SHA-256 of the document, lower-case hex.
        did: What happened.
        at: When, aware, UTC.
        observed: What stands there, or will, in the outlet's normal form; SHA-256, lower-case hex;
            "" where nothing does.
        place: Where.
        identifier: The identifier that the outlet gave; "" without one.
        state: The outlet's own word for it; "" without one.
    """

    advisory: str
    outlet: str
    format: str
    document: str
    did: Did
    at: datetime
    observed: str = ""
    place: str = ""
    identifier: str = ""
    state: str = ""


@dataclass(frozen=True, slots=True)
class PublishJournal:
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

    def digests(self, advisory: str, outlet: str) -> frozenset[str]:
        """What may stand at an outlet and is ours."""
        return frozenset(
            one.observed
            for one in self._of(advisory, outlet)
            if one.observed and one.did is not Did.FAILED
        )

    def identifier(self, advisory: str, outlet: str) -> str:
        """The identifier that an outlet gave last; "" where it gave none."""
        named = [one.identifier for one in self._of(advisory, outlet) if one.identifier]
        return named[-1] if named else ""

    def public(self, advisory: str) -> tuple[Entry, ...]:
        """The last line about each document and outlet where something is, or may be, public."""
        latest: dict[tuple[str, str], Entry] = {}
        for one in self.entries:
            key = (one.outlet, one.format)
            # A failure does not undo what was public before, or may have become so.
            if one.advisory == advisory and one.did in _MAY_BE_PUBLIC:
                latest[key] = one
        return tuple(latest.values())

    def _of(self, advisory: str, outlet: str) -> tuple[Entry, ...]:
        return tuple(
            one for one in self.entries if (one.advisory, one.outlet) == (advisory, outlet)
        )


def render_entry(journal: PublishJournal, entry: Entry) -> bytes:
    """The line that an entry adds to a journal, without its line end.

    Raises:
        InputError: It holds what looks like a token, or what is no single line of text.
    """
    document: dict[str, JsonValue] = {
        "seq": len(journal.entries) + 1,
        "advisory": entry.advisory,
        "outlet": entry.outlet,
        "format": entry.format,
        "document": entry.document,
        "did": entry.did.value,
        "time": rfc3339(entry.at),
        "observed": entry.observed,
        "place": entry.place,
        "identifier": entry.identifier,
        "state": entry.state,
    }
    texts = (value for value in document.values() if isinstance(value, str))
    if any(map(holds_token, texts)):
        raise InputError("journal: refused a line that holds what looks like a token")
    _read_entry(document, "journal")
    return seal(document, journal.head)


def parse_publish_journal(content: bytes) -> PublishJournal:
    """Read a journal and check its chain.

    A last line without its line end was being written when the process was killed; it is left out
    and reported. Nothing was sent on its account, for a line is on the disk before anything leaves.

    Raises:
        InputError: Any other damage: a line changed, missing, moved, or not one of ours.
    """
    lines, intact = whole_lines(content)
    entries: list[Entry] = []
    head = START
    for line in lines:
        entry, head = _read_line(line, head, len(entries) + 1)
        entries.append(entry)
    return PublishJournal(tuple(entries), head, intact, torn=intact < len(content))


def extend(journal: PublishJournal, line: bytes) -> PublishJournal:
    """A journal with one line more.

    Raises:
        InputError: The line is not the next one.
    """
    entry, head = _read_line(line, journal.head, len(journal.entries) + 1)
    return PublishJournal((*journal.entries, entry), head, journal.intact + len(line) + 1)


def _read_line(line: bytes, head: str, number: int) -> tuple[Entry, str]:
    place = f"journal line {number}"
    document, head = unseal_next(line, head, number, place=place)
    return _read_entry(document, place), head


def _read_entry(document: dict[str, JsonValue], place: str) -> Entry:
    names = {"seq", "did", "time", *_FORMS}
    if document.keys() != names:
        raise InputError(f"{place}: expected the members {', '.join(sorted(names))}")
    texts = {name: _text(document[name], form, f"{place}: {name}") for name, form in _FORMS.items()}
    try:
        did = Did(str(document["did"]))
        at = datetime.fromisoformat(str(document["time"]))
    except ValueError as error:
        raise InputError(f"{place}: {error}") from error
    if at.utcoffset() is None:
        raise InputError(f"{place}: time without a zone")
    return Entry(did=did, at=at, **texts)


_FORMS = {
    "advisory": _TEXT,
    "outlet": re.compile(r"[\w.-]{1,100}"),
    "format": re.compile(r"[a-z-]{1,40}"),
    "document": re.compile(r"[0-9a-f]{64}"),
    "observed": _DIGEST,
    "place": _TEXT,
    "identifier": _TEXT,
    "state": _TEXT,
}


def _text(value: JsonValue, form: re.Pattern[str], place: str) -> str:
    if not isinstance(value, str) or not form.fullmatch(value):
        raise InputError(f"{place}: not of the form {form.pattern}")
    return value
