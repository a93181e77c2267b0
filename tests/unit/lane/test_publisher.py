"""What a release job's token must say, and what is told when it does not."""

from collections.abc import Callable, Mapping

import pytest

from sealane.core.release.project import Forge, ForgeKind
from sealane.core.release.publisher_claims import claim_differences, expected_publisher
from sealane.lane.publisher import (
    builder_id,
    differences,
    expected_claims,
    explain_mint,
    invocation,
)

GITLAB = Forge(ForgeKind.GITLAB, "acme/demo", "gitlab.com", ".gitlab-ci.yml")
GITHUB = Forge(ForgeKind.GITHUB, "acme/demo", "github.com", ".github/workflows/release.yml")
GITLAB_CLAIMS = {
    "iss": "https://gitlab.com", "project_path": "acme/demo", "ref_protected": "true",
    "ref_path": "refs/tags/v1", "environment": "release", "job_id": "7",
    "ci_config_ref_uri": "gitlab.com/acme/demo//.gitlab-ci.yml@refs/tags/v1",
}  # fmt: skip
GITHUB_CLAIMS = {
    "iss": "https://token.actions.githubusercontent.com", "ref_protected": "true",
    "repository": "acme/demo", "ref": "refs/tags/v1", "environment": "release", "run_id": "7",
    "job_workflow_ref": "acme/demo/.github/workflows/release.yml@refs/tags/v1",
    "run_attempt": "2",
}  # fmt: skip


@pytest.mark.parametrize(("forge", "claims"), [(GITLAB, GITLAB_CLAIMS), (GITHUB, GITHUB_CLAIMS)])
def test_the_release_jobs_own_claims_differ_in_nothing(
    forge: Forge, claims: dict[str, str]
) -> None:
    assert differences(claims, expected_claims(forge, "v1", "release")) == ()


@pytest.mark.parametrize(("forge", "claims"), [(GITLAB, GITLAB_CLAIMS), (GITHUB, GITHUB_CLAIMS)])
def test_each_claim_that_is_missing_or_another_is_named(
    forge: Forge, claims: dict[str, str]
) -> None:
    expected = expected_claims(forge, "v1", "release")
    for name in expected:
        (line,) = differences({**claims, name: "other"}, expected)
        assert line.startswith(f"{name}: expected ")
        assert "'other'" in line
        (line,) = differences({k: v for k, v in claims.items() if k != name}, expected)
        assert line.endswith("the token says nothing")


def test_the_builder_is_the_certificates_build_signer() -> None:
    ref = "gitlab.com/acme/demo//.gitlab-ci.yml@refs/tags/v1"
    assert builder_id(GITLAB_CLAIMS) == f"https://{ref}"
    assert builder_id(GITHUB_CLAIMS) == (
        "https://github.com/acme/demo/.github/workflows/release.yml@refs/tags/v1"
    )
    assert builder_id({"sub": "x"}) == ""


def test_the_run_is_named_as_the_certificate_names_it() -> None:
    assert invocation(GITLAB_CLAIMS) == "https://gitlab.com/acme/demo/-/jobs/7"
    assert invocation(GITHUB_CLAIMS) == ("https://github.com/acme/demo/actions/runs/7/attempts/2")
    assert invocation({}) == ""


@pytest.mark.parametrize(
    ("code", "hint"),
    [
        ("invalid-reuse-token", "start a new job"),
        ("invalid-publisher", "register this publisher"),
        ("something-new", "compare the publisher"),
    ],
)
def test_a_refusal_to_mint_is_explained(code: str, hint: str) -> None:
    expected = expected_claims(GITLAB, "v1", "release")
    message, shown = explain_mint(code, f"422 {code}: words", GITLAB_CLAIMS, expected)
    assert "words" in message
    assert hint in shown


def test_a_refused_publisher_shows_what_differs() -> None:
    expected = expected_claims(GITLAB, "v1", "release")
    claims = {**GITLAB_CLAIMS, "project_path": "acme/else"}
    message, _ = explain_mint("invalid-publisher", "said", claims, expected)
    assert "project_path: expected 'acme/demo', the token says 'acme/else'" in message


COMMIT = "c" * 40
GITLAB_JOB = {
    "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.com", "CI_PROJECT_PATH": "acme/demo",
    "CI_CONFIG_PATH": ".gitlab-ci.yml", "CI_COMMIT_TAG": "v1", "CI_COMMIT_SHA": COMMIT,
    "CI_COMMIT_REF_PROTECTED": "true",
}  # fmt: skip
GITHUB_JOB = {
    "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/demo", "GITHUB_REF": "refs/tags/v1", "GITHUB_SHA": COMMIT,
    "GITHUB_WORKFLOW_REF": "acme/demo/.github/workflows/release.yml@refs/tags/v1",
    "GITHUB_REF_PROTECTED": "true",
}  # fmt: skip
Job = Mapping[str, str]


def gitlab_token(job: Job) -> dict[str, str]:
    """What GitLab says in the token of a job with these variables."""
    ref = f"refs/tags/{job['CI_COMMIT_TAG']}"
    place = f"{job['CI_SERVER_HOST']}/{job['CI_PROJECT_PATH']}//{job['CI_CONFIG_PATH']}"
    return {
        "iss": f"https://{job['CI_SERVER_HOST']}", "project_path": job["CI_PROJECT_PATH"],
        "ci_config_ref_uri": f"{place}@{ref}", "ref_path": ref, "sha": job["CI_COMMIT_SHA"],
        "ref_protected": job["CI_COMMIT_REF_PROTECTED"], "environment": "release",
    }  # fmt: skip


def github_token(job: Job) -> dict[str, str]:
    """What GitHub says in the token of a job with these variables."""
    issuers = {"https://github.com": "https://token.actions.githubusercontent.com"}
    return {
        "iss": issuers.get(job["GITHUB_SERVER_URL"], "https://ghes.example.org/_services/token"),
        "repository": job["GITHUB_REPOSITORY"], "job_workflow_ref": job["GITHUB_WORKFLOW_REF"],
        "ref": job["GITHUB_REF"], "ref_protected": job["GITHUB_REF_PROTECTED"],
        "sha": job["GITHUB_SHA"], "environment": "release",
    }  # fmt: skip


FORGES = [(GITLAB, GITLAB_JOB, gitlab_token), (GITHUB, GITHUB_JOB, github_token)]


@pytest.mark.parametrize(("forge", "job", "token_of"), FORGES)
def test_preflight_and_the_token_stages_agree_on_every_job(
    forge: Forge, job: dict[str, str], token_of: Callable[[Job], dict[str, str]]
) -> None:
    expected = expected_claims(forge, "v1", "release") | {"sha": COMMIT}
    assert claim_differences(forge, "v1", COMMIT, job) == ()
    assert differences(token_of(job), expected) == ()
    for name in list(job)[1:]:
        changed = {**job, name: "other"}
        assert claim_differences(forge, "v1", COMMIT, changed), name
        assert differences(token_of(changed), expected), name


@pytest.mark.parametrize(("forge", "job", "token_of"), FORGES)
def test_the_identity_preflight_shows_is_the_one_that_signs(
    forge: Forge, job: dict[str, str], token_of: Callable[[Job], dict[str, str]]
) -> None:
    assert expected_publisher(forge, "release", "v1").identity == builder_id(token_of(job))
