"""A policy is told in plain words, and nothing it demands is left out."""

from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from sealane.core.attestation.predicates.registry import names
from sealane.core.policy import explained
from sealane.core.policy.cases import artifact_named
from sealane.core.policy.explained import explain_policy
from sealane.core.policy.explained_signers import describe_publisher
from sealane.core.policy.needs import (
    AllOf,
    AnyOf,
    Need,
    Requirement,
    SbomDemand,
    ScanDemand,
    Severity,
    TestDemand,
)
from sealane.core.policy.people import (
    CircleCiPublisher,
    EmailPublisher,
    ExactPublisher,
    ForgePublisher,
    ForgeSort,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
    Signer,
)
from sealane.core.policy.schema import (
    Condition,
    Continuity,
    Distrust,
    Downgrade,
    EngineName,
    Exemption,
    LogClass,
    Mode,
    Policy,
    Rule,
    Trust,
)
from sealane.core.verify.interface import Demands

AT = datetime(2026, 11, 1, 12, 30, tzinfo=UTC)
ANN = ExactPublisher("ann", "https://login.example.org", "ann@example.org")
NEED = Requirement(("publish",), (ANN,))
FILE = artifact_named("hello-1.0.tar.gz")
HUB = "https://token.actions.githubusercontent.com"


def policy(*needs: Need, match: tuple[str, ...] = ("pkg:pypi/hello",)) -> Policy:
    return Policy("acme", "p.toml", "a" * 64, (Rule(match, needs or (NEED,), name="rule 1"),))


def told(found: Policy, name: str | None = None) -> str:
    return "\n".join(explain_policy(found, None if name is None else artifact_named(name)))


def test_a_policy_is_told_line_by_line() -> None:
    assert told(policy()).splitlines() == [
        "policy acme, p.toml",
        f"  sha256: {'a' * 64}",
        "It never expires.",
        "Evidence is proven by sealane's own verifier.",
        "It names no trust root: the embedded one is used, or the one that --trust names.",
        "Refused evidence beside good evidence is only noted.",
        "",
        "Rule 1: Every artifact of pkg:pypi/hello must have all of this:",
        (
            "  - a publish attestation, signed by ann@example.org, logged in at "
            "https://login.example.org"
        ),
        "",
        "An artifact that no rule is about is refused.",
    ]


@pytest.mark.parametrize(
    ("publisher", "words"),
    [
        (
            ForgePublisher("ci", ForgeSort.GITLAB, "https://gitlab.com", "acme/widgets",
                           ".gitlab-ci.yml", ("refs/tags/v{pep440}", "refs/heads/main", "refs/x/y"),
                           "release", "gitlab-hosted", "47", "11"),
            ("the pipeline .gitlab-ci.yml of https://gitlab.com/acme/widgets, running for the tag "
            "v<version> or the branch main or refs/x/y, in the environment release, on a runner of "
            "kind gitlab-hosted, with the project id 47, with the owner id 11 (issuer "
            "https://gitlab.com)"),
        ),
        (
            ForgePublisher("ci", ForgeSort.GITHUB, HUB, "acme/widgets", None, ()),
            ("a workflow of https://github.com/acme/widgets, running for the tag that ends in its "
            f"version (issuer {HUB})"),
        ),
        (
            ForgePublisher("ci", ForgeSort.GITHUB, HUB, "acme/widgets",
                           ".github/workflows/release.yml", ("refs/tags/{semver}",),
                           signer=Signer("a/b", ".github/workflows/x.yml", ("refs/tags/{base}",))),
            ("the workflow release.yml of https://github.com/acme/widgets, running for the tag "
            "<version, as SemVer>, through the reusable workflow x.yml of https://github.com/a/b "
            f"at the tag <version, without its suffix> (issuer {HUB})"),
        ),
        (
            CircleCiPublisher("ci", "https://oidc.circleci.com/org/1", "p", "d"),
            "the pipeline d of the CircleCI project p (issuer https://oidc.circleci.com/org/1)",
        ),
        (
            CircleCiPublisher("ci", "https://i.example", "p", "d", "github.com/a/b",
                              ("refs/heads/main",)),
            ("the pipeline d of the CircleCI project p, building github.com/a/b, running for the "
            "branch main (issuer https://i.example)"),
        ),
        (EmailPublisher("p", "https://i.example", ("a@x", "b@x")),
         "a@x or b@x, logged in at https://i.example"),
        (ANN, "ann@example.org, logged in at https://login.example.org"),
        (KeyPublisher("k", "k.pem", None), "whoever holds the key in k.pem"),
        (KeyPublisher("k", "k.pem", "ab", start=AT, end=AT),
         ("whoever holds the key in k.pem (sha256:ab), from 2026-11-01T12:30:00+00:00 on, until "
         "2026-11-01T12:30:00+00:00")),
        (OpenPgpPublisher("k", "k.asc", "ab"),
         "an OpenPGP certificate in k.asc (sha256:ab): none was read"),
        (OpenPgpPublisher("k", "k.asc", "ab", b"x", ("AA", "BB")),
         "an OpenPGP certificate in k.asc (sha256:ab): AA, BB"),
    ],
)  # fmt: skip
def test_every_kind_of_publisher_is_told(publisher: Publisher, words: str) -> None:
    assert describe_publisher(publisher) == words


