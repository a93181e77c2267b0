"""What can happen to a case: facts that are told of it, moves, and the acts of a lift."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sealane.core.model.values import dataclass


class Kind(StrEnum):
    """What happened. The first group are facts, the second is the lift's, the third are moves."""

    FIX_VERIFIED = "fix-verified"
    BUILT_TWICE = "built-twice"
    REHEARSED = "rehearsed"
    COUNTED = "approvals-counted"
    CLOCK_CHECKED = "clock-checked"
    SENT = "bundle-sent"
    ACKNOWLEDGED = "bundle-acknowledged"
    OBJECTED = "objected"
    RESOLVED = "objection-resolved"

    ACTED = "acted"

    FIX = "fix"
    SEAL = "seal"
    PREDISCLOSE = "predisclose"
    EXTEND = "extend"
    ARM = "arm"
    BEGIN = "begin"
    STOP = "stop"
    RESUME = "resume"
    LEAK = "leak"
    ABORT = "abort"
    REVISE = "revise"
    CLOSE = "close"


class Act(StrEnum):
    """What a lift does, in its order."""

    PREFLIGHT = "preflight"
    PUSH = "push"
    BUILD = "build"
    SIGN = "sign"
    PUBLISH = "publish"
    CONFIRM = "confirm"
    ADVISE = "advise"
    ANNOUNCE = "announce"
    CHECK = "check"


class Progress(StrEnum):
    """What is known of one act on one channel."""

    STARTED = "started"  # written before anything leaves
    DONE = "done"  # seen to be there, and what was sealed
    FAILED = "failed"  # not there; it may be tried again
    MISMATCH = "mismatch"  # something else than what was sealed
    SKIPPED = "skipped"  # somebody decided to do without this optional channel


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened.

    Attributes:
        kind: What.
        of: The branch of FIX_VERIFIED; the recipient's organisation of SENT, ACKNOWLEDGED,
            OBJECTED and RESOLVED; the action of COUNTED; the channel's id of ACTED, "" where the
            act is the whole lift's.
        held: Whether it held: of BUILT_TWICE, that both builds are equal; of COUNTED, that nobody
            is missing; of CLOCK_CHECKED, that the clocks agree. True for all others.
        act: Of ACTED.
        progress: Of ACTED.
        seconds: How long the rehearsal took, of REHEARSED.
        sha256: Lower-case hex: of the bundle that was SENT, of what a channel showed, of the report
            that CLOSE puts an end to; "" for none.
        text: Why: of OBJECTED, RESOLVED, STOP, LEAK, ABORT; of COUNTED, who is missing.
    """

    kind: Kind
    of: str = ""
    held: bool = True
    act: Act | None = None
    progress: Progress | None = None
    seconds: int = 0
    sha256: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An event of a case: of which revision it is, and when it was, UTC, whole seconds."""

    case: str
    revision: int
    at: datetime
    event: Event
