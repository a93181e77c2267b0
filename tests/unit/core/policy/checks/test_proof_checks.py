"""Demands on how and when something was proven, and on the source, builder and level of a build."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from sealane.core.attestation.predicates import provenance, vsa
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import JsonValue
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.checks.summary import check_summaries
from sealane.core.policy.level import build_level
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import CircleCiPublisher, ExactPublisher, Publisher, Signer
from sealane.core.policy.schema import Trust
from support.judging import (
    ANN,
    AT,
    BUILDER,
    GITHUB,
    GITLAB,
    HUB,
    ISSUER,
    REUSED,
    SIGNED,
    SLSA,
    WHEEL,
    ask,
    fact,
    github,
    gitlab,
    having,
    identity,
    policy,
    reused,
    said,
    slsa,
    wants,
)

MET = [("SL-REQ-001", "pass")]
DAY = timedelta(days=1)


def fails(code: str) -> list[tuple[str, str]]:
    return [(code, "fail")]


def test_the_root_that_is_demanded_has_to_have_proven_it() -> None:
    trusts = (Trust("public", "embedded", None), Trust("own", "own", None))
    for roots, met in (
        ((), False),
        (("own",), False),
        (("public",), True),
        (("own", "public"), True),
    ):
        found = ask(policy(wants(trust="public"), trusts=trusts), fact(roots=roots))
        assert said(found) == (MET if met else fails("SL-REQ-004"))


def test_of_several_roots_one_has_to_be_demanded() -> None:
    trusts = (Trust("public", "embedded", None), Trust("own", "own", None))
    assert said(ask(policy(trusts=trusts), fact(roots=("public",)))) == fails("SL-REQ-004")
    assert said(ask(policy(trusts=trusts[:1]), fact(roots=("public",)))) == MET


@pytest.mark.parametrize(
    ("demand", "signed", "code"),
    [
        ({"not_before": SIGNED}, SIGNED, ""),
        ({"not_before": SIGNED + timedelta(seconds=1)}, SIGNED, "SL-REQ-008"),
        ({"not_before": SIGNED}, None, "SL-REQ-008"),
        ({"max_age_days": 31}, SIGNED, ""),
        ({"max_age_days": 30}, SIGNED, "SL-REQ-009"),
        ({"max_age_days": 0}, AT, ""),
        ({"max_age_days": 0}, AT - timedelta(seconds=1), "SL-REQ-009"),
        ({"max_age_days": 10**12}, SIGNED, ""),
        ({"max_age_days": 10**12}, None, "SL-REQ-009"),
    ],
)
def test_what_was_signed_outside_the_time_or_at_no_proven_time_fails(
    demand: dict[str, Any], signed: datetime | None, code: str
) -> None:
    found = ask(policy(wants(**demand)), fact(signed=signed))
    assert said(found) == (fails(code) if code else MET)


OTHER = "https://github.com/acme/other"
PREFIX = f"git+{HUB}@refs/tags/v1.0"


def v02(**changed: JsonValue) -> Fact:
    predicate: dict[str, JsonValue] = {"buildType": "x", "builder": {"id": "b"}, **changed}
    return fact(provenance.PREDICATE_V02, github(), predicate)


def v1(predicate: dict[str, JsonValue], *taken: JsonValue) -> Fact:
    definition = predicate["buildDefinition"]
    assert isinstance(definition, dict)
    definition["resolvedDependencies"] = list(taken)
    return fact(SLSA, github(), predicate)


COMMIT: JsonValue = {"gitCommit": "c" * 40}


@pytest.mark.parametrize(
    ("proven", "wrong"),
    [
        pytest.param(fact(SLSA, github(), slsa()), [], id="parameter"),
        pytest.param(fact(SLSA, github(), slsa(f"{HUB}.git")), [], id="with-gits-suffix"),
        pytest.param(fact(SLSA, github(), slsa(HUB.upper())), [], id="github-in-capitals"),
        pytest.param(fact(SLSA, github(), slsa(OTHER)), ["externalParameters: source"],
                     id="another-repository"),
        pytest.param(fact(SLSA, github(), slsa(f"{HUB}2")), ["externalParameters: source"],
                     id="a-longer-name"),
        pytest.param(fact(SLSA, github(), slsa("https://github.com@evil.example/acme/hello")),
                     ["externalParameters: source"], id="a-user-before-the-host"),
        pytest.param(fact(SLSA, github(), slsa("git@github.com:acme/hello.git")),
                     ["externalParameters: source"], id="no-url"),
        pytest.param(fact(SLSA, github(), slsa(None)), ["provenance"], id="no-source"),
        pytest.param(fact(SLSA, github(), slsa(None, source={"uri": PREFIX})), [], id="uri"),
        pytest.param(fact(SLSA, github(), slsa(None, workflow={"repository": HUB})), [],
                     id="githubs-own"),
        pytest.param(fact(SLSA, github(), slsa(HUB, workflow={"repository": OTHER})),
                     ["externalParameters: workflow.repository"], id="two-that-differ"),
        pytest.param(fact(SLSA, github(), slsa(None, source=1)), ["provenance"], id="no-text"),
        pytest.param(v1(slsa(None), {"uri": PREFIX}), [], id="dependency"),
        pytest.param(v1(slsa(None), {"uri": HUB, "digest": COMMIT}), [], id="commit"),
        pytest.param(v1(slsa(None), {"uri": f"git+{OTHER}"}, {"uri": PREFIX}), [],
                     id="one-of-two-dependencies"),
        pytest.param(v1(slsa(None), {"uri": f"git+{OTHER}"}), ["resolvedDependencies"],
                     id="another-dependency"),
        pytest.param(v1(slsa(), {"uri": f"git+{OTHER}"}), ["resolvedDependencies"],
                     id="what-was-built-is-not-what-was-asked-for"),
        pytest.param(v1(slsa(), {"uri": "https://example.org/lib", "digest": {"sha1": "a"}}), [],
                     id="other-dependencies-do-not-matter"),
        pytest.param(v1(slsa(None), {"digest": COMMIT}), ["provenance"], id="nameless"),
        pytest.param(v02(invocation={"configSource": {"uri": PREFIX}}), [], id="v0.2"),
        pytest.param(v02(materials=[{"uri": PREFIX, "digest": {"sha1": "a"}}]), [],
                     id="v0.2-materials"),
        pytest.param(v02(invocation={"configSource": {"uri": f"git+{OTHER}"}}),
                     ["externalParameters: configSource.uri"], id="v0.2-another"),
        pytest.param(v02(), ["provenance"], id="v0.2-nothing"),
        pytest.param(fact(SLSA, having(github(), Claim.SOURCE_REPOSITORY_URI, None), slsa()),
                     ["source repository uri"], id="no-claim"),
    ],
)  # fmt: skip
def test_certificate_and_provenance_name_the_source(proven: Fact, wrong: list[str]) -> None:
    required = wants("slsa-provenance", by=[GITHUB], source=HUB)
    found = ask(policy(required), proven)
    if not wrong:
        assert said(found) == MET
        return
    by_claim = wrong == ["source repository uri"]
    codes = {one.code.split()[0] for one in found}
    assert codes == ({"SL-ID-003"} if by_claim else {"SL-REQ-005"})
    assert [one.place.split(": ", 1)[1] for one in found] == wrong


def test_a_publish_statement_is_compared_by_its_certificate_alone() -> None:
    assert said(ask(policy(wants(by=[GITHUB], source=HUB)), fact(by=github()))) == MET
    found = ask(policy(wants(by=[GITHUB], source=OTHER)), fact(by=github()))
    assert said(found) == fails("SL-REQ-005")
    # Whoever is no pipeline proves no source, whatever they state.
    stated = fact(SLSA, predicate=slsa())
    assert said(ask(policy(wants("slsa-provenance", source=HUB)), stated)) == fails("SL-REQ-005")


def test_of_every_gitlab_the_claim_says_gitlab_com() -> None:
    host = "https://git.example.org"
    own = replace(GITLAB, issuer=host)
    signed = fact(by=gitlab("git.example.org"))
    assert said(ask(policy(wants(by=[own], source=f"{host}/acme/hello")), signed)) == MET
    for source in (
        f"{host}/acme/other",
        "https://git.example.com/acme/hello",
        f"{host}x/acme/hello",
    ):
        assert said(ask(policy(wants(by=[own], source=source)), signed)) == fails("SL-REQ-005")
    # What a provenance says is not Fulcio's template: there the host is the real one.
    required = wants("slsa-provenance", by=[own], source=f"{host}/acme/hello")
    for source, met in ((f"{host}/acme/hello", True), ("https://gitlab.com/acme/hello", False)):
        proven = fact(SLSA, gitlab("git.example.org"), slsa(source))
        assert said(ask(policy(required), proven)) == (MET if met else fails("SL-REQ-005"))


def test_the_builder_is_compared_as_text() -> None:
    required = wants("slsa-provenance", "publish", builder="https://example.org/b")
    assert said(ask(policy(required), fact(SLSA, predicate=slsa()))) == MET
    for other in ("https://example.org/B", "https://example.org/b/", "https://example.org"):
        proven = fact(SLSA, predicate=slsa(builder=other))
        assert said(ask(policy(required), proven)) == fails("SL-REQ-006")
    assert said(ask(policy(required), fact())) == fails("SL-REQ-006")
    assert said(ask(policy(required), fact(provenance.PREDICATE_V02, predicate={
        "builder": {"id": "https://example.org/b"}, "buildType": "x",
    }))) == MET  # fmt: skip


OWN_BUILDER = replace(GITHUB, signer=Signer("Acme/Hello", BUILDER, ("refs/tags/v2",)))


@pytest.mark.parametrize(
    ("publisher", "signer", "level"),
    [
        pytest.param(ANN, None, 1, id="a-person"),
        pytest.param(GITHUB, github(), 2, id="the-forges-platform"),
        pytest.param(GITLAB, gitlab(), 2, id="gitlab"),
        pytest.param(GITHUB, having(github(), Claim.RUNNER_ENVIRONMENT, "self-hosted"), 1,
                     id="self-hosted"),
        pytest.param(GITHUB, having(github(), Claim.RUNNER_ENVIRONMENT, '"github-hosted"'), 1,
                     id="another-word"),
        pytest.param(GITHUB, having(github(), Claim.BUILD_SIGNER_URI, None), 1,
                     id="nobody-knows-which-pipeline"),
        pytest.param(GITHUB, having(github(), Claim.BUILD_CONFIG_URI, None), 1,
                     id="nobody-knows-whose"),
        pytest.param(GITHUB, having(github(), Claim.RUNNER_ENVIRONMENT, None), 1,
                     id="nobody-knows-where"),
        pytest.param(REUSED, reused(), 3, id="a-builder-that-the-project-cannot-change"),
        pytest.param(REUSED, having(reused(), Claim.RUNNER_ENVIRONMENT, "self-hosted"), 1,
                     id="that-builder-on-a-machine-of-ones-own"),
        pytest.param(OWN_BUILDER, github(signer=f"acme/hello/{BUILDER}@refs/tags/v2"), 2,
                     id="a-builder-of-the-project-itself"),
        pytest.param(replace(GITLAB, signer=Signer("acme/ci", "ci.yml", (
            "refs/tags/v1.0",))), gitlab(), 2, id="gitlab-tells-no-builder-apart"),
    ],
)  # fmt: skip
def test_the_level_is_what_the_certificate_proves(
    publisher: Publisher, signer: Identity | None, level: int
) -> None:
    proven = fact(SLSA, signer, slsa(builder="https://x"))
    reached = build_level(proven, publisher)
    assert reached.level == level
    # Whatever a requirement names as the builder, it is no other than the one that signed.
    assert build_level(proven, publisher, "https://x").level == level
    assert str(reached) == f"{level}: {reached.reason}"


def test_a_level_that_is_not_reached_fails_and_says_why() -> None:
    for demanded in (1, 2, 3):
        required = wants("slsa-provenance", by=[GITHUB], level=demanded)
        found = ask(policy(required), fact(SLSA, github(), slsa()))
        assert said(found) == (MET if demanded < 3 else fails("SL-REQ-007"))
    assert found[0].actual == ("2: the project's own pipeline signed it, and could have changed it")
    # Whatever a provenance says of its builder raises nothing.
    boast = fact(SLSA, github(), slsa(builder="https://github.com/trusted/builder"))
    required = replace(required, builder="https://github.com/trusted/builder")
    assert said(ask(policy(required), boast)) == fails("SL-REQ-007")


@pytest.mark.parametrize(
    ("builder", "level"),
    [
        (reused().subject, 3),
        (reused().subject.partition("@")[0], 3),
        ("", 2),
        (reused().subject[:-1], 2),
        ("https://github.com/trusted/builder", 2),
        (github().subject, 2),
    ],
)
def test_a_builder_counts_where_the_certificate_names_it(builder: str, level: int) -> None:
    exact = ExactPublisher("generator", ISSUER, reused().subject)
    proven = fact(SLSA, reused(), slsa(builder=builder))
    assert build_level(proven, exact, builder).level == level
    required = wants("slsa-provenance", by=[exact], builder=builder, level=3)
    assert said(ask(policy(required), proven)) == (MET if level == 3 else fails("SL-REQ-007"))
    # The caller's own pipeline is none that it cannot change, whoever pins it.
    own = fact(SLSA, github(), slsa(builder=github().subject))
    assert (
        build_level(own, ExactPublisher("x", ISSUER, github().subject), github().subject).level == 2
    )


@pytest.mark.parametrize(
    ("number", "met"),
    [(None, True), (0, True), (1, False), (2, False), (-2, False), (True, False), ("0", False)],
)
def test_of_an_old_provenance_the_material_it_calls_its_source_counts(
    number: JsonValue, *, met: bool
) -> None:
    recipe: dict[str, JsonValue] = {"type": "x", "definedInMaterial": number}
    materials: list[JsonValue] = [{"uri": f"git+{HUB}@refs/tags/v1.0"}, {"uri": f"git+{OTHER}"}]
    stated: dict[str, JsonValue] = {
        "builder": {"id": "b"}, "recipe": recipe, "materials": materials,
    }  # fmt: skip
    required = wants("slsa-provenance", by=[GITHUB], source=HUB)
    found = said(ask(policy(required), fact(provenance.PREDICATE_V01, github(), stated)))
    assert found == (MET if met else fails("SL-REQ-005"))


def test_circleci_names_the_source_without_a_scheme() -> None:
    definition = CircleCiPublisher("ci", "https://oidc.circleci.com/org/1", "2", "3")
    claims = {
        Claim.ISSUER: definition.issuer,
        Claim.BUILD_SIGNER_URI: definition.subject,
        Claim.SOURCE_REPOSITORY_URI: "github.com/acme/hello",
    }
    signed = fact(by=identity(claims, definition.subject))
    assert said(ask(policy(wants(by=[definition], source=HUB)), signed)) == MET
    assert said(ask(policy(wants(by=[definition], source=OTHER)), signed)) == fails("SL-REQ-005")


def test_what_does_not_say_how_it_was_built_has_no_level() -> None:
    found = ask(policy(wants(by=[GITHUB], level=1)), fact(by=github()))
    assert said(found) == fails("SL-REQ-007")


def summary(verifier: str = "https://v.example") -> Fact:
    predicate: dict[str, JsonValue] = {
        "verifier": {"id": verifier},
        "resourceUri": "pkg:pypi/hello@1.0",
        "policy": {"uri": "https://v.example/policy"},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_2"],
    }
    return fact(vsa.PREDICATE, predicate=predicate)


@pytest.mark.parametrize(
    ("required", "codes"),
    [
        (wants("vsa"), ["SL-SUM-001"]),
        (wants("vsa", verifier="https://v.example"), ["SL-REQ-001"]),
        (wants("vsa", verifier="https://v.example", level=2), ["SL-REQ-001"]),
        (wants("vsa", verifier="https://v.example", level=3), ["SL-SUM-003"]),
    ],
)
def test_a_summary_counts_for_its_own_verifier(required: Requirement, codes: list[str]) -> None:
    found = ask(policy(required), summary())
    assert [one.code.split()[0] for one in found] == codes
    assert found[0].level == (required.level if codes == ["SL-REQ-001"] else 0)


def test_a_signature_is_no_summary() -> None:
    question = Question(wants("vsa", verifier="v"), fact(None), "vsa", ANN, WHEEL, AT)
    assert [one.code for one in check_summaries(question)] == ["SL-SUM-001"]


def test_a_type_that_nobody_registered_says_nothing() -> None:
    assert parsed(fact("https://example.org/unknown")) is None
    assert parsed(fact(None)) is None
