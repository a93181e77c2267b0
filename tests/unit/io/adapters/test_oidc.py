"""Ambient identity tokens: found where the forges put them, for one audience, never shown."""

import base64
import json
from collections.abc import Mapping
from typing import Any, TypeAlias

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sealane.errors import EvidenceError, InputError
from sealane.io.adapters.oidc import (
    REQUEST_TOKEN,
    REQUEST_URL,
    ambient_credentials,
    ambient_token,
    audience_of,
    foreign_credentials,
    signed_by,
    unverified_claims,
    variable_for,
)
from sealane.io.adapters.secret import Secret

# Any JSON value, broken on purpose.
Json: TypeAlias = Any
KEY = rsa.generate_private_key(65537, 2048)
OTHER_KEY = rsa.generate_private_key(65537, 2048)


def token(audience: Json = "pypi", key: rsa.RSAPrivateKey = KEY, algorithm: str = "RS256") -> str:
    return jwt.encode({"aud": audience, "sub": "x", "exp": 1}, key, algorithm)


def key_set(key: rsa.RSAPrivateKey) -> bytes:
    algorithm = jwt.algorithms.RSAAlgorithm
    return json.dumps({"keys": [json.loads(algorithm.to_jwk(key.public_key()))]}).encode()


def no_fetch(url: str, headers: Mapping[str, str]) -> bytes:
    raise AssertionError(f"asked {url} with {sorted(headers)}")


@pytest.mark.parametrize(
    ("audience", "variable"),
    [
        ("pypi", "PYPI_ID_TOKEN"),
        ("testpypi", "TESTPYPI_ID_TOKEN"),
        ("http://127.0.0.1:18481", "HTTP___127_0_0_1_18481_ID_TOKEN"),
        ("1st", "_ST_ID_TOKEN"),
    ],
)
def test_the_variable_is_named_as_the_id_library_names_it(audience: str, variable: str) -> None:
    assert variable_for(audience) == variable


def test_gitlab_has_one_variable_for_each_audience() -> None:
    environ = {"GITLAB_CI": "true", "PYPI_ID_TOKEN": token()}
    found = ambient_token("pypi", environ, no_fetch)
    assert found.reveal() == environ["PYPI_ID_TOKEN"]
    assert str(found) == "<secret>"


@pytest.mark.parametrize(
    "environ",
    [
        pytest.param({}, id="no-ci"),
        pytest.param({"PYPI_ID_TOKEN": token()}, id="token-without-ci"),
        pytest.param({"GITLAB_CI": "true"}, id="no-token"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": ""}, id="empty"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": "abc"}, id="no-jwt"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": "a.b.c"}, id="no-base64"),
        # Whoever sends it in a header would quote it in the error.
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": token() + "\n"}, id="line-end"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": f" {token()}"}, id="space"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": token("other")}, id="other-audience"),
        pytest.param({"GITLAB_CI": "true", "PYPI_ID_TOKEN": token(["pypi"])}, id="audience-list"),
        pytest.param({"GITHUB_ACTIONS": "true"}, id="github-without-permission"),
        pytest.param({"GITHUB_ACTIONS": "true", REQUEST_URL: "http://x"}, id="no-request-token"),
    ],
)
def test_without_a_token_for_exactly_this_audience_nothing_is_given(
    environ: dict[str, str],
) -> None:
    with pytest.raises(EvidenceError) as caught:
        ambient_token("pypi", environ, no_fetch)
    assert (
        environ.get("PYPI_ID_TOKEN") is None
        or len(environ["PYPI_ID_TOKEN"]) < 10
        or (environ["PYPI_ID_TOKEN"] not in caught.value.message)
    )


