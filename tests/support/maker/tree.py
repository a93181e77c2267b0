"""Inclusion proofs in trees that nobody has to fill: what stands beside the way is made up.

Spec: RFC 6962 sections 2.1 and 2.1.1, as the recursion that stands there.
"""

import hashlib
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Proof:
    """Where an entry is in a tree.

    Attributes:
        index: Its position.
        size: Number of entries.
        hashes: The path, lowest first.
        root: What the path leads to.
    """

    index: int
    size: int
    hashes: tuple[bytes, ...]
    root: bytes


def placed(body: bytes, index: int, size: int) -> Proof:
    """A tree of some size with an entry at some position; all other subtrees are random."""
    root, path = _climb(hashlib.sha256(b"\x00" + body).digest(), index, size)
    return Proof(index, size, tuple(path), root)


def _climb(leaf: bytes, index: int, size: int) -> tuple[bytes, list[bytes]]:
    if size == 1:
        return leaf, []
    half = 1 << ((size - 1).bit_length() - 1)
    beside = secrets.token_bytes(32)
    if index < half:
        inner, path = _climb(leaf, index, half)
        return _node(inner, beside), [*path, beside]
    inner, path = _climb(leaf, index - half, size - half)
    return _node(beside, inner), [*path, beside]


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
