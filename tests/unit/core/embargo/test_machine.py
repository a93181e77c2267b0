"""A case moves as the table of its states says, and in no other way."""

import pytest

from sealane.core.embargo.events import Act, Event, Kind, Progress
from sealane.core.embargo.machine import ALLOWED, advance, open_case
from sealane.core.embargo.profiles import PROFILES
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import (
    DAY,
    DEFAULT,
    LIFT,
    MANIFEST,
    OPENED,
    act_once,
    acted,
    all_states,
    begun,
    event_of,
    leaked,
    lifting,
    on,
    opened,
    refused,
    sealed,
    until,
)

STATES = all_states()
OTHER = [(kind, state) for kind in Kind for state in State if state not in ALLOWED[kind]]


def test_the_way_of_a_case_leads_through_every_state() -> None:
    assert {state: case.state for state, case in STATES.items()} == {one: one for one in State}


@pytest.mark.parametrize(("kind", "state"), OTHER)
def test_what_a_state_does_not_allow_is_refused(kind: Kind, state: State) -> None:
    with pytest.raises(EmbargoError, match=f"{kind}: expected the state .*, got {state}") as caught:
        advance(STATES[state], event_of(kind), LIFT)
    assert caught.value.hint


def test_the_table_allows_no_other_moves() -> None:
    before = {State.OPEN, State.FIXED, State.SEALED, State.PREDISCLOSED, State.ARMED}
    under_way = {State.LIFTING, State.LIFTED, State.ADVISED}
    moves = {
        Kind.FIX: {State.OPEN},
        Kind.SEAL: {State.FIXED},
        Kind.PREDISCLOSE: {State.SEALED},
        Kind.EXTEND: {State.FIXED},
        Kind.ARM: {State.SEALED, State.PREDISCLOSED},
        Kind.BEGIN: {State.ARMED, State.LEAKED},
        Kind.ACTED: under_way,
        Kind.STOP: under_way,
        Kind.RESUME: {State.PARTIAL},
        Kind.LEAK: before,
        Kind.ABORT: before | {State.LIFTING},
        Kind.REVISE: before | {State.LEAKED, State.PARTIAL, State.ABORTED},
        Kind.CLOSE: {State.VERIFIED},
    }
    assert {kind: ALLOWED[kind] for kind in moves} == moves


STOP, RESUME = event_of(Kind.STOP), Event(Kind.RESUME)


def test_a_lift_that_did_nothing_final_goes_back() -> None:
    case = act_once(lifting(opened()), LIFT)
    assert on(case, LIFT, STOP).state is State.ARMED
    early = begun(leaked(sealed(opened())), OPENED + 3 * DAY)
    assert on(early, LIFT, STOP).state is State.LEAKED


@pytest.mark.parametrize("act", [Act.BUILD, Act.PUBLISH, Act.ADVISE, Act.CHECK])
def test_a_lift_that_stopped_is_resumed_where_it_was(act: Act) -> None:
    case = until(lifting(opened()), {act})
    stopped = on(case, LIFT, STOP)
    assert stopped.state is State.PARTIAL
    resumed = on(stopped, LIFT + 30 * DAY, RESUME)
    assert resumed.state is case.state
    assert until(resumed, (), LIFT + 30 * DAY).state is State.VERIFIED


def test_what_is_not_what_was_sealed_is_not_resumed() -> None:
    case = act_once(
        until(lifting(opened()), {Act.BUILD}), LIFT, {(Act.BUILD, ""): Progress.MISMATCH}
    )
    stopped = on(case, LIFT, STOP)
    assert "build : not what was sealed" in refused(stopped, LIFT, RESUME)


def test_after_a_leak_what_is_not_what_was_sealed_leaves_the_words() -> None:
    at = OPENED + 3 * DAY
    case = until(begun(leaked(sealed(opened())), at), {Act.BUILD}, at)
    wrong = act_once(case, at, {(Act.BUILD, ""): Progress.MISMATCH})
    resumed = on(wrong, at, STOP, RESUME)
    assert act_once(resumed, at).entries[-1].event.act is Act.ADVISE


def test_an_act_out_of_turn_is_refused() -> None:
    case = lifting(opened())
    assert "expected preflight" in refused(case, LIFT, acted(Act.PUSH, Progress.STARTED, "code"))


def test_an_event_that_is_no_whole_one_is_refused() -> None:
    with pytest.raises(InputError, match="leak: text: expected a reason"):
        advance(opened(), Event(Kind.LEAK), OPENED)
    with pytest.raises(InputError, match="now: expected a time in UTC"):
        advance(opened(), event_of(Kind.LEAK), OPENED.replace(tzinfo=None))


def test_a_revision_comes_with_its_manifest() -> None:
    with pytest.raises(EmbargoError, match="expected the new manifest"):
        advance(opened(), Event(Kind.REVISE), OPENED)


def test_a_case_is_opened_with_its_first_revision_and_its_profile() -> None:
    with pytest.raises(EmbargoError, match="expected 1 to open a case, got 2"):
        open_case(replace(MANIFEST, revision=2), DEFAULT)
    with pytest.raises(EmbargoError, match="expected 'default', got 'curl'"):
        open_case(MANIFEST, PROFILES["curl"])
