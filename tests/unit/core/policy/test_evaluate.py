"""Every requirement of every matching rule has to be met by what was proven."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.provenance import PREDICATE as SLSA
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import CODES, code_of
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.schema import Policy, Rule, policy_of

AT = datetime(2026, 6, 1, tzinfo=UTC)
DIGEST = Digest("sha256", "a" * 64)
WHEEL = Artifact("hello-1.0-py3-none-any.whl", (DIGEST,), 7, "pkg:pypi/hello@1.0", "1.0")
ANN = ExactPublisher("ann", "https://login.example.org", "ann@example.org")
BO = ExactPublisher("bo", "https://login.example.org", "bo@example.org")


def fact(kind: str | None = PUBLISH_V1, by: ExactPublisher = ANN) -> Fact:
    statement = None if kind is None else Statement((Subject((DIGEST,)),), kind, {}, "b" * 64)
    return Fact(
        WHEEL, statement, Identity(by.issuer, by.subject), datetime(2026, 1, 1, tzinfo=UTC),
        "root", Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", f"{kind} by {by.name}"),
    )  # fmt: skip


def policy(*required: Requirement, match: tuple[str, ...] = ("*",)) -> Policy:
    return policy_of("p", "test", (Rule(match, required),))


def needs(*predicates: str, by: tuple[ExactPublisher, ...] = (ANN,)) -> Requirement:
    return Requirement(predicates, by)


def answers(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(code_of(one.code).code, one.outcome.value) for one in found]


PUBLISH = needs("publish")
BOTH = (PUBLISH, needs("slsa-provenance"))


@pytest.mark.parametrize(
    ("required", "facts", "expected"),
    [
        pytest.param((PUBLISH,), [fact()], [("SL-REQ-001", "pass")], id="met"),
        pytest.param((PUBLISH,), [], [("SL-EV-001", "missing")], id="no-fact"),
        pytest.param((PUBLISH,), [fact(SLSA)], [("SL-PRE-001", "missing")], id="other-predicate"),
        pytest.param((PUBLISH,), [fact(by=BO)], [("SL-ID-009", "fail")], id="somebody-else"),
        pytest.param((PUBLISH,), [fact(by=BO), fact()], [("SL-REQ-001", "pass")], id="one-of-two"),
        pytest.param(
            BOTH, [fact()], [("SL-REQ-001", "pass"), ("SL-PRE-001", "missing")], id="one-missing"
        ),
        pytest.param(
            BOTH, [fact(), fact(SLSA, BO)], [("SL-REQ-001", "pass"), ("SL-ID-009", "fail")],
            id="one-by-somebody-else",
        ),
        pytest.param((needs("signature"),), [fact(None)], [("SL-REQ-001", "pass")], id="signature"),
        pytest.param(
            (PUBLISH,), [fact(None)], [("SL-PRE-001", "missing")], id="signature-is-no-statement"
        ),
        pytest.param(
            (PUBLISH,), [fact("https://example.org/unknown")], [("SL-PRE-001", "missing")],
            id="unknown-type",
        ),
        pytest.param(
            (PUBLISH,), [fact(PUBLISH_V1 + "/")], [("SL-PRE-001", "missing")], id="similar-type"
        ),
        pytest.param(
            (needs("publish", by=(BO, ANN)),), [fact()], [("SL-REQ-001", "pass")], id="any-of-two"
        ),
    ],
)  # fmt: skip
def test_each_requirement_has_its_answer(
    required: tuple[Requirement, ...], facts: list[Fact], expected: list[tuple[str, str]]
) -> None:
    assert answers(evaluate(policy(*required), WHEEL, facts, at=AT)) == expected


@pytest.mark.parametrize(
    ("match", "artifact", "held"),
    [
        ("*", WHEEL, True),
        ("hello-*.whl", WHEEL, True),
        ("Hello-*.whl", WHEEL, False),
        ("pkg:pypi/hello@*", WHEEL, True),
        ("pkg:pypi/hell@*", WHEEL, False),
        ("pkg:*", Artifact("data.bin", (DIGEST,), 7), False),
        ("pkg:*", Artifact("pkg:pypi", (DIGEST,), 7), False),
    ],
)
def test_what_no_rule_is_about_is_denied(match: str, artifact: Artifact, *, held: bool) -> None:
    found = evaluate(policy(PUBLISH, match=(match,)), artifact, [fact()], at=AT)
    assert answers(found) == [("SL-REQ-001", "pass") if held else ("SL-POL-001", "fail")]


def test_all_rules_that_match_count() -> None:
    rules = (Rule(("*",), (PUBLISH,)), Rule(("*.whl",), (needs("slsa-provenance"),)))
    found = evaluate(policy_of("p", "test", rules), WHEEL, [fact()], at=AT)
    assert answers(found) == [("SL-REQ-001", "pass"), ("SL-PRE-001", "missing")]


def test_the_nearest_signer_is_explained() -> None:
    stranger = ExactPublisher("x", "https://elsewhere.example", "x@example.org")
    found = evaluate(policy(PUBLISH), WHEEL, [fact(by=stranger), fact(by=BO)], at=AT)
    assert answers(found) == [("SL-ID-009", "fail")]
    assert (found[0].expected, found[0].actual) == (ANN.subject, BO.subject)


@given(st.lists(st.sampled_from(list(Outcome)), max_size=5), st.sampled_from(list(Outcome)))
def test_another_finding_never_makes_a_pass(outcomes: list[Outcome], more: Outcome) -> None:
    findings = tuple(Finding("c", outcome) for outcome in outcomes)
    before = Verdict(WHEEL, findings, (fact(),))
    after = replace(before, findings=(*findings, Finding("c", more)))
    if more in {Outcome.FAIL, Outcome.MISSING}:
        assert after.outcome is not Outcome.PASS
    if more is Outcome.NOTE:
        assert after.outcome is before.outcome
    assert replace(after, facts=()).outcome is not Outcome.PASS


def test_codes_are_unique_and_explained() -> None:
    assert len({code.code for code in CODES}) == len(CODES)
    assert [code.code for code in CODES] == sorted(code.code for code in CODES)
    for code in CODES:
        assert code.meaning.endswith(".")
        assert code.hint
        assert code_of(code.label) is code
    with pytest.raises(KeyError):
        code_of("SL-XX-999")
