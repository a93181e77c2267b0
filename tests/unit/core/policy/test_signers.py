"""Reusable workflows, enterprises, CircleCI, owners: who signs and who asks are told apart."""

from dataclasses import replace

import pytest

from sealane.core.model.identity import Claim, Identity
from sealane.core.model.verdict import Compared
from sealane.core.policy.comparisons import comparisons
from sealane.core.policy.identity import differences, repositories_of
from sealane.core.policy.people import (
    CircleCiPublisher,
    EmailPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
    Signer,
)
from support.judging import (
    ANN,
    BUILDER,
    GITHUB,
    GITLAB,
    HUB,
    ISSUER,
    REUSED,
    TAG,
    TEAM,
    WORKFLOW,
    github,
    gitlab,
    having,
    identity,
    person,
    reused,
)

THEIRS = f"https://github.com/trusted/builder/{BUILDER}"
PINNED = replace(REUSED, signer=Signer("trusted/builder", BUILDER, ("d" * 40,)))
OWN_GITLAB = replace(GITLAB, issuer="https://git.example.org")
SHARED = replace(
    OWN_GITLAB, config=None, signer=Signer("acme/ci", "release.yml", ("refs/tags/v{pep440}",))
)


def signed_by(uri: str, caller: Identity | None = None) -> Identity:
    """A run in which a certificate names another file as the one that signed."""
    found = having(github() if caller is None else caller, Claim.BUILD_SIGNER_URI, uri)
    return replace(found, subject=uri)


def shared(uri: str = "https://git.example.org/acme/ci//release.yml@refs/tags/v1.0") -> Identity:
    """GitLab's certificates name the file that ran, wherever it lies, in all three places."""
    found = having(gitlab("git.example.org"), Claim.BUILD_SIGNER_URI, uri)
    return replace(having(found, Claim.BUILD_CONFIG_URI, uri), subject=uri)


def codes(publisher: Publisher, signer: Identity, version: str | None = "1.0") -> list[str]:
    return [one.code for one in differences(publisher, signer, version)]


