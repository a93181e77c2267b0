"""The publisher to register, and whether a job will carry its claims, are known beforehand."""

import pytest

from sealane.core.release.project import Forge, ForgeKind
from sealane.core.release.publisher_claims import claim_differences, expected_publisher

COMMIT = "b" * 40
GITLAB = Forge(ForgeKind.GITLAB, "acme/tools/hello", "gitlab.com", ".gitlab-ci.yml")
GITHUB = Forge(ForgeKind.GITHUB, "acme/hello", "github.com", ".github/workflows/release.yml")
GITLAB_JOB = {
    "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.com", "CI_PROJECT_PATH": "acme/tools/hello",
    "CI_CONFIG_PATH": ".gitlab-ci.yml", "CI_COMMIT_TAG": "v1", "CI_COMMIT_SHA": COMMIT,
    "CI_COMMIT_REF_PROTECTED": "true",
}  # fmt: skip
GITHUB_JOB = {
    "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/hello", "GITHUB_REF": "refs/tags/v1", "GITHUB_SHA": COMMIT,
    "GITHUB_WORKFLOW_REF": "acme/hello/.github/workflows/release.yml@refs/tags/v1",
    "GITHUB_REF_PROTECTED": "true",
}  # fmt: skip
JOBS = [(GITLAB, GITLAB_JOB), (GITHUB, GITHUB_JOB)]


def test_the_publisher_and_its_identity_are_named() -> None:
    gitlab = expected_publisher(GITLAB, "release", "v1")
    assert gitlab.identity == "https://gitlab.com/acme/tools/hello//.gitlab-ci.yml@refs/tags/v1"
    assert dict(gitlab.fields) == {
        "namespace": "acme/tools", "project": "hello", "pipeline file": ".gitlab-ci.yml",
        "environment": "release",
    }  # fmt: skip
    github = expected_publisher(GITHUB, "", "v1")
    assert (
        github.identity
        == "https://github.com/acme/hello/.github/workflows/release.yml@refs/tags/v1"
    )
    assert dict(github.fields)["workflow"] == "release.yml"


@pytest.mark.parametrize(("forge", "job"), JOBS)
def test_a_right_job_has_no_difference(forge: Forge, job: dict[str, str]) -> None:
    assert claim_differences(forge, "v1", COMMIT, job) == ()


def test_outside_a_ci_there_is_nothing_to_compare() -> None:
    assert claim_differences(GITLAB, "v1", COMMIT, {"CI_PROJECT_PATH": "left/over"}) == ()


@pytest.mark.parametrize(("forge", "job"), JOBS)
def test_every_claim_that_differs_or_is_missing_is_shown(forge: Forge, job: dict[str, str]) -> None:
    for name in list(job)[1:]:
        for changed in ({**job, name: "other"}, {k: v for k, v in job.items() if k != name}):
            found = claim_differences(forge, "v1", COMMIT, changed)
            assert [difference.claim for difference in found] == [name]


def test_a_job_of_another_forge_differs() -> None:
    assert claim_differences(GITLAB, "v1", COMMIT, GITHUB_JOB)
    assert claim_differences(GITLAB, "v1", COMMIT, GITHUB_JOB | GITLAB_JOB)
