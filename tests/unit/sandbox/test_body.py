import io
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.sandbox.body import BodyError, read_body


def headers(*pairs: tuple[str, str]) -> Message:
    message = Message()
    for name, value in pairs:
        message.add_header(name, value)
    return message


CHUNKED = ("Transfer-Encoding", "chunked")


@pytest.mark.parametrize(
    ("given_headers", "stream", "body"),
    [
        pytest.param([], b"next request", b"", id="no-body"),
        pytest.param([("Content-Length", "3")], b"abcdef", b"abc", id="by-length"),
        pytest.param([CHUNKED], b"3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\n",
                     b"abc0123456789", id="chunked"),
        pytest.param([CHUNKED], b"1\r\na\r\n0\r\nTrailer: x\r\n\r\n", b"a", id="trailer"),
    ],
)  # fmt: skip
def test_a_body_is_read_to_its_end_and_not_further(
    given_headers: list[tuple[str, str]], stream: bytes, body: bytes
) -> None:
    assert read_body(io.BytesIO(stream), headers(*given_headers), 100) == body


@pytest.mark.parametrize(
    ("given_headers", "stream", "status"),
    [
        pytest.param([("Content-Length", "101")], b"a" * 101, 413, id="too-long"),
        pytest.param(
            [CHUNKED], b"65\r\n" + b"a" * 101 + b"\r\n0\r\n\r\n", 413, id="chunk-too-long"
        ),
        pytest.param(
            [CHUNKED], b"33\r\n" + b"a" * 51 + b"\r\n32\r\n" + b"a" * 50, 413, id="in-sum"
        ),
        pytest.param([("Content-Length", "3"), CHUNKED], b"abc", 400, id="length-and-chunks"),
        pytest.param([("Content-Length", "3"), ("Content-Length", "4")], b"abcd", 400, id="twice"),
        pytest.param([("Content-Length", "-1")], b"", 400, id="negative"),
        pytest.param([("Content-Length", "1_0")], b"a" * 10, 400, id="underscore"),
        pytest.param([("Content-Length", "4")], b"abc", 400, id="cut-short"),
        pytest.param([("Transfer-Encoding", "gzip, chunked")], b"0\r\n\r\n", 501, id="gzip"),
        pytest.param([CHUNKED], b"x\r\n", 400, id="size-not-hex"),
        pytest.param([CHUNKED], b"1\r\nab\r\n", 400, id="chunk-longer-than-said"),
        pytest.param([CHUNKED], b"5\r\nab", 400, id="chunk-cut-short"),
        pytest.param([CHUNKED], b"0\r\n" + b"A: b\r\n" * 60 + b"\r\n", 400, id="endless-trailer"),
        pytest.param([CHUNKED], b"1" * 5000, 400, id="endless-line"),
    ],
)
def test_a_body_of_doubtful_length_is_refused(
    given_headers: list[tuple[str, str]], stream: bytes, status: int
) -> None:
    with pytest.raises(BodyError) as caught:
        read_body(io.BytesIO(stream), headers(*given_headers), 100)
    assert caught.value.status == status


@given(st.binary(max_size=200))
def test_chunks_raise_nothing_but_body_errors(stream: bytes) -> None:
    try:
        read_body(io.BytesIO(stream), headers(CHUNKED), 100)
    except BodyError:
        return
