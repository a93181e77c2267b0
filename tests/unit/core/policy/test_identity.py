"""A signer is the publisher only when every claim agrees; each difference is named."""

from dataclasses import replace

import pytest

from sealane.core.model.identity import Claim, Identity
from sealane.core.policy.identity import differences
from sealane.core.policy.people import (
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    Publisher,
)

REF = "refs/tags/v1.0"
SHA = "a" * 40


def gitlab(host: str = "gitlab.com", project: str = "acme/hello", **changed: str) -> Identity:
    uri = f"https://{host}/{project}//{changed.pop('file', 'ci.yml')}@{changed.pop('at', REF)}"
    claims = {
        Claim.ISSUER: f"https://{host}",
        Claim.BUILD_SIGNER_URI: uri,
        Claim.BUILD_CONFIG_URI: uri,
        # Every instance's certificate says gitlab.com here.
        Claim.SOURCE_REPOSITORY_URI: f"https://gitlab.com/{project}",
        Claim.SOURCE_REPOSITORY_REF: changed.pop("ref", REF),
        Claim.SOURCE_REPOSITORY_DIGEST: SHA,
        Claim.SOURCE_REPOSITORY_ID: "42",
        Claim.RUNNER_ENVIRONMENT: changed.pop("runner", "gitlab-hosted"),
        Claim.DEPLOYMENT_ENVIRONMENT: changed.pop("environment", "release"),
    }
    assert not changed
    return identity(claims, uri)


def identity(claims: dict[Claim, str], subject: str) -> Identity:
    pairs = tuple(sorted((int(claim), text) for claim, text in claims.items()))
    return Identity(claims[Claim.ISSUER], subject, pairs)


def github(repository: str = "acme/hello", file: str = "release.yml", **changed: str) -> Identity:
    workflow = f"https://github.com/{repository}/.github/workflows/{file}@{REF}"
    signer = changed.pop("signer", workflow)
    claims = {
        Claim.ISSUER: "https://token.actions.githubusercontent.com",
        Claim.BUILD_SIGNER_URI: signer,
        Claim.BUILD_CONFIG_URI: workflow,
        Claim.SOURCE_REPOSITORY_URI: f"https://github.com/{repository}",
        Claim.SOURCE_REPOSITORY_REF: REF,
        Claim.SOURCE_REPOSITORY_DIGEST: SHA,
    }
    assert not changed
    return identity(claims, signer)


def without(signer: Identity, claim: Claim) -> Identity:
    return replace(signer, extensions=tuple(p for p in signer.extensions if p[0] != claim))


def having(signer: Identity, claim: Claim, text: str) -> Identity:
    kept = without(signer, claim).extensions
    return replace(signer, extensions=tuple(sorted((*kept, (int(claim), text)))))


GITLAB = ForgePublisher("ci", ForgeSort.GITLAB, "https://gitlab.com", "acme/hello")
FULL = replace(
    GITLAB, config="ci.yml", refs=("refs/tags/v{pep440}",), environment="release",
    runner="gitlab-hosted", project_id="42",
)  # fmt: skip
SELF = replace(FULL, issuer="https://git.example.org")
GITHUB = ForgePublisher(
    "ci", ForgeSort.GITHUB, "https://token.actions.githubusercontent.com", "Acme/Hello",
    config=".github/workflows/release.yml",
)  # fmt: skip


def codes(publisher: Publisher, signer: Identity, version: str | None = "1.0") -> list[str]:
    return [one.code for one in differences(publisher, signer, version)]


@pytest.mark.parametrize(
    ("publisher", "signer"),
    [
        (GITLAB, gitlab()),
        (FULL, gitlab()),
        (FULL, gitlab(at=SHA)),
        (SELF, gitlab("git.example.org")),
        (
            SELF,
            having(
                gitlab("git.example.org"),
                Claim.SOURCE_REPOSITORY_URI,
                "https://git.example.org/acme/hello",
            ),
        ),
        (GITHUB, github()),
        (GITHUB, github("ACME/hello")),
        (
            GITHUB,
            github(signer=f"https://github.com/acme/hello/.github/workflows/sub.yml@{SHA}"),
        ),
    ],
)
def test_the_publisher_itself_is_accepted(publisher: Publisher, signer: Identity) -> None:
    assert codes(publisher, signer) == []


