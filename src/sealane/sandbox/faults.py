"""Switches that make a service fail the way real ones do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from sealane.errors import InputError
from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.state import State

_TABLE = """
CREATE TABLE IF NOT EXISTS fault (name TEXT PRIMARY KEY, value TEXT NOT NULL, mark INTEGER NOT NULL)
"""
_PAUSE = 0.05

# Each value is implemented by the service that the switch is named after.
KNOWN: Mapping[str, tuple[str, ...]] = {
    "index.upload": (
        "500-after-store",
        "stall-after-store",
        "403-expired",
        "403-disabled",
        "429",
        "503",
    ),
    "index.simple": ("stale", "wrong-digest"),
    "index.file": ("swapped",),
    "index.provenance": ("missing", "empty", "no-attestations"),
    "mint": ("503", "not-enabled"),
    "fulcio": ("down",),
    "rekor1": ("down", "500-after-store"),
    "rekor2": ("down", "500-after-store", "stale-checkpoint", "wrong-root", "wrong-origin"),
    "tsa": ("down", "slow", "wrong-imprint"),
    "index.vulnerabilities": ("lag",),
    "osv": ("down", "429", "lag", "paged"),
    "advisory.feed": ("stopped",),
    "cve": ("down", "429", "500-after-store"),
    "ghsa": ("down", "429", "500-after-store"),
    "git": ("down", "500-after-store"),
}


class HangUpError(Exception):
    """The connection ends without an answer, as if the service had died."""


class Faults:
    """The switches of one sandbox; a restart keeps them.

    Args:
        state: Where they are kept.
    """

    def __init__(self, state: State) -> None:
        state.ensure(_TABLE)
        self._state = state
        self._store = IndexStore(state)

    def get(self, name: str) -> str:
        """What a switch is set to, or ""."""
        rows = self._state.read("SELECT value FROM fault WHERE name = ?", name)
        return str(rows[0][0]) if rows else ""

    def set(self, name: str, value: str) -> None:
        """Set a switch; "" switches it off.

        Raises:
            InputError: There is no such switch, or no such value of it.
        """
        if name not in KNOWN:
            raise InputError(
                f"fault {name[:40]!r}: no such switch", hint=f"switches are {', '.join(KNOWN)}"
            )
        if value not in ("", *KNOWN[name]):
            raise InputError(
                f"fault {name}: cannot be {value[:40]!r}",
                hint=f"values are {', '.join(KNOWN[name])}, and nothing for off",
            )
        if value:
            self._state.write(
                "INSERT OR REPLACE INTO fault VALUES (?, ?, ?)", name, value, self._store.serial()
            )
        else:
            self._state.write("DELETE FROM fault WHERE name = ?", name)

    def serial_at(self, name: str) -> int:
        """The index's newest serial when a switch was set; 0 while it is off."""
        rows = self._state.read("SELECT mark FROM fault WHERE name = ?", name)
        return int(rows[0][0]) if rows else 0

    def active(self) -> dict[str, str]:
        """All switches that are on."""
        return dict(self._state.read("SELECT name, value FROM fault ORDER BY name"))


def stall(fault: Callable[[str], str], name: str) -> None:
    """Wait for as long as a switch stays what it is, then hang up.

    Raises:
        HangUpError: Always, once the switch was changed.
    """
    value = fault(name)
    while value and fault(name) == value:
        time.sleep(_PAUSE)
    raise HangUpError(name)
