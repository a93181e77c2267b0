"""Says in what two trust roots differ, so that somebody can look before the new one counts."""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from enum import StrEnum

from sealane.core.model.values import dataclass
from sealane.core.verify.root_entries import Entry, entries_of

_FIRST = datetime.min.replace(tzinfo=UTC)
_LAST = datetime.max.replace(tzinfo=UTC)


class Sort(StrEnum):
    """What became of an entry."""

    ADDED = "added"
    REMOVED = "removed"
    CLOSED = "window closed"
    OPENED = "window opened"
    MOVED = "window moved"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two roots.

    Attributes:
        sort: What became of the entry.
        entry: As the new root has it; as the old one had it where it was removed.
        before: The window it had, in words; "" where it was added or removed.
    """

    sort: Sort
    entry: Entry
    before: str = ""

    def __str__(self) -> str:
        """`window closed: log wNI9…= at https://…: 2021-… to open, now 2021-… to 2026-…`."""
        window = f"{self.before}, now {self.entry.window}" if self.before else self.entry.window
        return f"{self.sort}: {self.entry}: {window}"


def compare_roots(before: bytes, after: bytes) -> tuple[Change, ...]:
    """Every difference between two roots, those that trust less first.

    An entry is the same in both where all of it is but its window; so no change of a key, a
    certificate, an id or a URL goes unnoticed: it is one entry removed, and one added.

    Args:
        before: The old root, JSON; empty where there was none.
        after: The new one, JSON.

    Raises:
        InputError: One of them is no trust root.
    """
    old = _by_content(before, "the old root") if before else {}
    new = _by_content(after, "the new root")
    changes = [
        change
        for content in dict.fromkeys((*old, *new))
        for change in _changes(old.get(content, []), new.get(content, []))
    ]
    return tuple(sorted(changes, key=lambda change: _ORDER.index(change.sort)))


_ORDER = (Sort.REMOVED, Sort.CLOSED, Sort.MOVED, Sort.OPENED, Sort.ADDED)


def _by_content(root: bytes, place: str) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries_of(root, place):
        found[f"{entry.kind} {entry.content}"].append(entry)
    return dict(found)


def _changes(old: list[Entry], new: list[Entry]) -> list[Change]:
    """What became of one key; a root may list it several times, with a window each."""
    gone = [entry for entry in old if entry not in new]
    come = [entry for entry in new if entry not in old]
    both = min(len(gone), len(come))
    changes = [_moved(*pair) for pair in zip(gone, come, strict=False)]
    changes += [Change(Sort.REMOVED, entry) for entry in gone[both:]]
    return changes + [Change(Sort.ADDED, entry) for entry in come[both:]]


def _moved(before: Entry, after: Entry) -> Change:
    start = (before.start or _FIRST, after.start or _FIRST)
    end = (before.end or _LAST, after.end or _LAST)
    if start[0] <= start[1] and end[1] <= end[0]:
        sort = Sort.CLOSED
    elif start[1] <= start[0] and end[0] <= end[1]:
        sort = Sort.OPENED
    else:
        sort = Sort.MOVED
    return Change(sort, after, before.window)
