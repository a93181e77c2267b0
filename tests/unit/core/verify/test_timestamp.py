"""A time-stamp is of an authority of the trust root, over this signature, and otherwise nothing."""

import hashlib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.verify.keys import ALWAYS, Window
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import Authority
from sealane.core.verify.timestamp import verify_timestamp
from sealane.errors import VerificationError
from sealane.sandbox import der
from sealane.sandbox.timestamp import SHA384, SHA512, TimestampAuthority, TimestampRequest
from support.judged import SECOND, WORLD
from support.maker.authority import CODE_SIGNING, STAMPER, TIME_STAMPING, Shape, make_stamper
from support.maker.world import World, stamped

SIGNATURE = b"a signature"
AT = WORLD.at
MADE = WORLD.stamper()
RESPONSE = stamped(MADE, SIGNATURE, AT)
EMBEDDED = stamped(MADE, SIGNATURE, AT, embedded=True)


def entry(made: TimestampAuthority, window: Window = ALWAYS) -> Authority:
    chain = tuple(one.public_bytes(Encoding.DER) for one in (made.leaf, made.root))
    return Authority("tsa", chain, window)


MINE = entry(MADE)
OTHER = entry(World("other").stamper())


def refused(response: bytes, *authorities: Authority, signed: bytes = SIGNATURE) -> str:
    with pytest.raises(VerificationError) as raised:
        verify_timestamp(response, signed, authorities)
    return raised.value.code


@pytest.mark.parametrize("response", [RESPONSE, EMBEDDED], ids=["bare", "with-certificate"])
def test_the_time_is_told_with_who_signed_it(response: bytes) -> None:
    found = verify_timestamp(response, SIGNATURE, [OTHER, MINE])
    assert (found.at, found.authority) == (AT, MINE.chain[0])
    assert found.at.tzinfo is UTC


@pytest.mark.parametrize(("algorithm", "name"), [(SHA384, "sha384"), (SHA512, "sha512")])
def test_a_larger_imprint_is_read(algorithm: str, name: str) -> None:
    asked = TimestampRequest(algorithm, hashlib.new(name, SIGNATURE).digest())
    assert verify_timestamp(MADE.respond(asked, AT), SIGNATURE, [MINE]).at == AT


@pytest.mark.parametrize("response", [RESPONSE, EMBEDDED], ids=["bare", "with-certificate"])
def test_over_other_bytes_or_by_another_it_proves_nothing(response: bytes) -> None:
    assert refused(response, MINE, signed=SIGNATURE + b".") == Reason.TIMESTAMP_INVALID
    assert refused(response, MINE, signed=b"") == Reason.TIMESTAMP_INVALID
    assert refused(response, OTHER) == Reason.TIMESTAMP_INVALID
    assert refused(response) == Reason.TIMESTAMP_INVALID


def test_an_authority_by_the_name_of_another_is_another() -> None:
    namesake = make_stamper("acme tsa", WORLD.born)
    assert namesake.leaf.serial_number != MADE.leaf.serial_number
    assert refused(stamped(namesake, SIGNATURE, AT), MINE) == Reason.TIMESTAMP_INVALID
    # Even with issuer and serial number, which nobody signs, it is told by its key.
    stranger = World("other").stamper()
    impostor = TimestampAuthority(stranger.key, MADE.leaf, MADE.root)
    for embedded in (False, True):
        response = stamped(impostor, SIGNATURE, AT, embedded=embedded)
        assert refused(response, MINE) == Reason.TIMESTAMP_INVALID


def test_a_certificate_that_the_response_brings_is_not_trusted_for_that() -> None:
    stranger = World("other").stamper()
    assert refused(stamped(stranger, SIGNATURE, AT, embedded=True), MINE) == (
        Reason.TIMESTAMP_INVALID
    )


@pytest.mark.parametrize(
    ("window", "reason"),
    [
        (Window(AT, AT), None),
        (Window(AT + SECOND), Reason.TIMESTAMP_OUTSIDE_WINDOW),
        (Window(None, AT - SECOND), Reason.TIMESTAMP_OUTSIDE_WINDOW),
    ],
)
def test_an_authority_counts_in_its_window(window: Window, reason: Reason | None) -> None:
    if reason is None:
        assert verify_timestamp(RESPONSE, SIGNATURE, [entry(MADE, window)]).at == AT
    else:
        assert refused(RESPONSE, entry(MADE, window)) == reason


def test_of_two_windows_one_is_enough_in_any_order() -> None:
    closed, opened = entry(MADE, Window(None, AT - SECOND)), entry(MADE, Window(AT))
    for order in ([closed, opened], [opened, closed]):
        assert verify_timestamp(RESPONSE, SIGNATURE, order).at == AT


