"""The OpenID Connect issuer: discovery, keys, the OAuth code flow, GitHub's ambient endpoint."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from sealane.errors import InputError
from sealane.sandbox.claims import email, github
from sealane.sandbox.tokens import Tokens
from sealane.sandbox.wire import Request, Response, Route, json_response

_OUT_OF_BAND = "urn:"
_LOOPBACK = ("localhost", "127.0.0.1")
_CODE_LIFETIME = 120.0
_MOST_CODES = 1000


@dataclass(frozen=True, slots=True)
class _Login:
    """What a code was given for."""

    client: str
    redirect: str
    challenge: str
    nonce: str
    until: float


class Oidc:
    """Routes of the issuer.

    Args:
        tokens: Mints.
        request_token: What a GitHub job shows to get a token; exact, and no admin secret.
        log: See `Ports.log`.
    """

    def __init__(self, tokens: Tokens, request_token: str, log: Callable[[str, str], None]) -> None:
        self._tokens = tokens
        self._request_token = request_token
        self._log = log
        self._logins: dict[str, _Login] = {}
        self._lock = threading.Lock()

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route.of("GET", r"(/auth)?/\.well-known/openid-configuration", self._discovery),
            Route.of("GET", r"/auth/keys|/\.well-known/jwks|/-/jwks", self._keys),
            Route.of("GET", r"/auth/auth", self._authorize),
            Route.of("POST", r"/auth/token", self._exchange),
            Route.of("GET", r"/actions/idtoken", self._ambient),
        ]

    def _discovery(self, request: Request) -> Response:
        return json_response(
            200,
            {
                "issuer": email.ISSUER,
                "authorization_endpoint": f"{request.base}/auth/auth",
                "token_endpoint": f"{request.base}/auth/token",
                "jwks_uri": f"{request.base}/auth/keys",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "scopes_supported": ["openid", "email"],
            },
        )

    def _keys(self, request: Request) -> Response:
        del request
        return json_response(200, self._tokens.jwks)

    def _authorize(self, request: Request) -> Response:
        """Log the sandbox's one developer in, without asking anybody."""
        query = request.query
        redirect = query.get("redirect_uri", "")
        if not _may_redirect(redirect):
            return self._refuse("invalid_request", "redirect_uri is not on loopback")
        if query.get("code_challenge_method") != "S256" or not query.get("code_challenge"):
            return self._refuse("invalid_request", "a code challenge (S256) is required")
        code = secrets.token_urlsafe(24)
        self._remember(
            code,
            _Login(
                query.get("client_id") or "sigstore",
                redirect,
                query["code_challenge"],
                query.get("nonce", ""),
                time.monotonic() + _CODE_LIFETIME,
            ),
        )
        if redirect.startswith(_OUT_OF_BAND):
            return Response(200, code.encode(), "text/plain")
        separator = "&" if urlsplit(redirect).query else "?"
        answer = urlencode({"code": code, "state": query.get("state", "")})
        return Response(302, headers={"Location": f"{redirect}{separator}{answer}"})

    def _exchange(self, request: Request) -> Response:
        form = _form(request.body)
        with self._lock:
            login = self._logins.pop(form.get("code", ""), None)
        if login is None or login.until < time.monotonic():
            return self._refuse("invalid_grant", "unknown, used or expired code")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = urlsafe_b64encode(digest).rstrip(b"=")
        if not hmac.compare_digest(challenge, login.challenge.encode()):
            return self._refuse("invalid_grant", "the verifier is not that of the challenge")
        if form.get("redirect_uri") != login.redirect:
            return self._refuse("invalid_grant", "another redirect_uri than the code's")
        claims = {"nonce": login.nonce} if login.nonce else {}
        token = self._tokens.mint("email", login.client, claims)
        answer = {"access_token": token, "id_token": token}
        return json_response(200, answer | {"token_type": "bearer", "expires_in": 600})

    def _ambient(self, request: Request) -> Response:
        scheme, _, shown = request.headers.get("authorization", "").partition(" ")
        right = hmac.compare_digest(shown.encode(), self._request_token.encode())
        if scheme.lower() != "bearer" or not right:
            self._log("oidc", "refused: wrong request token at /actions/idtoken")
            return json_response(401, {"message": "the request token is not this run's"})
        about_the_request = ("audience", "api-version")
        options = {
            name: value for name, value in request.query.items() if name not in about_the_request
        }
        claims = github.build(options)
        audience = request.query.get("audience") or (
            f"https://github.com/{claims['repository_owner']}"
        )
        try:
            token = self._tokens.mint("github", audience, options)
        except InputError as error:
            return json_response(400, {"message": error.message})
        return json_response(200, {"value": token, "count": 1})

    def _remember(self, code: str, login: _Login) -> None:
        now = time.monotonic()
        with self._lock:
            live = {name: one for name, one in self._logins.items() if one.until > now}
            # Anybody on this machine may ask for codes; they must not fill the memory.
            self._logins = dict(list(live.items())[-_MOST_CODES:]) | {code: login}

    def _refuse(self, error: str, reason: str) -> Response:
        self._log("oidc", f"refused: {reason}")
        return json_response(400, {"error": error, "error_description": reason})


def _may_redirect(redirect: str) -> bool:
    if redirect.startswith(_OUT_OF_BAND):
        return True
    try:
        parts = urlsplit(redirect)
    except ValueError:
        return False
    if any(character in redirect for character in "\r\n\\@"):
        return False
    return parts.scheme == "http" and parts.hostname in _LOOPBACK


def _form(body: bytes) -> Mapping[str, str]:
    try:
        fields = parse_qs(body.decode("utf-8"), max_num_fields=50)
    except ValueError:
        return {}
    return {name: values[-1] for name, values in fields.items()}
