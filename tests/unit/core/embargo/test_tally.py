"""A tally that is not complete stops what it was counted for, and says who is missing."""

import pytest

from sealane.core.embargo.roles import Action, RoleName
from sealane.core.embargo.tally import Reason, Refused, RoleTally, Tally, require
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, ExitCode

DONE = RoleTally(RoleName.SECURITY, 2, ("ann", "carl"), ("dora",), 0)
LACKING = RoleTally(RoleName.RELEASE, 1, (), ("dora", "emil"), 1)
TALLY = Tally(Action.LIFT, "quiet-lake-4711", 3, "ab" * 32, (DONE, LACKING), (), ())


def refusal(tally: Tally) -> EmbargoError:
    with pytest.raises(EmbargoError) as raised:
        require(tally)
    assert raised.value.exit_code == ExitCode.EMBARGO
    return raised.value


def test_a_complete_tally_lets_go_on() -> None:
    tally = replace(TALLY, roles=(DONE, replace(LACKING, lacking=0)))
    assert tally.complete
    require(tally)


def test_what_is_missing_is_told() -> None:
    error = refusal(TALLY)
    assert error.message == (
        "lift of quiet-lake-4711, revision 3: release: expected 1 people, got 0 (nobody)"
    )
    assert error.hint == "ask for more approvals; these have given none: dora, emil"


def test_what_was_refused_is_told_up_to_three() -> None:
    refused = tuple(Refused(f"{n}.json", n, Reason.EXPIRED, "it ended") for n in range(5))
    told = refusal(replace(TALLY, refused=refused)).message
    assert "; refused: 0.json: expired: it ended; refused: 1.json, signature 1: expired: " in told
    assert "2.json" in told
    assert "3.json" not in told


def test_a_tally_that_asks_nobody_is_not_complete() -> None:
    nobody = replace(TALLY, roles=())
    assert not nobody.complete
    refusal(nobody)


def test_a_tally_has_no_truth_value() -> None:
    with pytest.raises(TypeError, match=r"\.complete"):
        bool(TALLY)