LIVES = {
    "expired": (WORLD.born, AT - SECOND),
    "not-yet-valid": (AT + SECOND, AT + timedelta(days=1)),
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_an_authoritys_certificate_was_valid_too(life: tuple[datetime, datetime]) -> None:
    shape = Shape(ca=False, pathlen=None, issues=False, purposes=TIME_STAMPING, life=life)
    made = make_stamper("short tsa", WORLD.born, shape)
    assert refused(stamped(made, SIGNATURE, AT), entry(made)) in {
        Reason.TIMESTAMP_INVALID,
        Reason.TIMESTAMP_OUTSIDE_WINDOW,
    }


@pytest.mark.parametrize(
    "shape",
    [
        pytest.param(Shape(ca=False, pathlen=None, issues=False), id="no-purpose"),
        pytest.param(
            Shape(ca=False, pathlen=None, issues=False, purposes=CODE_SIGNING), id="for-code"
        ),
    ],
)
def test_an_authority_that_is_not_for_times_is_none(shape: Shape) -> None:
    made = make_stamper("odd tsa", WORLD.born, shape)
    assert refused(stamped(made, SIGNATURE, AT), entry(made)) == Reason.TIMESTAMP_INVALID
    sound = make_stamper("odd tsa", WORLD.born, STAMPER)
    assert verify_timestamp(stamped(sound, SIGNATURE, AT), SIGNATURE, [entry(sound)]).at == AT


@pytest.mark.parametrize(
    "chain",
    [
        pytest.param((MINE.chain[0],), id="leaf-alone"),
        pytest.param((b"garbage", MINE.chain[1]), id="leaf-unreadable"),
        pytest.param((MINE.chain[0], b"garbage"), id="root-unreadable"),
        pytest.param(MINE.chain[::-1], id="upside-down"),
        pytest.param((MINE.chain[0], OTHER.chain[1]), id="root-of-another"),
    ],
)
def test_a_chain_that_cannot_be_used_proves_nothing(chain: tuple[bytes, ...]) -> None:
    assert refused(RESPONSE, Authority("tsa", chain, ALWAYS)) == Reason.TIMESTAMP_INVALID
    # Nor does it keep a sound one from proving.
    broken = Authority("tsa", chain, ALWAYS)
    assert verify_timestamp(RESPONSE, SIGNATURE, [broken, MINE]).at == AT


def parts(content: bytes) -> list[tuple[int, bytes]]:
    return der.elements(der.decode(content)[1])


def joined(elements: list[tuple[int, bytes]]) -> bytes:
    return der.encode(der.SEQUENCE, b"".join(der.encode(*one) for one in elements))


def with_signers(count: int) -> bytes:
    """The response with its signer several times, or not at all."""
    status, (tag, token) = parts(RESPONSE)
    kind, (explicit, wrapped) = der.elements(token)
    *fields, (set_of, signers) = parts(wrapped)
    data = joined([*fields, (set_of, signers * count)])
    content = joined([kind, (explicit, data)])
    return joined([status, (tag, der.decode(content)[1])])


def test_a_response_is_signed_exactly_once() -> None:
    assert with_signers(1) == RESPONSE
    for count in (0, 2, 3):
        assert refused(with_signers(count), MINE) == Reason.TIMESTAMP_INVALID


@pytest.mark.parametrize("status", [1, 2, 3, 4, 5, 6, 127])
def test_a_response_that_was_not_granted_is_none(status: int) -> None:
    (tag, content), token = parts(RESPONSE)
    assert content == b"\x02\x01\x00"
    changed = joined([(tag, b"\x02\x01" + bytes([status])), token])
    assert refused(changed, MINE) == Reason.TIMESTAMP_INVALID
    alone = joined([(tag, b"\x02\x01" + bytes([status]))])
    assert refused(alone, MINE) == Reason.TIMESTAMP_INVALID


def test_a_refusal_is_no_time_stamp() -> None:
    refusal = MADE.respond(TimestampRequest("1.2.3", b"x"), AT)
    assert refused(refusal, MINE) == Reason.TIMESTAMP_INVALID
    granted_nothing = joined([parts(RESPONSE)[0]])
    assert refused(granted_nothing, MINE) == Reason.TIMESTAMP_INVALID


NAME = MADE.leaf.issuer.public_bytes()


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"garbage", id="garbage"),
        pytest.param(RESPONSE[:-1], id="cut-short"),
        pytest.param(RESPONSE + b"\0", id="too-long"),
        # A name in it is read late by the library, which raises other things than for the rest.
        pytest.param(RESPONSE.replace(NAME, NAME.replace(b"\x0c", b"\x3f")), id="odd-text"),
        pytest.param(RESPONSE.replace(NAME, NAME[:-1] + b"\xff"), id="not-utf-8"),
        pytest.param(RESPONSE.replace(NAME, NAME[:-1] + b"?"), id="another-signer"),
        pytest.param(
            EMBEDDED.replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x07"),
            id="certificate-of-no-version",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(content: bytes) -> None:
    assert refused(content, MINE) == Reason.TIMESTAMP_INVALID


def test_the_certificates_serial_number_tells_who_signed() -> None:
    """Without a certificate in it the library takes whatever chain it is given for the signer's."""
    number = MADE.leaf.serial_number
    encoded = number.to_bytes((number.bit_length() + 7) // 8, "big")
    changed = encoded[:-1] + bytes([encoded[-1] ^ 1])
    assert refused(RESPONSE.replace(encoded, changed), MINE) == Reason.TIMESTAMP_INVALID


@given(
    st.sampled_from([RESPONSE, EMBEDDED]),
    st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 255)), min_size=1, max_size=4),
)
def test_no_bytes_raise_anything_else_or_tell_another_time(
    response: bytes, changes: list[tuple[int, int]]
) -> None:
    changed: Any = bytearray(response)
    for place, value in changes:
        changed[place % len(changed)] = value
    try:
        found = verify_timestamp(bytes(changed), SIGNATURE, [MINE])
    except VerificationError as error:
        code = error.code
    else:
        code = ""
        assert (found.at, found.authority) == (AT, MINE.chain[0])
    assert code in {"", Reason.TIMESTAMP_INVALID}
