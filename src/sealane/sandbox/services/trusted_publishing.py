"""Trusted publishing: an identity token against an upload token of 15 minutes."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from urllib.parse import quote

import jwt

from sealane.sandbox.index_store import IndexStore
from sealane.sandbox.index_tokens import TokenError, UploadTokens
from sealane.sandbox.ports import Ports, TokenRefusedError
from sealane.sandbox.publisher_claims import Claims, InvalidPublisherError, find_publisher
from sealane.sandbox.publishers import Publisher, PublisherStore
from sealane.sandbox.wire import Request, Response, Route, json_response

AUDIENCE = "pypi"
UPLOAD_PATH = "/legacy/"
_SERVICES = {"gitlab": "GitLab", "github": "GitHub"}
# A used token is remembered a little longer than any clock would accept it.
_JTI_LEEWAY = 35
_DISCOVERY = "application/vnd.pypi.pytp.v1+json"
_JTI_TABLE = "CREATE TABLE IF NOT EXISTS jti (jti TEXT PRIMARY KEY, expires INTEGER NOT NULL)"


class MintError(Exception):
    """A mint request is refused.

    Args:
        code: The protocol's word for it.
        description: The reason.
    """

    def __init__(self, code: str, description: str) -> None:
        super().__init__(description)
        self.code = code


class TrustedPublishing:
    """Routes of trusted publishing.

    Args:
        ports: The world.
    """

    def __init__(self, ports: Ports) -> None:
        self._ports = ports
        self._store = IndexStore(ports.state)
        self._publishers = PublisherStore(ports.state)
        self._tokens = UploadTokens(ports.state)
        ports.state.ensure(_JTI_TABLE)

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("GET", r"/_/oidc/audience", self._audience),
            Route.of("POST", r"/_/oidc/(github/)?mint-token", self._mint),
            Route.of("POST", r"/_/oidc/burn-token", self._burn),
            Route.of("GET", r"/\.well-known/pytp", self._discover),
        ]

    def add_publisher(self, document: Mapping[str, object]) -> dict[str, object]:
        """Register a publisher; see `PublisherStore.add`.

        Raises:
            InputError: The document is not one of a publisher.
        """
        return self._publishers.add(document)

    def _audience(self, request: Request) -> Response:
        del request
        if self._ports.fault("mint") == "not-enabled":
            message = "Trusted publishing functionality not enabled"
            return json_response(403, {"message": message})
        return json_response(200, {"audience": AUDIENCE})

    def _mint(self, request: Request) -> Response:
        if self._ports.fault("mint") == "503":
            return json_response(503, {"message": "Service Unavailable"}, Retry_After="1")
        try:
            publisher = self._exchange(request.body)
        except MintError as error:
            self._ports.log("mint", f"422 {error.code}: {error}")
            errors = [{"code": error.code, "description": str(error)}]
            return json_response(422, {"message": "Token request failed", "errors": errors})
        projects = [
            self._store.create_project(name) for name in self._publishers.projects(publisher)
        ]
        token, expires = self._tokens.mint(publisher.id, projects, self._ports.now())
        self._ports.log("mint", f"200 for {', '.join(project.name for project in projects)}")
        return json_response(200, {"success": True, "token": token, "expires": expires})

    def _exchange(self, body: bytes) -> Publisher:
        """The publisher behind a mint request.

        1. Read the token and, unverified, its issuer; it must be a known one.
        2. Verify the token: signature, times, issuer, exactly this audience.
        3. A pending publisher it stands for becomes a full one, and its project is made.
        4. Find the publisher by the claims.
        5. The token was not used before.

        Raises:
            MintError: One of these fails.
        """
        token = _payload(body)  # 1
        kind = self._publishers.kind_of(_issuer(token))
        if not kind:
            raise MintError("invalid-payload", "unknown trusted publishing issuer")
        if self._ports.fault("mint") == "not-enabled":
            raise MintError(
                "not-enabled", f"{_SERVICES[kind]} trusted publishing functionality not enabled"
            )
        try:
            claims = self._ports.verify_token(token, audience=AUDIENCE)  # 2
        except TokenRefusedError as error:
            self._ports.log("mint", f"token refused: {error}")
            raise MintError("invalid-token", "malformed or invalid token") from error
        with self._ports.state.lock:
            self._reify(claims, kind)  # 3
            try:
                candidates = self._publishers.of_issuer(str(claims["iss"]), pending=False)
                publisher = find_publisher(claims, kind, candidates)  # 4
            except InvalidPublisherError as error:
                raise MintError(
                    "invalid-publisher", f"valid token, but no corresponding publisher ({error})"
                ) from error
            self._claim(claims)  # 5
        return publisher

    def _reify(self, claims: Claims, kind: str) -> None:
        candidates = self._publishers.of_issuer(str(claims["iss"]), pending=True)
        try:
            publisher = find_publisher(claims, kind, candidates)
        except InvalidPublisherError:
            # Most tokens have no pending publisher; a full one is looked for next.
            return
        for project in self._publishers.projects(publisher, pending=True):
            if self._store.project(project) is not None:
                self._publishers.drop_pending(publisher, project)
                raise MintError(
                    "invalid-pending-publisher", "valid token, but project already exists"
                )
            if project.replace("-", "_") in sys.stdlib_module_names:
                raise MintError(
                    "invalid-payload",
                    f"The name {project!r} isn't allowed (conflict with Python Standard Library "
                    "module name).",
                )
            self._store.create_project(project)
            self._publishers.reify(publisher, project)

    def _claim(self, claims: Claims) -> None:
        """Take the token's identifier; whoever comes second with it is refused."""
        jti, now = str(claims["jti"]), int(self._ports.now())
        expires = int(str(claims["exp"])) + _JTI_LEEWAY
        self._ports.state.write("DELETE FROM jti WHERE expires < ?", now)
        if not self._ports.state.write("INSERT OR IGNORE INTO jti VALUES (?, ?)", jti, expires):
            raise MintError("invalid-reuse-token", "invalid token: already used")

    def _burn(self, request: Request) -> Response:
        try:
            self._tokens.burn(_payload(request.body))
        except MintError as error:
            errors = [{"code": error.code, "description": str(error)}]
            return json_response(422, {"message": "Token burn failed", "errors": errors})
        except TokenError:
            errors = [{"code": "invalid-token", "description": "unknown or burnt token"}]
            return json_response(422, {"message": "Token burn failed", "errors": errors})
        self._ports.log("burn", "200")
        return json_response(200, {"success": True})

    def _discover(self, request: Request) -> Response:
        """Where to mint, for an upload path (PEP 807, draft)."""
        asked = request.query.get("discover", "")
        if asked.rstrip("/") != UPLOAD_PATH.rstrip("/"):
            status, title = (404, "Not Found") if asked else (400, "Bad Request")
            problem = {
                "type": "about:blank",
                "title": title,
                "status": status,
                "detail": f"no trusted publishing for upload path {quote(asked)[:200]!r}",
            }
            return Response(status, json.dumps(problem).encode(), "application/problem+json")
        document = {
            "audience-endpoint": f"{request.base}/_/oidc/audience",
            "token-mint-endpoint": f"{request.base}/_/oidc/mint-token",
            "features": ["multi-use-token"],
            "default-features": ["multi-use-token"],
        }
        return Response(200, json.dumps(document).encode(), _DISCOVERY)


def _payload(body: bytes) -> str:
    """The token of a request; the texts are shaped like those of the real index."""
    head = "1 validation error for TokenPayload\n"
    try:
        document = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MintError("invalid-payload", f"{head}  Invalid JSON [type=json_invalid]") from error
    if not isinstance(document, dict):
        raise MintError("invalid-payload", f"{head}  Input should be an object [type=model_type]")
    if "token" not in document:
        raise MintError("invalid-payload", f"{head}token\n  Field required [type=missing]")
    token = document["token"]
    if not isinstance(token, str):
        raise MintError(
            "invalid-payload", f"{head}token\n  Input should be a valid string [type=string_type]"
        )
    return token


def _issuer(token: str) -> str:
    """The issuer a token claims, unverified."""
    try:
        issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise MintError("invalid-payload", "malformed JWT") from error
    if not isinstance(issuer, str) or not issuer:
        raise MintError("invalid-payload", "malformed JWT")
    return issuer
