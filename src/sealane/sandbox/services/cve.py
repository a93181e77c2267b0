"""CVE Services for one organisation, as far as its clients use them.

Spec: CVE Services 2 (openapi), errors as in CVEProject/cve-services `src/controller/*/error.js`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sealane.errors import InputError
from sealane.sandbox.accounts import CVE_ORG
from sealane.sandbox.addresses import CVE_PREFIX
from sealane.sandbox.cve_schema import container_faults
from sealane.sandbox.cve_store import (
    PUBLISHED,
    REJECTED,
    RESERVED,
    CveStore,
    is_identifier,
)
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Handler, Request, Response, Route, json_response

Document: TypeAlias = Mapping[str, Any]

_PAGE = 500
_MOST_SPREAD = 10
_BATCHES = ("sequential", "nonsequential", "non-sequential")
_ID = r"(?P<identifier>[A-Za-z0-9-]+)"


class _RefusedError(Exception):
    """The service refuses, with a status and an error's name."""

    def __init__(self, status: int, error: str, message: str, **more: object) -> None:
        super().__init__(message)
        self.response = json_response(status, {"error": error, "message": message, **more})


class Cve:
    """Routes of identifiers and records.

    Args:
        ports: The world.
        store: What the services keep.
    """

    def __init__(self, ports: Ports, store: CveStore) -> None:
        self._ports = ports
        self._store = store

    def routes(self) -> list[Route]:
        """All routes."""
        prefix = re.escape(CVE_PREFIX)
        record = f"cve/{_ID}"
        handlers: tuple[tuple[str, str, Handler], ...] = (
            ("POST", "cve-id", self._reserve),
            ("GET", "cve-id", self._list),
            ("GET", f"cve-id/{_ID}", self._show_identifier),
            ("PUT", f"cve-id/{_ID}", self._move),
            ("POST", f"{record}/cna", self._writing("published", new=True)),
            ("PUT", f"{record}/cna", self._writing("published", new=False)),
            ("POST", f"{record}/reject", self._writing("rejected", new=True)),
            ("PUT", f"{record}/reject", self._writing("rejected", new=False)),
        )
        open_handlers: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "health-check", lambda request: json_response(200, {})),
            ("GET", record, self._show_record),
            ("GET", "cve_count", self._count),
        )
        return [
            *(Route.of(method, prefix + path, self._known(h)) for method, path, h in handlers),
            *(Route.of(method, prefix + path, self._open(h)) for method, path, h in open_handlers),
        ]

    def _open(self, handler: Handler) -> Handler:
        """A handler for anybody, with the switches that hold for all of them."""

        def answering(request: Request, **named: str) -> Response:
            fault = self._ports.fault("cve")
            if fault == "down":
                return json_response(503, {"error": "SERVICE_NOT_AVAILABLE", "message": "down"})
            if fault == "429":
                limit = {"error": "TOO_MANY_REQUESTS", "message": "slow down"}
                return json_response(429, limit, Retry_After="1")
            try:
                response = handler(request, **named)
            except _RefusedError as refused:
                return refused.response
            except InputError as error:
                # A part is missing on this side; nothing was judged, so nothing is taken.
                self._ports.log("cve", f"{error.message}; {error.hint}")
                return json_response(503, {"error": "NO_SCHEMA", "message": error.message})
            if fault == "500-after-store" and request.method != "GET" and response.status < 300:
                internal = {"error": "INTERNAL_SERVER_ERROR", "message": "Internal Server Error"}
                return json_response(500, internal)
            return response

        return answering

    def _known(self, handler: Handler) -> Handler:
        """A handler for a user of the organisation, who shows it by three headers."""
        return self._open(checked(self._store, handler))

    def _reserve(self, request: Request) -> Response:
        query = request.query
        year, amount = query.get("cve_year", ""), query.get("amount", "")
        batch = query.get("batch_type", "")
        if query.get("short_name") != CVE_ORG:
            message = f"identifiers are reserved for {CVE_ORG} alone"
            raise _RefusedError(403, "ORG_CANNOT_RESERVE_FOR_OTHER", message)
        if not re.fullmatch(r"1999|2[0-9]{3}", year):
            raise _RefusedError(400, "BAD_INPUT", "cve_year: expected 1999 or a later year")
        if not re.fullmatch(r"[1-9][0-9]{0,5}", amount):
            raise _RefusedError(400, "BAD_INPUT", "amount: expected a number above 0")
        if int(year) > int(self._store.moment()[:4]) + 1:
            raise _RefusedError(403, "CANNOT_RESERVE_FOR_YEAR", f"not configured for {year}")
        if int(amount) > 1 and batch not in _BATCHES:
            name = "INVALID_BATCH_TYPE" if batch else "NO_BATCH_TYPE"
            raise _RefusedError(400, name, f"batch_type: one of {', '.join(_BATCHES)}")
        spread = batch in _BATCHES[1:]
        if spread and int(amount) > _MOST_SPREAD:
            message = f"at most {_MOST_SPREAD} at a time"
            raise _RefusedError(403, "OVER_NONSEQUENTIAL_MAX_AMOUNT", message)
        with self._ports.state.lock:
            if int(amount) > self._store.available():
                message = "The amount requested would exceed the organization's ID quota."
                raise _RefusedError(403, "EXCEEDED_ID_QUOTA", message)
            user = request.headers["cve-api-user"]
            made = self._store.reserve(year, int(amount), user, spread=spread)
        left = {"remaining_quota": self._store.available()}
        return json_response(200, {"cve_ids": made, "meta": left})

    def _list(self, request: Request) -> Response:
        wanted = {
            "state": request.query.get("state"),
            "cve_year": request.query.get("cve_id_year"),
        }
        before, after = (request.query.get(f"time_reserved.{end}", "") for end in ("lt", "gt"))
        found = [
            one
            for one in self._store.identifiers()
            if all(value in (None, one[name]) for name, value in wanted.items())
            and (not before or one["reserved"] < before)
            and (not after or one["reserved"] > after)
        ]
        return json_response(200, _page("cve_ids", found, request.query.get("page", "1")))

    def _show_identifier(self, request: Request, identifier: str) -> Response:
        del request
        return json_response(200, self._reserved(identifier))

    def _move(self, request: Request, identifier: str) -> Response:
        """Give an identifier back, or undo that; one with a record follows its record."""
        state = request.query.get("state", "")
        self._reserved(identifier)
        if "org" in request.query:
            raise _RefusedError(404, "ORG_DNE", "there is no other organisation here")
        if state not in (RESERVED, REJECTED):
            raise _RefusedError(400, "BAD_INPUT", f"state: expected {RESERVED} or {REJECTED}")
        if self._store.record(identifier) is not None:
            message = f"A record was found for {identifier}."
            raise _RefusedError(403, "CANNOT_CHANGE_CVE_ID_WITH_RECORD", message)
        self._store.set_state(identifier, state)
        message = f"{identifier} was successfully updated."
        return json_response(200, {"message": message, "updated": self._reserved(identifier)})

    def _writing(self, kind: str, *, new: bool) -> Handler:
        """What writes a record: `new` the first one, else over the one there is.

        A published identifier never goes back to reserved: its record can only be rejected.
        """
        state = PUBLISHED if kind == "published" else REJECTED

        def handler(request: Request, identifier: str) -> Response:
            with self._ports.state.lock:
                self._reserved(identifier)
                there = self._store.record(identifier) is not None
                if there and new:
                    # Clients tell "create" from "update" by exactly these statuses.
                    status = 403 if kind == "published" else 400
                    message = "The cve record for the cve id already exists."
                    raise _RefusedError(status, "CVE_RECORD_EXISTS", message)
                if not there and not new:
                    message = "The cve record for the cve id does not exist."
                    raise _RefusedError(403, "CVE_RECORD_DNE", message)
                container = _container(request.body)
                if faults := container_faults(container, kind):
                    message = "CVE JSON schema validation failed."
                    raise _RefusedError(400, "INVALID_JSON_SCHEMA", message, details=faults)
                record = self._store.write_record(identifier, state, container)
            verb = "created" if new else "updated"
            said = f"{identifier} record was successfully {verb}."
            return json_response(200, {"message": said, verb: record})

        return handler

    def _show_record(self, request: Request, identifier: str) -> Response:
        del request
        found = self._store.record(identifier)
        if found is None:
            message = "The cve record for the cve id does not exist."
            raise _RefusedError(404, "CVE_RECORD_DNE", message)
        return json_response(200, found)

    def _count(self, request: Request) -> Response:
        state = request.query.get("state", "")
        if state not in ("", PUBLISHED, REJECTED):
            raise _RefusedError(400, "BAD_INPUT", f"state: expected {PUBLISHED} or {REJECTED}")
        states = (state,) if state else (PUBLISHED, REJECTED)
        return json_response(200, {"totalCount": sum(map(self._store.count, states))})

    def _reserved(self, identifier: str) -> dict[str, Any]:
        found = self._store.identifier(identifier) if is_identifier(identifier) else None
        if found is None:
            raise _RefusedError(404, "CVEID_DNE", "The cve id does not exist.")
        return found


