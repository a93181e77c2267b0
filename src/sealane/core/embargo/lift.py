"""In which steps a case becomes public, and which is the next.

The journal of what was done is all that counts, so that a lift which was killed goes on where it
was, and does nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

from sealane.core.embargo.case import EmbargoManifest, LiftChannel
from sealane.core.embargo.events import Act, Entry, Event, Kind, Progress
from sealane.core.embargo.lift_order import CODE, LAST, WORDS, check_lift_order
from sealane.core.embargo.states import State
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError

_STAGES: Mapping[Act, str] = MappingProxyType(
    {
        Act.PREFLIGHT: "S0",
        Act.PUSH: "S1",
        Act.BUILD: "S2",
        Act.SIGN: "S2",
        Act.PUBLISH: "S3",
        Act.CONFIRM: "S4",
        Act.ADVISE: "S5",
        Act.ANNOUNCE: "S5",
        Act.CHECK: "S6",
    }
)
_ARTIFACTS = (Act.PUSH, Act.BUILD, Act.SIGN, Act.PUBLISH, Act.CONFIRM)


@dataclass(frozen=True, slots=True)
class Unit:
    """One act on one channel.

    Attributes:
        act: What is done.
        channel: Where; "" where it is the whole lift's.
        group: Number of its group in the order of the lift; those of a group may be at once.
        required: Whether what comes after waits for it.
    """

    act: Act
    channel: str
    group: int
    required: bool


@dataclass(frozen=True, slots=True)
class Step:
    """What to do next.

    Attributes:
        stage: "S0" to "S6", as the plan of a lift names them.
        act: What to do.
        channels: Where, all at once; one "" where the act is the whole lift's.
        look: Those of them where it was begun before: look first, it may be there.
        final: Whether it, or something before it, cannot be taken back.
        warning: That the window is exceeded; "" where it is not.
    """

    stage: str
    act: Act
    channels: tuple[str, ...]
    look: tuple[str, ...] = ()
    final: bool = True
    warning: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing is left to do; `skipped` are the optional channels that somebody did without."""

    skipped: tuple[str, ...] = ()


def plan(manifest: EmbargoManifest) -> tuple[Unit, ...]:
    """All that a lift does, in its order.

    Preflight; the push, which is the point of no return; build, sign; group by group the files,
    each downloaded and verified before the next group, and the words; at the very end the checks.

    Args:
        manifest: What was agreed on.

    Raises:
        InputError: Its order is none (see `lift_order`).
        EmbargoError: No channel is git's.

    Spec: reference "Embargoed releases", section 7, "Lift".
    """
    check_lift_order(manifest.channels, manifest.lift_order, "lift_order")
    channels = {one.id: one for one in manifest.channels}
    groups = [[channels[name] for name in group] for group in manifest.lift_order]
    if not groups:
        raise EmbargoError(
            "channels: expected git's at least, got none",
            hint="name where the release becomes public in the next revision of the manifest",
        )
    code, *others = (list(_of_group(group, number)) for number, group in enumerate(groups, 1))
    return (
        Unit(Act.PREFLIGHT, "", 0, required=True),
        *code,
        Unit(Act.BUILD, "", 1, required=True),
        Unit(Act.SIGN, "", 1, required=True),
        *(unit for group in others for unit in group),
        Unit(Act.CHECK, "", len(groups) + 1, required=True),
    )


def _of_group(group: Iterable[LiftChannel], number: int) -> Iterable[Unit]:
    """The units of one group; those with the same act are neighbours."""
    acts = [(act, one) for one in group for act in _acts(one.kind)]
    order = tuple(Act)
    for act, one in sorted(acts, key=lambda pair: order.index(pair[0])):
        yield Unit(act, one.id, number, one.required)


def _acts(kind: str) -> tuple[Act, ...]:
    if kind == CODE:
        return (Act.PUSH,)
    if kind in WORDS:
        return (Act.ADVISE,)
    return (Act.ANNOUNCE,) if kind == LAST else (Act.PUBLISH, Act.CONFIRM)


