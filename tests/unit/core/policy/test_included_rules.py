"""A rule of an included file refuses an artifact, and lets none in."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.provenance import PREDICATE as SLSA
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.schema import Condition, Mode, Policy, Rule, policy_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
DIGEST = Digest("sha256", "a" * 64)
WHEEL = Artifact("hello-1.0-py3-none-any.whl", (DIGEST,), 7, "pkg:pypi/hello@1.0", "1.0")
ANN = ExactPublisher("ann", "https://login.example.org", "ann@example.org")
PUBLISH = Requirement(("publish",), (ANN,))
TESTED = Requirement(("slsa-provenance",), (ANN,))
NEVER = Condition("never", ("nothing",))


def fact(kind: str) -> Fact:
    return Fact(
        WHEEL, Statement((Subject((DIGEST,)),), kind, {}, "b" * 64),
        Identity(ANN.issuer, ANN.subject), datetime(2026, 1, 1, tzinfo=UTC), "root",
        Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "x.sigstore.json"),
    )  # fmt: skip


PROVEN = (fact(PUBLISH_V1),)


def judged(*rules: Rule, facts: tuple[Fact, ...] = PROVEN) -> Outcome:
    policy: Policy = replace(policy_of("p", "test", rules), conditions=(NEVER,))
    return Verdict(WHEEL, evaluate(policy, WHEEL, facts, at=AT), facts).outcome


OWN = Rule(("*.whl",), (PUBLISH,))
OTHER = Rule(("*.tar.gz",), (PUBLISH,))
MORE = Rule(("*",), (TESTED,), added=True)
SAME = Rule(("*",), (PUBLISH,), added=True)


@pytest.mark.parametrize(
    ("rules", "outcome"),
    [
        pytest.param((OWN,), Outcome.PASS, id="alone"),
        pytest.param((OWN, SAME), Outcome.PASS, id="holds-too"),
        pytest.param((OWN, MORE), Outcome.MISSING, id="demands-more"),
        pytest.param((OWN, replace(MORE, mode=Mode.WARN)), Outcome.PASS, id="warns"),
        pytest.param((OWN, replace(MORE, mode=Mode.AUDIT)), Outcome.PASS, id="audits"),
        pytest.param((OTHER, SAME), Outcome.FAIL, id="no-rule-of-the-policy"),
        pytest.param((SAME,), Outcome.FAIL, id="included-alone"),
        pytest.param(
            (replace(OWN, require=(replace(PUBLISH, only_if="never"),)), SAME), Outcome.MISSING,
            id="own-rule-asks-nothing",
        ),
        pytest.param(
            (replace(OWN, require=(replace(PUBLISH, only_if="never"),)),
             replace(MORE, mode=Mode.WARN)), Outcome.MISSING,
            id="own-rule-asks-nothing-and-it-warns",
        ),
        pytest.param((replace(OWN, mode=Mode.WARN), MORE), Outcome.MISSING, id="own-rule-warns"),
    ],
)  # fmt: skip
def test_an_included_rule_only_demands_more(rules: tuple[Rule, ...], outcome: Outcome) -> None:
    assert judged(*rules) is outcome


def test_what_an_included_rule_refuses_is_a_warning_where_it_only_warns() -> None:
    policy = policy_of("p", "test", (OWN, replace(MORE, mode=Mode.WARN)))
    found = evaluate(policy, WHEEL, PROVEN, at=AT)
    assert [one.outcome for one in found] == [Outcome.PASS, Outcome.WARN]


NEEDS = [PUBLISH, TESTED, replace(PUBLISH, only_if="never")]
RULES = st.builds(
    Rule, st.sampled_from([("*",), ("*.whl",), ("*.tar.gz",)]),
    st.lists(st.sampled_from(NEEDS), min_size=1, max_size=2).map(tuple),
    st.sampled_from(list(Mode)),
)  # fmt: skip


@given(
    st.lists(RULES, min_size=1, max_size=2), st.lists(RULES, max_size=2),
    st.sampled_from([(), PROVEN, (*PROVEN, fact(SLSA))]),
)  # fmt: skip
def test_no_included_rule_makes_a_pass(
    own: list[Rule], included: list[Rule], facts: tuple[Fact, ...]
) -> None:
    together = judged(*own, *(replace(one, added=True) for one in included), facts=facts)
    if together is Outcome.PASS:
        assert judged(*own, facts=facts) is Outcome.PASS
