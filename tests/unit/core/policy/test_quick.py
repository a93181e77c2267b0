"""One flag names a publisher, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.derive import derive_policy
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import (
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    Publisher,
)
from sealane.core.policy.quick import (
    GITHUB_ISSUER,
    GITLAB_ISSUER,
    STATEMENTS,
    exact_policy,
    parse_publisher,
    quick_policy,
)
from sealane.core.policy.schema import Policy, Rule
from sealane.core.release.project import Forge, ForgeKind
from sealane.core.verify.interface import Demands
from sealane.errors import PolicyError, UsageError

LAB, HUB = ForgeSort.GITLAB, ForgeSort.GITHUB


def forge(sort: ForgeSort, issuer: str, project: str, file: str | None, *refs: str) -> Publisher:
    return ForgePublisher("signer", sort, issuer, project, config=file, refs=refs)


@pytest.mark.parametrize(
    ("text", "publisher"),
    [
        ("gitlab:a/b", forge(LAB, GITLAB_ISSUER, "a/b", None)),
        ("gitlab:a/b/c//x/ci.yml", forge(LAB, GITLAB_ISSUER, "a/b/c", "x/ci.yml")),
        ("gitlab:a/b//ci.yml@v1", forge(LAB, GITLAB_ISSUER, "a/b", "ci.yml", "refs/tags/v1")),
        (
            "gitlab:a/b@refs/tags/v{pep440}",
            forge(LAB, GITLAB_ISSUER, "a/b", None, "refs/tags/v{pep440}"),
        ),
        (
            "gitlab+https://git.example.org/a/b//ci.yml",
            forge(LAB, "https://git.example.org", "a/b", "ci.yml"),
        ),
        (
            "gitlab+https://git.example.org:8443/a/b",
            forge(LAB, "https://git.example.org:8443", "a/b", None),
        ),
        ("github:a/b", forge(HUB, GITHUB_ISSUER, "a/b", None)),
        ("github:a/b/r.yml", forge(HUB, GITHUB_ISSUER, "a/b", ".github/workflows/r.yml")),
        (
            "github:a/b/.github/workflows/r.yml@refs/heads/main",
            forge(HUB, GITHUB_ISSUER, "a/b", ".github/workflows/r.yml", "refs/heads/main"),
        ),
        (
            "email:a@example.org,https://login.example.org",
            EmailPublisher("signer", "https://login.example.org", ("a@example.org",)),
        ),
    ],
)
def test_a_form_names_its_publisher(text: str, publisher: Publisher) -> None:
    assert parse_publisher(text) == publisher


@pytest.mark.parametrize(
    "text",
    [
        "", "gitlab", "gitlab:", "gitlab:a", "gitlab:a/b//", "gitlab:a/b@", "gitlab:a/../b",
        "gitlab:a/b//../x", "gitlab:a/*", "gitlab:a b/c", "gitlab:/a/b", "gitlab:a/b/",
        "gitlab:a/b@refs/tags/*", "gitlab+https:git.example.org/a/b@*",
        "gitlab+https://user@git.example.org/a/b", "gitlab+https://GIT.example.org/a/b",
        "gitlab+http://git.example.org/a/b", "gitlab+https:///a/b", "github:a", "github:a/b/",
        "github:/b/r.yml", "email:a@example.org", "email:,https://x.example", "email:a,https://x",
        "email:a@b,http://x.example", "email:a@b,https://x.example/?q", "email:a\u202e@b,https://x",
        "key:", "key:a\x00b", "key:a\u202eb", "openpgp:a.asc", "circleci:x", "gitlab:a/b\n//x",
    ],
)  # fmt: skip
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        quick_policy([text])


@given(st.text(max_size=80))
def test_no_text_raises_anything_else(text: str) -> None:
    for kind in ("", "gitlab:", "gitlab+https:", "github:", "email:", "key:"):
        try:
            parse_publisher(kind + text)
        except UsageError:
            continue


@pytest.mark.parametrize("file", ["a.pem", "../keys/a b.pem", "/keys/a.pem", "C:\\a.pem", "é"])
def test_a_key_is_named_by_its_file_and_is_loaded_later(file: str) -> None:
    policy = quick_policy([f"key:{file}"])
    assert policy.publishers == (KeyPublisher("signer", file, None),)
    assert policy.keys == ()


@pytest.mark.parametrize("publishers", [["key:a"], ["key:a", "key:b"], ["gitlab:a/b", "key:a"]])
def test_a_key_that_was_named_needs_no_log_and_a_certificate_all_there_is(
    publishers: list[str],
) -> None:
    policy = quick_policy(publishers)
    assert policy.demands == Demands(key_logs=0)
    assert len(policy.publishers) == len(publishers)
    assert quick_policy(["gitlab:a/b"]).demands == Demands()
    (requirement,) = policy.rules[0].requirements
    assert requirement.predicates == STATEMENTS


def test_nobody_is_refused() -> None:
    with pytest.raises(UsageError):
        quick_policy([])


@pytest.mark.parametrize(("subject", "issuer"), [("", "https://x"), (" ", "https://x"), ("a", "x")])
def test_an_exact_identity_needs_both_parts(subject: str, issuer: str) -> None:
    with pytest.raises(UsageError):
        exact_policy(subject, issuer)
    rule = exact_policy("a", "https://x").rules[0]
    assert rule.requirements[0].by == (ExactPublisher("signer", "https://x", "a"),)


def test_the_digest_is_of_what_is_required() -> None:
    assert quick_policy(["gitlab:a/b"]).sha256 == quick_policy(["gitlab:a/b"]).sha256
    assert quick_policy(["gitlab:a/b"]).sha256 != quick_policy(["gitlab:a/c"]).sha256


def test_a_tested_file_is_not_a_published_one() -> None:
    (requirement,) = quick_policy(["gitlab:a/b"]).rules[0].requirements
    assert requirement.predicates == (
        "signature", "publish", "slsa-provenance", "release-manifest",
    )  # fmt: skip


@pytest.mark.parametrize(
    "build",
    [
        lambda: Requirement((), (ExactPublisher("x", "i", "s"),)),
        lambda: Requirement(("publish",), ()),
        lambda: Rule((), (Requirement(("publish",), (ExactPublisher("x", "i", "s"),)),)),
        lambda: Rule(("*",), ()),
        lambda: Policy("a", "b", "c", ()),
    ],
)
def test_a_requirement_of_nothing_or_nobody_cannot_be_made(build: object) -> None:
    assert callable(build)
    with pytest.raises(ValueError, match="needs"):
        build()


@pytest.mark.parametrize(
    ("kind", "pipeline", "base"),
    [
        (ForgeKind.GITLAB, ".gitlab-ci.yml", "https://git.example.org"),
        (ForgeKind.GITHUB, ".github/workflows/r.yml", "https://github.com"),
    ],
)
def test_a_derived_policy_asks_for_both_statements_by_the_lane(
    kind: ForgeKind, pipeline: str, base: str
) -> None:
    where = Forge(kind, "a/b", "git.example.org", pipeline)
    policy = derive_policy(where, environment="release", tags=["v{pep440}", "x-{semver}"])
    (rule,) = policy.rules
    assert [one.predicates for one in rule.requirements] == [("publish",), ("slsa-provenance",)]
    publisher = rule.requirements[0].by[0]
    assert isinstance(publisher, ForgePublisher)
    assert publisher.base == base
    assert (publisher.config, publisher.environment) == (pipeline, "release")
    assert publisher.refs == ("refs/tags/v{pep440}", "refs/tags/x-{semver}")


@pytest.mark.parametrize("tags", [[], ["latest"], ["v{pep440}", "stable"], ["v{other}"]])
def test_a_derived_policy_needs_the_versions_place_in_each_tag(tags: list[str]) -> None:
    where = Forge(ForgeKind.GITLAB, "a/b", "gitlab.com", ".gitlab-ci.yml")
    with pytest.raises(PolicyError):
        derive_policy(where, environment="", tags=tags)
