"""A Merkle tree of RFC 6962: root, inclusion proofs and consistency proofs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def leaf_hash(body: bytes) -> bytes:
    """Hash of a leaf: SHA-256(00 ‖ body)."""
    return hashlib.sha256(b"\x00" + body).digest()


def _node_hash(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two below `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


class MerkleTree:
    """An append-only tree that keeps the hash of every complete subtree.

    Args:
        leaves: Leaf hashes, oldest first.

    Spec: RFC 6962 section 2.1.
    """

    def __init__(self, leaves: Iterable[bytes] = ()) -> None:
        # _levels[k][i] covers the leaves i * 2**k up to (i + 1) * 2**k; incomplete ones are absent.
        self._levels: list[list[bytes]] = [[]]
        for leaf in leaves:
            self.append(leaf)

    def __len__(self) -> int:
        return len(self._levels[0])

    def append(self, leaf: bytes) -> int:
        """Add a leaf hash.

        Returns:
            The index of the new leaf.
        """
        self._levels[0].append(leaf)
        level = 0
        while len(self._levels[level]) % 2 == 0:
            node = _node_hash(*self._levels[level][-2:])
            level += 1
            if level == len(self._levels):
                self._levels.append([])
            self._levels[level].append(node)
        return len(self) - 1

    def root(self, size: int | None = None) -> bytes:
        """Root hash over the first `size` leaves; over all of them by default.

        Raises:
            ValueError: There are fewer leaves.
        """
        size = len(self) if size is None else size
        self._require(0 <= size <= len(self))
        return self._range(0, size) if size else hashlib.sha256(b"").digest()

    def inclusion(self, index: int, size: int | None = None) -> list[bytes]:
        """Prove that a leaf is among the first `size` leaves; lowest sibling first.

        Raises:
            ValueError: There is no such leaf, or no such size.
        """
        size = len(self) if size is None else size
        self._require(0 <= index < size <= len(self))
        start, end, proof = 0, size, []
        while end - start > 1:
            middle = start + _split(end - start)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, first: int, second: int) -> list[bytes]:
        """Prove that the tree of `second` leaves only adds to that of `first`.

        Raises:
            ValueError: Not 0 < first <= second <= size.
        """
        self._require(0 < first <= second <= len(self))
        start, end, whole, proof = 0, second, True, []
        while first != end:
            middle = start + _split(end - start)
            if first <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                # From here on the old tree is no complete subtree, so its root must be shown.
                proof.append(self._range(start, middle))
                start, whole = middle, False
        if not whole:
            proof.append(self._range(start, end))
        return proof[::-1]

    def row(self, level: int, start: int, end: int) -> list[bytes]:
        """Hashes of the complete subtrees of 2**level leaves with the numbers start..end.

        Raises:
            ValueError: Not all of them are complete, or none is asked for.
        """
        self._require(0 <= level < len(self._levels))
        self._require(0 <= start < end <= len(self._levels[level]))
        return self._levels[level][start:end]

    def _range(self, start: int, end: int) -> bytes:
        """Hash over the leaves start..end; `start` is aligned to the range's size."""
        size = end - start
        level = size.bit_length() - 1
        if size == 1 << level and start % size == 0:
            return self._levels[level][start >> level]
        middle = start + _split(size)
        return _node_hash(self._range(start, middle), self._range(middle, end))

    @staticmethod
    def _require(holds: bool) -> None:
        if not holds:
            raise ValueError("no such part of the tree")