def test_for_an_artifact_its_own_version_is_told() -> None:
    forge = ForgePublisher(
        "ci", ForgeSort.GITLAB, "https://gitlab.com", "a/b", "c", ("refs/tags/v{pep440}",)
    )
    text = told(policy(replace(NEED, by=(forge,))), "hello-1.0.tar.gz")
    assert "Rule 1: hello-1.0.tar.gz must have all of this:" in text
    assert "the tag v<version>, where version is 1.0" in text
    assert "ends in 1.0" in describe_publisher(replace(forge, refs=()), "1.0")


def test_an_artifact_that_no_rule_is_about_is_said_to_be_refused() -> None:
    text = told(policy(), "other-1.0.tar.gz")
    refused = "No rule of the policy's own is about other-1.0.tar.gz: it is refused."
    assert refused in text
    assert "must have" not in text
    included = replace(policy().rules[0], match=("*",), added=True)
    assert refused in told(replace(policy(), rules=(*policy().rules, included)), "other-1.0.tar.gz")


EVERYTHING = Requirement(
    predicates=("vsa", "unheard-of"), by=(ANN, EmailPublisher("b", "https://i", ("bo@x",))),
    threshold=2, trust="public", source="https://source", builder="https://builder", level=3,
    not_before=AT, max_age_days=1, complete=True, only_if="embargoed", when="predicate.x == 'y'",
    sbom=SbomDemand(7, describes=True),
    scan=ScanDemand(Severity.LOW, ("CVE-1",), ("https://scanner",), 30),
    tests=TestDemand(warned=True, configurations=("https://configuration",)),
    verifier="https://verifier", resource="https://resource", properties=("LABEL",),
)  # fmt: skip
SAID = (
    (
        "a verification summary (VSA) or a unheard-of statement, with 2 different signers "
        "among these, "
        "unless the condition embargoed is known not to hold:"
    ),
    "bo@x, logged in at https://i",
    "proven with the trust root public",
    "certificate and statement name the repository https://source",
    "built by https://builder",
    "reaching SLSA build level 3",
    "by the verifier https://verifier",
    "about https://resource",
    "listing LABEL",
    "signed at 2026-11-01 12:30 UTC or later",
    "signed at most 1 day before it is judged",
    "listing exactly the files of its version that are judged",
    "listing at least 7 components",
    "being about the artifact's own package",
    "having found nothing graver than low, but for CVE-1; what has no severity counts as critical",
    "scanned by https://scanner",
    "scanned at most 30 days before it is judged",
    "saying that the tests passed, warnings included",
    "having tested https://configuration",
    "for whose predicate this holds (CEL): predicate.x == 'y'",
)


@pytest.mark.parametrize("words", SAID)
def test_everything_that_a_requirement_demands_is_told(words: str) -> None:
    assert words in told(policy(EVERYTHING))


def test_no_demand_of_a_requirement_can_be_added_without_being_told() -> None:
    """Whatever a field is changed from its default to makes another text."""
    plain = replace(EVERYTHING, predicates=("publish",), by=(ANN,), threshold=1)
    whole = told(policy(plain))
    for field in fields(Requirement):
        if field.name not in ("predicates", "by", "threshold"):
            less: dict[str, Any] = {field.name: field.default}
            assert told(policy(replace(plain, **less))) != whole, field.name


def test_what_is_not_demanded_is_not_told() -> None:
    one = replace(
        NEED, sbom=SbomDemand(), scan=ScanDemand(), tests=TestDemand(), predicates=("vulns",)
    )
    text = told(policy(one))
    assert "having found nothing; what has no severity" in text
    assert "being about" not in text
    assert "warnings" not in text
    assert "scanned" not in text
    assert "about the package URL of the artifact" in told(
        policy(replace(NEED, predicates=("vsa",)))
    )


