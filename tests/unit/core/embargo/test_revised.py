"""A new revision voids every approval, and keeps what it did not touch."""

import pytest

from sealane.core.embargo.case import EmbargoManifest, Waiver
from sealane.core.embargo.events import Act, Event, Kind, Progress
from sealane.core.embargo.machine import advance, revise
from sealane.core.embargo.profiles import PROFILES
from sealane.core.embargo.roles import Action
from sealane.core.embargo.standing import Case
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import (
    ALONE,
    DAY,
    DEFAULT,
    DIGEST,
    LIFT,
    MANIFEST,
    OPENED,
    ORDER,
    ORGS,
    SCHEDULE,
    act_once,
    all_states,
    approved,
    armed,
    build,
    disclosed,
    fixed,
    leaked,
    lifting,
    on,
    opened,
    sealed,
    source,
    until,
)

STATES = all_states()
LATER = replace(SCHEDULE, not_before=LIFT + DAY, expires=LIFT + 2 * DAY)
SEAL = (Event(Kind.BUILT_TWICE), approved(Action.SEAL), Event(Kind.SEAL))
EXTEND = (approved(Action.EXTEND), Event(Kind.EXTEND))
MISMATCH = {(Act.BUILD, ""): Progress.MISMATCH}


def second(case: Case, **parts: object) -> EmbargoManifest:
    number = case.manifest.revision + 1
    return replace(case.manifest, revision=number, previous=DIGEST, **parts)  # type: ignore[arg-type]  # by name


def revised(case: Case, **parts: object) -> Case:
    return revise(case, second(case, **parts), DEFAULT, LIFT - 2 * DAY)


@pytest.mark.parametrize(
    ("state", "after"),
    [
        (State.OPEN, State.OPEN),
        (State.FIXED, State.FIXED),
        (State.SEALED, State.FIXED),
        (State.PREDISCLOSED, State.FIXED),
        (State.ARMED, State.FIXED),
        (State.ABORTED, State.OPEN),
        (State.LEAKED, State.LEAKED),
        (State.PARTIAL, State.PARTIAL),
    ],
)
def test_a_revision_voids_all_approvals_and_falls_back(state: State, after: State) -> None:
    case = revised(STATES[state], tlp="RED")
    assert (case.state, case.approved, case.clock) == (after, (), None)
    assert case.entries[-1].event == Event(Kind.REVISE)
    assert case.entries[-1].revision == 2


@pytest.mark.parametrize(
    "state", [State.LIFTING, State.LIFTED, State.ADVISED, State.VERIFIED, State.CLOSED]
)
def test_nothing_is_revised_in_the_middle_of_a_lift(state: State) -> None:
    with pytest.raises(EmbargoError, match="revise: expected the state OPEN, FIXED"):
        revised(STATES[state])


def test_another_fix_has_to_be_verified_again() -> None:
    other = (MANIFEST.source[0], replace(MANIFEST.source[1], fix="f" * 40))
    case = revised(sealed(opened()), source=other)
    assert (case.state, case.built) == (State.OPEN, False)
    assert case.fixed == {"main"}
    assert revised(sealed(opened()), source=()).state is State.OPEN


@pytest.mark.parametrize(
    ("parts", "built", "rehearsed", "sent"),
    [
        pytest.param({}, True, True, True, id="nothing"),
        pytest.param({"schedule": LATER}, True, True, True, id="dates"),
        pytest.param({"schedule": replace(SCHEDULE, window_s=900)}, True, False, True, id="window"),
        pytest.param({"builds": MANIFEST.builds[:1]}, False, False, False, id="builds"),
        pytest.param({"documents": MANIFEST.documents[:2]}, True, True, False, id="drafts"),
        pytest.param({"ids": ("CVE-2026-10002",)}, True, True, False, id="identifiers"),
        pytest.param({"lift_order": (*ORDER[:2], *ORDER[3:])}, True, False, True, id="order"),
    ],
)
def test_what_a_revision_does_not_touch_stays_known(
    parts: dict[str, object], built: bool, rehearsed: bool, sent: bool
) -> None:
    case = revised(disclosed(opened()), **parts)
    assert case.built == built
    assert case.rehearsed_s == (600 if rehearsed else 0)
    assert case.sent == (set(ORGS) if sent else set())


