"""A git remote over smart HTTP: `git http-backend` on the sandbox's own repositories.

Spec: git, gitprotocol-http ("Smart Clients") and git-http-backend(1).
"""

from __future__ import annotations

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable
from hmac import compare_digest

from sealane.errors import InputError
from sealane.sandbox.accounts import GIT_USER
from sealane.sandbox.addresses import GIT_PREFIX
from sealane.sandbox.git_requests import MergeRequests
from sealane.sandbox.git_store import MAIN, NAME, GitStore
from sealane.sandbox.git_wire import ZERO, Command, PushError, parse_push, refusal
from sealane.sandbox.ports import Ports
from sealane.sandbox.wire import Request, Response, Route, json_response

_SERVICES = ("git-upload-pack", "git-receive-pack")
_RESULT = "application/x-git-receive-pack-result"
_MOST_REPOSITORY = 512 * 1024 * 1024
_PROTOCOL = re.compile(r"version=[0-2]")
_MAIN = f"refs/heads/{MAIN}"


class Git:
    """Routes of the remote.

    Args:
        ports: The world.
        store: The repositories.
        requests: Follow the branches that are pushed.
        token: What a push shows as password.
        pushed: Told the name of a repository after a push.
    """

    def __init__(
        self,
        ports: Ports,
        store: GitStore,
        requests: MergeRequests,
        token: str,
        pushed: Callable[[str], object],
    ) -> None:
        self._ports = ports
        self._store = store
        self._requests = requests
        self._token = token
        self._pushed = pushed

    def routes(self) -> list[Route]:
        """All routes; a name has no slash, and no other file of a repository is served."""
        place = rf"{re.escape(GIT_PREFIX)}/(?P<name>{NAME})\.git"
        return [
            Route.of("GET", f"{place}/info/refs", self._references),
            Route.of("POST", f"{place}/git-upload-pack", self._fetch),
            Route.of("POST", f"{place}/git-receive-pack", self._push),
        ]

    def _references(self, request: Request, name: str) -> Response:
        service = request.query.get("service", "")
        if service not in _SERVICES:
            return _text(403, "this remote speaks the smart protocol alone")
        refused = self._refused(request, name, pushing=service == _SERVICES[1])
        return refused or self._backend(request, name, "info/refs", f"service={service}")

    def _fetch(self, request: Request, name: str) -> Response:
        refused = self._refused(request, name, pushing=False)
        return refused or self._backend(request, name, "git-upload-pack")

    def _push(self, request: Request, name: str) -> Response:
        """Take a push whole, or not at all.

        1. Only who shows the token, on a repository there is, and one that is not full.
        2. What it would change must be readable here, before git sees it.
        3. A protected main, and what is neither a branch nor a tag, is refused as a forge would.
        """
        refused = self._refused(request, name, pushing=True)  # 1
        if refused is not None:
            return refused
        if self._store.size(name) + len(request.body) > _MOST_REPOSITORY:
            return _text(413, "the repository is full")
        if request.headers.get("content-encoding"):
            return _text(415, "a push is not compressed a second time")
        if request.body == b"0000":
            # How a client asks, before a large push, whether it is let in.
            return self._backend(request, name, "git-receive-pack")
        try:
            push = parse_push(request.body)  # 2
        except PushError as error:
            return _text(400, str(error))
        with self._ports.state.lock:
            reasons = [self._reason(name, command) for command in push.commands]  # 3
            if any(reasons):
                shown = [reason or "not taken either" for reason in reasons]
                self._ports.log(
                    "git", f"refused a push to {name}: {', '.join(filter(None, reasons))}"
                )
                return Response(200, refusal(push, shown), _RESULT)
            response = self._backend(request, name, "git-receive-pack")
            if response.status == 200:
                self._requests.observe(name)
                self._pushed(name)
        if self._ports.fault("git") == "500-after-store":
            return _text(500, "internal error")
        return response

    def _reason(self, name: str, command: Command) -> str:
        """Why a reference may not be changed; "" where it may."""
        if command.reference == _MAIN and (command.new == ZERO or self._store.is_protected(name)):
            return "protected branch"
        if not command.reference.startswith(("refs/heads/", "refs/tags/")):
            return "neither a branch nor a tag"
        return ""

    def _refused(self, request: Request, name: str, *, pushing: bool) -> Response | None:
        if self._ports.fault("git") == "down":
            return _text(503, "the remote is down")
        if pushing and not self._is_known(request):
            challenge = {"WWW-Authenticate": 'Basic realm="sealane sandbox"'}
            return Response(401, b"a push shows the sandbox's token\n", "text/plain", challenge)
        return None if self._store.exists(name) else _text(404, "no such repository")

    def _is_known(self, request: Request) -> bool:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        try:
            pair = b64decode(shown.strip(), validate=True)
        except (Base64Error, ValueError):
            return False
        right = compare_digest(pair, f"{GIT_USER}:{self._token}".encode())
        return right and scheme.lower() == "basic"

    def _backend(self, request: Request, name: str, path: str, query: str = "") -> Response:
        """Let git answer."""
        protocol = request.headers.get("git-protocol", "")
        variables = {
            "GIT_PROJECT_ROOT": str(self._store.folder),
            "GIT_HTTP_EXPORT_ALL": "1",
            "PATH_INFO": f"/{name}.git/{path}",
            "REQUEST_METHOD": request.method,
            "QUERY_STRING": query,
            "CONTENT_TYPE": request.headers.get("content-type", ""),
            "CONTENT_LENGTH": str(len(request.body)),
            "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
            "GIT_PROTOCOL": protocol if _PROTOCOL.fullmatch(protocol) else "",
            "REMOTE_USER": GIT_USER if "receive-pack" in f"{path}{query}" else "",
            "REMOTE_ADDR": "127.0.0.1",
        }
        try:
            output = self._store.run(("git", "http-backend"), request.body, variables)
        except InputError as error:
            self._ports.log("git", error.message)
            return _text(500, "git failed; see the sandbox's log")
        return _from_cgi(output)


def _from_cgi(output: bytes) -> Response:
    """What a CGI program answered.

    Spec: RFC 3875 section 6.
    """
    head, _, body = output.partition(b"\r\n\r\n")
    fields: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    status = fields.pop("status", "200 OK")
    kind = fields.pop("content-type", "text/plain")
    fields.pop("content-length", None)
    return Response(int(status[:3]), body, kind, fields)


def _text(status: int, message: str) -> Response:
    if status >= 500:
        return json_response(status, {"message": message})
    return Response(status, f"{message}\n".encode(), "text/plain")
