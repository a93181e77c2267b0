"""A variable that can sign or publish is noticed by its name or by its value."""

import pytest

from sealane.core.release.credentials import credentials_in


@pytest.mark.parametrize(
    "name",
    [
        "SIGSTORE_ID_TOKEN", "PYPI_ID_TOKEN", "HTTP___127_0_0_1_18481_ID_TOKEN", "ID_TOKEN",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_URL", "CI_JOB_JWT_V2",
        "TWINE_PASSWORD", "UV_PUBLISH_TOKEN", "PYPI_TOKEN", "PYPI_API_TOKEN", "GITHUB_TOKEN",
        "NPM_TOKEN", "GPG_PRIVATE_KEY", "twine_password", "CIRCLE_OIDC_TOKEN_V2",
        "AWS_SECRET_ACCESS_KEY", "POETRY_PYPI_TOKEN_PYPI",
    ],
)  # fmt: skip
def test_a_credential_is_known_by_its_name(name: str) -> None:
    assert [found for found, _ in credentials_in({name: "x", "PATH": "/bin"})] == [name]


@pytest.mark.parametrize(
    "value",
    [
        "pypi-" + "A" * 40, "ghp_" + "a" * 36, "glpat-" + "a" * 20, "github_pat_" + "a" * 30,
        "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJodHRwczovL3gifQ." + "s" * 40,
        "-----BEGIN OPENSSH PRIVATE KEY-----\nx",
    ],
)  # fmt: skip
def test_a_credential_is_known_by_its_value_and_never_shown(value: str) -> None:
    found = credentials_in({"HARMLESS": value})
    assert [name for name, _ in found] == ["HARMLESS"]
    assert value not in str(found)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PATH", "/usr/bin"), ("SIGSTORE_ID_TOKEN", ""), ("CI_JOB_TOKEN", "glcbt-64_abc"),
        ("CI_JOB_TOKEN", "glcbt-eyJraWQiOiJhYmMifQ.eyJpc3MiOiJodHRwczovL3gifQ." + "s" * 40),
        ("CI_COMMIT_TAG", "v1.0.0"), ("GITHUB_REF", "refs/tags/v1"), ("TWINE_REPOSITORY", "pypi"),
    ],
)  # fmt: skip
def test_what_cannot_sign_or_publish_is_left_alone(name: str, value: str) -> None:
    assert credentials_in({name: value}) == ()
