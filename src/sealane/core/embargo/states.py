"""The states of a case.

    OPEN -> FIXED -> SEALED -> PREDISCLOSED -> ARMED -> LIFTING -> LIFTED -> ADVISED -> VERIFIED
        -> CLOSED

PREDISCLOSED is left out where nobody is told before. Beside them: LEAKED, from any state before
LIFTING; ABORTED, before anything is public; PARTIAL, where a lift stopped after something was.
"""

from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a case is."""

    OPEN = "OPEN"
    FIXED = "FIXED"
    SEALED = "SEALED"
    PREDISCLOSED = "PREDISCLOSED"
    ARMED = "ARMED"
    LIFTING = "LIFTING"
    LIFTED = "LIFTED"
    ADVISED = "ADVISED"
    VERIFIED = "VERIFIED"
    CLOSED = "CLOSED"
    LEAKED = "LEAKED"
    ABORTED = "ABORTED"
    PARTIAL = "PARTIAL"


# Nothing is public in these; every command that runs in them is kept from the network.
SECRET = frozenset(
    {State.OPEN, State.FIXED, State.SEALED, State.PREDISCLOSED, State.ARMED, State.ABORTED}
)
