"""What the people of a case want to know: what is done, who has to act, what leaves when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from types import MappingProxyType

from sealane.core.embargo.events import Kind
from sealane.core.embargo.guards import missing, missing_approvals, same_content
from sealane.core.embargo.lift import Done, Step, next_step, progress, words_of
from sealane.core.embargo.standing import Case
from sealane.core.embargo.states import State
from sealane.core.embargo.terms import Weight, check_schedule, check_utc
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError

_FIXED_MOVES: Mapping[State, Kind] = MappingProxyType(
    {
        State.OPEN: Kind.FIX,
        State.PREDISCLOSED: Kind.ARM,
        State.ARMED: Kind.BEGIN,
        State.LEAKED: Kind.BEGIN,
        State.LIFTING: Kind.ACTED,
        State.LIFTED: Kind.ACTED,
        State.ADVISED: Kind.ACTED,
        State.PARTIAL: Kind.RESUME,
        State.VERIFIED: Kind.CLOSE,
    }
)
_BEFORE_TOLD = (State.OPEN, State.FIXED, State.SEALED)
_BEFORE_LIFT = (*_BEFORE_TOLD, State.PREDISCLOSED, State.ARMED)


@dataclass(frozen=True, slots=True)
class Leave:
    """What leaves next, in words, and when, UTC; None where it leaves as soon as it can."""

    what: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Next:
    """Where a case is and what comes next, for `status`.

    Attributes:
        state: Where it is.
        move: The move, or act, that comes next; None where the case has ended.
        done: What is done, in words.
        missing: What else the move lacks.
        approvals: Who still has to approve it.
        leaves: What leaves, the next first.
        warnings: What holds nothing up, and should be known.
    """

    state: State
    move: Kind | None
    done: tuple[str, ...]
    missing: tuple[str, ...]
    approvals: tuple[str, ...]
    leaves: tuple[Leave, ...]
    warnings: tuple[str, ...]


def what_is_next(case: Case, at: datetime) -> Next:
    """What is done, who still has to approve, what leaves next and when.

    Args:
        case: With the approvals counted at the same `at`; others are shown as not counted.
        at: Now, aware, UTC.

    Raises:
        InputError: The schedule or the order of the lift cannot be judged.
        EmbargoError: The schedule waives what cannot be waived.
    """
    at = check_utc(at, "now").replace(microsecond=0)
    move = _next_move(case)
    lacking: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()
    if move is not None:
        approvals = tuple(missing_approvals(case, move, at))
        lacking = tuple(one for one in missing(case, move, at) if one not in approvals)
    return Next(
        state=case.state,
        move=move,
        done=tuple(_done(case)),
        missing=lacking,
        approvals=approvals,
        leaves=tuple(_leaves(case, at)),
        warnings=tuple(_warnings(case, at)),
    )


def _next_move(case: Case) -> Kind | None:
    if case.state is State.SEALED:
        return Kind.PREDISCLOSE if case.manifest.recipients else Kind.ARM
    if case.state is State.FIXED:
        dates_only = case.sealed is not None and same_content(case.sealed, case.manifest)
        return Kind.EXTEND if dates_only else Kind.SEAL
    return _FIXED_MOVES.get(case.state)


def _done(case: Case) -> Iterator[str]:
    manifest = case.manifest
    yield f"revision {manifest.revision}"
    yield from (f"fix of {x.branch} verified" for x in manifest.source if x.branch in case.fixed)
    if case.built:
        yield "built twice, equal"
    if case.sealed is not None:
        yield f"revision {case.sealed.revision} sealed"
    if case.rehearsed_s:
        yield f"rehearsed in {case.rehearsed_s} s"
    for one in manifest.recipients:
        if one.org in case.sent:
            answer = "acknowledged" if one.org in case.acknowledged else "no answer yet"
            yield f"bundle sent to {one.org}, {answer}"
    for (act, of), last in progress(manifest, case.entries).items():
        yield f"{act}{f' on {of}' if of else ''}: {last}"


def _leaves(case: Case, at: datetime) -> Iterator[Leave]:
    schedule = case.manifest.schedule
    step, _ = _ahead(case, at)
    if step is not None:
        yield Leave(words_of(step), None)
    if case.state in (State.PARTIAL, State.LEAKED):
        yield Leave(_channels(case), None)
        return
    if case.state not in _BEFORE_LIFT:
        return
    planned = [Leave(f"the release: {_channels(case)}", schedule.not_before)]
    left = [one.org for one in case.manifest.recipients if one.org not in case.sent]
    if left:
        told = schedule.predisclosure if case.state in _BEFORE_TOLD else None
        planned.append(Leave(f"bundles for {', '.join(left)}", told))
    if schedule.heads_up is not None and schedule.heads_up > at:
        planned.append(Leave("the date, without details", schedule.heads_up))
    yield from sorted(planned, key=lambda one: one.at or schedule.opened)


def _channels(case: Case) -> str:
    groups = (", ".join(group) for group in case.manifest.lift_order)
    return "; then ".join(groups) or "no channel"


def _warnings(case: Case, at: datetime) -> Iterator[str]:
    if case.state in _BEFORE_LIFT:
        for breach in check_schedule(case.manifest, case.profile, at):
            if breach.waived:
                yield f"waived: {breach.words}: {breach.waived}"
            elif breach.weight is Weight.WARNING:
                yield breach.words
    _, warning = _ahead(case, at)
    if warning:
        yield warning


def _ahead(case: Case, at: datetime) -> tuple[Step | None, str]:
    """The next step of a lift that has begun, and what there is to say of it."""
    if case.state not in (State.LIFTING, State.LIFTED, State.ADVISED):
        return None, ""
    try:
        step = next_step(case.manifest, case.entries, at)
    except EmbargoError as error:
        # Something else than what was sealed was seen: people have to know, not only who lifts.
        return None, f"{error.message}; {error.hint}"
    return (None, "") if isinstance(step, Done) else (step, step.warning)
