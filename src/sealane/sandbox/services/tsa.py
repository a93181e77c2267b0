"""The time-stamp authority: says when a signature was there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from sealane.errors import InputError
from sealane.sandbox.addresses import TSA_PATH
from sealane.sandbox.faults import stall
from sealane.sandbox.ports import Ports
from sealane.sandbox.timestamp import (
    TimestampAuthority,
    TimestampRequest,
    parse_json_request,
    parse_query,
)
from sealane.sandbox.wire import Request, Response, Route

_QUERY, _REPLY, _JSON = (
    "application/timestamp-query",
    "application/timestamp-reply",
    "application/json",
)


class Tsa:
    """The authority's one route.

    Args:
        ports: The world.
        authority: Stamps.
    """

    def __init__(self, ports: Ports, authority: TimestampAuthority) -> None:
        self._ports = ports
        self._authority = authority

    def routes(self) -> list[Route]:
        """All routes."""
        return [Route.of("POST", TSA_PATH, self._stamp)]

    def _stamp(self, request: Request) -> Response:
        """Answer a request in DER, or in JSON if it says so.

        Spec: RFC 3161 section 3.4, but for the status, which is 201 as Sigstore's is.
        """
        fault = self._ports.fault("tsa")
        if fault == "down":
            return _text(503, "unavailable")
        if fault == "slow":
            stall(self._ports.fault, "tsa")
        try:
            asked = _parse(request)
        except InputError as error:
            self._ports.log("tsa", f"refused: {error.message}")
            return _text(400, error.message)
        if fault == "wrong-imprint":
            asked = replace(asked, digest=bytes(byte ^ 0xFF for byte in asked.digest))
        now = datetime.fromtimestamp(int(self._ports.now()), UTC)
        return Response(201, self._authority.respond(asked, now), _REPLY)


def _parse(request: Request) -> TimestampRequest:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == _JSON:
        return parse_json_request(request.body)
    if kind == _QUERY:
        return parse_query(request.body)
    raise InputError(f"time-stamp request: expected {_QUERY} or {_JSON}, got {kind[:80]!r}")


def _text(status: int, message: str) -> Response:
    return Response(status, message.encode(), "text/plain; charset=utf-8")
