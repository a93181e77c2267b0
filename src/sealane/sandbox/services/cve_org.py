"""The organisation's own pages of CVE Services: quota, users, keys."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

from sealane.sandbox.accounts import CVE_ORG, CVE_USER
from sealane.sandbox.addresses import CVE_PREFIX
from sealane.sandbox.cve_store import ORG_ID, QUOTA, RESERVED, CveStore
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Handler, Request, Response, Route, json_response

Document: TypeAlias = Mapping[str, Any]

_ROLES = ("ADMIN",)
_USERNAME = re.compile(r"[^\s/\x00-\x1f]{3,128}")
_USER = r"(?P<username>[^/]+)"


class CveOrg:
    """Routes of the organisation.

    Args:
        ports: The world.
        store: What the services keep.
        checked: Lets a handler run only for a user of the organisation.
    """

    def __init__(
        self, ports: Ports, store: CveStore, checked: Callable[[CveStore, Handler], Handler]
    ) -> None:
        self._ports = ports
        self._store = store
        self._checked = checked

    def routes(self) -> list[Route]:
        """All routes; no other organisation is answered for."""
        place = f"{re.escape(CVE_PREFIX)}org/{re.escape(CVE_ORG)}"
        handlers: tuple[tuple[str, str, Handler], ...] = (
            ("GET", "", self._organisation),
            ("GET", "/id_quota", self._quota),
            ("GET", "/users", self._users),
            ("POST", "/user", self._add_user),
            ("GET", f"/user/{_USER}", self._show_user),
            ("PUT", f"/user/{_USER}/reset_secret", self._reset),
        )
        return [
            Route.of(method, place + path, self._checked(self._store, self._answering(handler)))
            for method, path, handler in handlers
        ]

    def _answering(self, handler: Handler) -> Handler:
        def answering(request: Request, **named: str) -> Response:
            if self._ports.fault("cve") == "down":
                return json_response(503, {"error": "SERVICE_NOT_AVAILABLE", "message": "down"})
            return handler(request, **named)

        return answering

    def _organisation(self, request: Request) -> Response:
        del request
        organisation = {"UUID": ORG_ID, "short_name": CVE_ORG, "name": "sealane sandbox"}
        roles = {"authority": {"active_roles": ["CNA"]}, "policies": {"id_quota": QUOTA}}
        return json_response(200, organisation | roles)

    def _quota(self, request: Request) -> Response:
        del request
        reserved = self._store.count(RESERVED)
        left = self._store.available()
        quota = {"id_quota": QUOTA, "total_reserved": reserved, "available": left}
        return json_response(200, quota)

    def _users(self, request: Request) -> Response:
        del request
        return json_response(200, {"users": self._store.users()})

    def _show_user(self, request: Request, username: str) -> Response:
        del request
        found = self._store.user(username)
        return json_response(200, found) if found else _no_user(username)

    def _add_user(self, request: Request) -> Response:
        """Make a user; only an administrator may, and the key is shown this once."""
        if not self._is_admin(request):
            return _not_allowed()
        asked = _object(request.body)
        username, name = asked.get("username"), asked.get("name", {})
        authority = asked.get("authority", {})
        roles = authority.get("active_roles", []) if isinstance(authority, dict) else None
        right = (
            isinstance(username, str)
            and _USERNAME.fullmatch(username)
            and isinstance(name, dict)
            and isinstance(roles, list)
            and all(role in _ROLES for role in roles)
        )
        if not right:
            message = "expected username, and where wanted name and authority.active_roles"
            return json_response(400, {"error": "BAD_INPUT", "message": message})
        with self._ports.state.lock:
            if self._store.user(str(username)) is not None:
                message = f"The user '{username}' already exists."
                return json_response(400, {"error": "USER_EXISTS", "message": message})
            made = self._store.add_user(str(username), tuple(roles or ()), name)
        said = f"{username} was successfully created."
        return json_response(200, {"message": said, "created": made})

    def _reset(self, request: Request, username: str) -> Response:
        """Give a user a new key: oneself, or anybody for an administrator."""
        if request.headers["cve-api-user"] != username and not self._is_admin(request):
            return _not_allowed()
        if username == CVE_USER:
            # Its key is what this run told everybody.
            message = "the sandbox's own account keeps its key; add another user"
            return json_response(403, {"error": "NOT_ALLOWED", "message": message})
        if self._store.user(username) is None:
            return _no_user(username)
        key = secrets.token_urlsafe(24)
        self._store.set_key(username, key)
        return json_response(200, {"API-secret": key})

    def _is_admin(self, request: Request) -> bool:
        user = self._store.user(request.headers["cve-api-user"]) or {}
        return "ADMIN" in user.get("authority", {}).get("active_roles", [])


def _no_user(username: str) -> Response:
    message = f"The user '{username[:80]}' does not exist."
    return json_response(404, {"error": "USER_DNE", "message": message})


def _not_allowed() -> Response:
    message = "only an administrator of the organisation may do this"
    return json_response(403, {"error": "NOT_ORG_ADMIN_OR_SECRETARIAT", "message": message})


def _object(body: bytes) -> Document:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}
