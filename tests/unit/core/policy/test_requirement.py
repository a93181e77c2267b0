"""Semantics of a requirement: distinct signers, choices, conditions, and what is exempted."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim
from sealane.core.model.verdict import Outcome
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.needs import AllOf, AnyOf, Need
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.schema import Condition, Exemption, Rule
from support.judging import (
    ANN,
    AT,
    BO,
    GITHUB,
    LOGIN,
    RELEASE,
    REUSED,
    SLSA,
    TEAM,
    WHEEL,
    ask,
    fact,
    github,
    having,
    outcome,
    person,
    policy,
    reused,
    said,
    slsa,
    wants,
)

TWO = wants(by=[TEAM], threshold=2)
MET, FEW = ("SL-REQ-001", "pass"), ("SL-REQ-002", "missing")
BY_ANN, BY_BO = fact(), fact(by=person(BO))
STRANGER = ExactPublisher("x", "https://elsewhere.example", "x@example.org")


def test_a_threshold_counts_distinct_signers() -> None:
    assert said(ask(policy(TWO), BY_ANN, BY_BO)) == [MET, MET]
    assert said(ask(policy(TWO), BY_ANN)) == [FEW]
    found = ask(policy(TWO), BY_ANN)[0]
    assert found.expected == "publish by 2 distinct signers"
    assert found.actual == "1: ann@example.org"


def test_two_signatures_of_one_signer_count_once() -> None:
    again = replace(BY_ANN, certificate="f" * 64, log_index=5)
    assert said(ask(policy(TWO), BY_ANN, again)) == [FEW]
    assert said(ask(policy(TWO), BY_ANN, BY_ANN)) == [FEW]


def test_one_signer_whom_two_publishers_name_counts_once() -> None:
    required = wants(by=[ANN, TEAM, replace(ANN, name="again")], threshold=2)
    assert said(ask(policy(required), BY_ANN, BY_ANN)) == [FEW]


def test_callers_of_one_reusable_pipeline_are_one_signer_where_it_alone_is_named() -> None:
    # Anybody can call it, from as many files as they like.
    callers = [
        having(reused(), Claim.BUILD_CONFIG_URI, f"https://github.com/mallory/x/{one}.yml@{one}")
        for one in ("a", "b")
    ]
    builder = ExactPublisher("builder", GITHUB.issuer, reused().subject)
    both = [fact(by=one) for one in callers]
    required = wants(by=[builder, TEAM], threshold=2)
    assert said(ask(policy(required), *both)) == [FEW]
    assert said(ask(policy(required), *both, BY_ANN)) == [MET, MET]
    # Nor do two of its revisions make two of it.
    newer = replace(callers[1], subject=reused().subject + ".1")
    named = [builder, replace(builder, name="newer", subject=newer.subject)]
    required = wants(by=named, threshold=2)
    assert said(ask(policy(required), fact(by=callers[0]), fact(by=newer))) == [FEW]


def test_callers_that_are_named_are_distinct_whatever_signs_for_them() -> None:
    other = replace(REUSED, name="other", project="acme/other")
    called = github("acme/other", signer=reused().subject.removeprefix("https://github.com/"))
    required = wants(by=[REUSED, other], threshold=2)
    assert said(ask(policy(required), fact(by=reused()), fact(by=called))) == [MET, MET]


def test_two_certificates_of_one_pipeline_are_one_signer() -> None:
    exact = ExactPublisher("exact", GITHUB.issuer, github(ref="refs/tags/v1.0").subject)
    other = having(github(), Claim.RUN_INVOCATION_URI, "https://github.com/acme/hello/actions/2")
    required = wants(by=[GITHUB, exact], threshold=2)
    assert said(ask(policy(required), fact(by=github()), fact(by=other))) == [FEW]
    # Neither does another ref, nor another way of writing it, make it another one.
    main = github("ACME/hello", ref="refs/heads/main")
    loose = replace(GITHUB, config=None, refs=("refs/heads/main", "refs/tags/v1.0"))
    required = wants(by=[loose], threshold=2)
    assert said(ask(policy(required), fact(by=github()), fact(by=main))) == [FEW]


def test_what_is_refused_beside_too_few_is_told_and_fails() -> None:
    found = ask(policy(TWO), BY_ANN, fact(by=person(STRANGER)))
    assert said(found) == [("SL-REQ-002", "fail"), ("SL-ID-002", "fail"), ("SL-ID-009", "fail")]
    found = ask(policy(TWO), fact(by=person(STRANGER)))
    assert found[0].actual == "0"


def test_a_threshold_asks_for_the_same_of_every_statement() -> None:
    required = replace(TWO, not_before=AT - timedelta(days=10))
    late = replace(BY_BO, signed_at=AT)
    assert said(ask(policy(required), BY_ANN, late)) == [
        ("SL-REQ-002", "fail"),
        ("SL-REQ-008", "fail"),
    ]
    assert said(ask(policy(required), replace(BY_ANN, signed_at=AT), late)) == [MET, MET]


PROVEN = fact(SLSA, predicate=slsa())


@pytest.mark.parametrize(
    ("need", "facts", "expected"),
    [
        pytest.param(AnyOf((wants("slsa-provenance"), wants())), [BY_ANN], [MET], id="the-second"),
        pytest.param(AnyOf((wants(by=[BO]), wants())), [BY_ANN], [MET], id="after-a-failure"),
        pytest.param(
            AnyOf((wants("slsa-provenance"), wants(by=[BO]))), [BY_ANN],
            [("SL-PRE-001", "missing"), ("SL-ID-009", "fail")], id="none-of-them",
        ),
        pytest.param(AllOf((wants(), wants("slsa-provenance"))), [BY_ANN, PROVEN], [MET, MET],
                     id="all"),
        pytest.param(AllOf((wants(), wants("slsa-provenance"))), [BY_ANN],
                     [MET, ("SL-PRE-001", "missing")], id="all-but-one"),
        pytest.param(
            AnyOf((AllOf((wants(), wants("slsa-provenance"))), wants(by=[BO]))), [BY_ANN, BY_BO],
            [MET], id="half-of-a-conjunction-is-no-choice",
        ),
        pytest.param(AnyOf((wants(),)), [], [("SL-EV-001", "missing")], id="nothing-there"),
    ],
)  # fmt: skip
def test_any_and_all(need: Need, facts: list[Fact], expected: list[tuple[str, str]]) -> None:
    assert said(ask(policy(need), *facts)) == expected


NEVER = Condition("embargoed", ("other-*",))
LEFT_OUT = ("SL-REQ-003", "note")


@pytest.mark.parametrize(
    ("conditions", "asked"),
    [
        pytest.param((), True, id="not-defined"),
        pytest.param((replace(NEVER, name="other"),), True, id="another-is-defined"),
        pytest.param((NEVER,), False, id="known-not-to-hold"),
        pytest.param((replace(NEVER, match=("hello-*",)),), True, id="holds"),
        pytest.param((NEVER, replace(NEVER, match=("*",))), True, id="one-of-one-name-holds"),
    ],
)
def test_what_is_not_known_not_to_be_required_is(
    conditions: tuple[Condition, ...], *, asked: bool
) -> None:
    required = wants("slsa-provenance", only_if="embargoed")
    found = ask(policy(wants(), required, conditions=conditions), BY_ANN)
    assert said(found) == [MET, ("SL-PRE-001", "missing") if asked else LEFT_OUT]


def test_the_artifacts_own_evidence_is_never_asked_about_a_condition() -> None:
    # Whatever is signed, by whomever, what is required stays required.
    required = wants("slsa-provenance", only_if="embargoed")
    told = fact(RELEASE, predicate={"purl": "pkg:pypi/x@1", "embargoed": False})
    assert said(ask(policy(wants(), required), BY_ANN, told))[1] == ("SL-PRE-001", "missing")


def test_conditions_hold_for_choices_and_conjunctions_too() -> None:
    for need in (AnyOf, AllOf):
        made = need((wants("slsa-provenance"), wants("vsa")), only_if="embargoed")
        found = ask(policy(wants(), made, conditions=(NEVER,)), BY_ANN)
        assert said(found) == [MET, LEFT_OUT]
        assert "slsa-provenance" in found[1].expected
        assert "vsa" in found[1].expected
    nested = AllOf((AnyOf((wants("vsa"),)),), only_if="embargoed")
    assert said(ask(policy(nested, conditions=(NEVER,)), BY_ANN)) == [LEFT_OUT]


def test_what_is_not_required_is_no_choice() -> None:
    free = wants("slsa-provenance", only_if="embargoed")
    judged = policy(AnyOf((free, wants(by=[BO]))), conditions=(NEVER,))
    assert said(ask(judged, BY_ANN)) == [("SL-ID-009", "fail")]
    assert said(ask(judged, BY_BO)) == [MET]
    hidden = policy(AnyOf((AllOf((free,)), wants(by=[BO]))), conditions=(NEVER,))
    assert said(ask(hidden, BY_ANN)) == [("SL-ID-009", "fail")]
    # Where nothing is left to choose from, nothing is required, and nothing passes by it.
    none = policy(AnyOf((free,)), conditions=(NEVER,))
    assert said(ask(none, BY_ANN)) == [LEFT_OUT]
    assert outcome(none, BY_ANN) is Outcome.MISSING


def exempting(code: str, **more: Any) -> Exemption:  # noqa: ANN401 - any field
    made = Exemption(("*",), code, "SEC-1: known", AT + timedelta(days=1))
    return replace(made, **more)


def test_an_exempted_failure_is_a_note_with_reason_and_end() -> None:
    judged = policy(wants(), wants("slsa-provenance"), exemptions=(exempting("SL-PRE-001"),))
    found = ask(judged, BY_ANN)
    assert said(found) == [MET, ("SL-PRE-001", "note")]
    assert found[1].hint == "exempted until 2026-06-02T00:00:00+00:00: SEC-1: known"
    assert outcome(judged, BY_ANN) is Outcome.PASS


@pytest.mark.parametrize(
    "exemption",
    [
        pytest.param(exempting("SL-PRE-002"), id="another-code"),
        pytest.param(exempting("SL-PRE-00"), id="part-of-the-code"),
        pytest.param(exempting("SL-PRE-001", predicate="publish"), id="another-predicate"),
        pytest.param(exempting("SL-PRE-001", match=("other-*",)), id="another-artifact"),
        pytest.param(exempting("SL-PRE-001", expires=AT), id="expired-now"),
        pytest.param(exempting("SL-PRE-001", expires=AT - timedelta(days=1)), id="expired"),
    ],
)
def test_an_exemption_is_for_what_it_names_and_until_it_ends(exemption: Exemption) -> None:
    judged = policy(wants(), wants("slsa-provenance"), exemptions=(exemption,))
    assert said(ask(judged, BY_ANN)) == [MET, ("SL-PRE-001", "missing")]
    assert outcome(judged, BY_ANN) is Outcome.MISSING


def test_a_signature_that_is_only_exempted_in_part_still_counts_as_evidence() -> None:
    signer = github(ref="refs/heads/main")
    judged = policy(wants(by=[GITHUB]), exemptions=(exempting("SL-ID-004 ref-mismatch"),))
    assert said(ask(judged, fact(by=signer))) == [MET, ("SL-ID-004", "note")]
    # Everything else is still asked.
    stricter = replace(judged, rules=policy(wants(by=[GITHUB], trust="public")).rules)
    found = ask(stricter, fact(by=signer))
    assert said(found) == [("SL-REQ-004", "fail"), ("SL-ID-004", "note")]


def test_what_holds_comes_before_what_is_exempted() -> None:
    main, good = fact(by=github(ref="refs/heads/main")), fact(by=github())
    judged = policy(wants(by=[GITHUB]), exemptions=(exempting("SL-ID-004"),))
    assert said(ask(judged, main, good)) == [MET]
    two = policy(AnyOf((wants("vsa"), wants())), exemptions=(exempting("SL-PRE-001"),))
    assert said(ask(two, BY_ANN)) == [MET]
    vsa = policy(AnyOf((wants("vsa"), wants("svr"))), exemptions=(exempting("SL-PRE-001"),))
    assert said(ask(vsa, BY_ANN)) == [("SL-PRE-001", "note")]
    assert outcome(vsa, BY_ANN) is Outcome.MISSING


def test_too_few_signers_may_be_exempted_and_nobody_may_not() -> None:
    judged = policy(TWO, exemptions=(exempting("SL-REQ-002"),))
    assert said(ask(judged, BY_ANN, fact(by=person(STRANGER)))) == [("SL-REQ-002", "note"), MET]
    assert outcome(judged, BY_ANN) is Outcome.PASS
    assert outcome(judged, fact(by=person(STRANGER))) is Outcome.FAIL
    assert outcome(judged) is Outcome.MISSING


@pytest.mark.parametrize(
    "code", ["SL-ID-002", "SL-ID-003", "SL-ID-009", "SL-REQ-004", "SL-POL-001"]
)
def test_nothing_exempts_from_the_question_who_signed(code: str) -> None:
    exemptions = (exempting(code), exempting("SL-ID-002"), exempting("SL-ID-009"))
    assert (
        outcome(policy(wants(), exemptions=exemptions), fact(by=person(STRANGER))) is Outcome.FAIL
    )
    assert outcome(policy(wants(), exemptions=exemptions), BY_BO) is Outcome.FAIL
    two = policy(wants(trust="a"), exemptions=exemptions)
    assert outcome(two, BY_ANN) is Outcome.FAIL
    none = replace(two, rules=(Rule(("other-*",), (wants(),)),))
    assert outcome(none, BY_ANN) is Outcome.FAIL


def test_without_evidence_an_exemption_makes_no_pass() -> None:
    judged = policy(wants(), exemptions=(exempting("SL-EV-001"),))
    assert said(ask(judged)) == [("SL-EV-001", "note")]
    assert outcome(judged) is Outcome.MISSING


def test_a_caller_and_the_reusable_workflow_it_calls_are_not_taken_for_each_other() -> None:
    assert said(ask(policy(wants(by=[REUSED])), fact(by=reused()))) == [MET]
    swapped = github(
        "trusted/builder", signer="acme/hello/.github/workflows/release.yml@refs/tags/v1.0"
    )
    for signer in (swapped, github(), github("trusted/builder")):
        assert outcome(policy(wants(by=[REUSED])), fact(by=signer)) is Outcome.FAIL
    assert outcome(policy(wants(by=[GITHUB])), fact(by=reused())) is Outcome.FAIL


def test_claims_are_compared_where_a_report_wants_them() -> None:
    for facts in ([BY_ANN], [BY_BO]):
        (found,) = evaluate(policy(), WHEEL, facts, at=AT, detailed=True)
        assert [one.claim for one in found.compared] == ["issuer", "subject"]
        assert found.compared[0].demanded == LOGIN
        assert found.compared[1].held is (found.outcome is Outcome.PASS)
        (plain,) = evaluate(policy(), WHEEL, facts, at=AT)
        assert plain == replace(found, compared=())


def test_a_level_is_told_where_it_was_demanded_and_reached() -> None:
    judged = policy(wants("slsa-provenance", by=[GITHUB], level=2))
    proven = fact(SLSA, github(), slsa())
    (found,) = ask(judged, proven)
    assert found.level == 2
    assert "SLSA build level 2: " in found.actual
    (found,) = ask(policy(wants("slsa-provenance", by=[GITHUB])), proven)
    assert found.level == 0
    main = fact(SLSA, github(ref="refs/heads/main"), slsa())
    found, note = ask(replace(judged, exemptions=(exempting("SL-ID-004"),)), main)
    assert (found.level, note.outcome) == (0, Outcome.NOTE)


def test_what_cannot_be_read_any_more_is_a_failure() -> None:
    broken = fact(SLSA, predicate={"buildDefinition": 1})
    for demand in ({"source": "https://example.org/a"}, {"builder": "b"}, {"level": 1}):
        found = ask(policy(wants("slsa-provenance", **demand)), broken)
        assert said(found)[-1] == ("SL-PRE-002", "fail")
