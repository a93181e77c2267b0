"""Which environment variables hold a credential that can sign or publish.

A build refuses to start while one of these exists. `CI_JOB_TOKEN` and the like are in every job of
their CI and cannot be left out of one; they can neither sign nor upload to the package index, and
the cleared environment of a build does not hold them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

# Names, each with the credential it holds.
_NAMES: tuple[tuple[str, str], ...] = (
    (r".*_?ID_TOKEN(_V[0-9]+)?", "a GitLab ID token"),
    (r"CI_JOB_JWT(_V[0-9]+)?", "a GitLab job JWT"),
    (r"ACTIONS_ID_TOKEN_REQUEST_(TOKEN|URL)", "the right to mint a GitHub ID token"),
    (r"ACTIONS_RUNTIME_TOKEN", "GitHub's token for artifacts and caches"),
    (r"GITHUB_TOKEN|GH_TOKEN|GITHUB_PAT", "a GitHub token"),
    (r"GITLAB_TOKEN|GITLAB_PRIVATE_TOKEN", "a GitLab token"),
    (r"CIRCLE_OIDC_TOKEN(_V2)?", "a CircleCI ID token"),
    (r"BUILDKITE_AGENT_ACCESS_TOKEN", "the right to mint a Buildkite ID token"),
    (r"GOOGLE_APPLICATION_CREDENTIALS", "Google credentials"),
    (r"GOOGLE_SERVICE_ACCOUNT_NAME", "the right to mint a Google ID token"),
    (r"AWS_(SECRET_ACCESS_KEY|SESSION_TOKEN|WEB_IDENTITY_TOKEN_FILE)", "AWS credentials"),
    (r"TWINE_(PASSWORD|CERT_PASSWORD)", "an upload credential"),
    (r"(UV_PUBLISH|FLIT|HATCH_INDEX|PDM_PUBLISH)_(TOKEN|PASSWORD|AUTH)", "an upload credential"),
    (r"POETRY_(PYPI_TOKEN|HTTP_BASIC)_.*", "an upload credential"),
    (r"(TEST_?)?PYPI_(API_)?(TOKEN|PASSWORD)", "an upload credential"),
    (r"NPM_TOKEN|NODE_AUTH_TOKEN", "an npm token"),
    (r"GPG_PRIVATE_KEY|GPG_PASSPHRASE|COSIGN_(PRIVATE_KEY|PASSWORD)", "a signing key"),
    (r"VAULT_TOKEN", "a Vault token"),
)
_NAME = tuple((re.compile(pattern), what) for pattern, what in _NAMES)
# Values that are a token wherever they stand: of the package index, of forges, a signed JWT.
_VALUES: tuple[tuple[str, str], ...] = (
    (r"pypi-[A-Za-z0-9_-]{16,}", "an index token"),
    (r"gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,}", "a GitHub token"),
    (r"glpat-[A-Za-z0-9_.-]{16,}", "a GitLab token"),
    # Not after "glcbt-": GitLab's job token may be a JWT too, and stands in several variables.
    (r"(?<![\w-])eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}", "a signed JWT"),
    (r"-----BEGIN [A-Z ]*PRIVATE KEY( BLOCK)?-----", "a private key"),
)
_VALUE = tuple((re.compile(pattern), what) for pattern, what in _VALUES)


def credentials_in(environment: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The variables that hold a credential, with what it is; values are never returned.

    Returns:
        (name, what it holds), sorted by name; empty variables hold nothing.
    """
    found = {}
    for name, value in environment.items():
        what = _by_name(name) or _by_value(value)
        if value and what:
            found[name] = what
    return tuple(sorted(found.items()))


def _by_name(name: str) -> str:
    upper = name.upper()
    return next((what for pattern, what in _NAME if pattern.fullmatch(upper)), "")


def _by_value(value: str) -> str:
    return next((what for pattern, what in _VALUE if pattern.search(value)), "")