def checked(store: CveStore, handler: Callable[..., Response]) -> Handler:
    """A handler that runs only for a user who shows the right key."""

    def checking(request: Request, **named: str) -> Response:
        shown = [request.headers.get(f"cve-api-{part}", "") for part in ("org", "user", "key")]
        if shown[0] != CVE_ORG or not store.is_key(shown[1], shown[2]):
            return json_response(401, {"error": "UNAUTHORIZED", "message": "Unauthorized"})
        return handler(request, **named)

    return checking


def _page(name: str, found: list[dict[str, Any]], wanted: str) -> dict[str, Any]:
    """One page; the members that tell of pages are left out where there is one alone."""
    pages = max(1, -(-len(found) // _PAGE))
    if not re.fullmatch(r"[1-9][0-9]{0,5}", wanted) or int(wanted) > pages:
        raise _RefusedError(400, "BAD_INPUT", f"page: expected 1 to {pages}")
    number = int(wanted)
    shown = {name: found[(number - 1) * _PAGE : number * _PAGE]}
    if pages == 1:
        return shown
    return shown | {
        "totalCount": len(found),
        "itemsPerPage": _PAGE,
        "pageCount": pages,
        "currentPage": number,
        "prevPage": number - 1 or None,
        "nextPage": number + 1 if number < pages else None,
    }


def _container(body: bytes) -> Document:
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _RefusedError(400, "BAD_INPUT", "the body is not JSON") from error
    if not isinstance(document, dict) or set(document) != {"cnaContainer"}:
        message = "expected an object with cnaContainer alone"
        raise _RefusedError(400, "CVE_BAD_REQUEST", message)
    container = document["cnaContainer"]
    if not isinstance(container, dict):
        raise _RefusedError(400, "CVE_BAD_REQUEST", "cnaContainer: expected an object")
    return container
