"""Publishes an advisory: looks everywhere first, then goes from outlet to outlet.

Steps of `publish`:
1. Refuse what must not go out, or not yet.
2. Ask every outlet what it has and what is missing; one that does not answer, or has something
   else, ends it before anything is sent.
3. From outlet to outlet: note it, send it, look, note what is there.

Killed anywhere, the same command goes on: what is there is found by looking, and what was sent
before an answer came is known from the journal.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.desk.publish_journal import (
    Did,
    Entry,
    PublishJournal,
    extend,
    parse_publish_journal,
    render_entry,
)
from sealane.desk.publish_plan import Assignment, Publication, assign, check_publishable
from sealane.errors import ExitCode, InputError, SealaneError, UsageError
from sealane.io.adapters.files import append_line, read_bounded, write_atomically
from sealane.io.adapters.mutex import exclusive
from sealane.io.outlets.interface import About, Outlet, Presence, Surroundings
from sealane.io.outlets.registry import make_outlet

_LIMIT = 16 * 1024 * 1024
_HEX = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Configured:
    """One outlet as the configuration names it."""

    kind: str
    name: str
    settings: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Line:
    """What was done, or would be, with one document at one outlet.

    Attributes:
        outlet: The outlet's name.
        kind: Its kind.
        document: The document's name.
        steps: The steps that were missing; none where everything was there.
        presence: What the outlet showed last; None where it was not reached.
        done: Whether it is public there.
        error: Why it is not; "" where nothing went wrong.
    """

    outlet: str
    kind: str
    document: str
    steps: tuple[str, ...]
    presence: Presence | None
    done: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class PublishReport:
    """How a publication ended.

    Attributes:
        advisory: Id of the record.
        dry_run: True where nothing was to be sent.
        lines: One for each document and outlet, in order.
        public: What is public now, as far as the journal and the outlets tell; one sentence.
        failure: What stopped it; None where nothing did.
        command: The next command; "" where everything is done.
        hosts: Hosts that were asked.
    """

    advisory: str
    dry_run: bool
    lines: tuple[Line, ...]
    public: str
    failure: SealaneError | None
    command: str
    hosts: tuple[str, ...]

    @property
    def exit_code(self) -> int:
        """That of what stopped it, else 0."""
        return ExitCode.PASS if self.failure is None else self.failure.exit_code


def open_outlets(
    configured: Sequence[Configured],
    identifiers: tuple[str, ...],
    journal: Path,
    around: Surroundings,
    *,
    replace: frozenset[str] = frozenset(),
) -> tuple[Outlet, ...]:
    """The outlets of one advisory, each with what the journal knows of it.

    Args:
        configured: From the configuration.
        identifiers: Id of the record, then its aliases.
        journal: The journal's file; a missing one is empty.
        around: The machine.
        replace: Digests, lower-case hex, of what the user allows to be replaced.

    Raises:
        UsageError: There is no such kind of outlet, or no such setting of it.
        InputError: A setting cannot be used, or the journal is damaged.
    """
    known = load_publish_journal(journal)
    advisory = identifiers[0]
    return tuple(
        make_outlet(
            one.kind,
            one.name,
            dict(one.settings),
            About(
                advisory,
                identifiers[1:],
                known.digests(advisory, one.name) | replace,
                known.identifier(advisory, one.name),
            ),
            around,
        )
        for one in configured
    )


def parse_replaceable(text: str) -> str:
    """The digest of what a user allows to be replaced: "sha256:" and 64 lower-case hex digits.

    Raises:
        UsageError: Anything else.
    """
    kind, _, digest = text.partition(":")
    if kind != "sha256" or len(digest) != 64 or not _HEX.issuperset(digest):
        raise UsageError(
            f"--replace: expected sha256: and 64 hex digits, got {shown(text[:80])!r}",
            hint="copy it from the error that names what stands there",
        )
    return digest


def publish(
    publication: Publication,
    outlets: Sequence[Outlet],
    journal: Path,
    *,
    dry_run: bool,
    now: Callable[[], datetime],
    say: Callable[[str], None],
) -> PublishReport:
    """Publish an advisory at all outlets, or say what would be done; the numbers are those above.

    Args:
        publication: What is published.
        outlets: Where; see `open_outlets`.
        journal: The journal's file.
        dry_run: Ask everything and send nothing.
        now: The time, aware, UTC.
        say: Shows one line of progress.

    Returns:
        Also after a failure of an outlet: what is public then, and the next command.

    Raises:
        UsageError: It must not be published; another process publishes.
        EmbargoError: The moment has not come.
        InputError: A document breaks its format's rules, or the journal is damaged.
    """
    assignments = assign(outlets, publication.documents)
    check_publishable(publication, assignments, now())  # 1
    if dry_run:
        return _Run(publication, load_publish_journal(journal), None, now, say).survey(assignments)
    lock = journal.with_name(f".{journal.name}.lock")
    with exclusive(lock, what="publishing", why="two at once would publish the same twice"):
        known = _mended(journal, say)
        run = _Run(publication, known, journal, now, say)
        surveyed = run.survey(assignments)  # 2
        return surveyed if surveyed.failure else run.send(assignments, surveyed.lines)  # 3


def load_publish_journal(path: Path) -> PublishJournal:
    """The journal of a file; an empty one where there is no file.

    Raises:
        InputError: It is damaged.
    """
    content = read_bounded(path, _LIMIT, what="journal") if os.path.lexists(path) else b""
    try:
        return parse_publish_journal(content)
    except InputError as error:
        raise InputError(
            f"{path}: {error.message}",
            hint="move the file away and find out who changed it; then what stands at an outlet "
            "and is not the document has to be allowed by --replace",
        ) from error


def _mended(path: Path, say: Callable[[str], None]) -> PublishJournal:
    """The journal, after a line that a killed process had not finished was taken off."""
    journal = load_publish_journal(path)
    if journal.torn:
        say(f"journal: left out a last line that was being written when a process ended: {path}")
        write_atomically(path, read_bounded(path, _LIMIT, what="journal")[: journal.intact])
    return journal


class _Run:
    """One publication."""

    def __init__(
        self,
        publication: Publication,
        journal: PublishJournal,
        path: Path | None,
        now: Callable[[], datetime],
        say: Callable[[str], None],
    ) -> None:
        self._publication, self._journal, self._path = publication, journal, path
        self._now, self._say = now, say

    def survey(self, assignments: Sequence[Assignment]) -> PublishReport:
        """Ask every outlet, also after one failed: all that is in the way is told at once."""
        lines, failure = [], None
        for one in assignments:
            line, error = self._asked(one)
            failure = failure or error
            lines.append(line)
        return self._report(assignments, lines, failure)

    def send(self, assignments: Sequence[Assignment], lines: Sequence[Line]) -> PublishReport:
        """From outlet to outlet; the first failure ends it."""
        done = list(lines)
        for number, (one, line) in enumerate(zip(assignments, lines, strict=True)):
            try:
                presence = self._sent(one, line)
            except SealaneError as error:
                self._write(one, Did.FAILED, None)
                self._say(f"{line.outlet}: failed")
                done[number] = _ended(line, line.presence, error=error.message)
                return self._report(assignments, done, error)
            done[number] = _ended(line, presence)
        return self._report(assignments, done, None)

    def _asked(self, one: Assignment) -> tuple[Line, SealaneError | None]:
        presence: Presence | None = None
        steps: tuple[str, ...] = ()
        failure: SealaneError | None = None
        try:
            presence = one.outlet.observe(one.document)
            steps = one.outlet.plan(one.document)
        except SealaneError as error:
            failure = error
        said = failure.message if failure else ""
        done = failure is None and not steps
        outlet = one.outlet
        line = Line(outlet.name, outlet.kind, one.document.name, steps, presence, done, said)
        return line, failure

    def _sent(self, one: Assignment, line: Line) -> Presence:
        before = line.presence
        if line.done and before is not None:
            self._write(one, Did.FOUND, before)
            self._say(f"{line.outlet}: there already")
            return before
        # On the disk before anything leaves: whoever reads it later knows what may be there.
        self._write(one, Did.SENDING, before, will_be=before.wanted if before else "")
        self._say(f"{line.outlet}: publishing {one.document.name}")
        presence = one.outlet.publish(one.document)
        self._write(one, Did.PUBLISHED, presence)
        self._say(f"{line.outlet}: published at {presence.place}")
        return presence

    def _write(
        self, one: Assignment, did: Did, presence: Presence | None, will_be: str | None = None
    ) -> None:
        if self._path is None:
            return
        seen = {} if presence is None else {
            "place": shown(presence.place),
            "identifier": presence.identifier,
            "state": shown(presence.state),
            "observed": presence.sha256 if will_be is None else will_be,
        }  # fmt: skip
        advisory, document = self._publication.advisory, one.document
        entry = Entry(
            advisory, one.outlet.name, document.format, one.sha256, did, self._now(), **seen
        )
        line = render_entry(self._journal, entry)
        append_line(self._path, line)
        self._journal = extend(self._journal, line)

    def _report(
        self,
        assignments: Sequence[Assignment],
        lines: Sequence[Line],
        failure: SealaneError | None,
    ) -> PublishReport:
        publication = self._publication
        complete = all(line.done for line in lines) and failure is None
        return PublishReport(
            publication.advisory,
            self._path is None,
            tuple(lines),
            _public(lines, self._journal, publication.advisory),
            failure,
            "" if complete else publication.command,
            tuple(dict.fromkeys(host for one in assignments for host in one.outlet.hosts)),
        )


def _ended(line: Line, presence: Presence | None, error: str = "") -> Line:
    return Line(
        line.outlet, line.kind, line.document, line.steps, presence, done=not error, error=error
    )


def _public(lines: Sequence[Line], journal: PublishJournal, advisory: str) -> str:
    """What is public by now, one sentence: what was seen there, and what may have arrived."""
    seen = [(line.outlet, line.presence) for line in lines if line.done and line.presence]
    places = dict.fromkeys(shown(presence.place) for _, presence in seen)
    outlets = {outlet for outlet, _ in seen}
    doubtful = sorted({one.outlet for one in journal.public(advisory)} - outlets)
    parts = [f"public: {', '.join(places)}"] if places else []
    parts += [f"may be public: {', '.join(doubtful)}"] if doubtful else []
    return "; ".join(parts) or "nothing is public"
