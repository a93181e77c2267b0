"""An inclusion proof leads to one root only: that of the tree it was made for."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.verify.merkle import root_of
from sealane.errors import InputError
from sealane.sandbox.merkle import MerkleTree, leaf_hash
from support.maker.tree import placed

BODIES = [str(number).encode() for number in range(70)]


def tree_of(size: int) -> MerkleTree:
    """A tree of real entries, by the sandbox's own code."""
    return MerkleTree(leaf_hash(body) for body in BODIES[:size])


@pytest.mark.parametrize("size", range(1, 70))
def test_every_entry_of_every_tree_leads_to_its_root(size: int) -> None:
    tree = tree_of(size)
    for index in range(size):
        assert root_of(BODIES[index], index, size, tree.inclusion(index)) == tree.root()


@given(st.data())
def test_every_entry_of_a_large_tree_leads_to_its_root(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 2**63 - 1))
    proof = placed(b"entry", data.draw(st.integers(0, size - 1)), size)
    assert root_of(b"entry", proof.index, size, proof.hashes) == proof.root


def outcome(body: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root, or nothing where there is none."""
    try:
        return root_of(body, index, size, path)
    except InputError:
        return b""


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 13, 64, 70])
def test_no_other_position_leads_there(size: int) -> None:
    tree = tree_of(size)
    for index in range(size):
        path = tree.inclusion(index)
        for other in range(-1, size + 2):
            found = outcome(BODIES[index], other, size, path)
            assert (found == tree.root()) == (other == index)


@pytest.mark.parametrize("size", [2, 3, 7, 8, 13])
def test_no_other_path_or_body_leads_there(size: int) -> None:
    tree = tree_of(size)
    for index in range(size):
        path = tree.inclusion(index)
        others = [
            path[1:], path[:-1], path[::-1] if len(path) > 1 else [], [*path, path[0]],
            [bytes(32), *path[1:]], [*path[:-1], bytes(32)],
        ]  # fmt: skip
        for other in others:
            assert outcome(BODIES[index], index, size, other) != tree.root()
        assert outcome(BODIES[index] + b"x", index, size, path) != tree.root()


def test_a_node_is_no_entry() -> None:
    """Without the prefixes, two hashes side by side could pass for an entry."""
    tree = tree_of(4)
    left, right = tree.inclusion(0, 4)[0], leaf_hash(BODIES[0])
    forged = right + left
    assert outcome(forged, 0, 2, [tree.inclusion(0, 4)[1]]) != tree.root()
    assert hashlib.sha256(b"\x01" + forged).digest() != leaf_hash(forged)


@pytest.mark.parametrize(
    ("index", "size", "path"),
    [
        (0, 0, []), (1, 1, []), (-1, 1, []), (5, 5, []), (0, -1, []), (0, 1, [bytes(32)]),
        (0, 2, []), (1, 2, []), (0, 2, [bytes(32)] * 2), (0, 2, [bytes(31)]), (0, 2, [bytes(33)]),
        (0, 2, [b""]), (0, 2**62, [bytes(32)] * 61), (2**62, 2**62, [bytes(32)] * 62),
    ],
)  # fmt: skip
def test_a_path_that_fits_no_tree_is_refused(index: int, size: int, path: list[bytes]) -> None:
    with pytest.raises(InputError, match="inclusion proof"):
        root_of(b"entry", index, size, path)


@given(
    st.binary(max_size=40), st.integers(-3, 2**64), st.integers(-3, 2**64),
    st.lists(st.binary(min_size=32, max_size=32) | st.binary(max_size=40), max_size=70),
)  # fmt: skip
def test_nothing_else_is_raised(body: bytes, index: int, size: int, path: list[bytes]) -> None:
    assert len(outcome(body, index, size, path)) in {0, 32}
