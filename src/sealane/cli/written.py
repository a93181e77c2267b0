"""What a command writes: no file twice, and none that it reads.

A report in the place of a release, a policy or a key is a loss that nobody can undo.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from sealane.errors import UsageError


def check_written(written: Iterable[tuple[str, str]], read: Sequence[str]) -> None:
    """Check where a run is going to write, before it judges anything.

    Args:
        written: The flag, and the file it names; devices and pipes may be named often.
        read: What is named to be read, with and without a file of that name.

    Raises:
        UsageError: Two are the same file, or one of them is read.
    """
    sources = {_place(one) for one in read if os.path.lexists(one)}
    flags: dict[str, str] = {}
    for flag, file in written:
        place = _place(file)
        if place in sources:
            raise UsageError(
                f"{flag} {file[:100]!r}: it is read in this run, and would be lost",
                hint="name a file of its own for what is written",
            )
        if os.path.exists(file) and not os.path.isfile(file):
            continue
        if place in flags:
            raise UsageError(
                f"{flag} {file[:100]!r}: the same file as that of {flags[place]}",
                hint="write each of them to a file of its own",
            )
        flags[place] = flag


def _place(file: str) -> str:
    """Where a file is put; a link in its own place would be replaced, and is not followed."""
    folder, name = os.path.split(str(Path(file)))
    return os.path.join(os.path.realpath(folder), name)
