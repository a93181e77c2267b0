"""The state machine of a case: what may happen in which state, and what it leads to.

    OPEN -fix-> FIXED -seal-> SEALED -predisclose-> PREDISCLOSED -arm-> ARMED -begin-> LIFTING
    LIFTING -acts-> LIFTED -acts-> ADVISED -acts-> VERIFIED -close-> CLOSED

Beside them: from SEALED to ARMED where nobody is told before; `extend` from FIXED to where a case
was before its dates alone changed; `leak` from any state before LIFTING, and from LEAKED a lift
without a date; `abort` before anything is public; `stop` to PARTIAL, or back to before the lift
where it did nothing final; `resume` from PARTIAL; a revision voids all approvals.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.events import Entry, Event, Kind
from sealane.core.embargo.guards import missing
from sealane.core.embargo.journal import check_event
from sealane.core.embargo.lift import check_act, has_leaked, is_public, reached
from sealane.core.embargo.profiles import Profile
from sealane.core.embargo.revised import carried_over
from sealane.core.embargo.roles import Action
from sealane.core.embargo.standing import Approved, Case
from sealane.core.embargo.states import State
from sealane.core.embargo.terms import check_utc
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import replace
from sealane.errors import EmbargoError

BEFORE = frozenset({State.OPEN, State.FIXED, State.SEALED, State.PREDISCLOSED, State.ARMED})
_REPAIRED = frozenset({State.LEAKED, State.PARTIAL})
_UNDER_WAY = frozenset({State.LIFTING, State.LIFTED, State.ADVISED})
ALLOWED: Mapping[Kind, frozenset[State]] = MappingProxyType(
    {
        Kind.FIX_VERIFIED: _REPAIRED | {State.OPEN, State.FIXED},
        Kind.BUILT_TWICE: _REPAIRED | {State.FIXED},
        Kind.REHEARSED: frozenset({State.FIXED, State.SEALED, State.PREDISCLOSED}),
        Kind.COUNTED: BEFORE | _REPAIRED | {State.LIFTING},
        Kind.CLOCK_CHECKED: _REPAIRED | {State.ARMED},
        Kind.SENT: frozenset({State.PREDISCLOSED}),
        Kind.ACKNOWLEDGED: BEFORE,
        Kind.OBJECTED: BEFORE,
        Kind.RESOLVED: BEFORE,
        Kind.ACTED: _UNDER_WAY,
        Kind.FIX: frozenset({State.OPEN}),
        Kind.SEAL: frozenset({State.FIXED}),
        Kind.PREDISCLOSE: frozenset({State.SEALED}),
        Kind.EXTEND: frozenset({State.FIXED}),
        Kind.ARM: frozenset({State.SEALED, State.PREDISCLOSED}),
        Kind.BEGIN: frozenset({State.ARMED, State.LEAKED}),
        Kind.STOP: _UNDER_WAY,
        Kind.RESUME: frozenset({State.PARTIAL}),
        Kind.LEAK: BEFORE,
        Kind.ABORT: BEFORE | {State.LIFTING},
        Kind.REVISE: BEFORE | _REPAIRED | {State.ABORTED},
        Kind.CLOSE: frozenset({State.VERIFIED}),
    }
)


def open_case(manifest: EmbargoManifest, profile: Profile) -> Case:
    """A case from its first revision.

    Raises:
        EmbargoError: It is not the first revision, or names another profile.
    """
    if manifest.revision != 1:
        raise EmbargoError(
            f"{manifest.case}: revision: expected 1 to open a case, got {manifest.revision}",
            hint="replay the case's journal instead",
        )
    _check_profile(manifest, profile)
    objections = tuple((one.org, one.objects) for one in manifest.recipients if one.objects)
    return Case(manifest, profile, objections=objections)


def advance(case: Case, event: Event, at: datetime) -> Case:
    """The case after something happened.

    1. The event is a whole one. 2. It may happen in this state. 3. Nothing is missing for it.

    Args:
        case: Before.
        event: What happened.
        at: When, aware, UTC. Approvals and the clock are counted for one move at the same `at`,
            to the second.

    Returns:
        The case with one entry more; whoever calls writes it to the journal before acting on it.

    Raises:
        InputError: The event is not a whole one, or the schedule cannot be judged.
        EmbargoError: It may not happen now; says all that is missing.

    Spec: reference "Embargoed releases", section 7, "State machine".
    """
    at = check_utc(at, "now").replace(microsecond=0)
    check_event(event, f"{case.manifest.case}: event")  # 1
    _check_state(case, event.kind)  # 2
    if event.kind is Kind.REVISE:
        raise EmbargoError(
            f"{case.manifest.case}: expected the new manifest with a revision, got none",
            hint="use revise",
        )
    lacking = missing(case, event.kind, at)  # 3
    if lacking:
        raise EmbargoError(
            f"{case.manifest.case}: {event.kind} from {case.state}: "
            f"{len(lacking)} missing: " + "; ".join(lacking),
            hint="sealane embargo status says who has to do what",
        )
    if event.kind is Kind.ACTED:
        check_act(case.manifest, case.entries, event, at)
    entry = Entry(case.manifest.case, case.manifest.revision, at, event)
    written = replace(case, entries=(*case.entries, entry))
    return _told(written, event, at) if event.kind in _FACTS else _moved(written, event)


def revise(case: Case, manifest: EmbargoManifest, profile: Profile, at: datetime) -> Case:
    """The case with a new revision of what is agreed on.

    All approvals are void. What was verified, built or sent stays known where the revision did not
    touch it. The state falls back to FIXED, or to OPEN where a fix is another one; LEAKED and
    PARTIAL stay, for there is no way back from them.

    Args:
        case: Before.
        manifest: The next revision; `revisions.check_next` holds its chain.
        profile: The rules of time that it names.
        at: Now, aware, UTC.

    Raises:
        InputError: `at` is not UTC.
        EmbargoError: It is not the next revision of this case, the state allows none, or it gives a
            tag or a version another content that is, or may be, public already.
    """
    at = check_utc(at, "now").replace(microsecond=0)
    _check_state(case, Kind.REVISE)
    expected = (case.manifest.case, case.manifest.revision + 1)
    if (manifest.case, manifest.revision) != expected:
        raise EmbargoError(
            f"{case.manifest.case}: expected revision {expected[1]} of {expected[0]}, "
            f"got revision {manifest.revision} of {manifest.case}",
            hint="make the next revision from the newest one",
        )
    _check_profile(manifest, profile)
    entry = Entry(manifest.case, manifest.revision, at, Event(Kind.REVISE))
    known = carried_over(case, manifest, profile)
    written = replace(known, entries=(*case.entries, entry))
    if case.state in _REPAIRED:
        return written
    fixed = manifest.source and all(line.branch in written.fixed for line in manifest.source)
    return replace(written, state=State.FIXED if fixed else State.OPEN)


def replay(
    entries: Sequence[Entry],
    manifests: Sequence[EmbargoManifest],
    profiles: Mapping[str, Profile],
) -> Case:
    """The case as its journal tells it.

    Args:
        entries: The whole journal, as it was read.
        manifests: All revisions, from the first.
        profiles: Rules of time by name.

    Raises:
        InputError: A profile is unknown, or an entry is not a whole one.
        EmbargoError: A revision is missing, or is not told of, or the journal tells of something
            that could not happen.
    """
    ways = dict(enumerate(manifests, 1))
    if not ways:
        raise EmbargoError(
            "manifests: expected revision 1 at least, got none",
            hint="take the case's folder from its repository",
        )
    case = open_case(ways[1], _profile_of(ways[1], profiles))
    for number, entry in enumerate(entries, 1):
        revised = entry.event.kind is Kind.REVISE
        following = ways.get(case.manifest.revision + 1) if revised else case.manifest
        if following is None or (entry.case, entry.revision) != (
            following.case,
            following.revision,
        ):
            raise EmbargoError(
                f"case journal line {number}: revision {entry.revision} of {entry.case}: "
                "expected a manifest that is there, got none of that case and number",
                hint="take the manifests and the journal from the same copy of the case",
            )
        if revised:
            case = revise(case, following, _profile_of(following, profiles), entry.at)
        else:
            case = advance(case, entry.event, entry.at)
    if case.manifest.revision != len(ways):
        raise EmbargoError(
            f"case journal: expected it to tell of revision {len(ways)}, "
            f"got up to {case.manifest.revision}",
            hint="take the manifests and the journal from the same copy of the case",
        )
    return case


def _profile_of(manifest: EmbargoManifest, profiles: Mapping[str, Profile]) -> Profile:
    name = manifest.schedule.profile
    if name not in profiles:
        raise EmbargoError(
            f"schedule: profile: expected one of {', '.join(sorted(profiles))}, got {name[:60]!r}",
            hint="describe the profile in the project's configuration",
        )
    return profiles[name]


def _check_profile(manifest: EmbargoManifest, profile: Profile) -> None:
    if manifest.schedule.profile != profile.name:
        raise EmbargoError(
            f"schedule: profile: expected {manifest.schedule.profile[:60]!r}, got {profile.name!r}",
            hint="judge a schedule by the profile that it names",
        )


def _check_state(case: Case, kind: Kind) -> None:
    if case.state not in ALLOWED[kind]:
        expected = ", ".join(state for state in State if state in ALLOWED[kind])
        raise EmbargoError(
            f"{case.manifest.case}: {kind}: expected the state {expected}, got {case.state}",
            hint="sealane embargo status says what can be done now",
        )


_FACTS = frozenset(
    {
        Kind.FIX_VERIFIED,
        Kind.BUILT_TWICE,
        Kind.REHEARSED,
        Kind.COUNTED,
        Kind.CLOCK_CHECKED,
        Kind.SENT,
        Kind.ACKNOWLEDGED,
        Kind.OBJECTED,
        Kind.RESOLVED,
    }
)


def _told(case: Case, event: Event, at: datetime) -> Case:
    """The case with a fact more; its state stays."""
    match event.kind:
        case Kind.FIX_VERIFIED:
            _check_known(event, [line.branch for line in case.manifest.source])
            return replace(case, fixed=case.fixed | {event.of})
        case Kind.BUILT_TWICE:
            return replace(case, built=event.held)
        case Kind.REHEARSED:
            return replace(case, rehearsed_s=event.seconds)
        case Kind.COUNTED:
            count = Approved(Action(event.of), event.held, at, event.text)
            others = (one for one in case.approved if one.action is not count.action)
            return replace(case, approved=(*others, count))
        case Kind.CLOCK_CHECKED:
            return replace(case, clock=at if event.held else None)
        case _:
            _check_known(event, [one.org for one in case.manifest.recipients])
            return _told_of_recipient(case, event, at)


def _told_of_recipient(case: Case, event: Event, at: datetime) -> Case:
    org = event.of
    others = tuple(one for one in case.objections if one[0] != org)
    if event.kind is Kind.SENT:
        _check_sendable(case, event, at)
        return replace(case, sent=case.sent | {org}, acknowledged=case.acknowledged - {org})
    if event.kind is Kind.ACKNOWLEDGED:
        _check_known(event, sorted(case.sent))
        return replace(case, acknowledged=case.acknowledged | {org})
    if event.kind is Kind.OBJECTED:
        return replace(case, objections=(*others, (org, event.text)))
    _check_known(event, [objector for objector, _ in case.objections])
    return replace(case, objections=others)


def _check_sendable(case: Case, event: Event, at: datetime) -> None:
    one = next(one for one in case.manifest.recipients if one.org == event.of)
    if one.key.not_after <= at:
        raise EmbargoError(
            f"recipients: {one.org}: expected a key that is used after {rfc3339(at)}, "
            f"got one until {rfc3339(one.key.not_after)}",
            hint="ask the recipient for a new key, on another way than by mail",
        )
    if one.bundle_sha256 not in ("", event.sha256):
        raise EmbargoError(
            f"recipients: {one.org}: expected the bundle {one.bundle_sha256[:16]}…, "
            f"got {event.sha256[:16]}…",
            hint="send the bundle that was agreed on",
        )


def _check_known(event: Event, known: Sequence[str]) -> None:
    if event.of not in known:
        raise EmbargoError(
            f"{event.kind}: expected one of {', '.join(known) or 'nobody'}, got {event.of[:60]!r}",
            hint="correct the name, or add it in the next revision",
        )


def _moved(case: Case, event: Event) -> Case:
    """The case after a move for which nothing is missing, or after an act of the lift."""
    match event.kind:
        case Kind.SEAL:
            return replace(case, state=State.SEALED, sealed=case.manifest)
        case Kind.EXTEND:
            told = bool(case.sent) and case.sent == {one.org for one in case.manifest.recipients}
            state = State.PREDISCLOSED if told else State.SEALED
            return replace(case, state=state, sealed=case.manifest)
        case Kind.BEGIN | Kind.RESUME:
            state = reached(case.manifest, case.entries)
            return replace(case, state=state, begun=case.manifest.revision)
        case Kind.ACTED:
            return replace(case, state=reached(case.manifest, case.entries))
        case Kind.STOP:
            return replace(case, state=_stopped(case))
        case _:
            return replace(case, state=_TARGETS[event.kind])


_TARGETS: Mapping[Kind, State] = MappingProxyType(
    {
        Kind.FIX: State.FIXED,
        Kind.PREDISCLOSE: State.PREDISCLOSED,
        Kind.ARM: State.ARMED,
        Kind.LEAK: State.LEAKED,
        Kind.ABORT: State.ABORTED,
        Kind.CLOSE: State.CLOSED,
    }
)


def _stopped(case: Case) -> State:
    if is_public(case.entries):
        return State.PARTIAL
    return State.LEAKED if has_leaked(case.entries) else State.ARMED
