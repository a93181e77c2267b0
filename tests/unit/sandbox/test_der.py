import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.sandbox import der


@pytest.mark.parametrize("size", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_what_is_encoded_is_decoded(size: int) -> None:
    content = bytes(size)
    assert der.decode(der.encode(4, content) + b"rest") == (4, content, b"rest")


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "short tag"),
        (b"\x04", "short tag"),
        (b"\x1f\x00", "short tag"),
        (b"\x04\x01", "cut short"),
        (b"\x04\x80", "shortest form"),
        (b"\x04\x81\x01a", "shortest form"),
        (b"\x04\x82\x00\x80" + bytes(128), "shortest form"),
        (b"\x04\x85\x01\x00\x00\x00\x00", "shortest form"),
        (b"\x04\x82\x01", "shortest form"),
    ],
)
def test_what_is_not_der_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        der.decode(data)


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    for parse in (der.certificate_body, der.without_poison):
        try:
            parse(data)
        except InputError:
            continue