@pytest.mark.parametrize(
    ("publisher", "signer", "expected"),
    [
        pytest.param(REUSED, reused(), [], id="as-pinned"),
        pytest.param(REUSED, signed_by(f"https://github.com/Trusted/builder/{BUILDER}@refs/tags/v2"),
                     [], id="written-otherwise"),
        pytest.param(REUSED, signed_by(f"{THEIRS}@refs/tags/v1"), ["SL-ID-005"] * 2,
                     id="another-version-of-it"),
        pytest.param(REUSED, signed_by(f"{THEIRS}@refs/heads/v2"), ["SL-ID-005"] * 2,
                     id="a-branch-of-that-name"),
        pytest.param(REUSED, signed_by(THEIRS), ["SL-ID-003"], id="no-revision"),
        pytest.param(REUSED, signed_by(f"{THEIRS}@"), ["SL-ID-005"] * 2, id="empty-revision"),
        pytest.param(REUSED, signed_by(f"https://github.com/trusted/builder/{WORKFLOW}@refs/tags/v2"),
                     ["SL-ID-005"] * 2, id="another-file-of-it"),
        pytest.param(REUSED, signed_by(f"https://github.com/evil/builder/{BUILDER}@refs/tags/v2"),
                     ["SL-ID-003"], id="another-project"),
        pytest.param(REUSED, signed_by(f"https://evil.example/trusted/builder/{BUILDER}@refs/tags/v2"),
                     ["SL-ID-003"], id="another-host"),
        pytest.param(REUSED, github(), ["SL-ID-003"], id="the-caller-alone"),
        pytest.param(REUSED, replace(reused(), subject=github().subject), ["SL-ID-003"],
                     id="subject-of-the-caller"),
        pytest.param(REUSED, having(reused(), Claim.BUILD_CONFIG_URI, f"{THEIRS}@refs/tags/v2"),
                     ["SL-ID-003"], id="it-calls-itself"),
        pytest.param(REUSED, having(reused(), Claim.SOURCE_REPOSITORY_URI,
                                    "https://github.com/trusted/builder"),
                     ["SL-ID-003"], id="its-own-source"),
        pytest.param(REUSED, having(reused(), Claim.BUILD_CONFIG_URI,
                                    f"{HUB}/.github/workflows/other.yml@{TAG}"),
                     ["SL-ID-005"], id="another-file-of-the-caller"),
        pytest.param(REUSED, having(reused(), Claim.BUILD_CONFIG_URI,
                                    f"{HUB}/{WORKFLOW}@refs/heads/main"),
                     ["SL-ID-005"], id="another-revision-of-the-caller"),
        pytest.param(PINNED, reused(), [], id="a-commit-behind-a-tag"),
        pytest.param(PINNED, signed_by(f"{THEIRS}@{'d' * 40}"), [], id="a-commit"),
        pytest.param(PINNED, having(reused(), Claim.BUILD_SIGNER_DIGEST, "e" * 40),
                     ["SL-ID-005"] * 2, id="the-tag-was-moved"),
        pytest.param(PINNED, having(reused(), Claim.BUILD_SIGNER_DIGEST, None),
                     ["SL-ID-005"] * 2, id="nothing-tells-the-commit"),
        pytest.param(GITHUB, reused(), ["SL-ID-003"], id="nobody-named-a-signer"),
        pytest.param(SHARED, shared(), [], id="gitlab-shared-file"),
        pytest.param(SHARED, shared("https://git.example.org/acme/ci//release.yml@refs/tags/v1.1"),
                     ["SL-ID-005"] * 3, id="gitlab-another-version"),
        pytest.param(SHARED, shared("https://gitlab.com/acme/ci//release.yml@refs/tags/v1.0"),
                     ["SL-ID-003"], id="gitlab-another-instance"),
        pytest.param(SHARED, gitlab("git.example.org"), ["SL-ID-003"], id="gitlab-own-file"),
        pytest.param(replace(SHARED, config="ci.yml"), shared(), ["SL-ID-005"],
                     id="gitlab-names-one-file-only"),
    ],
)  # fmt: skip
def test_who_signs_and_who_asks_are_both_compared(
    publisher: ForgePublisher, signer: Identity, expected: list[str]
) -> None:
    assert codes(publisher, signer) == expected


def test_no_revision_is_not_the_same_as_none() -> None:
    nowhere = having(github(ref=""), Claim.SOURCE_REPOSITORY_DIGEST, "")
    assert codes(GITHUB, nowhere) == ["SL-ID-005"] * 3 + ["SL-ID-004"]


def test_an_owner_is_told_by_its_id() -> None:
    owned = replace(GITHUB, owner_id="7", project_id="42")
    assert codes(owned, github()) == []
    assert codes(owned, having(github(), Claim.SOURCE_OWNER_ID, "8")) == ["SL-ID-012"]
    assert codes(owned, having(github(), Claim.SOURCE_OWNER_ID, None)) == ["SL-ID-012"]
    assert codes(replace(owned, owner_id="42", project_id="7"), github()) == [
        "SL-ID-008",
        "SL-ID-012",
    ]


def moved(signer: Identity, issuer: str, base: str) -> Identity:
    """The same workflow on another server, with another issuer."""
    pairs = tuple((n, text.replace("https://github.com", base)) for n, text in signer.extensions)
    subject = signer.subject.replace("https://github.com", base)
    return having(Identity(issuer, subject, pairs), Claim.ISSUER, issuer)