def test_what_was_recorded_of_a_recipient_does_not_ask_for_another_bundle() -> None:
    told = on(disclosed(opened()), LIFT - 3 * DAY, Event(Kind.ACKNOWLEDGED, of="Acme"))
    acme, beta, distros = MANIFEST.recipients
    noted = replace(acme, bundle_sha256=DIGEST, acknowledged=LIFT - 3 * DAY)
    other_key = replace(beta, key=replace(beta.key, fingerprint="F" * 40))
    case = revised(told, recipients=(noted, other_key, distros))
    assert case.sent == {"Acme", "linux-distros"}
    assert case.acknowledged == {"Acme"}


def test_an_objection_stays_until_its_manifest_leaves_it_out() -> None:
    acme, beta, distros = MANIFEST.recipients
    late = Event(Kind.OBJECTED, of="Beta", text="too late for us")
    case = on(opened(), OPENED, late, replace(late, of="linux-distros"))
    noted = (replace(acme, objects="too soon for us"), beta)
    objecting = revised(case, recipients=noted)
    assert dict(objecting.objections) == {"Beta": "too late for us", "Acme": "too soon for us"}
    cleared = revised(objecting, recipients=(acme, beta, distros))
    assert dict(cleared.objections) == {"Beta": "too late for us"}


@pytest.mark.parametrize("manifest", [MANIFEST, ALONE], ids=["told", "nobody-told"])
def test_another_date_alone_needs_no_new_seal(manifest: EmbargoManifest) -> None:
    case = revised(armed(opened(manifest)), schedule=replace(manifest.schedule, expires=LIFT + DAY))
    moved = replace(case.manifest.schedule, not_before=LIFT + DAY / 48, expires=LIFT + 2 * DAY)
    case = revised(case, schedule=moved)
    assert case.state is State.FIXED
    waived = Waiver("predisclosure-max", "all recipients agreed to it")
    schedule = replace(case.manifest.schedule, waivers=(waived,))
    case = on(revised(case, schedule=schedule), LIFT - DAY, *EXTEND)
    assert case.state is (State.PREDISCLOSED if manifest.recipients else State.SEALED)
    again = on(case, LIFT - DAY, approved(Action.LIFT), Event(Kind.ARM))
    assert again.state is State.ARMED


def test_another_date_of_a_case_that_nobody_knows_leads_back_to_sealed() -> None:
    case = revised(sealed(opened()), schedule=replace(SCHEDULE, expires=LIFT + 2 * DAY))
    assert on(case, LIFT - DAY, *EXTEND).state is State.SEALED


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param(fixed(opened()), "no revision was sealed before", id="never-sealed"),
        pytest.param(revised(sealed(opened()), tlp="RED"), "more than the dates", id="more"),
        pytest.param(
            revised(sealed(opened()), schedule=replace(SCHEDULE, heads_up=None)),
            "schedule: heads-up",
            id="against-the-rules",
        ),
    ],
)
def test_only_a_date_that_keeps_the_rules_is_extended(case: Case, message: str) -> None:
    counted = on(case, LIFT - DAY, EXTEND[0])
    with pytest.raises(EmbargoError, match=message):
        advance(counted, EXTEND[1], LIFT - DAY)
    with pytest.raises(EmbargoError, match="extend: not counted now"):
        advance(case, EXTEND[1], LIFT - DAY)


