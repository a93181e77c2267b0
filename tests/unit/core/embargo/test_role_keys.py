"""Only a key that one person can sign with, and that has one name, may approve."""

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sealane.core.embargo.role_keys import check_role_key, key_id, keys_of
from sealane.core.embargo.roles import RoleKey
from sealane.core.verify.keys import spki_of
from sealane.errors import InputError
from support.approving import ROLES, key
from support.maker.keys import key_named

_P = 2**255 - 19
_D = -121665 * pow(121666, -1, _P) % _P
# A key of no use but to show what the encoding of Ed25519 keys begins with.
_HEAD = spki_of(ed25519.Ed25519PrivateKey.generate().public_key())[:-32]


def refused(spki: bytes, name: str = "") -> str:
    with pytest.raises(InputError) as raised:
        check_role_key(RoleKey(name or key_id(spki), spki, "ann"), "roles: security: key 1")
    assert raised.value.message.startswith("roles: security: key 1: ")
    assert raised.value.hint
    return raised.value.message


@pytest.mark.parametrize("kind", ["ed25519", "p256"])
def test_ed25519_and_p256_may_approve(kind: str) -> None:
    spki = spki_of(key_named("role", kind).public_key())
    check_role_key(RoleKey(key_id(spki), spki, "ann"), "x")


@pytest.mark.parametrize("kind", ["p384", "rsa2048", "k256"])
def test_keys_of_other_kinds_may_not(kind: str) -> None:
    public = key_named("role", kind).public_key()
    der = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert "expected Ed25519 or P-256" in refused(der) or "is not supported" in refused(der)


def test_what_is_no_key_may_not() -> None:
    refused(b"")
    refused(b"\x30\x00")


def test_a_key_has_the_id_that_its_digest_is() -> None:
    spki = key("ann").spki
    assert "the digest of the key" in refused(spki, key("carl").id)
    assert "the digest of the key" in refused(spki, key_id(spki).upper())
    assert "the digest of the key" in refused(spki, "sha256:" + key_id(spki))


def test_a_second_encoding_of_a_key_is_refused() -> None:
    # The same point compressed: the same key under another digest.
    public = key_named("role", "p256").public_key()
    raw = public.public_bytes(Encoding.X962, PublicFormat.CompressedPoint)
    head = spki_of(public)[:-68]
    bits = b"\x03" + bytes([len(raw) + 1]) + b"\x00" + raw
    other = b"\x30" + bytes([len(head) - 2 + len(bits)]) + head[2:] + bits
    assert "usual encoding" in refused(other)


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    """RFC 8032, section 5.1.4, in plain coordinates."""
    (x1, y1), (x2, y2) = one, other
    both = _D * x1 * x2 * y1 * y2
    x = (x1 * y2 + x2 * y1) * pow(1 + both, -1, _P) % _P
    return x, (y1 * y2 + x1 * x2) * pow(1 - both, -1, _P) % _P


def _points_of_small_order() -> set[tuple[int, int]]:
    """The eight of them, all multiples of one; its coordinates solve x^2 = -y^2 (order 8)."""
    # Of order 8 is what doubles to a point of order 4, whose y is 0: y^2 + x^2 = 0 there.
    root = pow(2, (_P - 1) // 4, _P)  # of -1
    # With x = root * y the curve says -2 * x^2 ... = 1 - d * y^4: a quadratic in y^2.
    # -x^2 + y^2 = 1 + d x^2 y^2 and x^2 = -y^2 give d y^4 + 2 y^2 - 1 = 0.
    inner = (1 + _D) % _P
    half = _root(inner)
    for square in ((half - 1) * pow(_D, -1, _P) % _P, (-half - 1) * pow(_D, -1, _P) % _P):
        if pow(square, (_P - 1) // 2, _P) == 1:
            y = _root(square)
            point = (root * y % _P, y)
            found, current = {(0, 1)}, point
            while current != (0, 1):
                found.add(current)
                current = _plus(current, point)
            return found
    raise AssertionError("no point of order 8")


def _root(square: int) -> int:
    found = pow(square, (_P + 3) // 8, _P)
    if found * found % _P != square:
        found = found * pow(2, (_P - 1) // 4, _P) % _P
    assert found * found % _P == square
    return found


def test_a_key_that_anybody_can_sign_for_is_refused() -> None:
    points = _points_of_small_order()
    assert len(points) == 8
    for x, y in points:
        spki = _HEAD + (y | (x & 1) << 255).to_bytes(32, "little")
        assert "anybody can sign for" in refused(spki)


def test_such_keys_are_a_danger_because_signatures_under_them_hold() -> None:
    neutral = (1).to_bytes(32, "little")
    public = ed25519.Ed25519PublicKey.from_public_bytes(neutral)
    public.verify(neutral + bytes(32), b"whatever was to be approved")


@pytest.mark.parametrize("y", [_P + 1, _P, 2**255 - 1])
@pytest.mark.parametrize("sign", [0, 1])
def test_a_second_spelling_of_a_point_is_refused(y: int, sign: int) -> None:
    assert "two spellings" in refused(_HEAD + (y | sign << 255).to_bytes(32, "little"))


def test_the_keys_of_a_role_file_are_each_there_once() -> None:
    found = keys_of(ROLES)
    names = ("ann", "ann 2", "carl", "dora", "emil", "frida")
    assert {one.id for one in found} == {key(name).id for name in names}
    assert len(found) == len(names)
