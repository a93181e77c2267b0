"""The failure table of publishing, row by row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.errors import LaneExit
from sealane.lane.journal import State
from sealane.lane.resume import (
    Answer,
    Patience,
    Proof,
    Reason,
    Sight,
    Step,
    decide,
    order,
    understand,
)

OURS, OTHER = "aa" * 32, "bb" * 32
FULL, NONE = Patience(3, 2), Patience(0, 0)
NO_LOOKS = Patience(0, 2)
ABSENT = Sight(None)


def test_the_same_bytes_with_verified_provenance_are_done() -> None:
    decision = decide(OURS, Sight(OURS, Proof.VERIFIED), None, sent=False, patience=NONE)
    assert (decision.step, decision.state) == (Step.DONE, State.OBSERVED)


@pytest.mark.parametrize("reason", Reason)
def test_what_the_channel_shows_outranks_every_answer(reason: Reason) -> None:
    shown = Sight(OURS, Proof.VERIFIED)
    assert decide(OURS, shown, Answer(reason), sent=True, patience=NONE).step is Step.DONE


@pytest.mark.parametrize("proof", [Proof.MISSING, Proof.UNTRUSTED])
def test_lost_provenance_is_waited_for_and_then_degraded(proof: Proof) -> None:
    shown = Sight(OURS, proof)
    assert decide(OURS, shown, None, sent=True, patience=FULL).step is Step.LOOK
    decision = decide(OURS, shown, None, sent=True, patience=NO_LOOKS)
    assert (decision.step, decision.state) == (Step.STOP, State.MISSING)
    assert decision.exit is LaneExit.DEGRADED


@pytest.mark.parametrize(("sent", "exit_code"), [(False, 22), (True, 43)])
@pytest.mark.parametrize("proof", Proof)
def test_other_bytes_stop_at_once(sent: bool, exit_code: int, proof: Proof) -> None:
    decision = decide(OURS, Sight(OTHER, proof), None, sent=sent, patience=FULL)
    assert (decision.step, decision.state) == (Step.STOP, State.CONFLICT)
    assert decision.exit == exit_code
    assert OURS in decision.message
    assert OTHER in decision.message


def test_what_was_never_sent_and_is_not_there_is_sent() -> None:
    assert decide(OURS, ABSENT, None, sent=False, patience=FULL).step is Step.SEND


def test_what_an_earlier_run_sent_is_looked_for_before_it_is_sent_again() -> None:
    assert decide(OURS, ABSENT, None, sent=True, patience=FULL).step is Step.LOOK
    assert decide(OURS, ABSENT, None, sent=True, patience=NO_LOOKS).step is Step.SEND


@pytest.mark.parametrize("reason", [Reason.OUTAGE, Reason.NO_ANSWER, Reason.LIMITED])
def test_a_doubtful_answer_is_looked_at_then_sent_again_then_stopped(reason: Reason) -> None:
    answer = Answer(reason)
    assert decide(OURS, ABSENT, answer, sent=True, patience=FULL).step is Step.LOOK
    assert decide(OURS, ABSENT, answer, sent=True, patience=NO_LOOKS).step is Step.SEND
    decision = decide(OURS, ABSENT, answer, sent=True, patience=NONE)
    assert (decision.step, decision.exit) == (Step.STOP, LaneExit.PUBLISH)
    assert decision.state is State.AMBIGUOUS


@pytest.mark.parametrize("reason", [Reason.STORED, Reason.EXISTS])
def test_already_exists_is_never_taken_for_success_nor_sent_again(reason: Reason) -> None:
    answer = Answer(reason, 200 if reason is Reason.STORED else 400)
    assert decide(OURS, ABSENT, answer, sent=True, patience=FULL).step is Step.LOOK
    decision = decide(OURS, ABSENT, answer, sent=True, patience=NO_LOOKS)
    assert (decision.step, decision.exit) == (Step.STOP, LaneExit.PUBLISH)


@pytest.mark.parametrize(
    ("reason", "exit_code", "hint"),
    [
        pytest.param(Reason.BURNED, 22, "new version", id="filename-previously-used"),
        pytest.param(Reason.CLOSED, 22, "new version", id="release-older-than-14-days"),
        pytest.param(Reason.ATTESTATIONS, 21, "publisher", id="invalid-attestations"),
        pytest.param(Reason.CREDENTIAL, 21, "new job", id="token-expired"),
        pytest.param(Reason.REFUSED, 21, "nothing", id="any-other-refusal"),
    ],
)
def test_a_refusal_stops_and_is_not_repeated(reason: Reason, exit_code: int, hint: str) -> None:
    decision = decide(OURS, ABSENT, Answer(reason, 400), sent=True, patience=FULL)
    assert (decision.step, decision.state) == (Step.STOP, State.REFUSED)
    assert decision.exit == exit_code
    assert hint in decision.hint


@pytest.mark.parametrize(
    ("status", "text", "reason"),
    [
        (200, "OK", Reason.STORED),
        (None, "ConnectionError", Reason.NO_ANSWER),
        (500, "Internal Server Error", Reason.OUTAGE),
        (502, "", Reason.OUTAGE),
        (503, "Service Unavailable", Reason.LIMITED),
        (429, "Too Many Requests", Reason.LIMITED),
        (400, "File already exists ('a.whl', with blake2_256 hash 'ab').", Reason.EXISTS),
        (409, "Conflict", Reason.EXISTS),
        (400, "This filename has already been used, use a different version.", Reason.BURNED),
        (400, "This filename was previously used by a deleted file.", Reason.BURNED),
        (400, "Release '1' is older than 14 days, no new files can be added.", Reason.CLOSED),
        (400, "Invalid attestations supplied during upload: x", Reason.ATTESTATIONS),
        (400, "The description failed to render", Reason.REFUSED),
        (403, "Invalid API Token: token is expired", Reason.CREDENTIAL),
        (403, "Invalid or non-existent authentication information.", Reason.CREDENTIAL),
        (401, "", Reason.CREDENTIAL),
        (403, "The given token isn't allowed to upload to project 'x'.", Reason.REFUSED),
        (308, "Permanent Redirect", Reason.REFUSED),
        (201, "Created", Reason.REFUSED),
        (410, "Gone", Reason.REFUSED),
    ],
)
def test_answers_are_understood(status: int | None, text: str, reason: Reason) -> None:
    assert understand(status, text) == Answer(reason, status)


@given(
    st.none() | st.sampled_from([OURS, OTHER]),
    st.sampled_from(Proof),
    st.none() | st.builds(Answer, st.sampled_from(Reason), st.none() | st.just(400)),
    st.booleans(),
    st.builds(Patience, st.integers(0, 2), st.integers(0, 2)),
)
def test_only_our_bytes_with_verified_provenance_are_ever_done(
    shown: str | None, proof: Proof, answer: Answer | None, sent: bool, patience: Patience
) -> None:
    decision = decide(OURS, Sight(shown, proof), answer, sent=sent, patience=patience)
    assert (decision.step is Step.DONE) == (shown == OURS and proof is Proof.VERIFIED)
    assert (decision.exit is not None) == (decision.step is Step.STOP)
    if decision.step is Step.SEND:
        assert shown is None, "never send what the channel shows"
    if decision.step is Step.LOOK:
        assert patience.looks


def test_sdists_are_sent_last() -> None:
    names = ("demo-1.0.tar.gz", "b-1.0-py3-none-any.whl", "a-1.0.tar.gz", "a-1.0-py3-none-any.whl")
    assert order(names) == (
        "a-1.0-py3-none-any.whl", "b-1.0-py3-none-any.whl", "a-1.0.tar.gz", "demo-1.0.tar.gz",
    )  # fmt: skip
