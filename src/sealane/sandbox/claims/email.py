"""Tokens of a person who logged in with an e-mail address."""

from __future__ import annotations

from sealane.sandbox.claims.shape import Options, Shape, nothing_derived, option

# Without the port, which may change from start to start: certificates name it for ever.
ISSUER = "https://oidc.sealane.invalid/auth"
DEVELOPER = "developer@sealane.invalid"


def build(options: Options) -> dict[str, object]:
    """Claims of a login. Option: email."""
    email = option(options, "email", default=DEVELOPER)
    return {"iss": ISSUER, "sub": email, "email": email, "email_verified": True}


SHAPE = Shape(
    issuer=ISSUER,
    options=frozenset({"email"}),
    build=build,
    subject="{email}",
    email=True,
    proof="email",
    extensions={1: "{iss}", 8: "{iss}", 24: "{sub}"},
    derive=nothing_derived,
)