@pytest.mark.parametrize(
    ("issuer", "base"),
    [
        (f"{ISSUER}/acme-corp", "https://github.com"),
        ("https://git.acme.example/_services/token", "https://git.acme.example"),
    ],
)
def test_an_enterprise_has_an_issuer_of_its_own(issuer: str, base: str) -> None:
    enterprise = replace(GITHUB, issuer=issuer)
    assert codes(enterprise, moved(github(), issuer, base)) == []
    assert "SL-ID-002" in codes(enterprise, github())
    assert "SL-ID-002" in codes(GITHUB, moved(github(), issuer, base))
    if base != "https://github.com":
        # The same path on the public server, or on another one, is another project.
        assert codes(enterprise, moved(github(), issuer, "https://github.com")) == ["SL-ID-003"]
        assert codes(enterprise, moved(github(), issuer, "https://git.evil.example")) == [
            "SL-ID-003"
        ]


CIRCLE = CircleCiPublisher("ci", "https://oidc.circleci.com/org/1", "2", "3")
BOUND = replace(CIRCLE, vcs_origin="github.com/acme/hello", vcs_refs=("refs/tags/v{pep440}",))
DEFINITION = "https://circleci.com/api/v2/projects/2/pipeline-definitions/3"


def circleci(**changed: str) -> Identity:
    claims = {
        Claim.ISSUER: "https://oidc.circleci.com/org/1",
        Claim.BUILD_SIGNER_URI: DEFINITION,
        Claim.RUNNER_ENVIRONMENT: '""',
        Claim.SOURCE_REPOSITORY_URI: "github.com/acme/hello",
        Claim.SOURCE_REPOSITORY_REF: TAG,
        Claim.BUILD_CONFIG_URI: "https://circleci.com/api/v2/pipeline/9/config",
    }
    return identity(claims | {Claim[name]: text for name, text in changed.items()}, DEFINITION)


@pytest.mark.parametrize(
    ("publisher", "signer", "expected"),
    [
        pytest.param(CIRCLE, circleci(), [], id="as-named"),
        pytest.param(BOUND, circleci(), [], id="with-its-source"),
        pytest.param(CIRCLE, circleci(RUNNER_ENVIRONMENT="ssh-rerun"), ["SL-ID-007"],
                     id="ssh-rerun"),
        pytest.param(CIRCLE, circleci(RUNNER_ENVIRONMENT='"ssh-rerun"'), ["SL-ID-007"],
                     id="ssh-rerun-in-quotes"),
        pytest.param(CIRCLE, replace(circleci(), issuer="https://oidc.circleci.com/org/2"),
                     ["SL-ID-002"], id="another-organisation"),
        pytest.param(CIRCLE, replace(circleci(), subject=f"{DEFINITION}4"), ["SL-ID-009"],
                     id="another-definition"),
        pytest.param(CIRCLE, circleci(BUILD_SIGNER_URI=f"{DEFINITION}4"), ["SL-ID-005"],
                     id="another-claim"),
        pytest.param(CIRCLE, having(circleci(), Claim.BUILD_SIGNER_URI, None), ["SL-ID-005"],
                     id="no-claim"),
        pytest.param(BOUND, circleci(SOURCE_REPOSITORY_URI="github.com/acme/fork"), ["SL-ID-003"],
                     id="another-source"),
        pytest.param(BOUND, having(circleci(), Claim.SOURCE_REPOSITORY_URI, None), ["SL-ID-003"],
                     id="no-source"),
        pytest.param(BOUND, circleci(SOURCE_REPOSITORY_REF="refs/heads/main"), ["SL-ID-004"],
                     id="a-branch"),
        pytest.param(BOUND, having(circleci(), Claim.SOURCE_REPOSITORY_REF, None), ["SL-ID-004"],
                     id="no-ref"),
    ],
)  # fmt: skip
def test_circleci_is_a_pipeline_definition(
    publisher: Publisher, signer: Identity, expected: list[str]
) -> None:
    assert codes(publisher, signer) == expected


