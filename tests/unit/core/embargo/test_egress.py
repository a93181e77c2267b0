"""Nothing is reached that a state does not allow."""

import pytest

from sealane.core.embargo.egress import RECIPIENTS, SIGNING, TIME, allowed_hosts, may_write
from sealane.core.embargo.states import SECRET, State
from support.embargo_case import CHANNELS

FILES = {"code", "index", "images", "charts"}
WORDS = {"forge", "numbers", "records"}
LIST = {"list"}
LIFTING = {TIME, SIGNING, *FILES}
EVERY = LIFTING | WORDS | LIST


@pytest.mark.parametrize(
    ("state", "leaked", "allowed"),
    [
        (State.OPEN, False, set()),
        (State.FIXED, False, set()),
        (State.SEALED, False, set()),
        (State.ABORTED, False, set()),
        (State.PREDISCLOSED, False, {RECIPIENTS}),
        (State.ARMED, False, {TIME} | FILES | WORDS),
        (State.LEAKED, True, {TIME} | FILES | WORDS),
        (State.LIFTING, False, LIFTING),
        (State.LIFTING, True, EVERY),
        (State.PARTIAL, False, LIFTING),
        (State.PARTIAL, True, EVERY),
        (State.LIFTED, False, EVERY),
        (State.ADVISED, False, EVERY),
        (State.VERIFIED, False, EVERY),
        (State.CLOSED, False, EVERY),
    ],
)
def test_each_state_has_its_hosts(state: State, leaked: bool, allowed: set[str]) -> None:
    assert allowed_hosts(state, CHANNELS, leaked=leaked) == allowed
    assert allowed_hosts(state, (one for one in CHANNELS), leaked=leaked) == allowed


@pytest.mark.parametrize("state", State)
def test_nothing_is_written_before_the_lift(state: State) -> None:
    assert may_write(state) == (state in {State.LIFTING, State.LIFTED, State.ADVISED})
    assert not (may_write(state) and state in SECRET)


def test_no_place_is_taken_for_a_channel() -> None:
    assert all(place.startswith("@") for place in (RECIPIENTS, TIME, SIGNING))
