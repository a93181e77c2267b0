"""The journal on disk: read once, then each event is on the disk before anything follows it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from sealane.errors import InputError
from sealane.io.adapters.files import append_line, read_bounded, write_atomically
from sealane.lane.journal import Event, State, extend, parse_journal, render_event

_LIMIT = 16 * 1024 * 1024
_SEEN = (State.OBSERVED, State.MISSING, State.CONFLICT)


class Record:
    """Reads a journal file and appends to it.

    Args:
        path: The file; a missing one is an empty journal.
        say: Told when a line was found that a killed process had not finished.

    Attributes:
        journal: What it says now.

    Raises:
        InputError: The file is damaged.
    """

    def __init__(self, path: Path, say: Callable[[str], None]) -> None:
        self._path = path
        content = load_journal_bytes(path)
        try:
            self.journal = parse_journal(content)
        except InputError as error:
            raise InputError(
                f"{path}: {error.message}",
                hint="move the file away and run again: what is public is found by looking at "
                "the channel; find out who changed it",
            ) from error
        if self.journal.torn:
            say(
                f"journal: left out a last line that was being written when a process ended: {path}"
            )
            write_atomically(path, content[: self.journal.intact])

    def append(self, event: Event) -> None:
        """Add one event; returns when the disk has it.

        Raises:
            InputError: It holds what looks like a token, or the file cannot be written.
        """
        line = render_event(self.journal, event)
        append_line(self._path, line)
        self.journal = extend(self.journal, line)


def load_journal_bytes(path: Path) -> bytes:
    """The bytes of a journal file; none where there is no file."""
    return read_bounded(path, _LIMIT, what="journal") if os.path.lexists(path) else b""


def public_sentence(path: Path) -> str:
    """What of a release is public by now as far as its journal knows, one sentence.

    A journal that cannot be read says nothing, so nothing is ruled out.
    """
    try:
        journal = parse_journal(load_journal_bytes(path))
    except InputError:
        return "files may be public; the journal cannot be read"
    release = journal.events[-1].release if journal.events else ""
    known = journal.public(release)
    if not known:
        return "nothing is public but log entries"
    sure = [file for _, file, state in known if state in _SEEN]
    open_ = [file for _, file, state in known if state not in _SEEN]
    parts = [f"public: {', '.join(sure)}"] if sure else []
    parts += [f"may be public: {', '.join(open_)}"] if open_ else []
    return "; ".join(parts)
