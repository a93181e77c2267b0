"""What `status` says of a case: what is done, who is missing, what leaves when."""

from datetime import timedelta

import pytest

from sealane.core.embargo.case import Waiver
from sealane.core.embargo.events import Act, Event, Kind, Progress
from sealane.core.embargo.machine import revise
from sealane.core.embargo.roles import Action
from sealane.core.embargo.states import State
from sealane.core.embargo.status import Leave, what_is_next
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import (
    ALONE,
    DAY,
    DEFAULT,
    DIGEST,
    EXPIRES,
    LIFT,
    MANIFEST,
    OPENED,
    SCHEDULE,
    TOLD,
    act_once,
    all_states,
    approved,
    armed,
    begun,
    disclosed,
    fixed,
    leaked,
    lifting,
    on,
    opened,
    sealed,
    until,
)

STATES = all_states()
RELEASE = "code; then index, images, charts; then forge, numbers; then records; then list"


@pytest.mark.parametrize(
    ("state", "move"),
    [
        (State.OPEN, Kind.FIX),
        (State.FIXED, Kind.SEAL),
        (State.SEALED, Kind.PREDISCLOSE),
        (State.PREDISCLOSED, Kind.ARM),
        (State.ARMED, Kind.BEGIN),
        (State.LIFTING, Kind.ACTED),
        (State.LIFTED, Kind.ACTED),
        (State.ADVISED, Kind.ACTED),
        (State.VERIFIED, Kind.CLOSE),
        (State.CLOSED, None),
        (State.LEAKED, Kind.BEGIN),
        (State.ABORTED, None),
        (State.PARTIAL, Kind.RESUME),
    ],
)
def test_every_state_has_its_next_move(state: State, move: Kind | None) -> None:
    told = what_is_next(STATES[state], LIFT)
    assert (told.state, told.move) == (state, move)


def test_where_nobody_is_told_the_case_is_armed_next() -> None:
    assert what_is_next(sealed(opened(ALONE)), TOLD).move is Kind.ARM


def test_where_the_dates_alone_changed_they_are_extended_next() -> None:
    later = replace(MANIFEST, revision=2, schedule=replace(SCHEDULE, expires=EXPIRES + DAY))
    case = revise(sealed(opened()), later, DEFAULT, TOLD)
    assert what_is_next(case, TOLD).move is Kind.EXTEND
    other = replace(MANIFEST, revision=2, ids=())
    assert what_is_next(revise(sealed(opened()), other, DEFAULT, TOLD), TOLD).move is Kind.SEAL


def test_who_has_to_approve_stands_beside_what_is_missing() -> None:
    counted = approved(Action.SEAL, held=False, text="1 of 2 of security: Ada, Grace or Joan")
    told = what_is_next(on(fixed(opened()), TOLD, counted), TOLD + timedelta(microseconds=7))
    assert told.approvals == ("approvals: seal: 1 of 2 of security: Ada, Grace or Joan",)
    assert told.missing == ("builds: they were not found to be equal for this revision",)
    assert told.done == ("revision 1", "fix of main verified", "fix of 1.x verified")


def test_what_was_sent_and_answered_is_said() -> None:
    case = on(disclosed(opened()), TOLD, Event(Kind.ACKNOWLEDGED, of="Beta"))
    told = what_is_next(case, TOLD)
    assert told.done[3:] == (
        "built twice, equal",
        "revision 1 sealed",
        "rehearsed in 600 s",
        "bundle sent to Acme, no answer yet",
        "bundle sent to Beta, acknowledged",
        "bundle sent to linux-distros, no answer yet",
    )


def test_what_leaves_is_told_in_its_order() -> None:
    assert what_is_next(opened(), OPENED).leaves == (
        Leave("bundles for Acme, Beta, linux-distros", TOLD),
        Leave("the date, without details", LIFT - 2 * DAY),
        Leave(f"the release: {RELEASE}", LIFT),
    )
    told = what_is_next(disclosed(opened()), LIFT - DAY)
    assert told.leaves == (Leave(f"the release: {RELEASE}", LIFT),)


