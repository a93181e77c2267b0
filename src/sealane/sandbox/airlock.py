"""Which hosts a child may reach, and the list of those it was refused."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sealane.sandbox.state import State

_TABLE = """
CREATE TABLE IF NOT EXISTS refusal (
    authority TEXT PRIMARY KEY, count INTEGER NOT NULL, first INTEGER NOT NULL
)
"""
_HTTPS = 443
# A child that tries the whole internet must not fill the disk; what comes later is still refused.
_MOST = 1000
_LONGEST = 260


class Airlock:
    """Default deny: only the hosts of the map, and of them only the https port.

    Args:
        hosts: The map's hosts; they are answered by the sandbox itself.
        state: Keeps the refusals; without it they are kept in memory alone.
    """

    def __init__(self, hosts: Sequence[str], state: State | None = None) -> None:
        self._hosts = frozenset(host.lower() for host in hosts)
        self._state = state
        self._refused: dict[str, int] = {}
        if state is not None:
            state.ensure(_TABLE)

    def allows(self, authority: str) -> bool:
        """Whether a tunnel to `host:port` ends in the sandbox; asking records nothing."""
        host, port = split_authority(authority, _HTTPS)
        return host in self._hosts and port == _HTTPS

    def refuse(self, authority: str) -> None:
        """Record that `host:port` was asked for and refused."""
        shown = re.sub(r"[^\x21-\x7e]", "?", authority)[:_LONGEST]
        if self._state is None:
            if shown in self._refused or len(self._refused) < _MOST:
                self._refused[shown] = self._refused.get(shown, 0) + 1
            return
        with self._state.lock:
            changed = self._state.write(
                "UPDATE refusal SET count = count + 1 WHERE authority = ?", shown
            )
            if not changed:
                self._state.write(
                    "INSERT INTO refusal SELECT ?, 1, count(*) FROM refusal HAVING count(*) < ?",
                    shown, _MOST,
                )  # fmt: skip

    def refused(self) -> tuple[tuple[str, int], ...]:
        """Every refused `host:port` and how often it was asked for, oldest first."""
        if self._state is None:
            return tuple(self._refused.items())
        return refused_in(self._state)


def refused_in(state: State) -> tuple[tuple[str, int], ...]:
    """The refusals a state directory keeps, oldest first; also after the sandbox went down."""
    state.ensure(_TABLE)
    rows = state.read("SELECT authority, count FROM refusal ORDER BY first, rowid")
    return tuple((str(authority), int(count)) for authority, count in rows)


def split_authority(authority: str, default_port: int) -> tuple[str, int]:
    """Host (lower case, IPv6 without brackets) and port; ("", 0) for what is no authority."""
    match = re.fullmatch(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?", authority)
    if match is None:
        return "", 0
    port = int(match[2]) if match[2] else default_port
    return match[1].strip("[]").lower(), port
