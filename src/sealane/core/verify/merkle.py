"""Step 6c: an inclusion proof leads from an entry to the root of a log's tree.

Spec: RFC 6962 section 2.1; RFC 9162 section 2.1.3.2 for the algorithm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from sealane.errors import InputError

HASH_SIZE = 32


def root_of(body: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes:
    """The root that an entry, its position and a path lead to.

    Args:
        body: The entry as it was logged.
        index: Its position, from 0.
        size: Number of entries of the tree.
        path: Hashes beside the way up, lowest first, 32 bytes each.

    Returns:
        32 bytes; they prove nothing before they are compared with a root that a log signed.

    Raises:
        InputError: The position is outside the tree, or the path is too short or too long.
    """
    if not 0 <= index < size:
        raise InputError(f"inclusion proof: position {index} in a tree of {size}")
    if any(len(one) != HASH_SIZE for one in path):
        raise InputError(f"inclusion proof: a hash is not {HASH_SIZE} bytes long")
    last, current = size - 1, hashlib.sha256(b"\x00" + body).digest()
    for one in path:
        if last == 0:
            raise InputError("inclusion proof: longer than the tree is high")
        if index & 1 or index == last:
            current = _node(one, current)
            # The last node of a level without a neighbour goes up as it is.
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            current = _node(current, one)
        index, last = index >> 1, last >> 1
    if last:
        raise InputError("inclusion proof: shorter than the tree is high")
    return current


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
