"""The security advisories of the forge's repositories."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sealane.errors import InputError
from sealane.sandbox.ports import Ports

Document: TypeAlias = Mapping[str, Any]

REPOSITORY = r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}"
IDENTIFIER = r"GHSA(?:-[23456789cfghjmpqrvwx]{4}){3}"
_TABLES = """
CREATE TABLE IF NOT EXISTS ghsa_repository (name TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS ghsa (
    id TEXT PRIMARY KEY, repository TEXT NOT NULL, number INTEGER NOT NULL, document TEXT NOT NULL
);
"""
_ALPHABET = "23456789cfghjmpqrvwx"


class GhsaStore:
    """The advisories.

    Args:
        ports: The world.
    """

    def __init__(self, ports: Ports) -> None:
        ports.state.ensure(_TABLES)
        self._ports = ports
        self._state = ports.state

    def add_repository(self, name: str) -> None:
        """Make a repository whose advisories are kept; a second time changes nothing.

        Raises:
            InputError: The name is not owner/name.
        """
        if not re.fullmatch(REPOSITORY, name):
            raise InputError(
                f"ghsa-repository: {name[:80]!r} is not a name", hint="write owner/name"
            )
        self._state.write("INSERT OR IGNORE INTO ghsa_repository VALUES (?)", name)

    def has(self, repository: str) -> bool:
        """Whether there is a repository of this name."""
        query = "SELECT 1 FROM ghsa_repository WHERE name = ?"
        return bool(self._state.read(query, repository))

    def moment(self) -> str:
        """Now, RFC 3339 in whole seconds, as the service writes it."""
        return datetime.fromtimestamp(int(self._ports.now()), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def new_identifier(self) -> str:
        """An identifier that nothing has."""
        parts = ("".join(secrets.choice(_ALPHABET) for _ in range(4)) for _ in range(3))
        return "-".join(("GHSA", *parts))

    def put(self, repository: str, advisory: Document) -> None:
        """Keep an advisory under its `ghsa_id`."""
        query = "SELECT COALESCE(MAX(number), 0) + 1 FROM ghsa"
        with self._state.lock:
            known = self._state.read("SELECT number FROM ghsa WHERE id = ?", advisory["ghsa_id"])
            number = (known or self._state.read(query))[0][0]
            self._state.write(
                "INSERT OR REPLACE INTO ghsa VALUES (?, ?, ?, ?)",
                advisory["ghsa_id"], repository, number, json.dumps(advisory),
            )  # fmt: skip

    def get(self, repository: str, identifier: str) -> dict[str, Any] | None:
        """An advisory of a repository."""
        query = "SELECT document FROM ghsa WHERE repository = ? AND id = ?"
        rows = self._state.read(query, repository, identifier)
        return dict(json.loads(rows[0][0])) if rows else None

    def all(self, repository: str) -> list[dict[str, Any]]:
        """All advisories of a repository, newest first."""
        query = "SELECT document FROM ghsa WHERE repository = ? ORDER BY number DESC"
        return [json.loads(row[0]) for row in self._state.read(query, repository)]

    def assign_cve(self, repository: str, identifier: str, cve: str) -> None:
        """Give an advisory the CVE identifier that was asked for, as the forge does after days.

        Raises:
            InputError: There is no such advisory, none was asked for, or it is not an identifier.
        """
        with self._state.lock:
            found = self.get(repository, identifier)
            if found is None or not found["cve_requested"] or found["cve_id"]:
                raise InputError(f"ghsa-cve: {identifier[:40]!r} waits for no CVE identifier")
            if not re.fullmatch(r"CVE-[0-9]{4}-[0-9]{4,19}", cve):
                raise InputError(f"ghsa-cve: {cve[:40]!r} is not a CVE identifier")
            self.put(repository, found | {"cve_id": cve, "updated_at": self.moment()})
