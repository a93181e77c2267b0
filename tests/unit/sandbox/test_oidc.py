import base64
import hashlib
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest

from sealane.sandbox.services import oidc
from sealane.sandbox.wire import Response
from support.sandbox_parts import BASE, REQUEST_TOKEN, Parts, document

VERIFIER = "v" * 43
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).rstrip(b"=")
REDIRECT = "http://localhost:5000/callback"
LOGIN = {
    "client_id": "sigstore",
    "redirect_uri": REDIRECT,
    "state": "s&t",
    "nonce": "n1",
    "code_challenge": CHALLENGE.decode(),
    "code_challenge_method": "S256",
}


def authorize(parts: Parts, **changes: str) -> Response:
    return parts.call("GET", "/auth/auth", query=LOGIN | changes)


def code_of(response: Response) -> str:
    assert response.status == 302
    return parse_qs(urlsplit(response.headers["Location"]).query)["code"][0]


def exchange(parts: Parts, code: str, **changes: str) -> Response:
    form = {"code": code, "code_verifier": VERIFIER, "redirect_uri": REDIRECT} | changes
    return parts.call("POST", "/auth/token", urlencode(form).encode())


@pytest.mark.parametrize("prefix", ["", "/auth"])
def test_discovery_names_endpoints_here_and_an_issuer_without_port(
    parts: Parts, prefix: str
) -> None:
    found = document(parts.call("GET", f"{prefix}/.well-known/openid-configuration"))
    assert found["authorization_endpoint"] == f"{BASE}/auth/auth"
    assert found["jwks_uri"] == f"{BASE}/auth/keys"
    assert found["issuer"] == "https://oidc.sealane.invalid/auth"
    assert found["id_token_signing_alg_values_supported"] == ["RS256"]


@pytest.mark.parametrize("path", ["/auth/keys", "/.well-known/jwks", "/-/jwks"])
def test_the_published_key_verifies_tokens(parts: Parts, path: str) -> None:
    (key,) = document(parts.call("GET", path))["keys"]
    assert "d" not in key
    token = parts.tokens.mint("gitlab", "x", {})
    assert jwt.get_unverified_header(token)["kid"] == key["kid"]
    assert jwt.decode(token, jwt.PyJWK(key), ["RS256"], audience="x")["aud"] == "x"


def test_a_code_is_exchanged_for_a_token_once(parts: Parts) -> None:
    answer = authorize(parts)
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["state"] == ["s&t"]
    code = code_of(answer)
    tokens = document(exchange(parts, code))
    claims = parts.tokens.verify(tokens["access_token"], audience="sigstore")
    assert (claims["email"], claims["nonce"]) == ("developer@sealane.invalid", "n1")
    assert tokens["id_token"] == tokens["access_token"]
    again = exchange(parts, code)
    assert (again.status, document(again)["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_verifier": "w" * 43},
        {"code_verifier": ""},
        {"code": "x"},
        {"redirect_uri": "http://localhost:5001/callback"},
    ],
)
def test_a_code_alone_is_worth_nothing(parts: Parts, changes: dict[str, str]) -> None:
    code = code_of(authorize(parts))
    assert exchange(parts, **{"code": code} | changes).status == 400


def test_a_code_expires(parts: Parts, monkeypatch: pytest.MonkeyPatch) -> None:
    code = code_of(authorize(parts))
    monkeypatch.setattr(oidc, "_CODE_LIFETIME", -1.0)
    late = code_of(authorize(parts))
    assert exchange(parts, code).status == 200
    assert exchange(parts, late).status == 400


@pytest.mark.parametrize(
    "redirect",
    [
        "http://example.org/", "https://localhost/", "http://localhost.example.org/",
        "http://localhost@example.org/", "http://example.org\\@localhost/", "//localhost/", "",
        "http://localhost\r\nSet-Cookie: a/", "javascript:alert(1)", "http://[::1", "/callback",
    ],
)  # fmt: skip
def test_a_code_goes_to_loopback_only(parts: Parts, redirect: str) -> None:
    assert authorize(parts, redirect_uri=redirect).status == 400


@pytest.mark.parametrize("changes", [{"code_challenge": ""}, {"code_challenge_method": "plain"}])
def test_a_code_needs_a_challenge(parts: Parts, changes: dict[str, str]) -> None:
    assert authorize(parts, **changes).status == 400


def test_a_code_can_be_shown_instead(parts: Parts) -> None:
    redirect = "urn:ietf:wg:oauth:2.0:oob"
    shown = authorize(parts, redirect_uri=redirect)
    assert (shown.status, shown.content_type) == (200, "text/plain")
    assert exchange(parts, shown.body.decode(), redirect_uri=redirect).status == 200


def test_codes_asked_for_in_numbers_do_not_pile_up(
    parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(oidc, "_MOST_CODES", 3)
    for _ in range(10):
        last = code_of(authorize(parts))
    assert len(parts.oidc._logins) <= 4
    assert exchange(parts, last).status == 200


def test_a_redirect_keeps_its_own_query(parts: Parts) -> None:
    location = authorize(parts, redirect_uri=f"{REDIRECT}?a=1").headers["Location"]
    assert location.startswith(f"{REDIRECT}?a=1&code=")


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"&".join([b"a=1"] * 500)])
def test_a_malformed_exchange_is_refused(parts: Parts, body: bytes) -> None:
    assert parts.call("POST", "/auth/token", body).status == 400


def ambient(parts: Parts, shown: str, **query: str) -> Response:
    return parts.call("GET", "/actions/idtoken", query=query, authorization=shown)


@pytest.mark.parametrize("scheme", ["bearer", "Bearer"])
def test_a_github_job_gets_a_token_for_its_audience(parts: Parts, scheme: str) -> None:
    answer = document(
        ambient(parts, f"{scheme} {REQUEST_TOKEN}", audience="pypi", repository="o/r", ref="v3")
    )
    claims = parts.tokens.verify(answer["value"], audience="pypi")
    assert claims["repository"] == "o/r"
    assert claims["ref"] == "refs/tags/v3"
    assert "audience" not in claims


def test_without_an_audience_it_is_the_owners(parts: Parts) -> None:
    answer = document(ambient(parts, f"bearer {REQUEST_TOKEN}", repository="o/r"))
    assert parts.tokens.verify(answer["value"], audience="https://github.com/o")


@pytest.mark.parametrize(
    "shown",
    ["", "bearer", "bearer ", f"bearer {REQUEST_TOKEN.upper()}", f"bearer {REQUEST_TOKEN}x",
     f"basic {REQUEST_TOKEN}", REQUEST_TOKEN, "bearer é"],
)  # fmt: skip
def test_the_request_token_must_be_exact(parts: Parts, shown: str) -> None:
    assert ambient(parts, shown, audience="pypi").status == 401


def test_an_issuer_of_another_kind_is_refused(parts: Parts) -> None:
    shown = f"bearer {REQUEST_TOKEN}"
    assert ambient(parts, shown, audience="a", iss="https://gitlab.com").status == 400
