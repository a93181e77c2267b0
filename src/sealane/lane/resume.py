"""What to do next for one file: the failure table of publishing, and nothing else.

The channel's state outranks our journal and every answer: after a doubtful answer we look before
we send again, and "already exists" is never taken for success. Values in, a decision out.
"""

from __future__ import annotations

import re
from enum import StrEnum

from sealane.core.model.values import dataclass
from sealane.errors import LaneExit
from sealane.lane.journal import State


class Reason(StrEnum):
    """What a channel's answer to one upload means."""

    STORED = "stored"
    EXISTS = "already-exists"
    BURNED = "name-used-before"
    CLOSED = "release-closed"
    ATTESTATIONS = "attestations-refused"
    CREDENTIAL = "credential-refused"
    LIMITED = "limited"
    OUTAGE = "outage"
    NO_ANSWER = "no-answer"
    REFUSED = "refused"


class Proof(StrEnum):
    """What the channel shows as provenance of a file."""

    VERIFIED = "verified"
    MISSING = "missing"
    UNTRUSTED = "untrusted"  # there is one, and our policy does not accept it


class Step(StrEnum):
    """What to do next."""

    SEND = "send"
    LOOK = "look"  # wait, then look again
    DONE = "done"
    STOP = "stop"


@dataclass(frozen=True, slots=True)
class Sight:
    """What the channel shows of one file now.

    Attributes:
        sha256: Lower-case hex; None where it shows no file of that name.
        proof: What it shows as provenance; meaningless without a file.
    """

    sha256: str | None
    proof: Proof = Proof.MISSING