def test_choices_are_told_as_what_they_are() -> None:
    text = told(policy(AnyOf((NEED, AllOf((NEED, NEED), "c"))))).splitlines()
    start = text.index("  - one of these:")
    assert text[start + 1].startswith("    - a publish")
    assert text[start + 2] == "    - all of these, unless the condition c is known not to hold:"
    assert text[start + 3].startswith("      - a publish")


RULE = Rule(
    ("pkg:pypi/hello", "*.tgz"), (NEED,), Mode.WARN,
    Continuity(publisher=True, no_downgrade=Downgrade.ALL, since="1.4"),
)  # fmt: skip
WHOLE = Policy(
    "acme", "p.toml", "a" * 64,
    (RULE, replace(RULE, mode=Mode.AUDIT, name="more.toml rule 1", added=True,
                   continuity=Continuity(publisher=False), advisory=True)),
    expires=AT, not_before=AT, engine=EngineName.BOTH, no_rejected_evidence=True,
    trusts=(Trust("public", "embedded", None),
            Trust("own", "/r.json", "ab", 30, LogClass.NONE, Demands(promise_alone=True))),
    distrust=(Distrust("leaked", issuer="i", subject="s", start=AT),
              Distrust("broken", digest="sha256:ab"), Distrust("old", run="r", end=AT)),
    exemptions=(Exemption(("*.tgz",), "SL-PRE-001", "not yet", AT, "publish"),
                Exemption(("pkg:pypi/hello",), "SL-REQ-009", "slow", AT)),
    conditions=(
        Condition("embargoed", ("*",), AT, AT),
        Condition("always", ("*",)),
        Condition("affected", ("*",), advisory="a.json", by=(ANN,)),
    ),
    includes=("more.toml (sha256:ab)",),
)  # fmt: skip
TOLD = (
    "It counts from 2026-11-01 12:30 UTC on.",
    "It counts until 2026-11-01 12:30 UTC; after that nothing passes.",
    "It takes in the rules of more.toml (sha256:ab).",
    "both have to agree",
    (
        "Trust root public: embedded; signatures have to be in a log that it knows; 1 "
        "or more logs "
        "that hold an entry; 0 or more authorities that signed a time; 1 or more logs that "
        "promised the certificate."
    ),
    (
        "Trust root own: /r.json with the digest ab; at most 30 days old; signatures "
        "need not be "
        "in a log; "
    ),
    "; a log's promise is enough, without an inclusion proof.",
    "Refused evidence makes an artifact fail, even beside good evidence.",
    (
        "Every artifact of pkg:pypi/hello or *.tgz should have (it is only warned "
        "where it does "
        "not) all of this:"
    ),
    "is looked at for (it is only noted where it does not)",
    "  - the publisher that was pinned of its package, from version 1.4 on",
    (
        "  - evidence no weaker than that of earlier versions whatever their number, "
        "from version "
        "1.4 on"
    ),
    "  - evidence no weaker than that of earlier versions with the same major number\n",
    (
        "Distrusted: issuer i and signer s, what was signed from 2026-11-01 12:30 UTC "
        "on. Reason: "
        "leaked"
    ),
    "Distrusted: artifact sha256:ab. Reason: broken",
    "Distrusted: run r, what was signed until 2026-11-01 12:30 UTC. Reason: old",
    "Accepted until 2026-11-01 12:30 UTC: SL-PRE-001 of publish, for *.tgz. Reason: not yet",
    "Accepted until 2026-11-01 12:30 UTC: SL-REQ-009, for pkg:pypi/hello. Reason: slow",
    (
        "Condition embargoed: it holds for * from 2026-11-01 12:30 UTC on until "
        "2026-11-01 12:30 "
        "UTC."
    ),
    "Condition always: it holds for *.",
    (
        "Condition affected: it holds for *, unless the advisory a.json, signed by ann, says it is "
        "not affected."
    ),
    "  - agreement with an advisory, which whoever judges it has to name\n",
    "\nmore.toml rule 1: Every artifact",
    "  It was included: it lets no artifact in that no other rule is about.",
)


@pytest.mark.parametrize("words", TOLD)
def test_the_whole_policy_is_told(words: str) -> None:
    assert words in told(WHOLE)


def test_of_the_whole_policy_nothing_is_told_that_is_not_so() -> None:
    assert told(WHOLE).count("pinned") == 1
    assert told(WHOLE).count("included") == 1
    assert told(WHOLE).count("agreement") == 1
    assert "SL-PRE-001" not in told(WHOLE, "hello-1.0.tar.gz")
    loose = Continuity(publisher=True, no_downgrade=None)
    assert "weaker" not in told(replace(WHOLE, rules=(replace(RULE, continuity=loose),)))


def test_every_type_of_statement_has_words() -> None:
    assert set(explained._STATEMENTS) == set(names())
