"""One process at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sealane.errors import InputError, UsageError


@contextmanager
def exclusive(
    path: Path, *, what: str, why: str = "two at once would send the same files twice"
) -> Iterator[None]:
    """Hold a lock file while the block runs; the kernel lets go of it when the process ends.

    Args:
        path: The lock file; made when missing, never removed, for another may wait on it.
        what: What is done by one process only, for the error.
        why: What two at once would do.

    Raises:
        UsageError: Another process holds it.
        InputError: The file cannot be made.
    """
    # Not on Windows, where this module is still imported.
    import fcntl

    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise InputError(
            f"cannot write {str(path)!r}: {error.strerror}",
            hint="look at the folder's path, its permissions, and the free space",
        ) from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(descriptor)
        raise UsageError(
            f"{what}: another process does it already ({str(path)!r} is locked)",
            hint=f"wait for it; {why}",
        ) from error
    try:
        yield
    finally:
        os.close(descriptor)
