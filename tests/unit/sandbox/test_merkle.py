"""Roots and proofs against a tree hash written apart from them, straight from RFC 6962."""

import hashlib

import pytest

from sealane.sandbox.merkle import MerkleTree, leaf_hash

LARGEST = 129
BODIES = [b"leaf %d" % index for index in range(LARGEST)]


def naive_root(bodies: list[bytes]) -> bytes:
    if not bodies:
        return hashlib.sha256(b"").digest()
    if len(bodies) == 1:
        return hashlib.sha256(b"\0" + bodies[0]).digest()
    half = 1
    while half * 2 < len(bodies):
        half *= 2
    return hashlib.sha256(b"\1" + naive_root(bodies[:half]) + naive_root(bodies[half:])).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def root_from_inclusion(index: int, size: int, leaf: bytes, proof: list[bytes]) -> bytes:
    """RFC 9162 2.1.3.2, the verifier's algorithm."""
    last, current = size - 1, leaf
    for one in proof:
        assert last > 0
        if index & 1 or index == last:
            current = node(one, current)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            current = node(current, one)
        index, last = index >> 1, last >> 1
    assert last == 0
    return current


def roots_from_consistency(first: int, second: int, root: bytes, proof: list[bytes]) -> list[bytes]:
    """RFC 9162 2.1.4.2: both roots, recomputed from the proof."""
    if first & (first - 1) == 0:
        proof = [root, *proof]
    f, s = first - 1, second - 1
    while f & 1:
        f, s = f >> 1, s >> 1
    old = new = proof[0]
    for one in proof[1:]:
        assert s > 0
        if f & 1 or f == s:
            old, new = node(one, old), node(one, new)
            while not f & 1 and f:
                f, s = f >> 1, s >> 1
        else:
            new = node(new, one)
        f, s = f >> 1, s >> 1
    assert s == 0
    return [old, new]


@pytest.fixture(scope="module")
def tree() -> MerkleTree:
    return MerkleTree(map(leaf_hash, BODIES))


@pytest.fixture(scope="module")
def roots() -> list[bytes]:
    return [naive_root(BODIES[:size]) for size in range(LARGEST + 1)]


def test_every_root_is_the_naive_one(tree: MerkleTree, roots: list[bytes]) -> None:
    assert [tree.root(size) for size in range(LARGEST + 1)] == roots


def test_a_growing_tree_has_the_root_of_its_size(roots: list[bytes]) -> None:
    growing = MerkleTree()
    for size, body in enumerate(BODIES, start=1):
        assert growing.append(leaf_hash(body)) == size - 1
        assert growing.root() == roots[size]


def test_every_inclusion_proof_leads_to_the_root(tree: MerkleTree, roots: list[bytes]) -> None:
    for size in range(1, LARGEST + 1):
        for index in range(size):
            proof = tree.inclusion(index, size)
            found = root_from_inclusion(index, size, leaf_hash(BODIES[index]), proof)
            assert found == roots[size]


def test_every_consistency_proof_leads_to_both_roots(tree: MerkleTree, roots: list[bytes]) -> None:
    for second in range(1, LARGEST + 1):
        for first in range(1, second):
            proof = tree.consistency(first, second)
            assert roots_from_consistency(first, second, roots[first], proof) == [
                roots[first],
                roots[second],
            ]
        assert tree.consistency(second, second) == []


@pytest.mark.parametrize(("index", "size"), [(0, 0), (-1, 3), (3, 3), (0, LARGEST + 1)])
def test_no_inclusion_proof_for_what_is_not_there(tree: MerkleTree, index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no such part"):
        tree.inclusion(index, size)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (-1, 3), (4, 3), (1, LARGEST + 1)])
def test_no_consistency_proof_between_impossible_sizes(
    tree: MerkleTree, first: int, second: int
) -> None:
    with pytest.raises(ValueError, match="no such part"):
        tree.consistency(first, second)


@pytest.mark.parametrize("size", [-1, LARGEST + 1])
def test_no_root_of_an_impossible_size(tree: MerkleTree, size: int) -> None:
    with pytest.raises(ValueError, match="no such part"):
        tree.root(size)


def test_a_row_holds_the_roots_of_complete_subtrees(tree: MerkleTree) -> None:
    for level in range(8):
        width = 1 << level
        row = tree.row(level, 0, LARGEST // width)
        assert row == [
            naive_root(BODIES[start : start + width])
            for start in range(0, LARGEST // width * width, width)
        ]
    assert tree.row(0, 3, 5) == [leaf_hash(body) for body in BODIES[3:5]]


@pytest.mark.parametrize(
    ("level", "start", "end"),
    [(-1, 0, 1), (0, 0, 0), (0, -1, 1), (0, 0, LARGEST + 1), (1, 64, 65), (7, 0, 2), (9, 0, 1)],
)
def test_no_row_of_subtrees_that_are_not_complete(
    tree: MerkleTree, level: int, start: int, end: int
) -> None:
    with pytest.raises(ValueError, match="no such part"):
        tree.row(level, start, end)
