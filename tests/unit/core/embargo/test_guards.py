"""A move is made when nothing is missing for it, and what is missing is said."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.events import Act, Event, Kind, Progress
from sealane.core.embargo.machine import ALLOWED, advance
from sealane.core.embargo.roles import Action
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError
from support.embargo_case import (
    ALONE,
    DAY,
    DIGEST,
    LIFT,
    MANIFEST,
    OPENED,
    ORGS,
    SECOND,
    TOLD,
    act_once,
    acted,
    all_states,
    approved,
    armed,
    begun,
    disclosed,
    event_of,
    fixed,
    leaked,
    lifting,
    on,
    opened,
    refused,
    sealed,
)

STATES = all_states()
SEAL = (Event(Kind.BUILT_TWICE), approved(Action.SEAL), Event(Kind.SEAL))
PREDISCLOSE = (approved(Action.PREDISCLOSE), Event(Kind.PREDISCLOSE))
ARM = (approved(Action.LIFT), Event(Kind.ARM))
BEGIN = (Event(Kind.CLOCK_CHECKED), approved(Action.LIFT), Event(Kind.BEGIN))
EARLY = (Event(Kind.CLOCK_CHECKED), approved(Action.EARLY_LIFT), Event(Kind.BEGIN))


def test_nobody_fixes_half_of_the_series() -> None:
    half = on(opened(), OPENED, Event(Kind.FIX_VERIFIED, of="main"))
    assert "source: 1.x: the fix" in refused(half, OPENED, Event(Kind.FIX))
    empty = opened(replace(MANIFEST, source=()))
    assert "no series is named" in refused(empty, OPENED, Event(Kind.FIX))


def changed(**parts: object) -> EmbargoManifest:
    return replace(MANIFEST, **parts)  # type: ignore[arg-type]  # by name


FILE = MANIFEST.builds[0].files[0]


@pytest.mark.parametrize(
    ("manifest", "events", "message"),
    [
        pytest.param(MANIFEST, SEAL[1:], "not found to be equal", id="not-built-twice"),
        pytest.param(
            MANIFEST,
            (Event(Kind.BUILT_TWICE, held=False), *SEAL[1:]),
            "not found to be equal",
            id="builds-differ",
        ),
        pytest.param(changed(builds=()), SEAL, "nothing was built", id="no-builds"),
        pytest.param(
            changed(
                builds=(
                    replace(MANIFEST.builds[0], files=(replace(FILE, reproduced=False),)),
                )
            ),
            SEAL,
            "demo-2.0.1.tar.gz: a second build did not give it",
            id="not-reproduced",
        ),
        pytest.param(
            changed(source=tuple(replace(x, bundle_sha256="") for x in MANIFEST.source)),
            SEAL,
            "main: no git bundle",
            id="no-bundle",
        ),
        pytest.param(changed(documents=()), SEAL, "there is no draft", id="no-draft"),
        pytest.param(
            changed(documents=MANIFEST.documents[1:]),
            SEAL,
            "no draft of format osv for the channel records",
            id="no-record",
        ),
        pytest.param(
            changed(documents=MANIFEST.documents[:-1]),
            SEAL,
            "no draft of format announcement for the channel list",
            id="no-announcement",
        ),
        pytest.param(MANIFEST, (SEAL[0], SEAL[2]), "seal: not counted now", id="no-approvals"),
        pytest.param(
            MANIFEST,
            (SEAL[0], approved(Action.SEAL, held=False, text="1 of 2 of security"), SEAL[2]),
            "seal: 1 of 2 of security",
            id="an-approval-is-missing",
        ),
        pytest.param(
            MANIFEST,
            (SEAL[0], approved(Action.SEAL, held=False), SEAL[2]),
            "seal: not complete",
            id="nobody-says-which",
        ),
        pytest.param(
            MANIFEST,
            (SEAL[0], approved(Action.PREDISCLOSE), SEAL[2]),
            "seal: not counted now",
            id="approved-for-something-else",
        ),
    ],
)  # fmt: skip
def test_nothing_is_sealed_before_all_of_it_is_there(
    manifest: EmbargoManifest, events: Sequence[Event], message: str
) -> None:
    assert message in refused(fixed(opened(manifest)), OPENED + DAY, *events)


def test_all_that_is_missing_is_said_at_once() -> None:
    message = refused(fixed(opened(changed(builds=(), documents=()))), OPENED + DAY, SEAL[-1])
    assert "4 missing" in message
    for what in ("nothing was built", "not found to be equal", "no draft", "not counted now"):
        assert what in message


def test_approvals_are_counted_in_the_second_of_the_move() -> None:
    counted = on(fixed(opened()), OPENED + DAY, *SEAL[:2])
    with pytest.raises(EmbargoError, match="not counted now"):
        advance(counted, SEAL[2], OPENED + DAY + SECOND)
    assert advance(counted, SEAL[2], OPENED + DAY + SECOND / 2).state is State.SEALED


def test_recipients_are_told_at_their_time_and_with_approval() -> None:
    early = refused(sealed(opened()), TOLD - SECOND, *PREDISCLOSE)
    assert "predisclosure: not before 2026-11-17T15:00:00Z" in early
    assert "predisclose: not counted now" in refused(sealed(opened()), TOLD, PREDISCLOSE[1])
    late = refused(sealed(opened()), LIFT - DAY + SECOND, *PREDISCLOSE)
    assert "schedule: notice" in late
    assert "1 missing" in late


def test_nobody_is_told_where_there_is_nobody() -> None:
    assert "there is nobody to tell" in refused(sealed(opened(ALONE)), TOLD, *PREDISCLOSE)
    assert "they have to be told first" in refused(sealed(opened()), LIFT - DAY, *ARM)
    alone = on(sealed(opened(ALONE)), LIFT - DAY, *ARM)
    assert alone.state is State.ARMED


def test_a_recipient_without_a_time_is_not_told() -> None:
    schedule = replace(MANIFEST.schedule, predisclosure=None)
    case = sealed(opened(changed(schedule=schedule)))
    message = refused(case, TOLD, *PREDISCLOSE)
    assert "schedule: recipients: expected a time of predisclosure" in message


@pytest.mark.parametrize("org", ORGS)
def test_a_case_is_armed_when_every_recipient_has_a_bundle(org: str) -> None:
    case = on(sealed(opened()), TOLD, *PREDISCLOSE)
    sent = (Event(Kind.SENT, of=one, sha256=DIGEST) for one in ORGS if one != org)
    message = refused(on(case, TOLD, *sent), LIFT - DAY, *ARM)
    assert f"recipients: {org}: the bundle was not sent" in message


@pytest.mark.parametrize(("seconds", "right"), [(899, True), (900, False), (1800, False)])
def test_a_case_is_armed_when_the_rehearsal_took_less_than_half_of_the_window(
    seconds: int, right: bool
) -> None:
    case = on(disclosed(opened()), LIFT - DAY, Event(Kind.REHEARSED, seconds=seconds))
    if right:
        assert on(case, LIFT - DAY, *ARM).state is State.ARMED
    else:
        assert "less than half of the window, 1800 s" in refused(case, LIFT - DAY, *ARM)


def test_a_case_is_not_armed_without_a_rehearsal() -> None:
    case = on(fixed(opened(ALONE)), OPENED + DAY, *SEAL)
    assert "rehearsal: there was none" in refused(case, LIFT - DAY, *ARM)


def test_a_case_may_be_armed_a_minute_before_and_not_after_the_end() -> None:
    assert on(disclosed(opened()), LIFT - SECOND, *ARM).state is State.ARMED
    assert "schedule: past" in refused(disclosed(opened()), LIFT + DAY, *ARM)


OBJECTION = Event(Kind.OBJECTED, of="Beta", text="our holiday ends a day later")
RESOLVED = Event(Kind.RESOLVED, of="Beta", text="they will work")


def test_an_objection_holds_until_it_is_resolved() -> None:
    case = on(disclosed(opened()), LIFT - DAY, OBJECTION)
    assert "Beta: objects: our holiday" in refused(case, LIFT - DAY, *ARM)
    assert on(case, LIFT - DAY, RESOLVED, *ARM).state is State.ARMED


def test_an_objection_to_an_armed_case_holds_the_lift() -> None:
    case = on(armed(opened()), LIFT - SECOND, OBJECTION)
    assert "Beta: objects" in refused(case, LIFT, *BEGIN)
    assert begun(on(case, LIFT, RESOLVED)).state is State.LIFTING


def test_an_objection_in_the_manifest_counts() -> None:
    first, *others = MANIFEST.recipients
    objecting = (replace(first, objects="too soon for us"), *others)
    case = disclosed(opened(changed(recipients=objecting)))
    assert "Acme: objects: too soon" in refused(case, LIFT - DAY, *ARM)


@pytest.mark.parametrize(
    ("event", "message"),
    [
        (Event(Kind.FIX_VERIFIED, of="3.x"), "expected one of main, 1.x, got '3.x'"),
        (Event(Kind.ACKNOWLEDGED, of="Acme"), "expected one of nobody, got 'Acme'"),
        (Event(Kind.RESOLVED, of="Acme", text="all well"), "expected one of nobody"),
        (Event(Kind.OBJECTED, of="Gamma", text="too soon"), "linux-distros, got 'Gamma'"),
    ],
)
def test_what_is_told_is_of_the_manifest(event: Event, message: str) -> None:
    assert message in refused(fixed(opened()), OPENED + DAY, event)


def test_a_bundle_is_sent_to_a_key_that_is_used_still() -> None:
    first, *others = MANIFEST.recipients
    key = replace(first.key, not_after=LIFT)
    manifest = changed(recipients=(replace(first, key=key, bundle_sha256="cd" * 32), *others))
    case = on(sealed(opened(manifest)), TOLD, *PREDISCLOSE)
    right = Event(Kind.SENT, of="Acme", sha256="cd" * 32)
    assert "expected the bundle cdcd" in refused(case, TOLD, replace(right, sha256=DIGEST))
    assert "got one until 2026-11-24" in refused(case, LIFT, right)
    told = on(case, TOLD, right, Event(Kind.ACKNOWLEDGED, of="Acme"))
    assert told.acknowledged == {"Acme"}
    assert on(told, TOLD, right).acknowledged == frozenset()


@pytest.mark.parametrize(
    ("at", "events", "message"),
    [
        pytest.param(LIFT - SECOND, BEGIN, "not_before: too early", id="a-second-early"),
        pytest.param(LIFT + DAY, BEGIN, "expires: too late", id="a-day-late"),
        pytest.param(LIFT + 3 * SECOND * 3600, BEGIN, "schedule: lift-hours", id="at-night"),
        pytest.param(LIFT, BEGIN[1:], "clock: not held against", id="no-token"),
        pytest.param(
            LIFT,
            (Event(Kind.CLOCK_CHECKED, held=False), *BEGIN[1:]),
            "clock: not held against",
            id="a-clock-that-is-off",
        ),
        pytest.param(LIFT, (BEGIN[0], BEGIN[2]), "lift: not counted now", id="not-counted-again"),
        pytest.param(LIFT, EARLY, "lift: not counted now", id="early-lift-without-a-leak"),
    ],
)
def test_a_lift_begins_in_its_time_with_a_right_clock_and_all_approvals(
    at: datetime, events: Sequence[Event], message: str
) -> None:
    assert message in refused(armed(opened()), at, *events)


def test_after_a_leak_no_date_holds_the_lift() -> None:
    case = leaked(sealed(opened()), OPENED + 3 * DAY)  # a Friday, before anybody was told
    assert begun(case, OPENED + 4 * DAY).state is State.LIFTING


def test_after_a_leak_the_lift_still_needs_approvals_and_all_that_goes_out() -> None:
    at = OPENED + 3 * DAY
    assert "early-lift: not counted now" in refused(leaked(sealed(opened())), at, *BEGIN)
    message = refused(leaked(opened()), at, *EARLY)
    assert "source: main: the fix" in message
    assert "not found to be equal" in message
    verified = (Event(Kind.FIX_VERIFIED, of=one.branch) for one in MANIFEST.source)
    ready = on(leaked(opened()), at, *verified, Event(Kind.BUILT_TWICE))
    assert on(ready, at, *EARLY).state is State.LIFTING


@pytest.mark.parametrize("state", [state for state in STATES if state in ALLOWED[Kind.LEAK]])
def test_a_secret_can_leak_in_every_state_before_the_lift(state: State) -> None:
    assert advance(STATES[state], event_of(Kind.LEAK), LIFT).state is State.LEAKED


ABORT = (approved(Action.ABORT), event_of(Kind.ABORT))


@pytest.mark.parametrize("state", [state for state in STATES if state in ALLOWED[Kind.ABORT]])
def test_a_case_can_be_aborted_before_anything_is_public(state: State) -> None:
    assert on(STATES[state], LIFT, *ABORT).state is State.ABORTED
    assert "abort: not counted now" in refused(STATES[state], LIFT, ABORT[1])


def test_a_case_cannot_be_aborted_from_the_push_on() -> None:
    case = act_once(lifting(opened()), LIFT)
    assert on(case, LIFT, *ABORT).state is State.ABORTED
    pushing = on(case, LIFT, acted(Act.PUSH, Progress.STARTED, "code"))
    assert "only the way forward: resume" in refused(pushing, LIFT, *ABORT)


def test_what_is_known_already_is_not_aborted() -> None:
    case = begun(leaked(sealed(opened())), OPENED + 3 * DAY)
    assert "it is known already" in refused(case, LIFT, *ABORT)
