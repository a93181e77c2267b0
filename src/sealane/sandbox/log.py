"""An append-only log: leaves in the database, the tree over them in memory."""

from __future__ import annotations

from dataclasses import dataclass

from sealane.sandbox.merkle import MerkleTree, leaf_hash
from sealane.sandbox.state import State

_TABLE = """
CREATE TABLE IF NOT EXISTS leaf (
    log TEXT NOT NULL, position INTEGER NOT NULL, hash BLOB NOT NULL,
    body BLOB NOT NULL, time INTEGER NOT NULL,
    PRIMARY KEY (log, position), UNIQUE (log, hash)
)
"""
_COLUMNS = "position, hash, body, time"


class DuplicateError(Exception):
    """The log has this leaf already.

    Args:
        leaf: The leaf it has.
    """

    def __init__(self, leaf: Leaf) -> None:
        super().__init__(f"leaf {leaf.index}")
        self.leaf = leaf


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry of a log.

    Attributes:
        index: Position, from 0.
        hash: Leaf hash.
        body: What was hashed.
        time: When it was appended, Unix seconds; a later read shows the same.
    """

    index: int
    hash: bytes
    body: bytes
    time: int


class Log:
    """One log of the sandbox.

    Hold `state.lock` where an answer is made of several reads: a proof and a checkpoint must
    describe the same tree.

    Args:
        state: Where the leaves are kept.
        name: Which log; several share one table.
    """

    def __init__(self, state: State, name: str) -> None:
        state.ensure(_TABLE)
        self._state = state
        self._name = name
        rows = state.read("SELECT hash FROM leaf WHERE log = ? ORDER BY position", name)
        self.tree = MerkleTree(row[0] for row in rows)

    def append(self, body: bytes, time: int) -> Leaf:
        """Add an entry.

        Raises:
            DuplicateError: It is there already.
        """
        with self._state.lock:
            digest = leaf_hash(body)
            known = self.find(digest)
            if known is not None:
                raise DuplicateError(known)
            leaf = Leaf(len(self.tree), digest, body, time)
            self._state.write(
                f"INSERT INTO leaf (log, {_COLUMNS}) VALUES (?, ?, ?, ?, ?)",  # noqa: S608 - constant
                self._name, leaf.index, digest, body, time,
            )  # fmt: skip
            self.tree.append(digest)
            return leaf

    def find(self, digest: bytes) -> Leaf | None:
        """The entry with a leaf hash."""
        return self._one("hash", digest)

    def at(self, index: int) -> Leaf | None:
        """The entry at a position."""
        return self._one("position", index) if 0 <= index < len(self.tree) else None

    def _one(self, column: str, value: object) -> Leaf | None:
        query = f"SELECT {_COLUMNS} FROM leaf WHERE log = ? AND {column} = ?"  # noqa: S608 - constant
        rows = self._state.read(query, self._name, value)
        return Leaf(*rows[0]) if rows else None
