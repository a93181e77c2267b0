"""A policy names its rules, and says of each signer and file what is not as it demands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import code_of
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.verdict import Outcome
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.identity import differences
from sealane.core.policy.needs import AllOf, AnyOf, Requirement
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.people import ExactPublisher, ForgePublisher, ForgeSort, KeyPublisher
from sealane.core.policy.schema import Policy, Rule, policy_of
from sealane.errors import PolicyError

AT = datetime(2026, 6, 1, tzinfo=UTC)
REF = "refs/tags/v1.0"
URI = f"https://gitlab.com/acme/hello//ci.yml@{REF}"
SIGNER = Identity(
    "https://gitlab.com", URI,
    tuple(sorted({
        int(Claim.ISSUER): "https://gitlab.com", int(Claim.BUILD_SIGNER_URI): URI,
        int(Claim.BUILD_CONFIG_URI): URI, int(Claim.SOURCE_REPOSITORY_REF): REF,
        int(Claim.SOURCE_REPOSITORY_URI): "https://gitlab.com/acme/hello",
    }.items())),
)  # fmt: skip
PUBLISHER = ForgePublisher("ci", ForgeSort.GITLAB, "https://gitlab.com", "acme/hello")
ANN = ExactPublisher("ann", "https://login.example.org", "ann@example.org")
RULE = Rule(("*",), (Requirement(("publish",), (ANN,)),))
ARTIFACT = Artifact("hello-1.0.tar.gz", (Digest("sha256", "a" * 64),), version="1.0")


def having(signer: Identity, claim: Claim, text: str) -> Identity:
    return replace(
        signer, extensions=tuple(sorted({**dict(signer.extensions), claim: text}.items()))
    )


def signed(by: Identity) -> Fact:
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "x.sigstore.json")
    return Fact(ARTIFACT, None, by, datetime(2026, 1, 1, tzinfo=UTC), "root", evidence)


@pytest.mark.parametrize(
    ("refs", "version", "expected"),
    [
        pytest.param((REF,), "1.0", None, id="the-same"),
        pytest.param(("refs/heads/main",), "1.0", "refs/heads/main", id="a-fixed-ref"),
        pytest.param(
            ("refs/heads/main", "refs/tags/x"), None, "refs/heads/main or refs/tags/x", id="of-two"
        ),
        pytest.param(
            ("refs/tags/{pep440}",), "1.0", "refs/tags/{pep440} for version 1.0", id="a-template"
        ),
        pytest.param(
            ("refs/tags/v{pep440}",), None, "refs/tags/v{pep440}, of a file that has a version",
            id="without-a-version",
        ),
    ],
)  # fmt: skip
def test_the_refs_that_would_do_are_named(
    refs: tuple[str, ...], version: str | None, expected: str | None
) -> None:
    found = differences(replace(PUBLISHER, refs=refs), SIGNER, version)
    assert [(one.code, one.expected, one.actual) for one in found] == (
        [] if expected is None else [("SL-ID-004", expected, REF)]
    )


def test_a_requirement_a_rule_or_a_policy_of_nothing_is_refused() -> None:
    (requirement,) = RULE.requirements
    with pytest.raises(ValueError, match="needs a predicate and a publisher"):
        replace(requirement, predicates=())
    with pytest.raises(ValueError, match="needs a predicate and a publisher"):
        replace(requirement, by=())
    with pytest.raises(ValueError, match="needs a match and a requirement"):
        replace(RULE, match=())
    with pytest.raises(ValueError, match="needs a match and a requirement"):
        replace(RULE, require=())
    with pytest.raises(ValueError, match="a policy needs a rule"):
        Policy("p", "test", "a" * 64, ())


def test_a_policy_is_shown_with_its_digest_and_other_rules_have_another() -> None:
    policy = policy_of("acme", "the flag", (RULE,))
    assert str(policy) == f"acme, the flag (sha256:{policy.sha256})"
    other = policy_of("acme", "the flag", (replace(RULE, match=("*.whl",)),))
    assert other.sha256 != policy.sha256


@pytest.mark.parametrize(
    ("line", "place"),
    [
        ("publisher.x = 1\n", "publisher.x"), ("trust.x = 1\n", "trust.x"),
        ("publisher.x = []\n", "publisher.x"), ("rule = 1\n", "rule"),
        ("rule = [[]]\n", "rule.0"),
        ('rule = [{ match = ["*"], require = 1 }]\n', "rule.0.require"),
        ('rule = [{ match = ["*"], require = [1] }]\n', "rule.0.require.0"),
    ],
)  # fmt: skip
def test_a_value_where_a_table_has_to_be_is_refused(line: str, place: str) -> None:
    text = f'schema = "sealane.policy/1"\nid = "acme"\n{line}'
    with pytest.raises(PolicyError) as caught:
        parse_policy(text.encode(), "p.toml", str)
    assert place in caught.value.message


def test_an_artifact_without_a_version_has_no_release_tag() -> None:
    artifact = Artifact("data.bin", (Digest("sha256", "a" * 64),))
    (found,) = differences(PUBLISHER, SIGNER, artifact.version)
    assert (found.code, found.actual) == ("SL-ID-010", REF)


def test_a_value_too_deep_to_be_shown_is_refused_all_the_same() -> None:
    text = 'schema = "sealane.policy/1"\nid' + ".a" * 5000 + " = 1\n"
    with pytest.raises(PolicyError, match="nested too deep to be shown"):
        parse_policy(text.encode(), "p.toml", str)


@pytest.mark.parametrize("time", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_an_end_that_is_no_time_in_utc_is_refused(time: str) -> None:
    text = (
        f'schema = "sealane.policy/1"\nid = "acme"\nexpires = {time}\n[publisher.ci]\n'
        'kind = "email"\nissuer = "https://login.example.org"\nmembers = ["ann@example.org"]\n'
        '[[rule]]\nmatch = ["*"]\nrequire = [{ predicate = "publish", by = "ci" }]\n'
    )
    with pytest.raises(PolicyError, match="line 3: expires: not a time in UTC"):
        parse_policy(text.encode(), "p.toml", str)


@given(st.permutations([0, 1, 2]), st.permutations([0, 1]))
def test_the_nearest_signer_is_explained_whatever_the_order(
    facts: list[int], by: list[int]
) -> None:
    strangers = [
        replace(SIGNER, issuer="https://elsewhere.example"),
        having(SIGNER, Claim.SOURCE_REPOSITORY_REF, "refs/tags/v1.1"),
        having(SIGNER, Claim.SOURCE_REPOSITORY_URI, "https://gitlab.com/acme/other"),
    ]
    publishers = (PUBLISHER, ANN)
    required = Requirement(("signature",), tuple(publishers[one] for one in by))
    found = evaluate(
        policy_of("p", "test", (Rule(("*",), (required,)),)), ARTIFACT,
        [signed(strangers[one]) for one in facts], at=AT,
    )  # fmt: skip
    assert {one.outcome for one in found} == {Outcome.FAIL}
    assert {code_of(one.code).code for one in found} == {"SL-ID-004", "SL-ID-005"}


def test_a_policy_counts_between_its_beginning_and_its_end() -> None:
    day = timedelta(days=1)
    made = policy_of("p", "test", (RULE,))
    bound = replace(made, not_before=AT, expires=AT + day)
    for at in (AT, AT + day / 2):
        bound.check_current(at)
        made.check_current(at)
    with pytest.raises(PolicyError, match="it counts from"):
        bound.check_current(AT - day / 2)
    with pytest.raises(PolicyError, match="expired"):
        bound.check_current(AT + day)


def test_publishers_are_replaced_and_files_found_however_deep_they_stand() -> None:
    key, loaded = KeyPublisher("k", "f", None), KeyPublisher("k", "g", None)
    need = AnyOf((AllOf((Requirement(("publish",), (key, ANN)),)),))
    made = policy_of("p", "test", (Rule(("*",), (need,)),))
    assert made.names_files
    assert made.with_publishers({key: loaded}).publishers == (loaded, ANN)
    assert not policy_of("p", "test", (RULE,)).names_files
