"""What becomes of an artifact for which a rule does not hold, and of one that no rule is about."""

from dataclasses import replace
from datetime import timedelta

import pytest

from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.policy.needs import Need
from sealane.core.policy.schema import Distrust, Exemption, Mode, Policy, Rule, policy_of
from support.judging import AT, BO, LOGIN, WHEEL, ask, fact, outcome, person, policy, said, wants

HELD, FAILS, MISSES = wants(), wants(by=[BO]), wants("slsa-provenance")
MET, NOT_MET = ("SL-REQ-001", "pass"), ("SL-REQ-001", "note")
NONE_HOLDS = ("SL-POL-002", "warn")


def of(*rules: tuple[Mode, tuple[Need, ...]]) -> Policy:
    made = (Rule(("*",), needs, mode) for mode, needs in rules)
    return policy_of("p", "test", tuple(made))


@pytest.mark.parametrize(
    ("rules", "expected", "becomes"),
    [
        pytest.param([(Mode.ENFORCE, (HELD,))], [MET], Outcome.PASS, id="enforced-and-held"),
        pytest.param([(Mode.ENFORCE, (HELD, MISSES))], [MET, ("SL-PRE-001", "missing")],
                     Outcome.MISSING, id="enforced-and-missing"),
        pytest.param([(Mode.WARN, (HELD,))], [MET], Outcome.PASS, id="warn-and-held"),
        pytest.param([(Mode.AUDIT, (HELD,))], [MET], Outcome.PASS, id="audit-and-held"),
        pytest.param([(Mode.WARN, (FAILS,))], [("SL-ID-009", "warn"), NONE_HOLDS], Outcome.WARN,
                     id="warn-and-not-held"),
        pytest.param([(Mode.WARN, (MISSES,))], [("SL-PRE-001", "warn"), NONE_HOLDS],
                     Outcome.WARN, id="warn-and-missing"),
        pytest.param([(Mode.AUDIT, (FAILS,))], [("SL-ID-009", "note"), NONE_HOLDS], Outcome.WARN,
                     id="audit-and-not-held"),
        pytest.param([(Mode.WARN, (HELD, MISSES))],
                     [NOT_MET, ("SL-PRE-001", "warn"), NONE_HOLDS], Outcome.WARN,
                     id="half-of-a-warned-rule-passes-nothing"),
        pytest.param([(Mode.AUDIT, (HELD, FAILS))], [NOT_MET, ("SL-ID-009", "note"), NONE_HOLDS],
                     Outcome.WARN, id="half-of-an-audited-rule-passes-nothing"),
        pytest.param([(Mode.WARN, (HELD,)), (Mode.WARN, (FAILS,))], [MET, ("SL-ID-009", "warn")],
                     Outcome.PASS, id="one-of-two-that-are-not-enforced-holds"),
        pytest.param([(Mode.ENFORCE, (HELD,)), (Mode.WARN, (FAILS,))],
                     [MET, ("SL-ID-009", "warn")], Outcome.PASS, id="enforced-beside-a-warning"),
        pytest.param([(Mode.ENFORCE, (FAILS,)), (Mode.WARN, (HELD,))],
                     [("SL-ID-009", "fail"), NOT_MET], Outcome.FAIL,
                     id="what-is-not-enforced-helps-nothing-that-is"),
        pytest.param([(Mode.ENFORCE, (MISSES,)), (Mode.AUDIT, (HELD,))],
                     [("SL-PRE-001", "missing"), NOT_MET], Outcome.MISSING,
                     id="what-is-audited-helps-nothing-that-is"),
    ],
)  # fmt: skip
def test_a_rule_that_is_not_enforced_never_passes_by_accident(
    rules: list[tuple[Mode, tuple[Need, ...]]],
    expected: list[tuple[str, str]],
    becomes: Outcome,
) -> None:
    judged = of(*rules)
    assert said(ask(judged, fact())) == expected
    assert outcome(judged, fact()) is becomes


def test_an_audited_failure_says_that_it_is_audited() -> None:
    found = ask(of((Mode.AUDIT, (FAILS,))), fact())
    assert found[0].place == "audit: x.sigstore.json: subject"


@pytest.mark.parametrize("mode", [Mode.WARN, Mode.AUDIT])
def test_nothing_proven_is_no_pass_in_any_mode(mode: Mode) -> None:
    assert outcome(of((mode, (HELD,)))) is Outcome.WARN
    # A verdict that has to do without facts is none, whatever its findings say.
    found = ask(of((mode, (HELD,))), fact())
    assert Verdict(WHEEL, found).outcome is Outcome.MISSING


def test_what_no_rule_is_about_is_missing_without_evidence_and_fails_with_it() -> None:
    judged = policy_of("p", "test", (Rule(("other-*",), (HELD,)),))
    assert said(ask(judged)) == [("SL-POL-001", "missing")]
    assert said(ask(judged, fact())) == [("SL-POL-001", "fail")]
    assert outcome(judged) is Outcome.MISSING
    assert outcome(judged, fact()) is Outcome.FAIL


@pytest.mark.parametrize("mode", list(Mode))
def test_distrust_fails_in_every_mode_and_without_any_rule(mode: Mode) -> None:
    distrust = (Distrust("SEC-2", issuer=LOGIN),)
    judged = policy_of("p", "test", (Rule(("*",), (HELD,), mode),))
    judged = policy(*judged.rules[0].require, rules=judged.rules, distrust=distrust)
    assert outcome(judged, fact()) is Outcome.FAIL
    about_others = policy(rules=(Rule(("other-*",), (HELD,), mode),), distrust=distrust)
    assert said(ask(about_others, fact(by=person(BO)))) == [
        ("SL-POL-001", "fail"),
        ("SL-DIS-001", "fail"),
    ]


@pytest.mark.parametrize("facts", [(), (fact(by=person(BO)),)], ids=["nothing", "somebody-else"])
def test_a_warning_beside_an_enforced_rule_that_was_left_aside_is_no_success(
    facts: tuple[Fact, ...],
) -> None:
    accepted = tuple(
        Exemption(("*",), code, "SEC-9", AT + timedelta(days=1))
        for code in ("SL-EV-001", "SL-PRE-001")
    )
    judged = replace(of((Mode.ENFORCE, (MISSES,))), exemptions=accepted)
    assert outcome(judged, *facts) is Outcome.MISSING
    warned = of((Mode.ENFORCE, (MISSES,)), (Mode.WARN, (HELD,)))
    assert outcome(replace(warned, exemptions=accepted), *facts) is Outcome.MISSING
