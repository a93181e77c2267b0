"""Where a case stands: what was agreed on, its state, and every fact that is known of it."""

from __future__ import annotations

from datetime import datetime

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.events import Entry
from sealane.core.embargo.profiles import Profile
from sealane.core.embargo.roles import Action
from sealane.core.embargo.states import State
from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Approved:
    """What a count of approvals gave.

    Attributes:
        action: What is approved.
        complete: Whether nobody is missing.
        at: When it was counted, UTC. Approvals end, and so does the worth of a count.
        missing: Who still has to approve, in words; "" where it is complete.
    """

    action: Action
    complete: bool
    at: datetime
    missing: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A case; `machine.open_case` makes one, `machine.advance` and `machine.revise` the next.

    Attributes:
        manifest: The newest revision.
        profile: The rules of time that it names.
        state: Where the case is.
        entries: All that happened, oldest first; the journal.
        fixed: Branches of the series whose fix was verified in the private lane.
        built: Whether two builds gave the sealed files.
        rehearsed_s: How long the last rehearsal took, seconds; 0 where there was none.
        approved: The last count of each action, of this revision only.
        clock: When the clock was last found to be right, UTC.
        sent: Recipients who were sent what is agreed on now.
        acknowledged: Those of them who said that they have it.
        objections: Recipient and reason of each objection that is not resolved.
        sealed: The last revision that was sealed.
        begun: Revision of the lift that has begun; 0 where none has.
        lifted: Earlier revisions of which something is, or may be, public.
    """

    manifest: EmbargoManifest
    profile: Profile
    state: State = State.OPEN
    entries: tuple[Entry, ...] = ()
    fixed: frozenset[str] = frozenset()
    built: bool = False
    rehearsed_s: int = 0
    approved: tuple[Approved, ...] = ()
    clock: datetime | None = None
    sent: frozenset[str] = frozenset()
    acknowledged: frozenset[str] = frozenset()
    objections: tuple[tuple[str, str], ...] = ()
    sealed: EmbargoManifest | None = None
    begun: int = 0
    lifted: tuple[EmbargoManifest, ...] = ()

    def count(self, action: Action) -> Approved | None:
        """What the last count of an action gave."""
        return next((one for one in self.approved if one.action is action), None)
