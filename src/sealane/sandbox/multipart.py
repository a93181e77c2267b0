"""multipart/form-data, the form upload clients send, read strictly.

Spec: RFC 7578; RFC 2046 section 5.1 for the boundaries.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from sealane.errors import InputError

_MOST_PARTS = 2000
_LONGEST_HEAD = 16384
_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - a grammar's token, no secret
_QUOTED = r'"(?:[^"\\\r\n]|\\.)*"'
_PARAMETER = re.compile(rf"\s*;\s*({_TOKEN})\s*=\s*({_TOKEN}|{_QUOTED})")
# RFC 2046: at most 70 characters of this set, not ending in a space.
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")


@dataclass(frozen=True, slots=True)
class Part:
    """One field of a form.

    Attributes:
        name: The field's name.
        filename: The file's name; None where the field is a text.
        content_type: Media type; "" when none was given.
        content: Raw bytes.
    """

    name: str
    filename: str | None
    content_type: str
    content: bytes

    @property
    def text(self) -> str:
        """The content as text.

        Raises:
            InputError: Not UTF-8.
        """
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError as error:
            raise InputError(f"form: field {self.name[:40]!r} is not UTF-8") from error


def parse_multipart(content_type: str, body: bytes) -> tuple[Part, ...]:
    """The parts of a form, in order.

    Args:
        content_type: The request's Content-Type.
        body: The whole body.

    Raises:
        InputError: It is not one well-formed form from the first byte to the last boundary.
    """
    mark = b"--" + _boundary(content_type)
    if not body.startswith(mark):
        raise InputError("form: does not start with its boundary")
    parts: list[Part] = []
    position = len(mark)
    while not body.startswith(b"--", position):
        if not body.startswith(b"\r\n", position) or len(parts) == _MOST_PARTS:
            raise InputError("form: broken boundary, or too many parts")
        end = body.find(b"\r\n" + mark, position)
        if end < 0:
            raise InputError("form: the last boundary is missing")
        parts.append(_part(body, position + 2, end))
        position = end + 2 + len(mark)
    if body[position + 2 :] not in (b"", b"\r\n"):
        raise InputError("form: bytes after the last boundary")
    return tuple(parts)


def _boundary(content_type: str) -> bytes:
    kind, parameters = _header(content_type)
    boundary = parameters.get("boundary", "")
    if kind != "multipart/form-data" or not _BOUNDARY.fullmatch(boundary):
        raise InputError("form: expected multipart/form-data with a boundary")
    return boundary.encode("ascii")


def _part(body: bytes, start: int, end: int) -> Part:
    stop = body.find(b"\r\n\r\n", start, min(end + 2, start + _LONGEST_HEAD))
    if stop < 0:
        raise InputError("form: a part has no header, or one that does not end")
    headers = _headers(body[start:stop])
    # An empty content shares its line end with the boundary's.
    content = body[stop + 4 : end] if stop + 4 <= end else b""
    kind, parameters = _header(headers.get("content-disposition", ""))
    if kind != "form-data" or not parameters.get("name"):
        raise InputError("form: a part has no name")
    if headers.get("content-transfer-encoding", "binary").lower() not in ("binary", "8bit", "7bit"):
        raise InputError("form: a part is encoded, which RFC 7578 forbids")
    media_type, _ = _header(headers.get("content-type", ""))
    return Part(parameters["name"], parameters.get("filename"), media_type, content)


def _headers(head: bytes) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for line in head.split(b"\r\n"):
        name, colon, value = line.partition(b":")
        if not colon or not re.fullmatch(_TOKEN.encode(), name):
            raise InputError("form: a part has a broken header")
        key = name.decode("ascii").lower()
        if key in found:
            raise InputError("form: a part repeats a header")
        try:
            found[key] = value.decode("utf-8").strip()
        except UnicodeDecodeError as error:
            raise InputError("form: a part's header is not UTF-8") from error
    return found


def _header(value: str) -> tuple[str, Mapping[str, str]]:
    """A header's main value, lower case, and its parameters."""
    kind = re.match(rf"{_TOKEN}(/{_TOKEN})?", value)
    if kind is None:
        return "", {}
    parameters: dict[str, str] = {}
    position = kind.end()
    while match := _PARAMETER.match(value, position):
        name, text = match[1].lower(), match[2]
        if name in parameters:
            raise InputError("form: a header repeats a parameter")
        parameters[name] = re.sub(r"\\(.)", r"\1", text[1:-1]) if text.startswith('"') else text
        position = match.end()
    if value[position:].strip(" \t;"):
        raise InputError("form: a header has broken parameters")
    return kind[0].lower(), parameters