def next_step(manifest: EmbargoManifest, entries: Iterable[Entry], at: datetime) -> Step | Done:
    """What a lift does next.

    1. What was seen to be something else than what was sealed stops it: nothing is uploaded after
    that. 2. The first unit that is not done is next, with its neighbours of the same act and group.
    3. What failed on an optional channel, or anywhere after a leak, does not hold up the rest: it
    is tried again when the rest is done. So an advisory waits for every required artifact channel,
    unless there was a leak. 4. The checks come when nothing else is left.

    Args:
        manifest: The newest revision.
        entries: The case's journal.
        at: Now, aware, UTC.

    Returns:
        The same for the same journal, whichever process wrote it and wherever it was killed.

    Raises:
        InputError: The manifest's order is none.
        EmbargoError: Something else than what was sealed was seen.
    """
    units, entries = plan(manifest), tuple(entries)
    known, leaked = progress(manifest, entries), has_leaked(entries)
    other = [unit for unit in units if known.get((unit.act, unit.channel)) is Progress.MISMATCH]
    if other and not leaked:  # 1
        raise _stopped(other)
    left = [unit for unit in units if not _settled(unit, known)]
    if not left:
        return Done(_skipped(units, known))
    ready = _not_held_up(left, known, leaked=leaked)  # 3, 4
    if other and not ready:
        raise _stopped(other)
    first, *rest = ready or left
    now = (first, *(one for one in rest if (one.act, one.group) == (first.act, first.group)))  # 2
    begun = [one for one in now if known.get((one.act, one.channel)) is Progress.STARTED]
    return Step(
        stage=_STAGES[first.act],
        act=first.act,
        channels=tuple(one.channel for one in now),
        look=tuple(one.channel for one in begun),
        final=first.act is not Act.PREFLIGHT,
        warning=_late(manifest, entries, at),
    )


def progress(
    manifest: EmbargoManifest, entries: Iterable[Entry]
) -> Mapping[tuple[Act, str], Progress]:
    """What is known last of each act on each channel of one revision.

    What was looked at before a lift that did nothing final is forgotten: another day it may be
    otherwise.
    """
    known: dict[tuple[Act, str], Progress] = {}
    for entry in entries:
        event = entry.event
        if entry.revision != manifest.revision:
            continue
        if event.kind is Kind.BEGIN and not any(act is not Act.PREFLIGHT for act, _ in known):
            known.clear()
        if event.act is not None and event.progress is not None:
            known[event.act, event.of] = event.progress
    return MappingProxyType(known)


def has_leaked(entries: Iterable[Entry]) -> bool:
    """Whether the case became known before its time."""
    return any(entry.event.kind is Kind.LEAK for entry in entries)


def is_public(entries: Iterable[Entry]) -> bool:
    """Whether anything is, or may be, public: a lift began its first act after the preflight."""
    return any(entry.event.act not in (None, Act.PREFLIGHT) for entry in entries)


def reached(manifest: EmbargoManifest, entries: Iterable[Entry]) -> State:
    """How far a lift that has begun is.

    LIFTED when every required artifact channel was verified by download, ADVISED when every
    required advisory and announcement is out too, VERIFIED when the checks have passed.

    Raises:
        InputError: The manifest's order is none.
        EmbargoError: No channel is git's.
    """
    known = progress(manifest, entries)
    left = {unit.act for unit in plan(manifest) if unit.required and not _settled(unit, known)}
    if left & {Act.PREFLIGHT, *_ARTIFACTS}:
        return State.LIFTING
    if left & {Act.ADVISE, Act.ANNOUNCE}:
        return State.LIFTED
    return State.ADVISED if left else State.VERIFIED


