"""What may be reached in which state; nothing else may."""

from __future__ import annotations

from collections.abc import Iterable

from sealane.core.embargo.case import LiftChannel
from sealane.core.embargo.lift_order import LAST, WORDS
from sealane.core.embargo.states import SECRET, State

# Places that are no channels. An "@" is in no channel's id.
RECIPIENTS = "@recipients"  # the mail or file host that the project named for bundles
TIME = "@time"  # the time-stamp authority; it sees that somebody asked, and nothing of what
SIGNING = "@signing"  # certificates and logs; all of it is public at once


def allowed_hosts(
    state: State, channels: Iterable[LiftChannel], *, leaked: bool = False
) -> frozenset[str]:
    """Ids of channels, and of the places above, that a command may reach in a state.

    Args:
        state: Where the case is.
        channels: Those of its manifest.
        leaked: Whether the case became known before; then an advisory may come first.

    Returns:
        In OPEN, FIXED, SEALED and ABORTED nothing. Which of them may be written to as well, says
        `may_write`.

    Spec: reference "Embargoed releases", section 7, column "egress allowed".
    """
    channels = tuple(channels)
    every = {one.id for one in channels}
    words = {one.id for one in channels if one.kind in (*WORDS, LAST)}
    if state is State.PREDISCLOSED:
        return frozenset({RECIPIENTS})
    if state in (State.ARMED, State.LEAKED):
        # The preflight reads whether names are free and identifiers reserved; where an
        # announcement is sent to, there is nothing to read.
        return frozenset({TIME, *(one.id for one in channels if one.kind != LAST)})
    if state in SECRET:
        return frozenset()
    if state in (State.LIFTING, State.PARTIAL):
        # An advisory waits for the files, so its hosts do.
        return frozenset({TIME, SIGNING, *(every if leaked else every - words)})
    return frozenset({TIME, SIGNING, *every})


def may_write(state: State) -> bool:
    """Whether a command may change what a channel shows; before the lift it may only look."""
    return state in {State.LIFTING, State.LIFTED, State.ADVISED}
