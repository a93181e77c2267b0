"""Pins learn what is new, and nothing that contradicts them unless it is accepted by name."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates.provenance import PREDICATE as SLSA
from sealane.core.attestation.predicates.publish import PUBLISH_V1 as PUBLISH
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.verdict import Outcome
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.pins import EvidencePin, LogKind, Pin, PinExemption, Pins, Signer
from sealane.core.policy.pins_check import check_pins
from sealane.core.policy.pins_parse import parse_pins
from sealane.core.policy.pins_render import render_pins
from sealane.core.policy.pins_update import Seen, StepKind, Update, recognised, updated, vouched
from sealane.core.policy.schema import Mode, Policy, Rule, policy_of
from sealane.errors import PolicyError
from support.histories import GITHUB, GITLAB
from support.pinned import ANN, AT, CI, EVIDENCE, PIN, PINS, PURL, fact, facts, identity, wheel

NONE = Pins()
LATER = AT + timedelta(days=1)
NEW_OWNER = GITLAB.but(owner_id="43")
SBOM = "https://example.org/sbom"


def seen(version: str = "1.1", proven: tuple[Fact, ...] | None = None) -> Seen:
    return Seen(wheel(version), facts(version) if proven is None else proven)


def learn(*all_seen: Seen, pins: Pins = PINS, accept: Collection[str] = ()) -> Update:
    """What is learned; what comes of it can be written, and holds for what was learned from."""
    found = updated(pins, all_seen, at=AT, accept=accept)
    assert parse_pins(render_pins(found.pins), "p").packages == found.pins.packages
    for one in all_seen:
        if one.facts and one.artifact.purl and not found.refused:
            held = check_pins(found.pins, None, one.artifact, one.facts, at=AT, path="x")
            assert {answer.outcome for answer in held} == {Outcome.NOTE}, held
    return found


def steps(update: Update) -> list[tuple[StepKind, str, str, str]]:
    return [(one.kind, one.change.name, one.change.pinned, one.change.actual)
            for one in update.steps]  # fmt: skip


def test_the_first_version_is_pinned_as_it_is() -> None:
    found = learn(seen("1.0"), pins=NONE)
    assert found.pins.packages == (PIN,)
    assert found.refused == ()
    assert {one.kind for one in found.steps} == {StepKind.NEW}
    assert steps(found)[0][3] == (
        "https://gitlab.com/group/acme .gitlab-ci.yml; issuer https://gitlab.com; project id 4711; "
        "owner id 42; ref refs/tags/v{pep440}; runner gitlab-hosted"
    )
    assert found.steps[0].place == wheel("1.0").name


def test_learning_the_same_again_changes_nothing() -> None:
    found = learn(seen("1.0"), seen("1.1"))
    assert (found.pins, found.steps) == (PINS, ())


def test_several_signers_of_the_first_version_are_all_pinned() -> None:
    found = learn(seen("1.0", (*facts("1.0"), fact(SBOM, ANN, "1.0"))), pins=NONE)
    (pin,) = found.pins.packages
    assert [one.name for one in pin.signers] == [CI.name, "ann@example.org"]
    assert pin.signers[1].signs == (SBOM,)


def test_a_history_that_contradicts_itself_is_not_pinned() -> None:
    versions = (seen("1.0"), seen("1.1", facts("1.1", NEW_OWNER)))
    found = learn(*versions, pins=NONE)
    assert (found.pins, found.refused) == (NONE, (PURL,))
    accepted = learn(*versions, pins=NONE, accept=[PURL])
    assert [one.owner_id for one in accepted.pins.packages[0].signers] == ["42", "43"]


def test_what_proves_nothing_pins_nothing() -> None:
    found = learn(seen("1.0", ()), pins=NONE)
    assert (found.pins, found.steps, found.nameless) == (NONE, (), ())


def test_a_file_without_package_and_version_is_told() -> None:
    odd = wheel(None)
    found = learn(Seen(odd, (fact(artifact=odd),)), pins=NONE)
    assert (found.pins, found.nameless) == (NONE, (odd.name,))


def test_other_packages_stay_as_they_are() -> None:
    other = Seen(wheel("2.0", "beta"), facts("2.0"))
    found = learn(other, seen("1.2", facts("1.2", NEW_OWNER)))
    assert [one.purl for one in found.pins.packages] == [PURL, "pkg:pypi/beta"]
    assert (found.pins.of(PURL), found.refused) == (PIN, (PURL,))


@pytest.mark.parametrize(
    ("name", "value"), [("environment", "release"), ("runner", "gitlab-hosted")]
)
def test_a_claim_that_is_new_is_pinned_from_then_on(name: str, value: str) -> None:
    before = replace(CI, runner="", environment="")
    pins = Pins((replace(PIN, signers=(before,)),))
    who = GITLAB.but(**{"runner": "", "environment": "", name: value})
    found = learn(seen("1.2", facts("1.2", who, at=LATER)), pins=pins)
    assert (StepKind.GAINED, name.replace("runner", "runner environment"), "nothing", value) in (
        steps(found)
    )
    (pin,) = found.pins.packages
    # Earlier versions, which did not say it, go on to verify.
    known: dict[str, Any] = {name: value}
    assert pin.signers == (replace(before, until=LATER), replace(before, **known))
    assert learn(seen("1.2", facts("1.2", who, at=LATER)), pins=found.pins).steps == ()


def test_a_claim_of_somebody_who_was_replaced_changes_nothing() -> None:
    before = replace(CI, environment="", until=AT)
    pins = Pins((replace(PIN, signers=(before,)),))
    found = learn(seen("1.0", facts("1.0", GITLAB.but(environment="release"))), pins=pins)
    assert found.pins.packages[0].signers == (before,)
    # It is told all the same.
    assert {one.kind for one in found.steps} == {StepKind.GAINED}


def test_a_renamed_project_is_pinned_under_its_new_path() -> None:
    found = learn(seen("1.2", facts("1.2", GITLAB.but(project="group/new"))))
    assert found.pins.packages[0].signers == (replace(CI, project="https://gitlab.com/group/new"),)
    assert {one.kind for one in found.steps} == {StepKind.GAINED}


def test_what_contradicts_changes_nothing_until_it_is_accepted() -> None:
    latest = seen("1.2", facts("1.2", NEW_OWNER, at=LATER))
    refused = learn(latest)
    assert (refused.pins, refused.refused) == (PINS, (PURL,))
    assert steps(refused) == [(StepKind.CHANGED, "owner id", "42", "43")]
    assert refused.steps[0].change.code == "SL-PIN-007"
    assert learn(latest, accept=["pkg:pypi/other"]).pins == PINS
    accepted = learn(latest, accept=[PURL])
    assert accepted.refused == ()
    assert accepted.pins.packages[0].signers == (
        replace(CI, until=LATER),
        replace(CI, owner_id="43"),
    )
    # The steps are the same, whether they are accepted or not.
    assert steps(accepted) == steps(refused)


@pytest.mark.parametrize(("at", "until"), [(LATER, LATER), (None, AT)])
def test_a_key_takes_the_place_of_another_from_its_first_signature_on(
    at: datetime | None, until: datetime
) -> None:
    old, new = (Identity("urn:sealane:key", f"sha256:{one}") for one in ("aa", "bb"))
    signer = Signer(old.issuer, old.subject, signs=("publish",))
    pins = Pins((Pin(PURL, (signer,), EVIDENCE[:1]),))
    found = learn(seen("1.2", (fact(PUBLISH, new, "1.2", at=at),)), pins=pins, accept=[PURL])
    assert [one.until for one in found.pins.packages[0].signers] == [until, None]


def test_a_signer_of_other_evidence_replaces_nobody() -> None:
    latest = seen("1.2", (*facts("1.2"), fact(SBOM, ANN, "1.2")))
    assert learn(latest).refused == (PURL,)
    (pin,) = learn(latest, accept=[PURL]).pins.packages
    assert [one.until for one in pin.signers] == [None, None]
    assert pin.signers[1].signs == (SBOM,)


def test_somebody_who_was_replaced_and_signs_again_stands_beside_the_other() -> None:
    """An old line is released by the old workflow, and a new one by another."""
    new = replace(CI, config="ship.yml")
    former = replace(CI, until=AT - timedelta(days=1))
    pins = Pins((replace(PIN, signers=(former, new)),))
    older = seen("1.9", (*facts("1.9"), fact(SBOM, version="1.9")))
    assert learn(older, pins=pins).refused == (PURL,)
    (pin,) = learn(older, pins=pins, accept=[PURL]).pins.packages
    assert pin.signers == (replace(CI, signs=tuple(sorted((*CI.signs, SBOM)))), new)


def test_another_takes_no_place_of_one_who_was_replaced_before() -> None:
    ended = replace(CI, until=AT - timedelta(days=1))
    pins = Pins((replace(PIN, signers=(ended,)),))
    latest = seen("1.2", facts("1.2", NEW_OWNER))
    (pin,) = learn(latest, pins=pins, accept=[PURL]).pins.packages
    assert pin.signers == (ended, replace(CI, owner_id="43"))


def test_evidence_of_a_new_kind_is_pinned_from_its_version_on() -> None:
    found = learn(seen("1.4", (*facts("1.4"), fact(SBOM, version="1.4"))))
    assert found.pins.packages[0].evidence == tuple(
        sorted((*EVIDENCE, EvidencePin(SBOM, "1.4", LogKind.V1)), key=lambda one: one.order)
    )
    assert found.pins.packages[0].signers[0].signs == tuple(sorted((*CI.signs, SBOM)))
    assert {one.kind for one in found.steps} == {StepKind.GAINED}


def test_a_kind_that_somebody_else_makes_is_not_taken_over_unasked() -> None:
    laboratory = Signer(ANN.issuer, ANN.subject, signs=(SBOM,))
    pins = Pins((replace(PIN, signers=(CI, laboratory)),))
    latest = seen("1.2", (*facts("1.2"), fact(SBOM, version="1.2")))
    refused = learn(latest, pins=pins)
    assert refused.refused == (PURL,)
    assert steps(refused)[0] == (
        StepKind.CHANGED, f"signer of {SBOM}", "ann@example.org", CI.name,
    )  # fmt: skip
    (pin,) = learn(latest, pins=pins, accept=[PURL]).pins.packages
    assert SBOM in pin.signers[0].signs


def test_each_line_has_its_own_evidence() -> None:
    found = learn(seen("2.0", (fact(SLSA, version="2.0"),)))
    (pin,) = found.pins.packages
    assert pin.evidence == (*EVIDENCE, EvidencePin("slsa-provenance", "2.0", LogKind.V1))
    assert found.refused == ()


def test_an_older_version_that_has_it_too_moves_its_beginning() -> None:
    pins = Pins((replace(PIN, evidence=tuple(replace(one, since="1.5") for one in EVIDENCE)),))
    found = learn(seen("1.2"), pins=pins)
    assert {one.since for one in found.pins.packages[0].evidence} == {"1.2"}
    assert steps(found)[0] == (
        StepKind.GAINED, "evidence", "publish, log v1, from version 1.5 on",
        "publish, log v1, from version 1.2 on",
    )  # fmt: skip


def test_only_what_every_file_of_a_version_has_is_pinned() -> None:
    sdist = replace(wheel("1.0"), name="acme-1.0.tar.gz")
    files = (seen("1.0"), Seen(sdist, (fact(SLSA, version="1.0", logged=False),)))
    (pin,) = learn(*files, pins=NONE).pins.packages
    assert pin.evidence == (EvidencePin("slsa-provenance", "1.0", LogKind.NONE),)


def test_lost_evidence_is_a_contradiction_and_forgotten_once_accepted() -> None:
    latest = seen("1.2", (fact(SLSA, version="1.2"),))
    refused = learn(latest)
    assert refused.refused == (PURL,)
    assert steps(refused) == [
        (StepKind.CHANGED, "evidence", "publish, log v1, from version 1.0 on", "nothing")
    ]
    assert learn(latest, accept=[PURL]).pins.packages[0].evidence == EVIDENCE[1:]
    assert learn(seen("1.2", ())).refused == (PURL,)


def test_a_lost_log_is_a_contradiction_and_forgotten_once_accepted() -> None:
    latest = seen("1.2", (fact(SLSA, version="1.2"), fact(PUBLISH, version="1.2", logged=False)))
    refused = learn(latest)
    assert refused.refused == (PURL,)
    assert refused.steps[0].change.code == "SL-PIN-016"
    (pin,) = learn(latest, accept=[PURL]).pins.packages
    assert pin.evidence == (EvidencePin("publish", "1.2", LogKind.NONE), EVIDENCE[1])


def test_a_log_that_is_new_is_demanded_from_its_version_on() -> None:
    pins = Pins((replace(PIN, evidence=(replace(EVIDENCE[0], log=LogKind.NONE),)),))
    found = learn(seen("1.4", (fact(PUBLISH, version="1.4"),)), pins=pins)
    assert found.pins.packages[0].evidence == (
        EvidencePin("publish", "1.0", LogKind.NONE), EvidencePin("publish", "1.4", LogKind.V1),
    )  # fmt: skip
    older = learn(seen("1.3", (fact(PUBLISH, version="1.3", logged=False),)), pins=found.pins)
    assert older.steps == ()


def test_the_generation_of_a_log_goes_forward_only() -> None:
    second = learn(seen("1.2", facts("1.2", generation=2)))
    assert {one.log for one in second.pins.packages[0].evidence} == {LogKind.V2}
    assert learn(seen("1.1"), pins=second.pins).steps == ()


def test_versions_before_the_pins_first_are_not_learned_from() -> None:
    pins = Pins((replace(PIN, since="1.5"),))
    assert learn(seen("1.2", facts("1.2", GITHUB)), pins=pins).steps == ()
    assert learn(seen("1.6", facts("1.6", GITHUB)), pins=pins).refused == (PURL,)


def exempted(*codes: str, version: str = "1.2") -> Pins:
    listed = tuple(PinExemption(code, "TEAM-12", LATER, version) for code in codes)
    return Pins((replace(PIN, exemptions=listed),))


def test_what_is_exempted_is_neither_refused_nor_learned() -> None:
    lost = seen("1.2", (fact(SLSA, version="1.2"),))
    assert learn(lost, pins=exempted("SL-PIN-015")).steps == ()
    unlogged = seen("1.2", facts("1.2", logged=False))
    assert learn(unlogged, pins=exempted("SL-PIN-016")).steps == ()
    renamed = seen("1.2", facts("1.2", GITLAB.but(file="x.yml")))
    assert learn(renamed, pins=exempted("SL-PIN-008")).steps == ()
    assert learn(renamed, pins=exempted("SL-PIN-008", version="1.3")).refused == (PURL,)
    # Of several differences those that are not exempted are told.
    other = seen("1.2", facts("1.2", GITLAB.but(file="x.yml", owner_id="43")))
    assert [one.change.code for one in learn(other, pins=exempted("SL-PIN-008")).steps] == [
        "SL-PIN-007"
    ]


def test_a_ref_that_cannot_be_pinned_ends_the_update() -> None:
    odd = identity({**GITLAB.claims("1.0"), 14: "refs/tags/{pep440}"})
    with pytest.raises(PolicyError, match="braces"):
        learn(seen("1.0", (fact(SLSA, odd, "1.0"),)), pins=NONE)


CI_SUBJECT = "https://gitlab.com/group/acme//.gitlab-ci.yml@refs/tags/v1.1"


def policy(*rules: tuple[str, str, Mode]) -> Policy:
    made = []
    for match, who, mode in rules:
        issuer, subject = who.split(" ")
        named = Requirement(("publish",), (ExactPublisher("x", issuer, subject),))
        made.append(Rule((match,), (named,), mode))
    return policy_of("p", "test", tuple(made))


@pytest.mark.parametrize(
    ("rules", "count"),
    [
        pytest.param([("*", f"https://gitlab.com {CI_SUBJECT}", Mode.ENFORCE)], 2, id="named"),
        pytest.param([("*", "https://gitlab.com other", Mode.ENFORCE)], 0, id="other-subject"),
        pytest.param([("*", f"https://x.example.org {CI_SUBJECT}", Mode.ENFORCE)], 0,
                     id="other-issuer"),
        pytest.param([("*", f"https://gitlab.com {CI_SUBJECT}", Mode.WARN)], 0, id="warned-only"),
        pytest.param([("pkg:pypi/beta", f"https://gitlab.com {CI_SUBJECT}", Mode.ENFORCE)], 0,
                     id="of-another-package"),
    ],
)  # fmt: skip
def test_only_those_whom_an_enforced_rule_names_are_learned_from(
    rules: list[tuple[str, str, Mode]], count: int
) -> None:
    assert len(vouched(policy(*rules), wheel(), (*facts(), fact(SBOM, ANN)))) == count


def test_pinned_signers_are_recognised_among_strangers() -> None:
    proven = (fact(SBOM, ANN), *facts())
    assert recognised(PINS, wheel(), proven) == facts()
    assert recognised(NONE, wheel(), proven) == ()


WHO = st.sampled_from([GITLAB, NEW_OWNER, GITHUB, GITLAB.but(environment="release")])
SEEN = st.builds(
    lambda version, who, kinds, logged: Seen(
        wheel(version),
        tuple(fact(kind, who, version, logged=logged) for kind in sorted(kinds)),
    ),
    st.sampled_from(["1.0", "1.1", "2.0"]), WHO, st.sets(st.sampled_from([SLSA, PUBLISH])),
    st.booleans(),
)  # fmt: skip


@given(st.lists(SEEN, max_size=4), st.sampled_from([NONE, PINS]))
def test_whatever_is_seen_a_pin_that_is_contradicted_stays_and_what_is_learned_can_be_written(
    all_seen: list[Seen], pins: Pins
) -> None:
    found = updated(pins, all_seen, at=AT, accept=())
    changed = any(one.kind is StepKind.CHANGED for one in found.steps)
    assert bool(found.refused) == changed
    if changed:
        assert found.pins == pins
    for one in (found.pins, updated(pins, all_seen, at=AT, accept=[PURL]).pins):
        assert parse_pins(render_pins(one), "p").packages == one.packages
