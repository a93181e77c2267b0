"""The query API of an OSV service.

Spec: OSV API v1: POST /v1/query, POST /v1/querybatch, GET /v1/vulns/{id}; errors as gRPC status
(code, message).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from sealane.sandbox.addresses import OSV_PREFIX
from sealane.sandbox.advisory_ranges import ECOSYSTEM, affects
from sealane.sandbox.advisory_store import AdvisoryStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Handler, Request, Response, Route, json_response

Document: TypeAlias = Mapping[str, Any]

_MOST_QUERIES = 1000
_PAGE = 1000
_INVALID, _NOT_FOUND = 3, 5  # gRPC status codes


class _QueryError(Exception):
    """The query is not one; the text is the service's answer."""


class Osv:
    """Routes of the service.

    Args:
        ports: The world.
        catch_up: Takes in what was merged and not yet read; called before every answer.
    """

    def __init__(self, ports: Ports, catch_up: Callable[[], object]) -> None:
        self._ports = ports
        self._store = AdvisoryStore(ports.state)
        self._catch_up = catch_up

    def routes(self) -> list[Route]:
        """All routes."""
        prefix = re.escape(OSV_PREFIX)
        return [
            Route.of("POST", f"{prefix}/v1/query", self._answering(self._query)),
            Route.of("POST", f"{prefix}/v1/querybatch", self._answering(self._batch)),
            Route.of(
                "GET", f"{prefix}/v1/vulns/(?P<identifier>[^/]+)", self._answering(self._show)
            ),
        ]

    def _answering(self, handler: Handler) -> Handler:
        def answering(request: Request, **named: str) -> Response:
            match self._ports.fault("osv"):
                case "down":
                    return json_response(503, {"code": 14, "message": "unavailable"})
                case "429":
                    return json_response(429, {"code": 8, "message": "quota"}, Retry_After="1")
            self._catch_up()
            try:
                return handler(request, **named)
            except _QueryError as error:
                return json_response(400, {"code": _INVALID, "message": str(error)})

        return answering

    def _query(self, request: Request) -> Response:
        return json_response(200, self._found(_document(request.body)))

    def _batch(self, request: Request) -> Response:
        queries = _document(request.body).get("queries")
        if not isinstance(queries, list) or len(queries) > _MOST_QUERIES:
            raise _QueryError(f"queries: expected a list of at most {_MOST_QUERIES}")
        results = [self._found(query) for query in queries]
        for result in results:
            if "vulns" in result:
                # Only what a client needs to see which records it has to fetch.
                result["vulns"] = [
                    {name: vuln[name] for name in ("id", "modified") if name in vuln}
                    for vuln in result["vulns"]
                ]
        return json_response(200, {"results": results})

    def _show(self, request: Request, identifier: str) -> Response:
        del request
        found = None if self._lags() else self._store.get(identifier)
        if found is None:
            return json_response(404, {"code": _NOT_FOUND, "message": "Bug not found."})
        return json_response(200, found)

    def _found(self, query: object) -> dict[str, Any]:
        """One page of the records that hold for what was asked."""
        name, version, start = _asked(query)
        records = [] if self._lags() else self._store.of(name)
        matching = [
            record
            for record in records
            # A withdrawn record is shown by its identifier alone.
            if not record.get("withdrawn") and (not version or affects(record, name, version))
        ]
        size = 1 if self._ports.fault("osv") == "paged" else _PAGE
        answer: dict[str, Any] = {}
        if page := matching[start : start + size]:
            answer["vulns"] = page
        if len(matching) > start + size:
            answer["next_page_token"] = str(start + size)
        return answer

    def _lags(self) -> bool:
        return self._ports.fault("osv") == "lag"


def _asked(query: object) -> tuple[str, str, int]:
    """Normalised name, version ("" for any) and offset of a query.

    Raises:
        _QueryError: It does not say exactly one package of the Python index.
    """
    if not isinstance(query, dict):
        raise _QueryError("Invalid query.")
    package, version = query.get("package"), query.get("version", "")
    if query.get("commit"):
        raise _QueryError("Invalid query: commits are not answered for here.")
    if not isinstance(package, dict) or not isinstance(version, str):
        raise _QueryError("Invalid query: package is required, version is a text.")
    name: object
    purl = package.get("purl")
    if purl is not None:
        if package.get("name") or package.get("ecosystem"):
            raise _QueryError("name or ecosystem specified in a purl query")
        name, inside = _split_purl(purl)
        if inside and version:
            raise _QueryError("version specified in params and purl query")
        version = version or inside
    else:
        name = package.get("name")
        if package.get("ecosystem") != ECOSYSTEM:
            raise _QueryError("Invalid ecosystem.")
    if not isinstance(name, str) or not name:
        raise _QueryError("Invalid query: a package has a name and an ecosystem.")
    return canonicalize_name(name), version, _offset(query.get("page_token", ""))


def _split_purl(purl: object) -> tuple[str, str]:
    match = re.fullmatch(r"pkg:pypi/([^/@?#]+)(?:@([^?#]+))?(?:\?[^#]*)?(?:#.*)?", str(purl))
    if match is None:
        raise _QueryError("Invalid Package URL.")
    return unquote(match[1]), unquote(match[2] or "")


def _offset(token: object) -> int:
    if token == "":
        return 0
    if not isinstance(token, str) or not re.fullmatch(r"[0-9]{1,9}", token):
        raise _QueryError("Invalid page token.")
    return int(token)


def _document(body: bytes) -> Document:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise _QueryError("Invalid query: not JSON.") from error
    if not isinstance(value, dict):
        raise _QueryError("Invalid query: not an object.")
    return value