@pytest.mark.parametrize("number", [1, 3])
def test_revisions_come_one_after_the_other(number: int) -> None:
    with pytest.raises(EmbargoError, match=f"expected revision 2 .*, got revision {number}"):
        revise(opened(), replace(MANIFEST, revision=number), DEFAULT, OPENED)
    with pytest.raises(EmbargoError, match="got revision 2 of other-case"):
        revise(opened(), replace(second(opened()), case="other-case"), DEFAULT, OPENED)


def test_a_revision_comes_with_its_profile_and_a_time() -> None:
    with pytest.raises(EmbargoError, match="expected 'default', got 'curl'"):
        revise(opened(), second(opened()), PROFILES["curl"], OPENED)
    with pytest.raises(InputError, match="now: expected a time in UTC"):
        revise(opened(), second(opened()), DEFAULT, OPENED.replace(tzinfo=None))


def stopped() -> Case:
    """A lift that stopped because the rebuild in public gave something else."""
    case = act_once(until(lifting(opened()), {Act.BUILD}), LIFT, MISMATCH)
    return on(case, LIFT, Event(Kind.STOP, text="the builds differ"))


# The first series is released again; the other stays as it is.
NEXT = {
    "source": (source("main", "v2.0.2"), MANIFEST.source[1]),
    "builds": (build("2.0.2"), MANIFEST.builds[1]),
}


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        pytest.param(
            {"source": (replace(MANIFEST.source[0], fix="f" * 40), MANIFEST.source[1])},
            "main: expected another tag than 'v2.0.1'",
            id="tag-moved",
        ),
        pytest.param(
            {"builds": (replace(MANIFEST.builds[0], files=()), MANIFEST.builds[1])},
            "demo: expected another version than 2.0.1",
            id="version-used-again",
        ),
    ],
)
def test_a_public_name_never_means_something_else(parts: dict[str, object], message: str) -> None:
    with pytest.raises(EmbargoError, match=message):
        revised(stopped(), **parts)
    with pytest.raises(EmbargoError, match=message):
        revised(revised(stopped(), **NEXT), **parts)
    assert revised(armed(opened()), **parts).state in (State.OPEN, State.FIXED)


RESUME = (
    Event(Kind.FIX_VERIFIED, of="main"),
    Event(Kind.BUILT_TWICE),
    Event(Kind.CLOCK_CHECKED),
    approved(Action.LIFT),
    Event(Kind.RESUME),
)


def test_a_lift_goes_on_with_a_new_revision_and_a_new_version() -> None:
    case = on(revised(stopped(), **NEXT), LIFT, *RESUME)
    assert case.state is State.LIFTING
    assert until(case, ()).state is State.VERIFIED


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        (0, "main: the fix"),
        (1, "not found to be equal"),
        (2, "clock: not held"),
        (3, "lift: not counted now"),
    ],
)
def test_a_new_revision_is_not_resumed_unseen(left_out: int, message: str) -> None:
    events = RESUME[:left_out] + RESUME[left_out + 1 : -1]
    case = on(revised(stopped(), **NEXT), LIFT, *events)
    with pytest.raises(EmbargoError, match=message):
        advance(case, RESUME[-1], LIFT)


def test_a_new_revision_is_not_resumed_after_its_end() -> None:
    case = on(revised(stopped(), **NEXT), LIFT + DAY, *RESUME[:-1])
    with pytest.raises(EmbargoError, match="expires: too late"):
        advance(case, RESUME[-1], LIFT + DAY)


def test_after_a_leak_no_end_holds_a_new_revision() -> None:
    at = OPENED + 3 * DAY
    early = (Event(Kind.CLOCK_CHECKED), approved(Action.EARLY_LIFT))
    case = on(leaked(sealed(opened())), at, *early, Event(Kind.BEGIN))
    case = act_once(until(case, {Act.BUILD}, at), at, MISMATCH)
    case = revised(on(case, at, Event(Kind.STOP, text="the builds differ")), **NEXT)
    case = on(case, LIFT + 9 * DAY, *RESUME[:2], *early, RESUME[-1])
    assert case.state is State.LIFTING