def check_act(
    manifest: EmbargoManifest, entries: Iterable[Entry], event: Event, at: datetime
) -> None:
    """What a lift is about to write down of one act is what comes next of it.

    1. Only what is next is started. 2. Only what was started ends. 3. Only an optional channel that
    failed is done without.

    Args:
        manifest: The newest revision.
        entries: The case's journal.
        event: Of kind ACTED.
        at: Now, aware, UTC.

    Raises:
        InputError: The manifest's order is none.
        EmbargoError: The act is not what comes next.
    """
    entries = tuple(entries)
    act, of = event.act or Act.PREFLIGHT, event.of
    place = f"lift: {act}{f' on {of}' if of else ''}"
    last = progress(manifest, entries).get((act, of))
    if event.progress is Progress.STARTED:  # 1
        step = next_step(manifest, entries, at)
        if isinstance(step, Done) or act is not step.act or of not in step.channels:
            raise EmbargoError(
                f"{place}: expected {_words(step)} as the next step, got this one",
                hint="ask for the next step again; another process may have gone on",
            )
    elif event.progress is Progress.SKIPPED:  # 3
        optional = any(one.id == of and not one.required for one in manifest.channels)
        if not optional or last is not Progress.FAILED:
            raise EmbargoError(
                f"{place}: expected an optional channel that failed, to do without it",
                hint="resume the lift; a required channel is never left out",
            )
    elif last is not Progress.STARTED:  # 2
        raise EmbargoError(
            f"{place}: expected it to be started before it is {event.progress}, "
            f"got {last or 'nothing'}",
            hint="write the line that it is started before its first request leaves",
        )


def words_of(step: Step) -> str:
    """A step in words: what is done where."""
    where = ", ".join(one for one in step.channels if one)
    return f"{step.act.value} ({step.stage})" + (f" on {where}" if where else "")


def _words(step: Step | Done) -> str:
    return "nothing" if isinstance(step, Done) else words_of(step)


def _settled(unit: Unit, known: Mapping[tuple[Act, str], Progress]) -> bool:
    if known.get((unit.act, unit.channel)) is Progress.DONE:
        return True
    return not unit.required and unit.channel in _without(known)


def _without(known: Mapping[tuple[Act, str], Progress]) -> frozenset[str]:
    """The channels that somebody did without; of a required one this is not asked."""
    return frozenset(of for (_, of), last in known.items() if last is Progress.SKIPPED)


def _skipped(units: Iterable[Unit], known: Mapping[tuple[Act, str], Progress]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.channel for one in units if one.channel in _without(known)))


def _not_held_up(
    left: Iterable[Unit], known: Mapping[tuple[Act, str], Progress], *, leaked: bool
) -> list[Unit]:
    """What is left without what failed and may wait, and without what needs that."""
    ready: list[Unit] = []
    held: set[str] = set()
    everything = False  # that an artifact channel could do
    for unit in left:
        ended = known.get((unit.act, unit.channel)) in (Progress.FAILED, Progress.MISMATCH)
        waits = ended and _may_wait(unit, leaked=leaked)
        needs = unit.act in _ARTIFACTS and (everything or unit.channel in held)
        if waits or needs or (unit.act is Act.CHECK and held):
            held.add(unit.channel)
            everything |= unit.required and unit.act in (Act.PUSH, Act.BUILD, Act.SIGN)
        else:
            ready.append(unit)
    return ready


def _may_wait(unit: Unit, *, leaked: bool) -> bool:
    # After a leak people are better off with a word than without one.
    return not unit.required or (leaked and unit.act not in (Act.PREFLIGHT, Act.CHECK))


def _late(manifest: EmbargoManifest, entries: Iterable[Entry], at: datetime) -> str:
    """That the window is exceeded, counted from the first final act; "" where it is not."""
    first = next(
        (
            entry.at
            for entry in entries
            if entry.revision == manifest.revision and is_public([entry])
        ),
        None,
    )
    window = timedelta(seconds=manifest.schedule.window_s)
    if first is None or at - first <= window:
        return ""
    passed = int((at - first).total_seconds())
    return (
        f"the window of {manifest.schedule.window_s} s, begun at {rfc3339(first)}, is exceeded "
        f"by {passed - manifest.schedule.window_s} s"
    )


def _stopped(units: Iterable[Unit]) -> EmbargoError:
    what = ", ".join(f"{one.act}{f' on {one.channel}' if one.channel else ''}" for one in units)
    return EmbargoError(
        f"lift: {what}: expected what was sealed, got something else",
        hint="nothing more is uploaded; find out why, then agree on a new revision with a new "
        "version, and resume",
    )
