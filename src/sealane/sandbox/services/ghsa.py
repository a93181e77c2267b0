"""A forge's REST for the security advisories of a repository.

Spec: GitHub REST API, "Repository security advisories".
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from typing import Any, TypeAlias

from sealane.errors import InputError
from sealane.sandbox.addresses import GHSA_PREFIX
from sealane.sandbox.ghsa_fields import field_faults, rated, unready
from sealane.sandbox.ghsa_store import IDENTIFIER, REPOSITORY, GhsaStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Handler, Request, Response, Route, json_response

Document: TypeAlias = Mapping[str, Any]

_PAGE, _LARGEST_PAGE = 30, 100
_FIELDS: Mapping[str, Any] = {
    "summary": "", "description": "", "cve_id": None, "vulnerabilities": [], "cwe_ids": [],
    "credits": [], "severity": None, "cvss_vector_string": None, "collaborating_users": [],
    "collaborating_teams": [],
}  # fmt: skip
# What is public is public: only the forge itself can take it back.
_MOVES: Mapping[str, tuple[str, ...]] = {
    "triage": ("draft", "published", "closed"),
    "draft": ("published", "closed"),
    "closed": ("draft",),
    "published": (),
}


class Ghsa:
    """Routes of the advisories.

    Args:
        ports: The world.
        store: The advisories.
        token: What an administrator of every repository shows.
    """

    def __init__(self, ports: Ports, store: GhsaStore, token: str) -> None:
        self._ports = ports
        self._store = store
        self._token = token

    def routes(self) -> list[Route]:
        """All routes."""
        place = rf"{re.escape(GHSA_PREFIX)}/repos/(?P<repository>{REPOSITORY})/security-advisories"
        one = rf"{place}/(?P<identifier>{IDENTIFIER})"
        handlers: tuple[tuple[str, str, Handler], ...] = (
            ("GET", place, self._list),
            ("POST", place, self._creating("draft")),
            ("POST", f"{place}/reports", self._creating("triage")),
            ("GET", one, self._show),
            ("PATCH", one, self._update),
            ("POST", f"{one}/cve", self._request_cve),
        )
        return [
            Route.of(method, path, self._guarded(handler)) for method, path, handler in handlers
        ]

    def _guarded(self, handler: Handler) -> Handler:
        """What holds for all routes: switches, the token, the repository; then the switch after."""

        def guarded(request: Request, repository: str, **named: str) -> Response:
            fault = self._ports.fault("ghsa")
            if fault == "down":
                return _message(503, "Service unavailable")
            if fault == "429":
                return json_response(429, {"message": "rate limit exceeded"}, Retry_After="1")
            shown = request.headers.get("authorization", "")
            known = self._is_known(shown)
            if (shown or request.method != "GET") and not known:
                return _message(401, "Bad credentials" if shown else "Requires authentication")
            if not self._store.has(repository):
                return _message(404, "Not Found")
            try:
                with self._ports.state.lock:
                    response = handler(request, repository, known, **named)
            except InputError as error:
                self._ports.log("ghsa", f"{error.message}; {error.hint}")
                return _message(503, error.message)
            stored = request.method != "GET" and response.status < 300
            if stored and fault == "500-after-store":
                return _message(500, "Server Error")
            return response

        return guarded

    def _is_known(self, shown: str) -> bool:
        scheme, _, token = shown.partition(" ")
        right = hmac.compare_digest(token.strip().encode(), self._token.encode())
        return right and scheme.lower() in ("bearer", "token")

    def _list(self, request: Request, repository: str, known: bool) -> Response:
        """A page of the advisories, newest first; without a token the published ones alone."""
        query = request.query
        size_text, start = query.get("per_page", str(_PAGE)), query.get("after", "")
        if not re.fullmatch(r"[1-9][0-9]{0,2}", size_text) or int(size_text) > _LARGEST_PAGE:
            return _message(422, f"per_page: expected 1 to {_LARGEST_PAGE}")
        state = query.get("state", "")
        found = [
            one
            for one in self._store.all(repository)
            if (known or one["state"] == "published") and state in ("", one["state"])
        ]
        places = [one["ghsa_id"] for one in found]
        if start and start not in places:
            return _message(422, "after: expected what a Link header named")
        begin = places.index(start) + 1 if start else 0
        page = found[begin : begin + int(size_text)]
        response = json_response(200, [self._shown(request, repository, one) for one in page])
        if begin + len(page) < len(found):
            more = f"per_page={size_text}&after={page[-1]['ghsa_id']}"
            more += f"&state={state}" if state else ""
            link = f'<{self._url(request, repository)}?{more}>; rel="next"'
            return Response(200, response.body, headers={"Link": link})
        return response

    def _creating(self, state: str) -> Handler:
        def handler(request: Request, repository: str, known: bool) -> Response:
            del known
            asked = _document(request.body)
            if asked is None:
                return _message(400, "Problems parsing JSON")
            if faults := field_faults(asked, new=True):
                return _invalid(faults)
            moment = self._store.moment()
            given = {name: asked.get(name) or default for name, default in _FIELDS.items()}
            advisory = {
                **given,
                "ghsa_id": self._store.new_identifier(),
                "state": state,
                "cve_requested": False,
                "created_at": moment,
                "updated_at": moment,
                "published_at": None,
                "closed_at": None,
            }
            self._store.put(repository, advisory)
            return json_response(201, self._shown(request, repository, advisory))

        return handler

    def _show(self, request: Request, repository: str, known: bool, identifier: str) -> Response:
        found = self._store.get(repository, identifier)
        if found is None or not (known or found["state"] == "published"):
            return _message(404, "Not Found")
        return json_response(200, self._shown(request, repository, found))

    def _update(self, request: Request, repository: str, known: bool, identifier: str) -> Response:
        """Change fields, then the state; both or neither."""
        del known
        found, asked = self._store.get(repository, identifier), _document(request.body)
        if found is None:
            return _message(404, "Not Found")
        if asked is None:
            return _message(400, "Problems parsing JSON")
        if faults := field_faults(asked, new=False):
            return _invalid(faults)
        given = {name: asked[name] or _FIELDS[name] for name in asked.keys() & _FIELDS.keys()}
        # A rating replaces the other kind of rating.
        if given.get("severity"):
            given["cvss_vector_string"] = None
        elif given.get("cvss_vector_string"):
            given["severity"] = None
        moment, state = self._store.moment(), asked.get("state", found["state"])
        advisory = found | given | {"state": state, "updated_at": moment}
        if state != found["state"]:
            if state not in _MOVES[found["state"]]:
                reason = f"cannot go from {found['state']} to {state}"
                return _invalid([{"field": "state", "code": "invalid", "message": reason}])
            advisory |= {
                "closed_at": moment if state == "closed" else None,
                "published_at": moment if state == "published" else None,
            }
        if state == "published" and (lacking := unready(advisory)):
            return _invalid(lacking)
        self._store.put(repository, advisory)
        return json_response(200, self._shown(request, repository, advisory))

    def _request_cve(
        self,
        request: Request,
        repository: str,
        known: bool,
        identifier: str,
    ) -> Response:
        """Ask for a CVE identifier; it comes days later, if at all."""
        del request, known
        found = self._store.get(repository, identifier)
        if found is None:
            return _message(404, "Not Found")
        if (
            found["cve_id"]
            or found["cve_requested"]
            or found["state"] not in ("draft", "published")
        ):
            reason = "has a CVE identifier, waits for one, or is not open"
            return _invalid([{"field": "cve_id", "code": "invalid", "message": reason}])
        self._store.put(repository, found | {"cve_requested": True})
        return json_response(202, {})

    def _url(self, request: Request, repository: str) -> str:
        return f"{request.base}{GHSA_PREFIX}/repos/{repository}/security-advisories"

    def _shown(self, request: Request, repository: str, advisory: Document) -> dict[str, Any]:
        """An advisory as it is answered with: what clients read, derived members included."""
        kept = {name: advisory[name] for name in advisory if name != "cve_requested"}
        vector = kept.pop("cvss_vector_string")
        score, severity = rated(vector) if vector else (None, advisory["severity"])
        url = f"{self._url(request, repository)}/{advisory['ghsa_id']}"
        names = [("GHSA", advisory["ghsa_id"]), ("CVE", advisory["cve_id"])]
        return kept | {
            "url": url,
            "html_url": url,
            "severity": severity,
            "cvss": {"vector_string": vector, "score": score},
            "identifiers": [{"type": kind, "value": value} for kind, value in names if value],
            "withdrawn_at": None,
        }


def _message(status: int, message: str) -> Response:
    return json_response(status, {"message": message})


def _invalid(faults: list[dict[str, str]]) -> Response:
    return json_response(422, {"message": "Validation Failed", "errors": faults})


def _document(body: bytes) -> dict[str, Any] | None:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
