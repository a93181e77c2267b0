"""Pins add demands: publisher, evidence and log have to be what they were, or better."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.provenance import PREDICATE as SLSA
from sealane.core.attestation.predicates.publish import PUBLISH_V1 as PUBLISH
from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.answers import finding
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.pins import EvidencePin, LogKind, Pin, PinExemption, Pins, Signer
from sealane.core.policy.pins_check import check_pins, demanded
from sealane.core.policy.schema import Continuity, Downgrade, Mode, Policy, Rule, policy_of
from support.histories import GITHUB, GITLAB
from support.pinned import ANN, AT, CI, EVIDENCE, PIN, PINS, PURL, fact, facts, wheel

WHO = ExactPublisher("ann", ANN.issuer, ANN.subject)
SBOM = "https://example.org/sbom"
KEY = Signer("urn:sealane:key", "sha256:ab", signs=("signature",))


def policy(*continuities: Continuity | None, mode: Mode = Mode.ENFORCE, match: str = "*") -> Policy:
    required = (Requirement(("publish",), (WHO,)),)
    rules = [Rule((match,), required, mode, one, f"rule {n}") for n, one in enumerate(continuities)]
    return policy_of("p", "test", tuple(rules))


def check(
    pins: Pins | None = PINS,
    proven: Sequence[Fact] = facts(),
    artifact: Artifact | None = None,
    by: Policy | None = None,
) -> dict[str, list[Outcome]]:
    """Outcomes by code."""
    found: dict[str, list[Outcome]] = {}
    for one in answers(pins, proven, artifact, by):
        found.setdefault(one.code.split()[0], []).append(one.outcome)
    return found


def answers(
    pins: Pins | None = PINS,
    proven: Sequence[Fact] = facts(),
    artifact: Artifact | None = None,
    by: Policy | None = None,
) -> tuple[Finding, ...]:
    judged = artifact or (proven[0].artifact if proven else wheel())
    return check_pins(pins, by, judged, proven, at=AT, path="dist/it's.whl")


def pins(**changes: object) -> Pins:
    return Pins((replace(PIN, **changes),))  # type: ignore[arg-type]  # a test's own names


HELD = {"SL-PIN-001": [Outcome.NOTE]}


def test_what_is_as_it_was_pinned_is_a_note() -> None:
    (one,) = answers()
    assert (one.outcome, one.place, one.expected) == (Outcome.NOTE, wheel().name, PURL)
    assert one.actual == "as pinned: https://gitlab.com/group/acme .gitlab-ci.yml"


def test_a_package_without_a_pin_is_a_note_on_the_first_use() -> None:
    (one,) = answers(Pins(origin="p.toml"))
    assert (one.code[:10], one.outcome, one.expected) == (
        "SL-PIN-002", Outcome.NOTE, f"a pin of {PURL}",
    )  # fmt: skip
    assert one.actual == "first use: nothing is pinned in p.toml; sealane pins update pins it"


@pytest.mark.parametrize(
    ("given_pins", "artifact", "told"),
    [
        (Pins(), wheel(), "first use"),
        (PINS, wheel(None), "its name tells no package"),
        (None, wheel(), "no file of pins was named"),
    ],
    ids=["first-use", "no-package", "no-pins"],
)
def test_where_a_rule_asks_for_a_pin_a_missing_one_is_missing(
    given_pins: Pins | None, artifact: Artifact, told: str
) -> None:
    (one,) = answers(given_pins, (), artifact, policy(Continuity()))
    assert (one.code[:10], one.outcome) == ("SL-PIN-002", Outcome.MISSING)
    assert told in one.actual
    assert one.hint


def test_a_file_without_a_package_is_not_asked_by_the_flag_alone() -> None:
    assert check(PINS, (), wheel(None)) == {"SL-PIN-002": [Outcome.NOTE]}


def test_nothing_is_asked_where_nobody_asks() -> None:
    assert answers(None) == ()
    assert answers(None, by=policy(None)) == ()
    assert answers(None, by=policy(Continuity(), match="other-*")) == ()


def test_a_mismatch_names_what_was_pinned_and_the_command_that_shows_it() -> None:
    (one,) = answers(proven=facts(by=GITLAB.but(project_id="666")))[:1]
    assert (one.code, one.outcome) == ("SL-PIN-006 pin-project-id", Outcome.FAIL)
    assert (one.expected, one.actual) == ("4711", "666")
    shows = "; what changed: sealane pins diff 'dist/it'\"'\"'s.whl' --pins sealane.pins.toml"
    assert one.hint.endswith(shows)
    assert "update" not in one.hint


def test_everything_in_which_the_nearest_signer_differs_is_named() -> None:
    other = GITLAB.but(file="x.yml", environment="release", owner_id="43")
    two = replace(PIN, signers=(KEY, CI))
    assert check(Pins((two,)), facts(by=other)) == {
        "SL-PIN-007": [Outcome.FAIL],
        "SL-PIN-008": [Outcome.FAIL],
        "SL-PIN-014": [Outcome.NOTE],
    }


def test_a_stranger_beside_a_pinned_signer_is_a_note_and_counts_for_nothing() -> None:
    proven = (*facts(), fact(SBOM, ANN))
    assert check(proven=proven) == {"SL-PIN-019": [Outcome.NOTE], **HELD}
    # Nor does the stranger make up for what the signer left out.
    lost = check(proven=(fact(SLSA), fact(PUBLISH, ANN)))
    assert lost["SL-PIN-015"] == [Outcome.FAIL]


def test_evidence_counts_by_those_alone_who_have_made_its_kind() -> None:
    """Another pinned signer cannot stand in, e.g. a laboratory for the pipeline."""
    laboratory = Signer(ANN.issuer, ANN.subject, signs=("test-result",))
    two = pins(signers=(CI, laboratory))
    assert check(two, (fact(SLSA, ANN), fact(PUBLISH))) == {
        "SL-PIN-015": [Outcome.FAIL],
        "SL-PIN-019": [Outcome.NOTE],
    }
    assert check(two, (*facts(), fact(SBOM, ANN))) == HELD
    # Nor where nothing is demanded yet: in a line that is new.
    (one,) = answers(two, (fact(SLSA, ANN, "2.0"),))
    assert (one.code[:10], one.outcome) == ("SL-PIN-015", Outcome.FAIL)
    assert (one.expected, one.actual) == (CI.name, "ann@example.org")
    assert check(two, (fact(SLSA, version="2.0"),)) == HELD
    assert check(two, (fact(SBOM, ANN, "2.0"),)) == HELD


@pytest.mark.parametrize(
    ("version", "kinds", "within", "lost"),
    [
        ("1.2", (SLSA,), Downgrade.SAME_MAJOR, True),
        ("1.2", (SLSA,), Downgrade.ALL, True),
        ("1.2", (SLSA,), None, False),
        ("2.0", (SLSA,), Downgrade.SAME_MAJOR, False),
        ("2.0", (SLSA,), Downgrade.ALL, True),
        ("0.9", (SLSA,), Downgrade.ALL, False),
        ("1.0rc1", (SLSA,), Downgrade.SAME_MAJOR, False),
        ("1!1.2", (SLSA,), Downgrade.SAME_MAJOR, False),
        ("1!1.2", (SLSA,), Downgrade.ALL, True),
        ("1.2", (SLSA, PUBLISH, SBOM), Downgrade.ALL, False),
    ],
)
def test_evidence_may_not_get_weaker_within_its_line(
    version: str, kinds: tuple[str, ...], within: Downgrade | None, lost: bool
) -> None:
    proven = [fact(kind, version=version) for kind in kinds]
    found = check(PINS, proven, by=policy(Continuity(no_downgrade=within)))
    assert found == ({"SL-PIN-015": [Outcome.FAIL]} if lost else HELD)


def test_an_artifact_without_a_version_is_held_to_every_line() -> None:
    later = (*EVIDENCE, EvidencePin("sbom-spdx", "2.0", LogKind.V1))
    assert set(demanded(later, None, Downgrade.SAME_MAJOR)) == {
        "publish", "slsa-provenance", "sbom-spdx",
    }  # fmt: skip
    unknown = replace(wheel(), version=None)
    assert check(pins(since="5.0"), (), unknown)["SL-PIN-015"] == [Outcome.FAIL] * 2


def test_what_a_newer_major_gained_is_not_asked_of_an_older_one() -> None:
    gained = pins(evidence=(*EVIDENCE, EvidencePin("sbom-spdx", "2.0", LogKind.V1)))
    for within in Downgrade:
        assert check(gained, facts("1.9"), by=policy(Continuity(no_downgrade=within))) == HELD
    found = check(gained, facts("2.1"), by=policy(Continuity()))
    assert found == {"SL-PIN-015": [Outcome.FAIL]}


def test_no_evidence_at_all_is_lost_evidence_where_there_was_some() -> None:
    (one, _) = answers(proven=())
    assert (one.outcome, one.actual) == (Outcome.FAIL, "no evidence")
    assert check(pins(evidence=()), ()) == {"SL-EV-001": [Outcome.MISSING]}
    without = policy(Continuity(publisher=False))
    assert check(pins(evidence=()), (), by=without) == HELD


@pytest.mark.parametrize(
    ("pinned", "logged", "generation", "code", "outcome"),
    [
        (LogKind.V1, False, 0, "SL-PIN-016", Outcome.FAIL),
        (LogKind.SOME, False, 0, "SL-PIN-016", Outcome.FAIL),
        (LogKind.V1, True, 2, "SL-PIN-017", Outcome.NOTE),
        (LogKind.V2, True, 1, "SL-PIN-017", Outcome.NOTE),
        (LogKind.V1, True, 0, "SL-PIN-001", Outcome.NOTE),
        (LogKind.SOME, True, 2, "SL-PIN-001", Outcome.NOTE),
        (LogKind.NONE, False, 0, "SL-PIN-001", Outcome.NOTE),
        (LogKind.NONE, True, 2, "SL-PIN-001", Outcome.NOTE),
        (LogKind.V2, True, 2, "SL-PIN-001", Outcome.NOTE),
    ],
)
def test_what_was_in_a_log_has_to_be_in_one(
    pinned: LogKind, logged: bool, generation: int, code: str, outcome: Outcome
) -> None:
    one_kind = pins(evidence=(EvidencePin("publish", "1.0", pinned),))
    found = check(one_kind, (fact(PUBLISH, logged=logged, generation=generation),))
    assert found[code] == [outcome]
    assert found.keys() <= {code, "SL-PIN-001"}


def test_one_fact_in_a_log_is_enough_beside_one_in_none() -> None:
    assert check(proven=(*facts(), *facts(logged=False))) == HELD


@pytest.mark.parametrize(
    ("by_rule", "by_pin", "version", "asked"),
    [
        ("1.4", "", "1.3", False),
        ("1.4", "", "1.4", True),
        ("1.4", "", "1.4rc1", False),
        (None, "1.4", "1.3", False),
        (None, "1.4", "1.10", True),
        ("1.2", "1.4", "1.3", False),
    ],
)
def test_versions_before_since_are_not_asked(
    by_rule: str | None, by_pin: str, version: str, asked: bool
) -> None:
    proven = [fact(SLSA, GITHUB, version)]
    found = check(pins(since=by_pin), proven, by=policy(Continuity(since=by_rule)))
    assert found == ({"SL-PIN-003": [Outcome.FAIL]} if asked else {"SL-PIN-020": [Outcome.NOTE]})


def test_where_the_publisher_is_not_asked_for_evidence_by_anybody_counts() -> None:
    rule = policy(Continuity(publisher=False))
    assert check(proven=facts(by=GITHUB), by=rule) == HELD
    assert check(proven=(fact(SLSA, GITHUB),), by=rule) == {"SL-PIN-015": [Outcome.FAIL]}


@pytest.mark.parametrize(
    ("mode", "outcome"),
    [(Mode.ENFORCE, Outcome.FAIL), (Mode.WARN, Outcome.WARN), (Mode.AUDIT, Outcome.NOTE)],
)
def test_a_rule_that_only_warns_lets_its_pins_warn(mode: Mode, outcome: Outcome) -> None:
    rule = policy(Continuity(since="1.0"), mode=mode)
    found = check(proven=facts(by=GITHUB), by=rule)
    # Whoever names pins beside it wants them to count.
    both = [outcome] if mode is Mode.ENFORCE else [outcome, Outcome.FAIL]
    assert found == {"SL-PIN-003": both}
    assert check(None, by=rule)["SL-PIN-002"] == [
        outcome if mode is not Mode.ENFORCE else Outcome.MISSING
    ]


def test_an_included_rule_takes_nothing_from_what_the_named_pins_demand() -> None:
    rule = policy(Continuity(publisher=False, since="9.0"))
    own = policy(None).rules
    included = tuple(replace(one, added=True) for one in rule.rules)
    found = check(proven=facts(by=GITHUB), by=replace(rule, rules=(*own, *included)))
    assert found["SL-PIN-003"] == [Outcome.FAIL]
    assert "SL-PIN-003" not in check(proven=facts(by=GITHUB), by=rule), "the policy itself may"


def test_two_rules_that_ask_the_same_have_one_answer() -> None:
    assert check(by=policy(Continuity(), Continuity(), None)) == HELD


def exempt(code: str, version: str = "", days: int = 1) -> PinExemption:
    return PinExemption(code, "TEAM-12", AT + timedelta(days=days), version)


@pytest.mark.parametrize(
    ("exemption", "accepted"),
    [
        (exempt("SL-PIN-015"), True),
        (exempt("SL-PIN-015", "1.1"), True),
        (exempt("SL-PIN-015", "1.2"), False),
        (exempt("SL-PIN-015", days=0), False),
        (exempt("SL-PIN-016"), False),
    ],
)
def test_an_exemption_is_for_one_finding_one_version_and_a_while(
    exemption: PinExemption, accepted: bool
) -> None:
    found = answers(pins(exemptions=(exemption,)), (fact(SLSA),))
    assert [one.outcome for one in found] == [Outcome.NOTE if accepted else Outcome.FAIL]
    assert ("; accepted until 2026-06-02T12:00:00+00:00: TEAM-12" in found[0].actual) == accepted


def test_an_exempted_signer_still_needs_the_evidence() -> None:
    exempted = pins(exemptions=(exempt("SL-PIN-008"),))
    renamed = GITLAB.but(file="x.yml")
    assert check(exempted, facts(by=renamed)) == {"SL-PIN-008": [Outcome.NOTE] * 2}
    assert check(exempted, (fact(SLSA, renamed),)) == {
        "SL-PIN-008": [Outcome.NOTE],
        "SL-PIN-015": [Outcome.FAIL],
    }
    both = check(exempted, facts(by=renamed.but(owner_id="43")))
    assert both["SL-PIN-007"] == [Outcome.FAIL]


def test_a_signer_that_has_been_replaced_is_not_the_one_that_is_told_of() -> None:
    new = replace(CI, owner_id="43")
    two = pins(signers=(replace(CI, until=AT), new))
    later = facts(at=AT + timedelta(days=1))
    (one, *_) = answers(two, later)
    assert (one.code[:10], one.expected, one.actual) == (
        "SL-PIN-018", f"until {AT.isoformat()}", (AT + timedelta(days=1)).isoformat(),
    )  # fmt: skip
    assert check(two, facts(at=AT)) == HELD
    assert check(two, facts(by=GITLAB.but(owner_id="43"), at=AT + timedelta(days=9))) == HELD


def test_a_pin_of_which_everybody_was_replaced_is_told_by_its_package() -> None:
    assert answers(pins(signers=(replace(CI, until=AT),)))[0].actual == f"as pinned: {PURL}"


PROVEN = st.lists(
    st.sampled_from([*facts(), *facts(by=GITHUB), fact(SBOM, ANN), *facts(logged=False)])
).map(tuple)
GIVEN_PINS = st.sampled_from(
    [PINS, Pins(), None, pins(evidence=()), pins(signers=(KEY,)), pins(since="2.0"),
     pins(exemptions=(exempt("SL-PIN-015"), exempt("SL-PIN-008")))]
)  # fmt: skip
BY = st.none() | st.builds(
    lambda continuity, mode: policy(continuity, mode=mode),
    st.none() | st.builds(Continuity, publisher=st.booleans(),
                          no_downgrade=st.none() | st.sampled_from(Downgrade)),
    st.sampled_from(Mode),
)  # fmt: skip
BEFORE = st.lists(
    st.sampled_from(Outcome).map(lambda outcome: finding("SL-REQ-001", outcome, "x"))
).map(tuple)


@given(BEFORE, PROVEN, GIVEN_PINS, BY)
def test_pins_never_make_a_pass_of_what_is_none(
    before: tuple[Finding, ...], proven: tuple[Fact, ...], given_pins: Pins | None, by: Policy
) -> None:
    added = answers(given_pins, proven, wheel(), by)
    assert all(one.outcome is not Outcome.PASS for one in added)
    without = Verdict(wheel(), before, proven).outcome
    assert without is Outcome.PASS or (
        Verdict(wheel(), (*before, *added), proven).outcome is not Outcome.PASS
    )


@given(PROVEN, st.sampled_from([PIN, replace(PIN, signers=(CI, KEY))]), st.integers(0, 1))
def test_leaving_evidence_out_of_a_pin_never_refuses_more(
    proven: tuple[Fact, ...], pin: Pin, index: int
) -> None:
    fewer = replace(pin, evidence=pin.evidence[:index])
    counts = [
        sum(one.outcome is Outcome.FAIL for one in answers(Pins((one_pin,)), proven, wheel()))
        for one_pin in (fewer, pin)
    ]
    assert counts[0] <= counts[1]
