"""Deny by omission: what is written only ever demands more, and what has to be written is.

Where a policy says more, it may refuse what it accepted before, and never the reverse; evidence by
strangers, and distrust, never help. Substitutes are tested apart: refs in place of the release tag
of the artifact's own version, a reusable workflow in place of the project's own.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates import cyclonedx, svr, vsa, vulns
from sealane.core.attestation.predicates import test_result as results
from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.policy.evaluate import evaluate
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
    ForgePublisher,
    KeyPublisher,
    OpenPgpPublisher,
    Publisher,
    Signer,
)
from sealane.core.policy.schema import Condition, Distrust, Mode, Policy, Rule, Trust
from support.judging import (
    ANN,
    AT,
    BO,
    GITHUB,
    HUB,
    LOGIN,
    PUBLISH,
    RELEASE,
    SDIST,
    SIGNED,
    SLSA,
    TEAM,
    WHEEL,
    fact,
    github,
    having,
    outcome,
    person,
    policy,
    reused,
    slsa,
    wants,
)

SCAN: dict[str, JsonValue] = {
    "scanner": {
        "uri": "https://s.example",
        "db": {"lastUpdate": "2026-04-01T00:00:00Z"},
        "result": [{"id": "CVE-1", "severity": [{"method": "x", "score": "5.0"}]}],
    },
    "metadata": {
        "scanStartedOn": "2026-04-29T00:00:00Z", "scanFinishedOn": "2026-04-30T00:00:00Z",
    },
}  # fmt: skip
STATED: dict[str, tuple[str, dict[str, JsonValue]]] = {
    "publish": (PUBLISH, {}),
    "slsa-provenance": (SLSA, slsa()),
    "vulns": (vulns.PREDICATE, SCAN),
    "sbom-cyclonedx": (
        cyclonedx.URIS[0],
        {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{}, {}]},
    ),
    "test-result": (results.PREDICATE, {"result": "WARNED", "configuration": [{"uri": "a"}]}),
    "release": (RELEASE, {"purl": "pkg:pypi/hello@1.0"}),
}
SIGNERS = (person(), person(BO), github(), github(ref="refs/heads/main"), reused(),
           having(github(), Claim.RUNNER_ENVIRONMENT, "self-hosted"))  # fmt: skip
STRANGERS = (
    Identity("https://elsewhere.example", "eve@example.org"),
    Identity(LOGIN, "eve@example.org"),
    github("evil/hello"),
    github("evil/hello", signer="acme/hello/.github/workflows/release.yml@refs/tags/v1.0"),
)
DAY = timedelta(days=1)
# Each field of a requirement that demands something, with what it may demand.
DEMANDS: dict[str, st.SearchStrategy[Any]] = {
    "threshold": st.integers(2, 3),
    "trust": st.sampled_from(["public", "own"]),
    "source": st.sampled_from([HUB, "https://github.com/acme/other"]),
    "builder": st.sampled_from(["https://example.org/b", "x"]),
    "level": st.integers(1, 3),
    "not_before": st.sampled_from([SIGNED, SIGNED + DAY]),
    "max_age_days": st.sampled_from([1, 40]),
    "complete": st.just(True),
    "when": st.sampled_from(["yes", "no"]),
    "sbom": st.builds(SbomDemand, st.integers(0, 3), st.booleans()),
    "scan": st.builds(
        ScanDemand, st.sampled_from(Severity), st.sampled_from([(), ("CVE-1",)]),
        st.sampled_from([(), ("https://s.example",), ("x",)]), st.sampled_from([None, 1, 90]),
    ),
    "tests": st.builds(TestDemand, st.booleans(), st.sampled_from([(), ("a",), ("b",)])),
}  # fmt: skip
# The same of a publisher.
CLAIMS: dict[str, st.SearchStrategy[Any]] = {
    "config": st.sampled_from([".github/workflows/release.yml", "x"]),
    "environment": st.sampled_from(["", "release"]),
    "runner": st.sampled_from(["github-hosted", "x"]),
    "project_id": st.sampled_from(["42", "1"]),
    "owner_id": st.sampled_from(["7", "1"]),
}


class Answers:
    """Says of every predicate what the expression says."""

    def holds(self, expression: str, predicate: Mapping[str, JsonValue]) -> bool:
        return expression == "yes"


def accepted(judged: Policy, facts: list[Fact], files: tuple[Artifact, ...] | None) -> bool:
    found = evaluate(judged, WHEEL, facts, at=AT, files=files, expressions=Answers)
    return Verdict(WHEEL, found, tuple(facts)).outcome is Outcome.PASS


@st.composite
def some_facts(draw: st.DrawFn, by: tuple[Identity, ...] = SIGNERS) -> list[Fact]:
    made = []
    # Several of most kinds, or hardly anything would ever be accepted.
    for name in draw(st.lists(st.sampled_from([*STATED, *STATED]), max_size=12)):
        kind, predicate = STATED[name]
        subjects = (WHEEL, SDIST) if kind == RELEASE else (WHEEL,)
        roots = draw(st.sampled_from([("public",), ()]))
        signed = draw(st.sampled_from([SIGNED, SIGNED, None]))
        signer = draw(st.sampled_from(by))
        made.append(fact(kind, signer, predicate, subjects=subjects, signed=signed, roots=roots))
    return made


@st.composite
def publishers(draw: st.DrawFn) -> tuple[Publisher, ...]:
    chosen = draw(st.sets(st.sampled_from(sorted(CLAIMS)), max_size=2))
    claims: dict[str, Any] = {name: draw(CLAIMS[name]) for name in sorted(chosen)}
    forge = replace(GITHUB, **({"config": None} | claims))
    return tuple(draw(st.lists(st.sampled_from([forge, TEAM, ANN]), min_size=1, max_size=3)))


@st.composite
def requirements(draw: st.DrawFn) -> Requirement:
    names = draw(st.lists(st.sampled_from(sorted(STATED)), min_size=1, max_size=3, unique=True))
    chosen = draw(st.sets(st.sampled_from(sorted(DEMANDS)), max_size=1))
    return wants(
        *names, by=draw(publishers()), **{one: draw(DEMANDS[one]) for one in sorted(chosen)}
    )


def needs() -> st.SearchStrategy[Need]:
    return st.recursive(
        requirements(),
        lambda inner: st.builds(
            lambda kind, listed: kind(tuple(listed)),
            st.sampled_from([AnyOf, AllOf]),
            st.lists(inner, min_size=1, max_size=2),
        ),
        max_leaves=3,
    )


FILES = st.sampled_from([None, (WHEEL,), (WHEEL, SDIST)])


@given(needs(), requirements(), some_facts(), FILES, st.data())
def test_a_demand_more_never_accepts_more(
    other: Need,
    required: Requirement,
    facts: list[Fact],
    files: tuple[Artifact, ...] | None,
    data: st.DataObject,
) -> None:
    name = data.draw(st.sampled_from(sorted(DEMANDS)))
    plain = replace(required, **{name: getattr(wants(), name)})
    more = replace(plain, **{name: data.draw(DEMANDS[name])})
    for shape in (
        lambda one: one,
        lambda one: AnyOf((other, one)),
        lambda one: AllOf((other, one)),
    ):
        if accepted(policy(shape(more)), facts, files):
            assert accepted(policy(shape(plain)), facts, files)


@given(st.data(), some_facts())
def test_a_claim_more_never_accepts_more(data: st.DataObject, facts: list[Fact]) -> None:
    name = data.draw(st.sampled_from(sorted(CLAIMS)))
    plain = replace(GITHUB, config=None)
    more = replace(plain, **{name: data.draw(CLAIMS[name])})
    if accepted(policy(wants(*STATED, by=[more])), facts, None):
        assert accepted(policy(wants(*STATED, by=[plain])), facts, None)


@given(needs(), needs(), some_facts(), FILES)
def test_a_need_or_a_rule_more_never_accepts_more(
    one: Need, other: Need, facts: list[Fact], files: tuple[Artifact, ...] | None
) -> None:
    both = policy(one, other)
    if accepted(both, facts, files):
        assert accepted(policy(one), facts, files)
        assert accepted(policy(other), facts, files)
    two = policy(rules=(Rule(("*",), (one,)), Rule(("*.whl",), (other,))))
    assert accepted(two, facts, files) == accepted(both, facts, files)


@given(needs(), needs(), some_facts(), st.sampled_from([Mode.WARN, Mode.AUDIT]))
def test_a_rule_that_is_not_enforced_changes_nothing_for_one_that_is(
    one: Need, other: Need, facts: list[Fact], mode: Mode
) -> None:
    alone = policy(one)
    beside = replace(alone, rules=(*alone.rules, Rule(("*",), (other,), mode)))
    assert accepted(beside, facts, None) == accepted(alone, facts, None)


@given(needs(), some_facts(), some_facts(STRANGERS), FILES)
def test_evidence_by_strangers_never_helps(
    need: Need, facts: list[Fact], more: list[Fact], files: tuple[Artifact, ...] | None
) -> None:
    judged = policy(need)
    if accepted(judged, [*facts, *more], files):
        assert accepted(judged, facts, files)
    assert not accepted(judged, more, files)


@given(needs(), some_facts(), st.sampled_from(["issuer", "subject", "project", "digest", "run"]))
def test_distrust_never_helps(need: Need, facts: list[Fact], name: str) -> None:
    text = {"issuer": LOGIN, "subject": ANN.subject, "project": HUB, "run": "x"}
    named: dict[str, Any] = {name: text.get(name, str(WHEEL.digests[0]))}
    distrust = Distrust("why", **named)
    if accepted(policy(need, distrust=(distrust,)), facts, None):
        assert accepted(policy(need), facts, None)


@given(needs(), requirements(), some_facts())
def test_a_condition_that_is_left_out_never_accepts_more(
    other: Need, required: Requirement, facts: list[Fact]
) -> None:
    # Here leaving out is what demands more: without a condition a need is always required.
    for conditions in ((), (Condition("c", ("*",)),), (Condition("c", ("other",)),)):
        asked = policy(other, replace(required, only_if="c"), conditions=conditions)
        if accepted(policy(other, required), facts, None):
            assert accepted(asked, facts, None)
        if conditions != (Condition("c", ("other",)),):
            assert accepted(asked, facts, None) == accepted(policy(other, required), facts, None)


def test_what_has_to_be_written_cannot_be_left_out() -> None:
    for made in (
        lambda: replace(wants(), predicates=()),
        lambda: replace(wants(), by=()),
        lambda: replace(wants(), threshold=0),
        lambda: AnyOf(()),
        lambda: AllOf(()),
        lambda: Rule((), (wants(),)),
        lambda: Rule(("*",), ()),
        lambda: Signer("a/b", "c", ()),
        lambda: Distrust("why"),
        lambda: replace(policy(), rules=()),
    ):
        with pytest.raises(ValueError, match="need"):
            made()


@pytest.mark.parametrize(
    "publisher",
    [
        pytest.param(KeyPublisher("k", "f", None), id="a-key-that-was-never-loaded"),
        pytest.param(
            OpenPgpPublisher("o", "f", "", b"x"), id="certificates-that-were-never-loaded"
        ),
        pytest.param(replace(ANN, issuer=""), id="no-issuer"),
        pytest.param(replace(ANN, subject=""), id="no-subject"),
        pytest.param(replace(TEAM, members=()), id="no-members"),
        pytest.param(replace(GITHUB, project=""), id="no-project"),
    ],
)
def test_a_publisher_without_what_tells_it_is_nobody(publisher: Publisher) -> None:
    for signer in (*SIGNERS, *STRANGERS):
        assert outcome(policy(wants(by=[publisher])), fact(by=signer)) is Outcome.FAIL


def test_without_refs_only_the_release_tag_of_the_own_version_counts() -> None:
    bare: ForgePublisher = GITHUB
    assert outcome(policy(wants(by=[bare])), fact(by=github())) is Outcome.PASS
    for ref in ("refs/heads/main", "refs/tags/v1.1", "refs/tags/v11.0", "refs/pull/1/merge"):
        signed = fact(by=github(ref=ref))
        assert outcome(policy(wants(by=[bare])), signed) is Outcome.FAIL
        named = replace(bare, refs=("refs/heads/main",))
        assert (outcome(policy(wants(by=[named])), signed) is Outcome.PASS) is (
            ref == "refs/heads/main"
        )


def test_of_several_trust_roots_none_is_meant_by_saying_nothing() -> None:
    trusts = (Trust("public", "embedded", None), Trust("own", "own", None))
    signed = fact(roots=("public", "own"))
    assert outcome(policy(trusts=trusts), signed) is Outcome.FAIL
    assert outcome(policy(wants(trust="own"), trusts=trusts), signed) is Outcome.PASS


@pytest.mark.parametrize("kind", [vsa.PREDICATE, svr.PREDICATE])
def test_a_summary_counts_for_no_verifier_that_was_not_named(kind: str) -> None:
    predicate: dict[str, JsonValue] = {
        "verifier": {"id": "https://v.example", "policies": []},
        "resourceUri": "pkg:pypi/hello@1.0",
        "policy": {"uri": "https://v.example/policy"},
        "verificationResult": "PASSED",
        "verifiedLevels": ["SLSA_BUILD_LEVEL_2"],
        "timeCreated": "2026-04-30T00:00:00Z",
        "properties": ["SLSA_BUILD_LEVEL_2"],
    }
    proven = fact(kind, predicate=predicate)
    named = wants("vsa", "svr", verifier="https://v.example", level=2)
    assert outcome(policy(named), proven) is Outcome.PASS
    assert outcome(policy(replace(named, verifier="")), proven) is Outcome.FAIL
    less = policy(replace(named, level=0))
    # A simple result says nothing of its own: what it has to list must be written.
    assert (outcome(less, proven) is Outcome.PASS) is (kind == vsa.PREDICATE)
