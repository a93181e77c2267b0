"""What CVE Services keep: users of the one organisation, identifiers, records."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

from sealane.sandbox.accounts import CVE_ORG, CVE_USER
from sealane.sandbox.ports import Ports

Document: TypeAlias = Mapping[str, Any]

RESERVED, PUBLISHED, REJECTED = "RESERVED", "PUBLISHED", "REJECTED"
QUOTA = 1000
_TABLES = """
CREATE TABLE IF NOT EXISTS cve_user (
    username TEXT PRIMARY KEY, key_hash TEXT NOT NULL, document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS cve_id (
    id TEXT PRIMARY KEY, year TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL,
    username TEXT NOT NULL, reserved TEXT NOT NULL, modified TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS cve_record (id TEXT PRIMARY KEY, document TEXT NOT NULL);
"""
# Below are the identifiers of the years' first days; a real block of an organisation begins
# anywhere.
_FIRST = 90_000
_SPREAD = 9_000
# The same in every sandbox; the record format takes the version of random identifiers alone.
ORG_ID = str(uuid.UUID(bytes=hashlib.sha256(CVE_ORG.encode()).digest()[:16], version=4))


class CveStore:
    """The organisation's data.

    Args:
        ports: The world.
        key: API key of its first user, in this run.
    """

    def __init__(self, ports: Ports, key: str) -> None:
        ports.state.ensure(_TABLES)
        self._ports = ports
        self._state = ports.state
        if self.user(CVE_USER) is None:
            self.put_user(CVE_USER, _new_user(self.moment(), CVE_USER, ("ADMIN",)), key)
        else:
            self.set_key(CVE_USER, key)

    def moment(self) -> str:
        """Now, RFC 3339 with milliseconds, as the service writes it."""
        now = datetime.fromtimestamp(self._ports.now(), UTC)
        return now.isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def is_key(self, username: str, key: str) -> bool:
        """Whether an API key is that of an active user."""
        rows = self._state.read(
            "SELECT key_hash, document FROM cve_user WHERE username = ?", username
        )
        if not rows:
            return False
        right = hmac.compare_digest(rows[0][0], _hashed(key))
        return right and bool(json.loads(rows[0][1])["active"])

    def user(self, username: str) -> dict[str, Any] | None:
        """A user, without the key."""
        rows = self._state.read("SELECT document FROM cve_user WHERE username = ?", username)
        return dict(json.loads(rows[0][0])) if rows else None

    def users(self) -> list[dict[str, Any]]:
        """All users."""
        rows = self._state.read("SELECT document FROM cve_user ORDER BY username")
        return [json.loads(row[0]) for row in rows]

    def add_user(self, username: str, roles: tuple[str, ...], name: Document) -> dict[str, Any]:
        """Make a user; what is returned has the key in `secret`, which is not kept."""
        document = _new_user(self.moment(), username, roles) | (
            {"name": dict(name)} if name else {}
        )
        key = secrets.token_urlsafe(24)
        self.put_user(username, document, key)
        return document | {"secret": key}

    def put_user(self, username: str, document: Document, key: str) -> None:
        """Keep a user; the key as a hash alone."""
        self._state.write(
            "INSERT OR REPLACE INTO cve_user VALUES (?, ?, ?)",
            username, _hashed(key), json.dumps(document),
        )  # fmt: skip

    def set_key(self, username: str, key: str) -> None:
        """Replace a user's key."""
        self._state.write(
            "UPDATE cve_user SET key_hash = ? WHERE username = ?", _hashed(key), username
        )

    def count(self, state: str = "") -> int:
        """How many identifiers there are, in any state or in one."""
        query = "SELECT count(*) FROM cve_id WHERE ? IN ('', state)"
        return int(self._state.read(query, state)[0][0])

    def available(self) -> int:
        """How many more may be reserved."""
        return QUOTA - self.count(RESERVED)

    def reserve(
        self, year: str, amount: int, username: str, *, spread: bool
    ) -> list[dict[str, Any]]:
        """Reserve identifiers.

        Args:
            year: Four digits.
            amount: How many.
            username: Who asked.
            spread: Leave gaps of random sizes, so that a number tells nothing of its neighbours.
        """
        with self._state.lock:
            query = "SELECT COALESCE(MAX(number), ?) FROM cve_id WHERE year = ?"
            number = int(self._state.read(query, _FIRST, year)[0][0])
            made: list[dict[str, Any]] = []
            moment = self.moment()
            for _ in range(amount):
                number += 1 + (secrets.randbelow(_SPREAD) if spread else 0)
                identifier = f"CVE-{year}-{number}"
                self._state.write(
                    "INSERT INTO cve_id VALUES (?, ?, ?, ?, ?, ?, ?)",
                    identifier, year, number, RESERVED, username, moment, moment,
                )  # fmt: skip
                made += [shown for shown in [self.identifier(identifier)] if shown]
            return made

    def identifier(self, identifier: str) -> dict[str, Any] | None:
        """An identifier as its owner sees it."""
        rows = self._state.read("SELECT * FROM cve_id WHERE id = ?", identifier)
        return _shown(rows[0]) if rows else None

    def identifiers(self) -> list[dict[str, Any]]:
        """All identifiers, by year and number."""
        rows = self._state.read("SELECT * FROM cve_id ORDER BY year, number")
        return [_shown(row) for row in rows]

    def set_state(self, identifier: str, state: str) -> None:
        """Move an identifier to another state."""
        self._state.write(
            "UPDATE cve_id SET state = ?, modified = ? WHERE id = ?",
            state, self.moment(), identifier,
        )  # fmt: skip

    def record(self, identifier: str) -> dict[str, Any] | None:
        """The record of an identifier that has one."""
        rows = self._state.read("SELECT document FROM cve_record WHERE id = ?", identifier)
        return dict(json.loads(rows[0][0])) if rows else None

    def write_record(self, identifier: str, state: str, container: Document) -> dict[str, Any]:
        """Write a record around a CNA container, and move its identifier along."""
        with self._state.lock:
            moment = self.moment()
            known = self.record(identifier)
            reserved = self.identifier(identifier) or {"reserved": moment}
            before = known["cveMetadata"] if known else {}
            metadata = {
                "cveId": identifier,
                "assignerOrgId": ORG_ID,
                "assignerShortName": CVE_ORG,
                "state": state,
                "dateReserved": reserved["reserved"],
                "dateUpdated": moment,
            }
            if state == PUBLISHED:
                metadata["datePublished"] = before.get("datePublished", moment)
            else:
                metadata["dateRejected"] = before.get("dateRejected", moment)
            # The service names who provided a container, whatever stands in it.
            provider = {"orgId": ORG_ID, "shortName": CVE_ORG, "dateUpdated": moment}
            record = {
                "dataType": "CVE_RECORD",
                "dataVersion": "5.1",
                "cveMetadata": metadata,
                "containers": {"cna": {**container, "providerMetadata": provider}},
            }
            self._state.write(
                "INSERT OR REPLACE INTO cve_record VALUES (?, ?)", identifier, json.dumps(record)
            )
            self.set_state(identifier, state)
            return record


def is_identifier(text: str) -> bool:
    """Whether a text is a CVE identifier."""
    return re.fullmatch(r"CVE-[0-9]{4}-[0-9]{4,19}", text) is not None


def _shown(row: tuple[Any, ...]) -> dict[str, Any]:
    identifier, year, _, state, username, reserved, modified = row
    return {
        "cve_id": identifier,
        "cve_year": year,
        "state": state,
        "owning_cna": CVE_ORG,
        "requested_by": {"cna": CVE_ORG, "user": username},
        "reserved": reserved,
        "time": {"created": reserved, "modified": modified},
    }


def _new_user(moment: str, username: str, roles: tuple[str, ...]) -> dict[str, Any]:
    return {
        "UUID": str(uuid.uuid4()),
        "org_UUID": ORG_ID,
        "username": username,
        "active": True,
        "authority": {"active_roles": list(roles)},
        "time": {"created": moment, "modified": moment},
    }


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
