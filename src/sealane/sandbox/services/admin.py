"""Administration: minting, publishers, faults, the egress report; behind the run's secret."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sealane.errors import InputError
from sealane.sandbox.wire import Handler, Request, Response, Route, json_response

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Actions:
    """What may be administered; each raises InputError for what it cannot do.

    Attributes:
        mint: Kind, audience, options -> token.
        documents: Name of a route -> what takes its JSON object and answers with one.
        set_fault: Name of a switch, its value; "" switches it off.
        faults: All switches that are on.
        refused_hosts: Hosts the air-lock refused, oldest first.
        shut_down: Ends the sandbox once this was answered.
    """

    mint: Callable[[str, str, Document], str]
    documents: Mapping[str, Callable[[Document], Document]]
    set_fault: Callable[[str, str], None]
    faults: Callable[[], Mapping[str, str]]
    refused_hosts: Callable[[], Sequence[str]]
    shut_down: Callable[[], None]


class Admin:
    """Routes of the administration.

    Args:
        secret: What header X-Sandbox must hold; without it these routes do not exist.
        actions: What they do.
    """

    def __init__(self, secret: str, actions: Actions) -> None:
        self._secret = secret.encode()
        self._actions = actions

    def routes(self) -> list[Route]:
        """All routes."""
        handlers: Sequence[tuple[str, str, Handler]] = (
            ("GET", "status", self._status),
            ("POST", "mint", self._mint),
            ("GET", "faults", self._faults),
            ("POST", "faults", self._set_faults),
            ("GET", "egress", self._egress),
            ("POST", "shutdown", self._shut_down),
            *(("POST", name, self._taking(take)) for name, take in self._actions.documents.items()),
        )
        return [
            Route.of(method, f"/-/{name}", self._guarded(handler))
            for method, name, handler in handlers
        ]

    def _guarded(self, handler: Handler) -> Handler:
        def guarded(request: Request) -> Response:
            shown = request.headers.get("x-sandbox", "").encode()
            if not hmac.compare_digest(shown, self._secret):
                # As if there were no such route: nothing to try secrets on.
                message = f"not found: {request.method} {request.path}"
                return json_response(404, {"message": message})
            try:
                return handler(request)
            except InputError as error:
                return json_response(400, {"message": error.message, "hint": error.hint})

        return guarded

    def _status(self, request: Request) -> Response:
        return json_response(200, {"base": request.base, "faults": dict(self._actions.faults())})

    def _mint(self, request: Request) -> Response:
        asked = _document(request.body)
        options = asked.get("options", {})
        if not isinstance(options, dict):
            raise InputError("mint: options is not an object")
        kind, audience = str(asked.get("kind", "")), str(asked.get("audience", ""))
        return Response(200, self._actions.mint(kind, audience, options).encode(), "text/plain")

    @staticmethod
    def _taking(take: Callable[[Document], Document]) -> Handler:
        def handler(request: Request) -> Response:
            return json_response(200, take(_document(request.body)))

        return handler

    def _faults(self, request: Request) -> Response:
        del request
        return json_response(200, dict(self._actions.faults()))

    def _set_faults(self, request: Request) -> Response:
        switches = _document(request.body)
        if not all(isinstance(value, str) for value in switches.values()):
            raise InputError('faults: a switch is set to a text, "" switches it off')
        for name, value in switches.items():
            self._actions.set_fault(name, value)
        return json_response(200, dict(self._actions.faults()))

    def _egress(self, request: Request) -> Response:
        del request
        return json_response(200, {"refused": list(self._actions.refused_hosts())})

    def _shut_down(self, request: Request) -> Response:
        del request
        self._actions.shut_down()
        return json_response(202, {"message": "shutting down"})


def _document(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise InputError("expected a JSON object") from error
    if not isinstance(value, dict):
        raise InputError("expected a JSON object")
    return value
