"""Identity tokens: minted with any claims, and checked against this sandbox's key alone."""

from __future__ import annotations

import hashlib
import uuid
from base64 import urlsafe_b64encode
from collections.abc import Callable, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.types import Options as JwtOptions

from sealane.errors import InputError
from sealane.sandbox.claims.registry import SHAPES
from sealane.sandbox.claims.shape import Options, Shape
from sealane.sandbox.ports import TokenRefusedError
from sealane.sandbox.state import State

_LIFETIME = 600
_SKEW = 5
# A token is a header value; the real ones have less than 3000 characters.
_LONGEST = 16384
# Times are compared with the services' clock instead, below.
_CHECKS: JwtOptions = {
    "require": ["exp", "iat", "sub", "aud", "iss"],
    "strict_aud": True,
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
}
_TABLE = "CREATE TABLE IF NOT EXISTS issuer (iss TEXT PRIMARY KEY, kind TEXT NOT NULL)"


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


class Tokens:
    """The issuer's key, and the names it has issued tokens under.

    Args:
        state: Remembers the issuers' names.
        key: Signs all tokens, whatever their issuer is called.
        now: Unix seconds.
    """

    def __init__(self, state: State, key: rsa.RSAPrivateKey, now: Callable[[], float]) -> None:
        self._state = state
        self._key = key
        self._now = now
        numbers = key.public_key().public_numbers()
        modulus = _number(numbers.n)
        kid = hashlib.sha256(modulus.encode()).hexdigest()[:16]
        self._header = {"kid": kid}
        self.jwks: Mapping[str, Any] = {
            "keys": [
                {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": kid}
                | {"n": modulus, "e": _number(numbers.e)}
            ]
        }
        state.ensure(_TABLE)
        for kind, shape in SHAPES.items():
            state.write("INSERT OR IGNORE INTO issuer VALUES (?, ?)", shape.issuer, kind)

    def mint(self, kind: str, audience: str, options: Options) -> str:
        """A signed token.

        Args:
            kind: "gitlab", "github" or "email".
            audience: Who it is for.
            options: Options of the kind's shape; every other name sets a claim, None removes it.

        Raises:
            InputError: Unknown kind, no audience, or an issuer that another kind has.
        """
        shape = SHAPES.get(kind)
        if shape is None or not audience:
            raise InputError(
                f"token: expected an audience and a kind, got {kind[:20]!r}",
                hint=f"kinds are {', '.join(SHAPES)}",
            )
        now = int(self._now())
        times = {"iat": now, "nbf": now - _SKEW, "exp": now + _LIFETIME}
        claims = shape.build(options) | {"aud": audience, "jti": str(uuid.uuid4()), **times}
        for name in options.keys() - shape.options:
            claims[name] = options[name]
        present = {name: value for name, value in claims.items() if value is not None}
        try:
            token = jwt.encode(present, self._key, "RS256", self._header)
        except (TypeError, ValueError) as error:
            raise InputError(f"token: a claim cannot be in one: {error}") from error
        self._remember(present.get("iss"), kind)
        return token

    def verify(self, token: str, *, audience: str) -> Mapping[str, Any]:
        """The claims of a token that holds; see `ports.TokenVerifier`.

        1. Read the issuer; it must be one that tokens were minted for.
        2. Check the signature with the own key, RS256 only; issuer and audience exact.
        3. Check the times.

        Raises:
            TokenRefusedError: It does not hold.
        """
        if len(token) > _LONGEST:
            raise TokenRefusedError("longer than any identity token")
        try:
            issuer = jwt.decode(token, options={"verify_signature": False}).get("iss")  # 1
            if not isinstance(issuer, str) or not self._kind(issuer):
                raise TokenRefusedError("the issuer is not one of this sandbox")
            claims = jwt.decode(  # 2
                token,
                self._key.public_key(),
                algorithms=["RS256"],
                audience=audience,
                issuer=issuer,
                options=_CHECKS,
            )
        except (jwt.PyJWTError, RecursionError, ValueError, TypeError) as error:
            raise TokenRefusedError(f"{type(error).__name__}: {_reason(error)}") from error
        self._check_times(claims)  # 3
        return claims

    def shape_of(self, claims: Mapping[str, Any]) -> Shape:
        """The shape of a verified token."""
        return SHAPES[self._kind(str(claims["iss"]))]

    def _check_times(self, claims: Mapping[str, Any]) -> None:
        now = self._now()
        for name in ("exp", "iat", "nbf"):
            value = claims.get(name, 0)
            # A bool is an int to Python, and a float may be NaN, which compares with nothing.
            if type(value) is not int:
                raise TokenRefusedError(f"{name} is not a whole number")
            if name == "exp" and value <= now:
                raise TokenRefusedError("expired")
            if name != "exp" and value > now + _SKEW:
                raise TokenRefusedError(f"not yet valid: {name} lies ahead")

    def _kind(self, issuer: str) -> str:
        rows = self._state.read("SELECT kind FROM issuer WHERE iss = ?", issuer)
        return str(rows[0][0]) if rows else ""

    def _remember(self, issuer: object, kind: str) -> None:
        if not isinstance(issuer, str):
            return
        self._state.write("INSERT OR IGNORE INTO issuer VALUES (?, ?)", issuer, kind)
        if self._kind(issuer) != kind:
            raise InputError(f"token: the issuer {issuer[:80]!r} is of another kind than {kind!r}")


def _reason(error: Exception) -> str:
    """The library's words; they never hold a token, but may hold what was in one."""
    return " ".join(str(error).split())[:120]
