"""The identity token a CI job has, or may ask for: found, checked for its audience, kept secret.

Where tokens are found follows the `id` library, for the two forges the lane knows: first GitHub's
request URL, then GitLab's `<AUDIENCE>_ID_TOKEN`. Nothing here proves a token; that is up to the
service it is shown to. What is read from one serves comparisons and messages only.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from sealane.core.release.credentials import credentials_in
from sealane.errors import EvidenceError, InputError, NetworkError
from sealane.io.adapters.secret import Secret

REQUEST_URL = "ACTIONS_ID_TOKEN_REQUEST_URL"
REQUEST_TOKEN = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"  # noqa: S105  a variable's name, not a token
# Every job of the CI has these; they can neither sign nor publish to a package index.
_JOB_TOKENS = ("CI_JOB_TOKEN", "CI_DEPLOY_PASSWORD", "CI_REGISTRY_PASSWORD")
_LONGEST = 64 * 1024
# Decoders skip other characters; in a header they would be an error that quotes the token.
_JWT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_SECONDS = 30.0
Fetch = Callable[[str, Mapping[str, str]], bytes]


def variable_for(audience: str) -> str:
    """The variable GitLab's token for an audience is looked for in, e.g. PYPI_ID_TOKEN."""
    return re.sub(r"[^A-Z0-9_]|^[^A-Z_]", "_", audience.upper()) + "_ID_TOKEN"


def ambient_token(audience: str, environ: Mapping[str, str], fetch: Fetch | None = None) -> Secret:
    """This job's identity token for an audience.

    Args:
        audience: Who will be shown it, e.g. "sigstore"; its `aud` has to be exactly this.
        environ: The job's environment.
        fetch: Asks GitHub's endpoint: URL, headers -> body.

    Raises:
        EvidenceError: The job has none, or one for somebody else.
        NetworkError: GitHub's endpoint does not answer.
    """
    if environ.get("GITHUB_ACTIONS"):
        token = _from_github(audience, environ, fetch or ask)
    elif environ.get("GITLAB_CI"):
        variable = variable_for(audience)
        token = Secret(environ.get(variable, ""), variable)
        if not token.reveal():
            raise EvidenceError(
                f"no identity token: {variable} is not set",
                hint=f"declare it in this job alone: id_tokens: {variable}: aud: {audience}",
            )
    else:
        raise EvidenceError(
            "no identity token: neither GITLAB_CI nor GITHUB_ACTIONS is set",
            hint="this stage runs as a job of the project's pipeline, or in: sealane rehearse",
        )
    _check_audience(token, audience)
    return token


def ask(url: str, headers: Mapping[str, str]) -> bytes:
    """Ask GitHub's endpoint for a token; the default for `fetch`.

    Raises:
        NetworkError: It does not answer, or refuses.
    """
    import requests

    def same(request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request

    try:
        # With an `auth` of its own a request leaves `netrc` alone, which would replace the bearer.
        answer = requests.get(
            url, headers=dict(headers), auth=same, timeout=_SECONDS, allow_redirects=False
        )
    except requests.RequestException as error:
        raise NetworkError(f"{REQUEST_URL}: {type(error).__name__}", hint="try again") from error
    if answer.status_code != 200:
        raise NetworkError(f"{REQUEST_URL}: HTTP {answer.status_code}", hint="try again")
    return answer.content


def _from_github(audience: str, environ: Mapping[str, str], fetch: Fetch) -> Secret:
    url, bearer = environ.get(REQUEST_URL, ""), environ.get(REQUEST_TOKEN, "")
    if not url or not bearer:
        raise EvidenceError(
            f"no identity token: {REQUEST_URL} or {REQUEST_TOKEN} is not set",
            hint="give this job alone: permissions: id-token: write",
        )
    parts = urlsplit(url)
    query = urlencode(dict(parse_qsl(parts.query)) | {"audience": audience})
    content = fetch(urlunsplit(parts._replace(query=query)), {"Authorization": f"bearer {bearer}"})
    try:
        value = json.loads(content)["value"]
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise EvidenceError(f"{REQUEST_URL}: the answer holds no token") from error
    if not isinstance(value, str):
        raise EvidenceError(f"{REQUEST_URL}: the answer holds no token")
    return Secret(value, REQUEST_URL)


def _check_audience(token: Secret, audience: str) -> None:
    actual = unverified_claims(token).get("aud")
    # A list is refused even if it holds the audience: an index takes exactly one.
    if actual != audience:
        raise EvidenceError(
            f"{token.source}: expected a token for the audience {audience!r}, "
            f"got {str(actual)[:80]!r}",
            hint="one token, one audience, one job",
        )


def unverified_claims(token: Secret) -> Mapping[str, Any]:
    """What a token says of its holder; nothing of it is proven.

    Raises:
        EvidenceError: Not a JSON Web Token.
    """
    try:
        value = token.reveal()
        if len(value) > _LONGEST or not _JWT.fullmatch(value):
            raise ValueError("too long, or a character that no token has")
        _, payload, _ = value.split(".")
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        if not isinstance(claims, dict):
            raise TypeError("not an object")
    except (ValueError, TypeError, RecursionError):
        # The cause would quote what it could not read.
        raise EvidenceError(
            f"{token.source}: not a JSON Web Token",
            hint="it has to be what the CI put there; a variable of the same name may shadow it",
        ) from None
    return claims


def ambient_credentials(environ: Mapping[str, str]) -> tuple[str, ...]:
    """Names of all variables that hold a credential of the CI, sorted; never their values.

    Those that every job has, such as CI_JOB_TOKEN, are among them.
    """
    names = {name for name, _ in credentials_in(environ)}
    return tuple(sorted(names | {name for name in _JOB_TOKENS if environ.get(name)}))


def foreign_credentials(environ: Mapping[str, str], audience: str) -> tuple[str, ...]:
    """Names of the variables that a job holding the token of one audience may not have.

    What every job has is not among them, nor are GitHub's request variables, which have no
    audience, nor the audience's own variable where it holds no token at all: `ambient_token` says
    what is wrong with that.
    """
    own = variable_for(audience)
    found = []
    for name, _ in credentials_in(environ):
        actual = audience_of(Secret(environ[name], name))
        broken = name == own and not actual
        if name not in (REQUEST_URL, REQUEST_TOKEN) and actual != audience and not broken:
            found.append(name)
    return tuple(found)


def audience_of(token: Secret) -> str:
    """The one audience a token names; "" where it names none, several, or is no token."""
    try:
        audience = unverified_claims(token).get("aud")
    except EvidenceError:
        return ""
    return audience if isinstance(audience, str) else ""


def signed_by(token: Secret, jwks: bytes) -> bool:
    """Whether one of these keys signed a token; its times and its audience are not asked.

    Args:
        token: What claims to be an identity token.
        jwks: A JSON Web Key Set.

    Raises:
        InputError: The key set cannot be read.
    """
    import jwt

    try:
        keys = jwt.PyJWKSet.from_json(jwks.decode())
    except (jwt.PyJWTError, ValueError, TypeError, AttributeError) as error:
        raise InputError("key set of the sandbox: not a JSON Web Key Set") from error
    for key in keys.keys:
        try:
            jwt.decode(
                token.reveal(),
                key.key,
                algorithms=["RS256"],
                options={
                    "verify_exp": False,
                    "verify_nbf": False,
                    "verify_iat": False,
                    "verify_aud": False,
                },
            )
        except (jwt.PyJWTError, ValueError, TypeError):
            continue
        return True
    return False