@pytest.mark.parametrize(
    ("publisher", "signer", "expected"),
    [
        pytest.param(GITLAB, gitlab("gitlab.archlinux.org"), ["SL-ID-002", "SL-ID-003"],
                     id="other-instance-same-path"),
        pytest.param(GITLAB, replace(gitlab("evil.example"), issuer="https://gitlab.com"),
                     ["SL-ID-003"], id="other-host-in-the-uri"),
        pytest.param(SELF, gitlab(), ["SL-ID-002", "SL-ID-003"], id="gitlab.com-for-self-managed"),
        pytest.param(GITLAB, gitlab(project="acme/Hello"), ["SL-ID-003"], id="gitlab-case"),
        pytest.param(GITLAB, gitlab(project="acme/hello/sub"), ["SL-ID-003"], id="subproject"),
        pytest.param(FULL, gitlab(file="other.yml"), ["SL-ID-005"], id="file"),
        pytest.param(FULL, gitlab(file="ci.yml@refs/tags/v1.0"), ["SL-ID-005"] * 3,
                     id="file-named-like-a-ref"),
        pytest.param(FULL, gitlab(at="refs/heads/main"), ["SL-ID-005"] * 3, id="file-of-branch"),
        pytest.param(FULL, gitlab(ref="refs/heads/v1.0"), ["SL-ID-005"] * 3 + ["SL-ID-004"],
                     id="branch"),
        pytest.param(FULL, gitlab(environment="staging"), ["SL-ID-006"], id="environment"),
        pytest.param(FULL, without(gitlab(), Claim.DEPLOYMENT_ENVIRONMENT), ["SL-ID-006"],
                     id="no-environment"),
        pytest.param(FULL, gitlab(runner="self-hosted"), ["SL-ID-007"], id="runner"),
        pytest.param(FULL, having(gitlab(), Claim.SOURCE_REPOSITORY_ID, "43"), ["SL-ID-008"],
                     id="project-id"),
        pytest.param(FULL, without(gitlab(), Claim.SOURCE_REPOSITORY_URI), ["SL-ID-003"],
                     id="no-source"),
        pytest.param(FULL, without(gitlab(), Claim.BUILD_SIGNER_URI), ["SL-ID-003"],
                     id="no-signer-uri"),
        pytest.param(FULL, without(gitlab(), Claim.BUILD_CONFIG_URI), ["SL-ID-003"],
                     id="no-config-uri"),
        pytest.param(FULL, replace(gitlab(), subject="https://gitlab.com/acme/hello//ci.yml"),
                     ["SL-ID-003"], id="subject-without-ref"),
        pytest.param(FULL, without(gitlab(), Claim.SOURCE_REPOSITORY_REF),
                     ["SL-ID-005"] * 3 + ["SL-ID-004"], id="no-ref"),
        pytest.param(GITLAB, without(gitlab(at=SHA), Claim.SOURCE_REPOSITORY_REF), ["SL-ID-004"],
                     id="no-ref-no-template"),
        pytest.param(GITHUB, github("acme/hello2"), ["SL-ID-003"], id="github-project"),
        pytest.param(GITHUB, github("a\u212ame/hello"), ["SL-ID-003"], id="kelvin-sign"),
        pytest.param(GITHUB, github(file="Release.yml"), ["SL-ID-005"], id="workflow-case"),
        pytest.param(GITHUB, github(signer=f"https://github.com/evil/x/.github/workflows/release.yml@{REF}"),
                     ["SL-ID-003"], id="reusable-of-another-project"),
        pytest.param(GITHUB, gitlab(), ["SL-ID-002", "SL-ID-003"], id="other-forge"),
    ],
)  # fmt: skip
def test_every_difference_is_named(
    publisher: Publisher, signer: Identity, expected: list[str]
) -> None:
    assert codes(publisher, signer) == expected


def test_a_wrong_version_and_none_are_refused() -> None:
    assert codes(FULL, gitlab(), "1.1") == ["SL-ID-004"]
    assert codes(FULL, gitlab(), None) == ["SL-ID-004"]
    assert codes(GITLAB, gitlab(), "1.1") == ["SL-ID-004"]
    assert codes(GITLAB, gitlab(), None) == ["SL-ID-010"]
    assert codes(replace(GITLAB, refs=(REF,)), gitlab(), None) == []


@pytest.mark.parametrize("runner", ["ssh-rerun", '"ssh-rerun"'])
def test_a_job_that_was_opened_by_shell_is_refused_whoever_asks(runner: str) -> None:
    signer = having(gitlab(), Claim.RUNNER_ENVIRONMENT, runner)
    assert codes(GITLAB, signer) == ["SL-ID-007"]
    assert codes(ExactPublisher("x", signer.issuer, signer.subject), signer) == ["SL-ID-007"]


PERSON = Identity("https://login.example.org", "ann@example.org")


@pytest.mark.parametrize(
    ("signer", "expected"),
    [
        (PERSON, []),
        (replace(PERSON, subject="bo@example.org"), []),
        (replace(PERSON, subject="Ann@example.org"), ["SL-ID-009"]),
        (replace(PERSON, subject="ann@example.org "), ["SL-ID-009"]),
        (replace(PERSON, issuer="https://login.example.org/"), ["SL-ID-002"]),
        (replace(PERSON, issuer=""), ["SL-ID-002"]),
    ],
)
def test_a_person_is_address_and_issuer(signer: Identity, expected: list[str]) -> None:
    members = ("ann@example.org", "bo@example.org")
    team = EmailPublisher("team", "https://login.example.org", members)
    assert codes(team, signer) == expected


def test_an_exact_identity_is_compared_as_text() -> None:
    exact = ExactPublisher("x", PERSON.issuer, PERSON.subject)
    assert codes(exact, PERSON) == []
    assert codes(exact, replace(PERSON, subject=PERSON.subject + "x")) == ["SL-ID-009"]
    assert codes(exact, replace(PERSON, issuer=PERSON.issuer + "x")) == ["SL-ID-002"]
