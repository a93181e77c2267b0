"""The body of an HTTP request, by its length or in chunks, never more than allowed.

Spec: RFC 9112 sections 6 and 7.1.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import Protocol

_LONGEST_LINE = 4096
_MOST_TRAILERS = 50


class Stream(Protocol):
    """As much of a binary stream as a body needs."""

    def read(self, size: int, /) -> bytes:
        """At most `size` bytes; fewer only at the end."""
        ...

    def readline(self, size: int, /) -> bytes:
        """One line, of at most `size` bytes."""
        ...


class BodyError(Exception):
    """The body cannot be read, and where the next request starts is unknown.

    Args:
        status: What the client is told.
        reason: Why.
    """

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status


def read_body(stream: Stream, headers: Message, limit: int) -> bytes:
    """The whole body.

    Args:
        stream: Where it is read from, right after the header.
        headers: The request's header.
        limit: Bytes; one more is refused.

    Raises:
        BodyError: Too long, cut short, or its length is not said in exactly one way.
    """
    lengths = headers.get_all("Content-Length") or []
    codings = headers.get_all("Transfer-Encoding") or []
    # Two lengths are how one request is smuggled inside another.
    if len(lengths) + len(codings) > 1:
        raise BodyError(400, "the length of the body is given more than once")
    if codings:
        if codings[0].strip().lower() != "chunked":
            raise BodyError(501, "the only transfer coding known here is chunked")
        return _chunked(stream, limit)
    if not lengths:
        return b""
    if not re.fullmatch(r"[0-9]{1,15}", lengths[0].strip()):
        raise BodyError(400, "Content-Length is not a number")
    return _exactly(stream, _within(int(lengths[0]), limit))


def _within(size: int, limit: int) -> int:
    if size > limit:
        raise BodyError(413, f"the body is larger than {limit} bytes")
    return size


def _exactly(stream: Stream, size: int) -> bytes:
    content = stream.read(size)
    if len(content) != size:
        raise BodyError(400, "the body is cut short")
    return content


def _line(stream: Stream) -> bytes:
    line = stream.readline(_LONGEST_LINE)
    if not line.endswith(b"\r\n"):
        raise BodyError(400, "a line of the chunked body is broken")
    return line[:-2]


def _chunked(stream: Stream, limit: int) -> bytes:
    content = bytearray()
    while True:
        size_text = _line(stream).split(b";", 1)[0].strip()
        if not re.fullmatch(rb"[0-9A-Fa-f]{1,12}", size_text):
            raise BodyError(400, "the size of a chunk is not a number")
        size = int(size_text, 16)
        if size == 0:
            break
        _within(len(content) + size, limit)
        content += _exactly(stream, size)
        if _line(stream):
            raise BodyError(400, "a chunk is longer than its size")
    for _ in range(_MOST_TRAILERS):
        if not _line(stream):
            return bytes(content)
    raise BodyError(400, "too many trailers")
