"""A case is what its journal tells, through every byte of it."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.events import Entry, Event, Kind
from sealane.core.embargo.journal import (
    CaseJournal,
    extend_case_journal,
    parse_case_journal,
    render_entry,
)
from sealane.core.embargo.machine import advance, replay, revise
from sealane.core.embargo.profiles import PROFILES
from sealane.core.embargo.roles import Action
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError
from support.embargo_case import (
    DAY,
    DEFAULT,
    DIGEST,
    LIFT,
    MANIFEST,
    OPENED,
    SECOND,
    all_states,
    approved,
    event_of,
    on,
    opened,
    sealed,
)

STATES = all_states()


def through_bytes(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    journal, content = CaseJournal(), b""
    for entry in entries:
        line = render_entry(journal, entry)
        journal, content = extend_case_journal(journal, line), content + line + b"\n"
    return parse_case_journal(content).entries


@pytest.mark.parametrize("state", STATES)
def test_a_case_is_what_its_journal_tells(state: State) -> None:
    case = STATES[state]
    assert replay(through_bytes(case.entries), [MANIFEST], PROFILES) == case


def test_a_case_with_two_revisions_is_what_its_journal_tells() -> None:
    second = replace(MANIFEST, revision=2, previous=DIGEST, ids=())
    case = revise(sealed(opened()), second, DEFAULT, OPENED + 3 * DAY + timedelta(microseconds=5))
    seal = (Event(Kind.BUILT_TWICE), approved(Action.SEAL), Event(Kind.SEAL))
    case = on(case, OPENED + 4 * DAY, *seal)
    assert replay(through_bytes(case.entries), [MANIFEST, second], PROFILES) == case


def test_a_journal_that_tells_of_something_impossible_is_refused() -> None:
    second = replace(MANIFEST, revision=2, previous=DIGEST)
    entries = revise(opened(), second, DEFAULT, OPENED).entries
    for told, manifests, message in (
        ((), (), "expected revision 1 at least"),
        (entries, (MANIFEST,), "line 1: revision 2 of quiet-otter-5821: expected a manifest"),
        ((), (MANIFEST, second), "expected it to tell of revision 2, got up to 1"),
        ((replace(entries[0], revision=3),), (MANIFEST, second), "line 1: revision 3"),
        ((replace(entries[0], case="other-case"),), (MANIFEST, second), "of other-case"),
        (STATES[State.ARMED].entries[4:], (MANIFEST,), "expected the state"),
        (STATES[State.ARMED].entries[:-2], (MANIFEST, second), "up to 1"),
    ):
        with pytest.raises(EmbargoError, match=message):
            replay(told, manifests, PROFILES)


def test_a_journal_of_an_unknown_profile_is_refused() -> None:
    with pytest.raises(EmbargoError, match="expected one of curl, got 'default'"):
        replay((), [MANIFEST], {"curl": PROFILES["curl"]})


@settings(max_examples=30)
@given(st.data())
def test_whatever_happens_nothing_leaves_before_its_time(data: st.DataObject) -> None:
    """A walk at random: what a case then did was approved, in time, and is told by its journal."""
    case, at = data.draw(st.sampled_from(list(STATES.values()))), LIFT - DAY
    for _ in range(12):
        at += data.draw(st.sampled_from([timedelta(0), SECOND, DAY / 2]))
        actions = [approved(action) for action in Action]
        event = data.draw(st.sampled_from([*map(event_of, Kind), *actions]))
        try:
            case = advance(case, event, at)
        except EmbargoError:
            continue
        assert case.entries[-1] == Entry(MANIFEST.case, 1, at, event)
    replayed = replay(through_bytes(case.entries), [MANIFEST], PROFILES)
    assert replayed == case
    kinds = [one.event.kind for one in case.entries]
    for number, entry in enumerate(case.entries):
        if entry.event.kind is Kind.BEGIN:
            early = Kind.LEAK in kinds[:number]
            wanted = approved(Action.EARLY_LIFT if early else Action.LIFT)
            now = [one.event for one in case.entries[:number] if one.at == entry.at]
            assert wanted in now
            assert Event(Kind.CLOCK_CHECKED) in now
            assert early or LIFT <= entry.at < LIFT + DAY
        if entry.event.kind is Kind.ACTED:
            assert Kind.BEGIN in kinds[:number]
