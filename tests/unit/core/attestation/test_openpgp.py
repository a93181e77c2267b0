"""The frame of OpenPGP signatures: over a file, whole, and nothing beside them."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.openpgp import MOST_SIGNATURES, looks_like_openpgp, signatures_in
from sealane.errors import InputError
from support.forms import ARMOURED, OPENPGP

BODY = OPENPGP[2:]
BEGIN, END = b"-----BEGIN PGP SIGNATURE-----", b"-----END PGP SIGNATURE-----"


def armoured(content: bytes, begin: bytes = BEGIN, end: bytes = END) -> bytes:
    return b"\n".join([begin, b"", base64.b64encode(content), end])


def packet(body: bytes, header: bytes = b"") -> bytes:
    return (header or bytes([0xC2, len(body)])) + body


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(OPENPGP, id="new-format"),
        pytest.param(packet(BODY, b"\x88\x0a"), id="old-format-one-byte"),
        pytest.param(packet(BODY, b"\x89\x00\x0a"), id="old-format-two-bytes"),
        pytest.param(packet(BODY, b"\x8a\x00\x00\x00\x0a"), id="old-format-four-bytes"),
        pytest.param(packet(BODY + b"x" * 190, b"\xc2\xc0\x08"), id="new-format-two-bytes"),
        pytest.param(packet(BODY, b"\xc2\xff\x00\x00\x00\x0a"), id="new-format-five-bytes"),
        pytest.param(packet(b"\x06\x00" + BODY[2:]), id="version-6"),
        pytest.param(packet(b"\x03\x05\x00" + BODY[2:]), id="version-3"),
    ],
)
def test_a_signature_in_any_framing_is_one(content: bytes) -> None:
    assert looks_like_openpgp(content)
    assert signatures_in(content) == (content,)
    assert signatures_in(armoured(content)) == (content,)
    assert signatures_in(content * 3) == (content,) * 3


def test_headers_and_checksum_of_the_armour_are_left_out() -> None:
    assert signatures_in(ARMOURED) == (OPENPGP,)
    assert signatures_in(b"\n\n" + ARMOURED.replace(b"\n", b" \r\n")) == (OPENPGP,)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"{}", id="json"),
        pytest.param(b"hello", id="text"),
        pytest.param(OPENPGP[:-1], id="cut-off"),
        pytest.param(OPENPGP + b"\0", id="byte-after"),
        pytest.param(OPENPGP + b"\xcb\x01x", id="data-after"),
        pytest.param(OPENPGP[:1], id="header-alone"),
        pytest.param(b"\xc2\xff\x00\x00", id="length-cut-off"),
        pytest.param(b"\xc2\xc0", id="two-byte-length-cut-off"),
        pytest.param(b"\xc2\x00", id="empty-packet"),
        pytest.param(packet(BODY, b"\xc2\xe1"), id="in-parts"),
        pytest.param(packet(BODY, b"\x8b"), id="unknown-length"),
        pytest.param(packet(b"\x04"), id="version-alone"),
        pytest.param(packet(b"\x03\x05"), id="version-3-cut-off"),
        pytest.param(packet(b"\x05" + BODY[1:]), id="unknown-version"),
        pytest.param(packet(b"\x04\x01" + BODY[2:]), id="over-text"),
        pytest.param(packet(b"\x04\x20" + BODY[2:]), id="revocation"),
        pytest.param(packet(b"\x04\x10" + BODY[2:]), id="over-a-key"),
        pytest.param(b"\xc6" + OPENPGP[1:], id="a-key"),
        pytest.param(OPENPGP * (MOST_SIGNATURES + 1), id="too-many"),
        pytest.param(armoured(b""), id="empty-armour"),
        pytest.param(BEGIN, id="begin-alone"),
        pytest.param(BEGIN + b"\n" + END, id="no-body"),
        pytest.param(armoured(OPENPGP, end=b""), id="no-end"),
        pytest.param(armoured(OPENPGP) + b"\nmore", id="text-after-armour"),
        pytest.param(armoured(OPENPGP, b"-----BEGIN PGP MESSAGE-----"), id="message"),
        pytest.param(armoured(OPENPGP, b"-----BEGIN PGP SIGNED MESSAGE-----"), id="signed-text"),
        pytest.param(armoured(OPENPGP, b"-----BEGIN PGP PUBLIC KEY BLOCK-----"), id="certificate"),
        pytest.param(armoured(OPENPGP).replace(b"wg", b"w%"), id="not-base64"),
        pytest.param(armoured(OPENPGP + OPENPGP[:5]), id="cut-off-in-armour"),
        pytest.param(ARMOURED + ARMOURED, id="armour-twice"),
    ],
)
def test_what_is_not_signatures_alone_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="OpenPGP"):
        signatures_in(content)


@given(st.binary(max_size=60))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    for attempt in (content, b"\xc2" + content, BEGIN + b"\n" + content + b"\n" + END):
        try:
            found = signatures_in(attempt)
        except InputError:
            continue
        assert found
