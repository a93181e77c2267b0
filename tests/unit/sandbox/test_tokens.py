import base64
import hashlib
import hmac
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.errors import InputError
from sealane.sandbox.ports import TokenRefusedError
from sealane.sandbox.state import State
from sealane.sandbox.tokens import Tokens
from support.sandbox_parts import Parts

GITLAB, GITHUB = "https://gitlab.com", "https://token.actions.githubusercontent.com"


def peek(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return claims


def good_claims(parts: Parts, **changes: object) -> dict[str, Any]:
    now = int(parts.time)
    claims = {"iss": GITLAB, "aud": "sigstore", "sub": "s", "iat": now, "exp": now + 60}
    return {name: value for name, value in (claims | changes).items() if value is not None}


def signed(parts: Parts, **changes: object) -> str:
    payload = json.dumps(good_claims(parts, **changes)).encode()
    return jwt.PyJWS().encode(payload, parts.keys.issuer, "RS256")


@pytest.mark.parametrize("kind", ["gitlab", "github", "email"])
def test_a_minted_token_holds(parts: Parts, kind: str) -> None:
    claims = parts.tokens.verify(parts.tokens.mint(kind, "sigstore", {}), audience="sigstore")
    assert claims["exp"] - claims["iat"] == 600
    assert claims["iat"] - claims["nbf"] == 5
    assert claims["aud"] == "sigstore"


def test_two_tokens_never_share_their_id(parts: Parts) -> None:
    ids = {peek(parts.tokens.mint("gitlab", "pypi", {}))["jti"] for _ in range(5)}
    assert len(ids) == 5


def test_gitlab_claims_follow_the_options(parts: Parts) -> None:
    options = {"project": "g/s/p", "ref": "v2", "file": "ci/r.yml", "sha": "a" * 40}
    claims = peek(parts.tokens.mint("gitlab", "x", options | {"environment": "release"}))
    assert claims["iss"] == GITLAB
    assert claims["sub"] == "project_path:g/s/p:ref_type:tag:ref:v2"
    assert claims["ci_config_ref_uri"] == "gitlab.com/g/s/p//ci/r.yml@refs/tags/v2"
    assert (claims["namespace_path"], claims["project_path"]) == ("g/s", "g/s/p")
    assert (claims["ref"], claims["ref_path"]) == ("v2", "refs/tags/v2")
    assert (claims["sha"], claims["ci_config_sha"]) == ("a" * 40, "a" * 40)
    assert claims["environment"] == "release"
    assert claims["runner_id"] == 1


def test_another_gitlab_is_another_issuer_with_the_same_path(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {"project": "g/p", "host": "git.example.org"})
    claims = parts.tokens.verify(token, audience="sigstore")
    assert claims["iss"] == "https://git.example.org"
    assert claims["ci_config_ref_uri"].startswith("git.example.org/g/p//")
    assert claims["project_path"] == "g/p"


def test_github_claims_follow_the_options(parts: Parts) -> None:
    options = {"repository": "o/r", "ref": "main", "ref_type": "branch", "file": "w.yml"}
    claims = peek(parts.tokens.mint("github", "x", options))
    assert claims["iss"] == GITHUB
    assert claims["sub"] == "repo:o/r:ref:refs/heads/main"
    assert claims["job_workflow_ref"] == "o/r/.github/workflows/w.yml@refs/heads/main"
    assert "environment" not in claims
    with_environment = peek(parts.tokens.mint("github", "x", options | {"environment": "e"}))
    assert with_environment["sub"] == "repo:o/r:environment:e"
    assert with_environment["environment"] == "e"


def test_any_claim_can_be_set_or_removed(parts: Parts) -> None:
    options = {"job_workflow_ref": "o/shared/x.yml@main", "run_attempt": "3", "sha": "b" * 40}
    claims = peek(parts.tokens.mint("github", "x", options | {"actor": None}))
    assert claims["job_workflow_ref"] == "o/shared/x.yml@main"
    assert claims["workflow_ref"] != claims["job_workflow_ref"]
    assert claims["run_attempt"] == "3"
    assert "actor" not in claims


@pytest.mark.parametrize(
    ("kind", "audience", "options"),
    [
        pytest.param("circleci", "a", {}, id="unknown-kind"),
        pytest.param("gitlab", "", {}, id="no-audience"),
        pytest.param("gitlab", "a", {"iss": GITHUB}, id="issuer-of-another-kind"),
        pytest.param("gitlab", "a", {"iss": 7}, id="issuer-is-a-number"),
        pytest.param("gitlab", "a", {"exp": object()}, id="claim-is-not-json"),
    ],
)
def test_what_cannot_be_minted_is_refused(
    parts: Parts, kind: str, audience: str, options: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        parts.tokens.mint(kind, audience, options)


def test_a_token_signed_by_hand_with_the_own_key_holds(parts: Parts) -> None:
    assert parts.tokens.verify(signed(parts), audience="sigstore")["sub"] == "s"


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"aud": "pypi"}, id="other-audience"),
        pytest.param({"aud": ["sigstore", "pypi"]}, id="two-audiences"),
        pytest.param({"aud": ["sigstore"]}, id="audience-in-a-list"),
        pytest.param({"aud": None}, id="no-audience"),
        pytest.param({"iss": "https://gitlab.com/"}, id="issuer-with-slash"),
        pytest.param({"iss": "https://git.example.org"}, id="issuer-never-minted-for"),
        pytest.param({"iss": [GITLAB]}, id="issuer-in-a-list"),
        pytest.param({"iss": None}, id="no-issuer"),
        pytest.param({"sub": None}, id="no-subject"),
        pytest.param({"iat": None}, id="no-issue-time"),
        pytest.param({"exp": None}, id="no-expiry"),
        pytest.param({"exp": "9999999999"}, id="expiry-is-text"),
        pytest.param({"exp": float("inf")}, id="expiry-is-infinite"),
        pytest.param({"exp": 1}, id="expired"),
        pytest.param({"iat": 9999999999}, id="issued-in-the-future"),
        pytest.param({"nbf": 9999999999}, id="not-yet-valid"),
        pytest.param({"iat": True}, id="issue-time-is-a-bool"),
    ],
)
def test_a_token_with_a_wrong_claim_is_refused(parts: Parts, changes: dict[str, object]) -> None:
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(signed(parts, **changes), audience="sigstore")


