"""What a job says of itself is compared as its CI writes it; who can be registered is said."""

from dataclasses import replace

import pytest

from sealane.core.release.project import Channel, ChannelKind, Forge, ForgeKind
from sealane.core.release.project_parse import parse_project
from sealane.core.release.publisher_claims import (
    claim_differences,
    expected_publisher,
    unsupported_publisher,
)

COMMIT = "b" * 40
GITHUB = Forge(ForgeKind.GITHUB, "acme/hello", "github.com", ".github/workflows/release.yml")
JOB = {
    "GITHUB_ACTIONS": "true", "GITHUB_SERVER_URL": "https://github.com",
    "GITHUB_REPOSITORY": "acme/hello", "GITHUB_REF": "refs/tags/v1", "GITHUB_SHA": COMMIT,
    "GITHUB_WORKFLOW_REF": "acme/hello/.github/workflows/release.yml@refs/tags/v1",
    "GITHUB_REF_PROTECTED": "true",
}  # fmt: skip
PROJECT = parse_project(
    b'schema = "sealane.release/1"\n[project]\nname = "hello"\n[forge]\nkind = "gitlab"\n'
    b'project = "acme/hello"\n[[channel]]\nname = "main"\nkind = "pypi"\n'
)


@pytest.mark.parametrize(
    "server", ["github.com", "http://github.com", "https://github.com.evil.example", "https://[x"]
)
def test_another_server_is_a_difference(server: str) -> None:
    (found,) = claim_differences(GITHUB, "v1", COMMIT, {**JOB, "GITHUB_SERVER_URL": server})
    assert str(found) == (
        f"claim GITHUB_SERVER_URL: expected 'https://github.com', this job has {server!r}"
    )


def test_a_job_of_two_systems_at_once_is_of_neither() -> None:
    (found,) = claim_differences(GITHUB, "v1", COMMIT, {**JOB, "GITLAB_CI": "true"})
    assert (found.claim, found.expected, found.actual) == ("CI", "github", "gitlab and github")


def test_the_publisher_is_shown_as_the_form_of_the_index_asks() -> None:
    assert str(expected_publisher(GITHUB, "", "v1")) == (
        "GitHub: owner acme, repository hello, workflow release.yml, environment (any)"
    )


def test_only_the_index_refuses_a_forge_of_ones_own() -> None:
    assert unsupported_publisher(PROJECT) is None
    own = replace(PROJECT, forge=replace(PROJECT.forge, host="git.example.org"))
    assert "'main': expected a pipeline on gitlab.com, got git.example.org" in str(
        unsupported_publisher(own)
    )
    disguised = replace(own, forge=replace(GITHUB, host="gitlab.com"))
    assert "expected a pipeline on github.com" in str(unsupported_publisher(disguised))
    elsewhere = Channel("own", ChannelKind.INDEX, "https://index.example.org/", "")
    assert unsupported_publisher(replace(own, channels=(elsewhere,))) is None
