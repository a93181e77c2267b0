"""Advisories that the world knows: OSV records by their identifier."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from sealane.errors import InputError
from sealane.sandbox.advisory_ranges import packages_of
from sealane.sandbox.state import State

Document: TypeAlias = Mapping[str, Any]

_TABLE = """
CREATE TABLE IF NOT EXISTS advisory (id TEXT PRIMARY KEY, document TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS advisory_package (
    package TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (package, id)
);
"""
_IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,199}")


class AdvisoryStore:
    """The records; several services share one state.

    Args:
        state: Where they are kept.
    """

    def __init__(self, state: State) -> None:
        state.ensure(_TABLE)
        self._state = state

    def put(self, record: Document) -> str:
        """Keep a record; one of the same identifier is replaced.

        Its shape is not judged: what the real services would show of a malformed one is what a
        rehearsal is for.

        Returns:
            Its identifier.

        Raises:
            InputError: It has none, or cannot be written as JSON.
        """
        identifier = record.get("id")
        if not isinstance(identifier, str) or not _IDENTIFIER.fullmatch(identifier):
            raise InputError(
                f"advisory: expected an identifier, got {str(identifier)[:80]!r}",
                hint="id is a text such as PYSEC-2026-1",
            )
        try:
            content = json.dumps(record, allow_nan=False)
        except (TypeError, ValueError, RecursionError) as error:
            raise InputError(f"advisory {identifier}: not JSON: {error}") from error
        with self._state.lock:
            self._state.write("DELETE FROM advisory_package WHERE id = ?", identifier)
            self._state.write("INSERT OR REPLACE INTO advisory VALUES (?, ?)", identifier, content)
            for package in packages_of(record):
                self._state.write("INSERT INTO advisory_package VALUES (?, ?)", package, identifier)
        return identifier

    def get(self, identifier: str) -> dict[str, Any] | None:
        """A record; None where there is none of this identifier."""
        rows = self._state.read("SELECT document FROM advisory WHERE id = ?", identifier)
        return dict(json.loads(rows[0][0])) if rows else None

    def all(self) -> list[dict[str, Any]]:
        """All records, withdrawn ones included, by identifier."""
        rows = self._state.read("SELECT document FROM advisory ORDER BY id")
        return [json.loads(row[0]) for row in rows]

    def of(self, package: str) -> list[dict[str, Any]]:
        """All records about a package, by identifier.

        Args:
            package: Its normalised name.
        """
        rows = self._state.read(
            "SELECT document FROM advisory JOIN advisory_package USING (id)"
            " WHERE package = ? ORDER BY id",
            package,
        )
        return [json.loads(row[0]) for row in rows]

    def next_number(self, year: str) -> int:
        """The first number of a year's PYSEC identifiers that is greater than all there are."""
        prefix = f"PYSEC-{year}-"
        rows = self._state.read("SELECT id FROM advisory WHERE id LIKE ?", f"{prefix}%")
        numbers = [row[0].removeprefix(prefix) for row in rows]
        return max((int(one) for one in numbers if re.fullmatch(r"[0-9]{1,9}", one)), default=0) + 1