def test_a_token_expires_with_the_services_clock(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {})
    parts.time += 599
    assert parts.tokens.verify(token, audience="sigstore")
    parts.time += 2
    with pytest.raises(TokenRefusedError, match="expired"):
        parts.tokens.verify(token, audience="sigstore")


def test_a_token_of_a_foreign_key_is_refused(parts: Parts) -> None:
    foreign = rsa.generate_private_key(65537, 2048)
    token = jwt.encode(good_claims(parts), foreign, "RS256")
    with pytest.raises(TokenRefusedError, match="InvalidSignature"):
        parts.tokens.verify(token, audience="sigstore")


def test_an_unsigned_token_is_refused(parts: Parts) -> None:
    token = jwt.encode(good_claims(parts), "", "none")
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(token, audience="sigstore")


def test_the_public_key_is_no_shared_secret(parts: Parts) -> None:
    def part(content: bytes) -> str:
        return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

    public = parts.keys.issuer.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    head = part(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    body = f"{head}.{part(json.dumps(good_claims(parts)).encode())}"
    mac = hmac.digest(public, body.encode(), hashlib.sha256)
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(f"{body}.{part(mac)}", audience="sigstore")


def test_another_rsa_signature_than_rs256_is_refused(parts: Parts) -> None:
    token = jwt.encode(good_claims(parts), parts.keys.issuer, "RS384")
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(token, audience="sigstore")


def test_a_flipped_bit_is_refused(parts: Parts) -> None:
    head, body, signature = signed(parts).split(".")
    flipped = ("A" if body[9] != "A" else "B").join((body[:9], body[10:]))
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(f"{head}.{flipped}.{signature}", audience="sigstore")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "\x00.é.", "A" * 20000, "..", "e30.e30.e30"])
def test_what_is_no_token_is_refused(parts: Parts, token: str) -> None:
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(token, audience="sigstore")


@pytest.mark.parametrize("place", [0, 1])
def test_deeply_nested_json_in_a_token_is_refused(parts: Parts, place: int) -> None:
    pieces = signed(parts).split(".")
    pieces[place] = base64.urlsafe_b64encode(b"[" * 6000).rstrip(b"=").decode()
    with pytest.raises(TokenRefusedError):
        parts.tokens.verify(".".join(pieces), audience="sigstore")


@given(st.binary(max_size=60), st.binary(max_size=120), st.binary(max_size=40))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_refused_and_nothing_else(
    parts: Parts, head: bytes, body: bytes, signature: bytes
) -> None:
    token = ".".join(
        base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in (head, body, signature)
    )
    for text in (token, head.decode("latin-1"), body.decode("utf-8", errors="surrogateescape")):
        with pytest.raises(TokenRefusedError):
            parts.tokens.verify(text, audience="sigstore")


def test_the_reason_never_shows_the_token(parts: Parts) -> None:
    token = signed(parts, aud="pypi")
    with pytest.raises(TokenRefusedError) as refused:
        parts.tokens.verify(token, audience="sigstore")
    assert token[:20] not in str(refused.value)


def test_issuers_are_remembered_over_a_restart(parts: Parts) -> None:
    token = parts.tokens.mint("gitlab", "sigstore", {"host": "git.example.org"})
    again = Tokens(State(parts.directory), parts.keys.issuer, lambda: parts.time)
    assert again.verify(token, audience="sigstore")["iss"] == "https://git.example.org"
