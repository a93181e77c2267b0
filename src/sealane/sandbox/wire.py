"""What a service of the sandbox receives and answers; routing is pure and needs no socket."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request, body and all.

    Attributes:
        method: Upper case; HEAD arrives as GET.
        path: Percent-decoded path without the query.
        query: Query parameters; of a repeated one the last.
        headers: Header values by lower-case name.
        body: Whole body.
        base: Scheme and authority the client used, e.g. "https://127.0.0.1:4711".
    """

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    base: str


@dataclass(frozen=True, slots=True)
class Response:
    """One HTTP response.

    Attributes:
        status: HTTP status.
        body: Whole body.
        content_type: Media type.
        headers: Further headers.
        reason: Reason phrase, one line, at most 200 characters; the standard one when empty.
    """

    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


def json_response(status: int, value: object, **headers: str) -> Response:
    """A response whose body is `value` as JSON; header names have `_` for `-`."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}
    return Response(status, json.dumps(value).encode(), "application/json", named)


Handler: TypeAlias = Callable[..., Response]


@dataclass(frozen=True, slots=True)
class Route:
    """One route: method, a regex the whole path must match, and what answers it.

    The handler is called with the request and the regex's named groups as keyword arguments.
    """

    method: str
    pattern: re.Pattern[str]
    handler: Handler

    @classmethod
    def of(cls, method: str, pattern: str, handler: Handler) -> Route:
        """A route whose `pattern` is the text of a regular expression."""
        return cls(method, re.compile(pattern), handler)


def dispatch(routes: Sequence[Route], request: Request) -> Response:
    """Answer with the first route that matches; 404 names method and path."""
    for route in routes:
        match = route.pattern.fullmatch(request.path)
        if route.method == request.method and match:
            return route.handler(request, **match.groupdict())
    return json_response(404, {"message": f"not found: {request.method} {request.path}"})