def test_github_is_asked_with_its_bearer_and_the_audience() -> None:
    asked: list[tuple[str, Mapping[str, str]]] = []

    def fetch(url: str, headers: Mapping[str, str]) -> bytes:
        asked.append((url, headers))
        return json.dumps({"value": token()}).encode()

    environ = {
        "GITHUB_ACTIONS": "true", REQUEST_URL: "http://127.0.0.1:1/t?a=1", REQUEST_TOKEN: "rt",
        "GITLAB_CI": "true", "PYPI_ID_TOKEN": token("other"),
    }  # fmt: skip
    assert audience_of(ambient_token("pypi", environ, fetch)) == "pypi"
    assert asked == [
        ("http://127.0.0.1:1/t?a=1&audience=pypi", {"Authorization": "bearer rt"})
    ]  # fmt: skip


@pytest.mark.parametrize("answer", [b"", b"[]", b"{}", b'{"value": 1}', b"\xff", b"[" * 9999])
def test_a_github_answer_without_a_token_is_refused(answer: bytes) -> None:
    environ = {"GITHUB_ACTIONS": "true", REQUEST_URL: "http://127.0.0.1:1/", REQUEST_TOKEN: "rt"}
    with pytest.raises(EvidenceError):
        ambient_token("pypi", environ, lambda url, headers: answer)


def test_an_error_about_a_token_shows_nothing_of_it() -> None:
    payload = base64.urlsafe_b64encode(b"not json but secret").decode()
    with pytest.raises(EvidenceError) as caught:
        unverified_claims(Secret(f"a.{payload}.c", "X"))
    assert "secret" not in str(caught.value.__cause__ or "")
    assert "secret" not in str(caught.value)


def test_only_the_key_that_signed_is_recognised() -> None:
    assert signed_by(Secret(token()), key_set(KEY))
    assert not signed_by(Secret(token()), key_set(OTHER_KEY))
    changed = token()[:-8] + "AAAAAAAA"
    assert not signed_by(Secret(changed), key_set(KEY))
    assert not signed_by(Secret("no.token.atall"), key_set(KEY))


def test_a_token_signed_with_the_public_key_as_a_password_is_not_recognised() -> None:
    forged = jwt.encode({"aud": "pypi"}, "a" * 64, "HS256")
    unsigned = jwt.encode({"aud": "pypi"}, "", "none")
    assert not signed_by(Secret(forged), key_set(KEY))
    assert not signed_by(Secret(unsigned), key_set(KEY))


@pytest.mark.parametrize("keys", [b"", b"{}", b"[]", b'{"keys": 1}', b"\xff"])
def test_a_broken_key_set_is_an_error_not_a_no(keys: bytes) -> None:
    with pytest.raises(InputError):
        signed_by(Secret(token()), keys)


def test_credentials_are_named_and_never_shown() -> None:
    environ = {
        "PYPI_ID_TOKEN": token(), "CI_JOB_TOKEN": "glcbt-64_x", "MY_OWN_NAME": token("sigstore"),
        "TWINE_PASSWORD": "pw", "PATH": "/bin", "NPM_TOKEN": "",
    }  # fmt: skip
    assert ambient_credentials(environ) == (
        "CI_JOB_TOKEN", "MY_OWN_NAME", "PYPI_ID_TOKEN", "TWINE_PASSWORD",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("environ", "foreign"),
    [
        ({"SIGSTORE_ID_TOKEN": token("sigstore")}, ()),
        ({"PYPI_ID_TOKEN": token("pypi")}, ("PYPI_ID_TOKEN",)),
        ({"SIGSTORE_ID_TOKEN": token("pypi")}, ("SIGSTORE_ID_TOKEN",)),
        ({"TWINE_PASSWORD": "x"}, ("TWINE_PASSWORD",)),
        ({"ANYTHING": token("pypi")}, ("ANYTHING",)),
        ({"CI_JOB_TOKEN": "glcbt-64_x"}, ()),
        ({REQUEST_TOKEN: "x", REQUEST_URL: "y"}, ()),
    ],
)
def test_a_job_may_hold_the_tokens_of_its_audience_only(
    environ: dict[str, str], foreign: tuple[str, ...]
) -> None:
    assert foreign_credentials(environ, "sigstore") == foreign
