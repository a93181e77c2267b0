"""What is remembered of certificates is little, and only what their bytes decide."""

from base64 import b64decode
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed448

from sealane.core.verify.leaf import MOST_REMEMBERED, Leaves
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import TrustRoot, parse_root
from sealane.errors import VerificationError
from support.judged import WORLD, flipped
from support.maker.bodies import b64
from support.maker.claims import SUBJECTS
from support.maker.leaf import LeafShape

ROOT = parse_root(WORLD.root_json())


def refused(leaves: Leaves, der: bytes) -> str:
    with pytest.raises(VerificationError) as raised:
        leaves.read(der)
    return raised.value.code


def test_a_certificate_is_read_with_all_that_its_bytes_decide() -> None:
    made = WORLD.leaf()
    leaf = Leaves(ROOT).read(made.der)
    assert leaf.certificate == made.certificate
    assert leaf.issuers == ROOT.authorities
    assert leaf.promised_by == ROOT.ct_logs[:1]
    assert leaf.identity.subject == SUBJECTS["gitlab"]
    assert leaf.key.algorithms == ("sha256",)
    assert len(leaf.digest) == 64


def test_the_same_bytes_are_judged_once() -> None:
    leaves, der = Leaves(ROOT), WORLD.leaf().der
    assert leaves.read(der) is leaves.read(der)


def test_a_refusal_is_not_remembered_as_anything_else() -> None:
    leaves, der = Leaves(ROOT), WORLD.leaf(shape=LeafShape(purposes=())).der
    assert refused(leaves, der) == refused(leaves, der) == Reason.CERTIFICATE_PROFILE


def test_the_oldest_is_forgotten_when_there_are_too_many() -> None:
    leaves = Leaves(ROOT)
    ders = [WORLD.leaf().der for _ in range(MOST_REMEMBERED + 1)]
    first, second = leaves.read(ders[0]), leaves.read(ders[1])
    # Asked for again, the first is no longer the oldest.
    assert leaves.read(ders[0]) is first
    for der in ders[2:]:
        leaves.read(der)
    assert leaves.read(ders[0]) is first
    again = leaves.read(ders[1])
    assert again is not second
    assert again == second


def test_identities_are_kept_once_and_not_without_end() -> None:
    leaves = Leaves(ROOT)
    first = leaves.read(WORLD.leaf().der).identity
    assert leaves.read(WORLD.leaf().der).identity is first
    for number in range(MOST_REMEMBERED + 1):
        leaves.read(WORLD.leaf(f"person{number}@example.org").der)
    again = leaves.read(WORLD.leaf().der).identity
    assert again == first
    assert again is not first


def test_one_bit_makes_another_certificate() -> None:
    leaves, der = Leaves(ROOT), WORLD.leaf().der
    leaves.read(der)
    changed = b64decode(flipped(-1)(b64(der)))
    assert refused(leaves, changed) == Reason.CERTIFICATE_UNTRUSTED


def test_a_key_that_signs_nothing_known_is_refused() -> None:
    key: Any = ed448.Ed448PrivateKey.generate()
    assert refused(Leaves(ROOT), WORLD.leaf(key=key).der) == Reason.KEY_UNSUPPORTED


def test_without_a_root_no_certificate_is_read() -> None:
    assert refused(Leaves(TrustRoot()), WORLD.leaf().der) == Reason.CERTIFICATE_UNTRUSTED
