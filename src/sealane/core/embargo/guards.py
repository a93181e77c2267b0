"""What a move of a case still lacks; where nothing is missing, it may be made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from sealane.core.embargo.case import EmbargoManifest
from sealane.core.embargo.events import Kind, Progress
from sealane.core.embargo.lift import has_leaked, is_public, progress
from sealane.core.embargo.lift_order import LAST, WORDS
from sealane.core.embargo.roles import Action
from sealane.core.embargo.standing import Case
from sealane.core.embargo.states import State
from sealane.core.embargo.terms import Breach, TimeRule, check_lift_moment, check_schedule
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import replace

ANNOUNCEMENT = "announcement"  # the format of the draft that is sent last
_Missing = Iterator[str]


def missing(case: Case, move: Kind, at: datetime) -> tuple[str, ...]:
    """What a move lacks, one line each.

    Args:
        case: From a state in which the move exists.
        move: One of the moves; nothing is ever missing for the others.
        at: Now, aware, UTC, whole seconds.

    Raises:
        InputError: The schedule cannot be judged (see `terms`).
        EmbargoError: It waives what cannot be waived.
    """
    guard = _GUARDS.get(move)
    return tuple(guard(case, at)) if guard else ()


def needed_action(case: Case, move: Kind) -> Action | None:
    """The action that a move needs approvals of; None where it needs none."""
    if move is Kind.RESUME and case.begun == case.manifest.revision:
        return None  # it was approved when it began, and there is no way back
    if move in (Kind.BEGIN, Kind.RESUME):
        return Action.EARLY_LIFT if has_leaked(case.entries) else Action.LIFT
    return _ACTIONS.get(move)


_ACTIONS: Mapping[Kind, Action] = MappingProxyType(
    {
        Kind.SEAL: Action.SEAL,
        Kind.PREDISCLOSE: Action.PREDISCLOSE,
        Kind.EXTEND: Action.EXTEND,
        Kind.ARM: Action.LIFT,
        Kind.ABORT: Action.ABORT,
    }
)


def same_content(first: EmbargoManifest, second: EmbargoManifest) -> bool:
    """Whether two revisions differ in their dates alone."""
    return first == replace(
        second, revision=first.revision, previous=first.previous, schedule=first.schedule
    )


def missing_approvals(case: Case, move: Kind, at: datetime) -> Iterator[str]:
    """Who still has to approve a move, in words.

    A count is worth something in the second it was made in: afterwards an approval may have ended.

    Args:
        case: From a state in which the move exists.
        move: One of the moves.
        at: Now, aware, UTC, whole seconds.
    """
    action = needed_action(case, move)
    if action is None:
        return
    count = case.count(action)
    if count is None or count.at != at:
        yield f"approvals: {action}: not counted now"
    elif not count.complete:
        yield f"approvals: {action}: {count.missing or 'not complete'}"


def _fixes(case: Case) -> _Missing:
    if not case.manifest.source:
        yield "source: no series is named"
    for line in case.manifest.source:
        if line.branch not in case.fixed:
            yield f"source: {line.branch}: the fix {line.fix[:12]} was not verified"


def _sealable(case: Case) -> _Missing:
    """Fixes, builds and drafts: all that becomes public."""
    manifest = case.manifest
    yield from _fixes(case)
    for line in manifest.source:
        if not line.bundle_sha256:
            yield f"source: {line.branch}: no git bundle"
    if not manifest.builds:
        yield "builds: nothing was built"
    for file in (file for build in manifest.builds for file in build.files):
        if not file.reproduced:
            yield f"builds: {file.name}: a second build did not give it"
    if not case.built:
        yield "builds: they were not found to be equal for this revision"
    yield from _drafts(manifest)


def _drafts(manifest: EmbargoManifest) -> _Missing:
    formats = {one.format for one in manifest.documents}
    if not formats:
        yield "advisory: there is no draft"
        return
    for channel in manifest.channels:
        wanted = ANNOUNCEMENT if channel.kind == LAST else channel.kind
        if channel.kind in (*WORDS, LAST) and wanted not in formats:
            yield f"advisory: no draft of format {wanted} for the channel {channel.id}"


def _dates(case: Case, at: datetime, aside: frozenset[TimeRule] = frozenset()) -> _Missing:
    breaches = check_schedule(case.manifest, case.profile, at)
    yield from _holding(one for one in breaches if one.rule not in aside)


def _holding(breaches: Iterable[Breach]) -> _Missing:
    return (f"schedule: {one.words}" for one in breaches if one.holds)


def _fix(case: Case, _: datetime) -> _Missing:
    yield from _fixes(case)


def _seal(case: Case, at: datetime) -> _Missing:
    yield from _sealable(case)
    yield from missing_approvals(case, Kind.SEAL, at)


def _predisclose(case: Case, at: datetime) -> _Missing:
    told = case.manifest.schedule.predisclosure
    if not case.manifest.recipients:
        yield "recipients: there is nobody to tell; arm the case instead"
    elif told is not None and at < told:
        yield f"schedule: predisclosure: not before {rfc3339(told)}, and it is {rfc3339(at)}"
    yield from _dates(case, at)
    yield from missing_approvals(case, Kind.PREDISCLOSE, at)


def _extend(case: Case, at: datetime) -> _Missing:
    if case.sealed is None:
        yield "seals: no revision was sealed before"
    elif not same_content(case.sealed, case.manifest):
        yield f"seals: more than the dates changed since revision {case.sealed.revision}; seal it"
    yield from _sealable(case)
    yield from _dates(case, at)
    yield from missing_approvals(case, Kind.EXTEND, at)


def _arm(case: Case, at: datetime) -> _Missing:
    if case.state is State.SEALED and case.manifest.recipients:
        yield "recipients: they have to be told first"
    yield from (
        f"recipients: {one.org}: the bundle was not sent"
        for one in case.manifest.recipients
        if one.org not in case.sent
    )
    yield from _objections(case)
    window = case.manifest.schedule.window_s
    if not case.rehearsed_s:
        yield "rehearsal: there was none of this revision"
    elif 2 * case.rehearsed_s >= window:
        yield (
            f"rehearsal: expected less than half of the window, {window} s, "
            f"got {case.rehearsed_s} s"
        )
    # How soon is asked when a date is agreed on; a case may be armed a minute before.
    yield from _dates(case, at, frozenset({TimeRule.NOTICE}))
    yield from missing_approvals(case, Kind.ARM, at)


def _objections(case: Case) -> _Missing:
    return (f"recipients: {org}: objects: {reason}" for org, reason in case.objections)


def _clock(case: Case, at: datetime) -> _Missing:
    if case.clock != at:
        yield "clock: not held against a time-stamp authority's now"


def _begin(case: Case, at: datetime) -> _Missing:
    schedule = case.manifest.schedule
    if case.state is State.LEAKED:
        # Neither a date nor a weekday counts any more; what goes out still has to be agreed on.
        yield from _sealable(case)
    else:
        if at < schedule.not_before:
            start = rfc3339(schedule.not_before)
            yield f"schedule: not_before: too early, expected {start}, and it is {rfc3339(at)}"
        yield from _over(schedule.expires, at)
        yield from _holding(check_lift_moment(schedule, case.profile, at))
        yield from _objections(case)
    yield from _clock(case, at)
    yield from missing_approvals(case, Kind.BEGIN, at)


def _over(expires: datetime, at: datetime) -> _Missing:
    if at >= expires:
        end = rfc3339(expires)
        yield f"schedule: expires: too late, expected before {end}, and it is {rfc3339(at)}"


def _resume(case: Case, at: datetime) -> _Missing:
    if case.begun != case.manifest.revision:
        # A new revision is a new lift of what is public in part.
        yield from _sealable(case)
        if not has_leaked(case.entries):
            yield from _over(case.manifest.schedule.expires, at)
        yield from _clock(case, at)
        yield from missing_approvals(case, Kind.RESUME, at)
    elif not has_leaked(case.entries):
        known = progress(case.manifest, case.entries)
        for (act, of), last in known.items():
            if last is Progress.MISMATCH:
                yield f"lift: {act} {of}: not what was sealed; it needs a new revision"


def _abort(case: Case, at: datetime) -> _Missing:
    if is_public(case.entries):
        yield "lift: it is, or may be, public; there is only the way forward: resume"
    elif has_leaked(case.entries):
        yield "lift: it is known already; there is only the way forward"
    yield from missing_approvals(case, Kind.ABORT, at)


_GUARDS: Mapping[Kind, Callable[[Case, datetime], _Missing]] = MappingProxyType(
    {
        Kind.FIX: _fix,
        Kind.SEAL: _seal,
        Kind.PREDISCLOSE: _predisclose,
        Kind.EXTEND: _extend,
        Kind.ARM: _arm,
        Kind.BEGIN: _begin,
        Kind.RESUME: _resume,
        Kind.ABORT: _abort,
    }
)
