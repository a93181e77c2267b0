"""The file in which publisher pins are kept: read as it is, written only when told to."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from sealane.core.policy.pins import Pins
from sealane.io.adapters.files import read_bounded, write_atomically

LIMIT = 16 * 1024 * 1024


def load_pins(path: Path) -> Pins:
    """The pins in a file.

    Raises:
        InputError: Missing, unreadable, or no file of pins.
    """
    from sealane.core.policy.pins_parse import parse_pins

    return parse_pins(read_bounded(path, LIMIT, what="pins"), str(path))


def load_pins_or_none_yet(path: Path) -> Pins:
    """The pins in a file; none where nothing lies there yet.

    Raises:
        InputError: As `load_pins`, for whatever lies there.
    """
    return load_pins(path) if os.path.lexists(path) else Pins(origin=str(path))


def is_canonical(path: Path, pins: Pins) -> bool:
    """Whether a file is as it would be written: nothing in it, such as a comment, can be lost."""
    from sealane.core.policy.pins_render import render_pins

    return not os.path.lexists(path) or read_bounded(path, LIMIT) == render_pins(pins)


@contextmanager
def changing_pins(path: Path) -> Iterator[Pins]:
    """The pins in a file, which no other process changes while the block runs.

    Args:
        path: The file; a lock lies beside what it leads to, as `.NAME.lock`.

    Raises:
        UsageError: Another process is changing it.
        InputError: As `load_pins_or_none_yet`, or the lock cannot be made.
    """
    from sealane.io.adapters.mutex import exclusive

    # Of a link too: whoever changes the file by its own name has to wait for the same lock.
    place = Path(os.path.realpath(path))
    lock = place.with_name(f".{place.name}.lock")
    with exclusive(lock, what="changing pins", why="two at once would lose what one has learned"):
        yield load_pins_or_none_yet(path)


def write_pins(path: Path, pins: Pins) -> Pins:
    """Replace a file of pins in one step.

    Args:
        path: The file; a link is followed, so that what it leads to is replaced.
        pins: What it will hold.

    Returns:
        The pins as they are in the file now.

    Raises:
        InputError: It cannot be written.
    """
    from sealane.core.policy.pins_parse import parse_pins
    from sealane.core.policy.pins_render import render_pins

    content = render_pins(pins)
    # What could not be read again must not take the place of what can.
    written = parse_pins(content, str(path))
    if written != replace(pins, origin=written.origin, sha256=written.sha256):
        raise ValueError("pins cannot be written as they are")
    write_atomically(path.resolve(), content)
    return written
