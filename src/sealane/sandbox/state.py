"""What the sandbox keeps: one SQLite file, key files beside it, one lock."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path
from typing import Any

from sealane.errors import InputError


class State:
    """The state directory (0700) with its database; safe to use from many threads.

    Args:
        directory: Made when missing.

    Attributes:
        directory: The state directory.
        lock: Hold it where several reads and writes must be one step.

    Raises:
        InputError: The database is damaged.
    """

    def __init__(self, directory: Path) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        directory.chmod(0o700)
        self.directory = directory
        self.lock = threading.RLock()
        try:
            self._database = sqlite3.connect(
                directory / "state.sqlite3", check_same_thread=False, isolation_level=None
            )
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
        except sqlite3.DatabaseError as error:
            raise InputError(
                f"{str(directory / 'state.sqlite3')!r}: {error}",
                hint="remove the state directory, or name a new one with --dir",
            ) from error

    def ensure(self, definition: str) -> None:
        """Run one or more `CREATE … IF NOT EXISTS` statements."""
        with self.lock:
            self._database.executescript(definition)

    def read(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """All rows a query gives."""
        with self.lock:
            return self._database.execute(query, values).fetchall()

    def write(self, statement: str, *values: object) -> int:
        """Run one statement.

        Returns:
            How many rows it changed.
        """
        with self.lock:
            return self._database.execute(statement, values).rowcount

    def write_key(self, name: str, content: bytes) -> None:
        """Keep a private file, 0600, in the state directory."""
        path = self.directory / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)

    def close(self) -> None:
        """Close the database."""
        with self.lock:
            self._database.close()