def test_bundles_that_may_leave_leave_at_once() -> None:
    case = on(sealed(opened()), TOLD, approved(Action.PREDISCLOSE), Event(Kind.PREDISCLOSE))
    case = on(case, TOLD, Event(Kind.SENT, of="Acme", sha256=DIGEST))
    assert what_is_next(case, TOLD).leaves[0] == Leave("bundles for Beta, linux-distros", None)


def test_a_case_without_channels_says_so() -> None:
    bare = opened(replace(ALONE, channels=(), lift_order=()))
    assert what_is_next(bare, LIFT - DAY).leaves[-1].what == "the release: no channel"


def test_a_lift_tells_its_next_step() -> None:
    case = until(lifting(opened()), {Act.PUBLISH})
    told = what_is_next(case, LIFT)
    assert told.leaves == (Leave("publish (S3) on index, images, charts", None),)
    assert told.done[-3:] == ("push on code: done", "build: done", "sign: done")
    assert told.warnings == ()


def test_a_lift_that_is_late_says_so() -> None:
    case = until(lifting(opened()), {Act.PUBLISH})
    (warning,) = what_is_next(case, LIFT + timedelta(seconds=1801)).warnings
    assert warning.startswith("the window of 1800 s")


def test_a_lift_that_saw_something_else_lets_nothing_leave() -> None:
    wrong = {(Act.PUBLISH, "index"): Progress.MISMATCH}
    case = act_once(until(lifting(opened()), {Act.PUBLISH}), LIFT, wrong)
    told = what_is_next(case, LIFT)
    assert told.leaves == ()
    assert "agree on a new revision" in told.warnings[0]


def test_after_a_leak_the_words_are_what_leaves_next() -> None:
    at = OPENED + 3 * DAY
    wrong = {(Act.BUILD, ""): Progress.MISMATCH}
    case = act_once(until(begun(leaked(sealed(opened())), at), {Act.BUILD}, at), at, wrong)
    told = what_is_next(case, at)
    assert told.leaves == (Leave("advise (S5) on forge, numbers", None),)


def test_what_stopped_or_leaked_leaves_as_soon_as_it_can() -> None:
    for state in (State.PARTIAL, State.LEAKED):
        assert what_is_next(STATES[state], LIFT).leaves == (Leave(RELEASE, None),)
    at = OPENED + 3 * DAY
    assert what_is_next(leaked(sealed(opened())), at).approvals == (
        "approvals: early-lift: not counted now",
    )


@pytest.mark.parametrize("state", [State.VERIFIED, State.CLOSED, State.ABORTED])
def test_nothing_leaves_after_the_end(state: State) -> None:
    told = what_is_next(STATES[state], LIFT)
    assert (told.leaves, told.missing, told.approvals) == ((), (), ())


def test_waived_rules_and_an_old_case_are_warned_of() -> None:
    waiver = Waiver("predisclosure-max", "the list agreed to ten days")
    schedule = replace(
        SCHEDULE, opened=OPENED - 90 * DAY, predisclosure=TOLD - 3 * DAY, waivers=(waiver,)
    )
    waived, old = what_is_next(opened(replace(MANIFEST, schedule=schedule)), TOLD).warnings
    assert waived.startswith("waived: predisclosure-max: expected at most 7 days")
    assert waived.endswith(": the list agreed to ten days")
    assert old.startswith("total-age: expected")


def test_a_schedule_that_waives_what_cannot_be_waived_has_no_status() -> None:
    schedule = replace(SCHEDULE, waivers=(Waiver("recipient-key", "they will get a new one"),))
    with pytest.raises(EmbargoError, match="no waiver sets it aside"):
        what_is_next(opened(replace(MANIFEST, schedule=schedule)), TOLD)
    with pytest.raises(InputError, match="now: expected a time in UTC"):
        what_is_next(armed(opened()), TOLD.replace(tzinfo=None))