def test_a_self_managed_gitlab_has_two_names_and_gitlab_com_one() -> None:
    assert repositories_of(GITLAB) == ("https://gitlab.com/acme/hello",)
    assert repositories_of(OWN_GITLAB) == (
        "https://git.example.org/acme/hello",
        "https://gitlab.com/acme/hello",
    )


def by_name(found: tuple[Compared, ...]) -> dict[str, Compared]:
    return {one.claim: one for one in found}


def test_every_claim_stands_beside_what_is_demanded_of_it() -> None:
    full = replace(GITHUB, project_id="42", environment="release", refs=("refs/tags/v{pep440}",))
    found = by_name(comparisons(full, github(), "1.0"))
    assert found["issuer"] == Compared("issuer", ISSUER, ISSUER, held=True)
    wanted = f"{HUB.removesuffix('hello')}hello/{WORKFLOW}@ref or commit of the source"
    assert found["subject"] == Compared("subject", wanted, github().subject, held=True)
    assert found["source repository id"] == Compared("source repository id", "42", "42", held=True)
    # What is demanded and not there is shown; so is what nobody asks for.
    missing = Compared("deployment environment", "release", "", held=False)
    assert found["deployment environment"] == missing
    assert found["source owner id"] == Compared("source owner id", "", "7", held=True)
    assert "token subject" not in found
    assert found["source repository ref"].demanded == "refs/tags/v{pep440} for version 1.0"


@pytest.mark.parametrize(
    ("publisher", "signer", "version", "wrong"),
    [
        (GITHUB, github(), "1.0", set()),
        (GITHUB, github(), "1.1", {"source repository ref"}),
        (GITHUB, github(), None, {"source repository ref"}),
        (GITHUB, github("acme/other"), "1.0",
         {"source repository uri", "subject", "build signer uri", "build config uri"}),
        (GITHUB, reused(), "1.0", {"subject", "build signer uri"}),
        (REUSED, reused(), "1.0", set()),
        (REUSED, signed_by(f"{THEIRS}@refs/tags/v1"), "1.0", {"subject", "build signer uri"}),
        (SHARED, shared(), "1.0", set()),
        (GITHUB, having(github(), Claim.RUNNER_ENVIRONMENT, "ssh-rerun"), "1.0",
         {"runner environment"}),
        (replace(GITHUB, owner_id="9", runner="x"), github(), "1.0",
         {"source owner id", "runner environment"}),
        (CIRCLE, circleci(), "1.0", set()),
        (BOUND, circleci(SOURCE_REPOSITORY_REF="x"), "1.0", {"source repository ref"}),
        (ANN, person(), None, set()),
        (TEAM, replace(person(), subject="x"), None, {"subject"}),
        (EmailPublisher("t", "https://other.example", ("ann@example.org",)), person(), None,
         {"issuer"}),
        (KeyPublisher("k", "f", None), person(), None, {"issuer", "subject"}),
        (OpenPgpPublisher("o", "f", ""), person(), None, {"issuer", "subject"}),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_what_differs(
    publisher: Publisher, signer: Identity, version: str | None, wrong: set[str]
) -> None:
    found = comparisons(publisher, signer, version)
    assert {one.claim for one in found if not one.held} == wrong
    assert all(one.held for one in found) == (differences(publisher, signer, version) == ())


def test_the_reusable_pipeline_is_demanded_where_it_signs() -> None:
    found = by_name(comparisons(REUSED, reused(), "1.0"))
    assert found["subject"].demanded == f"{THEIRS}@refs/tags/v2"
    assert found["build config uri"].demanded.startswith(f"{HUB}/{WORKFLOW}@")
    both = by_name(comparisons(SHARED, shared(), "1.0"))
    assert both["subject"].demanded == both["build config uri"].demanded
    any_file = by_name(
        comparisons(
            ForgePublisher("x", ForgeSort.GITLAB, "https://gitlab.com", "a/b"), gitlab(), None
        )
    )
    assert any_file["subject"].demanded.startswith("https://gitlab.com/a/b//any file@")