@dataclass(frozen=True, slots=True)
class Answer:
    """How the channel answered our last request of this run.

    Attributes:
        reason: What it means.
        status: HTTP status; None where no answer came.
    """

    reason: Reason
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Patience:
    """How often the lane may still look, and send, before it stops."""

    looks: int
    sends: int


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do next, and what the journal says of it.

    Attributes:
        step: What to do.
        state: What is known of the file now.
        code: One word why.
        exit: How the stage ends; only with STOP.
        message: Why it ends, one sentence about the file; only with STOP.
        hint: What to do about it.
    """

    step: Step
    state: State
    code: str
    exit: LaneExit | None = None
    message: str = ""
    hint: str = ""


# The index's own words; the first that matches counts. Spec: warehouse, forklift/legacy.py.
_WORDS = (
    (Reason.BURNED, re.compile(r"previously used|been used|deleted file", re.IGNORECASE)),
    (Reason.CLOSED, re.compile(r"14 days|no longer accept|is closed", re.IGNORECASE)),
    (Reason.EXISTS, re.compile(r"already exists", re.IGNORECASE)),
    (Reason.ATTESTATIONS, re.compile(r"attestation", re.IGNORECASE)),
)
_CREDENTIAL_WORDS = re.compile(r"expired|invalid api token|authentication", re.IGNORECASE)


def understand(status: int | None, text: str) -> Answer:
    """What an answer to an upload means.

    Args:
        status: HTTP status; None where the connection failed.
        text: Reason phrase and body; from a stranger, used for nothing but this.
    """
    if status is None:
        return Answer(Reason.NO_ANSWER)
    if status == 200:
        return Answer(Reason.STORED, status)
    if status in (429, 503):
        return Answer(Reason.LIMITED, status)
    if status >= 500:
        return Answer(Reason.OUTAGE, status)
    if status == 409:
        return Answer(Reason.EXISTS, status)
    if status == 401 or (status == 403 and _CREDENTIAL_WORDS.search(text)):
        return Answer(Reason.CREDENTIAL, status)
    if status == 400:
        found = next((reason for reason, words in _WORDS if words.search(text)), Reason.REFUSED)
        return Answer(found, status)
    return Answer(Reason.REFUSED, status)


def decide(
    expected: str, sight: Sight, answer: Answer | None, *, sent: bool, patience: Patience
) -> Decision:
    """The failure table, row by row.

    1. The channel shows the file: its digest decides, whatever was answered.
    2. It does not, and nothing was sent: send.
    3. It does not, and something was: the answer decides whether to look, send again, or stop.

    Args:
        expected: The manifest's SHA-256 of the file, lower-case hex.
        sight: What the channel shows now.
        answer: The answer to this run's last request; None before the first.
        sent: Whether any request, of this run or one before, may have reached the channel.
        patience: What is left of it.
    """
    if sight.sha256 is not None:  # 1
        return _shown(expected, sight, sent=sent, patience=patience)
    if answer is None:
        if sent and patience.looks:  # 3: of a run before this one, which nobody heard the end of
            return Decision(Step.LOOK, State.AMBIGUOUS, "sent-before")
        return Decision(Step.SEND, State.PLANNED, "absent")  # 2
    return _absent(answer, patience)  # 3


def _shown(expected: str, sight: Sight, *, sent: bool, patience: Patience) -> Decision:
    if sight.sha256 != expected:
        exit_code = LaneExit.CONFLICT if sent else LaneExit.BURNED
        return Decision(
            Step.STOP,
            State.CONFLICT,
            "other-bytes",
            exit_code,
            f"expected sha256 {expected}, the channel shows {sight.sha256}",
            "yank the release, rotate nothing but review: who published it, and the publisher's "
            "settings on the index; then release a new version"
            if sent
            else "somebody published other bytes under this name; find out who, then release a "
            "new version",
        )
    if sight.proof is Proof.VERIFIED:
        return Decision(Step.DONE, State.OBSERVED, "verified")
    code = f"provenance-{sight.proof.value}"
    if patience.looks:
        return Decision(Step.LOOK, State.ACCEPTED, code)
    what = "is not there" if sight.proof is Proof.MISSING else "is not what the policy demands"
    return Decision(
        Step.STOP,
        State.MISSING,
        code,
        LaneExit.DEGRADED,
        f"the file is there and its provenance {what}",
        "attestations can be attached at the first upload only, so this version stays without; "
        "release a new version",
    )


# What ends a delivery at once: state, how the stage ends, what happened, what to do.
_NEVER = "the channel will never take this file"
_FINAL = {
    Reason.BURNED: (LaneExit.BURNED, _NEVER, "release a new version; this one is burned"),
    Reason.CLOSED: (LaneExit.BURNED, _NEVER, "release a new version; this one is closed"),
    Reason.ATTESTATIONS: (
        LaneExit.PUBLISH,
        "the channel refuses the attestations, and has stored nothing of this file",
        "the publisher registered there has to be the one above; correct it and start a new job",
    ),
    Reason.CREDENTIAL: (
        LaneExit.PUBLISH,
        "the channel refuses the upload token",
        "upload tokens live 15 minutes; start a new job, it goes on where this one stopped",
    ),
    Reason.REFUSED: (
        LaneExit.PUBLISH,
        "the channel refuses the file",
        "its words are above; nothing of this file was stored",
    ),
}


def _absent(answer: Answer, patience: Patience) -> Decision:
    final = _FINAL.get(answer.reason)
    if final is not None:
        return _stop(answer, State.REFUSED, *final)
    stored = answer.reason in (Reason.STORED, Reason.EXISTS)
    state = State.ACCEPTED if answer.reason is Reason.STORED else State.AMBIGUOUS
    if patience.looks:
        return Decision(Step.LOOK, state, answer.reason.value)
    if stored:
        return _stop(
            answer,
            State.AMBIGUOUS,
            LaneExit.PUBLISH,
            "the channel says it has the file and does not show it",
            "it may show it later; run the command below then",
        )
    if patience.sends:
        return Decision(Step.SEND, State.AMBIGUOUS, answer.reason.value)
    return _stop(
        answer,
        State.AMBIGUOUS,
        LaneExit.PUBLISH,
        "the channel does not answer as it should",
        "nothing is lost; start a new job once the channel is well",
    )


def _stop(answer: Answer, state: State, exit_code: LaneExit, message: str, hint: str) -> Decision:
    status = f" (HTTP {answer.status})" if answer.status else ""
    return Decision(Step.STOP, state, answer.reason.value, exit_code, message + status, hint)


def order(names: tuple[str, ...]) -> tuple[str, ...]:
    """File names in the order they are sent: wheels first, sdists last.

    An installer that looks in between finds a wheel, or no file of the version at all; it never
    builds from source what is about to get a wheel.
    """
    return tuple(sorted(names, key=lambda name: (not name.endswith(".whl"), name)))
