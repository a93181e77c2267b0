"""A case of two series, three recipients and eight channels, at any state of its way."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import pytest

from sealane.core.embargo.case import (
    DraftDocument,
    EmbargoManifest,
    KeyKind,
    LiftChannel,
    Recipient,
    RecipientKey,
    Schedule,
    SealedBuild,
    SealedFile,
    SourceLine,
    Tlp,
    Undo,
)
from sealane.core.embargo.events import Act, Event, Kind, Progress
from sealane.core.embargo.lift import Done, next_step
from sealane.core.embargo.machine import advance, open_case
from sealane.core.embargo.profiles import PROFILES
from sealane.core.embargo.roles import Action
from sealane.core.embargo.standing import Case
from sealane.core.embargo.states import State
from sealane.core.model.values import replace
from sealane.errors import EmbargoError

OPENED = datetime(2026, 11, 10, 9, 0, tzinfo=UTC)
TOLD = datetime(2026, 11, 17, 15, 0, tzinfo=UTC)  # a Tuesday
LIFT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)  # a Tuesday
EXPIRES = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DIGEST = "ab" * 32
ORGS = ("Acme", "Beta", "linux-distros")
SCHEDULE = Schedule(
    profile="default",
    opened=OPENED,
    not_before=LIFT,
    expires=EXPIRES,
    window_s=1800,
    predisclosure=TOLD,
    heads_up=LIFT - timedelta(days=2),
)
CHANNELS = (
    LiftChannel("code", "git", Undo.NO),
    LiftChannel("index", "pypi", Undo.HIDE),
    LiftChannel("images", "oci", Undo.YES),
    LiftChannel("charts", "helm", Undo.YES, required=False),
    LiftChannel("forge", "ghsa", Undo.NO),
    LiftChannel("numbers", "cve", Undo.NO),
    LiftChannel("records", "osv", Undo.YES),
    LiftChannel("list", "announce", Undo.NO),
)
ORDER = (("code",), ("index", "images", "charts"), ("forge", "numbers"), ("records",), ("list",))


def recipient(org: str) -> Recipient:
    key = RecipientKey(KeyKind.OPENPGP, f"{ORGS.index(org):040X}", EXPIRES + timedelta(days=30))
    return Recipient(org, f"security@{org.lower()}.example", key)


def source(branch: str, tag: str) -> SourceLine:
    return SourceLine(branch, "a" * 40, f"{len(tag) + len(branch):040x}", tag, DIGEST, 1)


def build(version: str) -> SealedBuild:
    return SealedBuild(
        "demo", "PyPI", version, (SealedFile(f"demo-{version}.tar.gz", DIGEST, 9, reproduced=True),)
    )


MANIFEST = EmbargoManifest(
    case="quiet-otter-5821",
    revision=1,
    previous="",
    tlp=Tlp.AMBER,
    schedule=SCHEDULE,
    roles_version=1,
    roles_sha256=DIGEST,
    source=(source("main", "v2.0.1"), source("1.x", "v1.9.4")),
    builds=(build("2.0.1"), build("1.9.4")),
    ids=("CVE-2026-10001",),
    documents=tuple(DraftDocument(x, DIGEST) for x in ("osv", "cve", "ghsa", "announcement")),
    recipients=tuple(map(recipient, ORGS)),
    channels=CHANNELS,
    lift_order=ORDER,
)
ALONE = replace(MANIFEST, recipients=(), schedule=replace(SCHEDULE, predisclosure=None))
DEFAULT = PROFILES["default"]
DAY = timedelta(days=1)


def opened(manifest: EmbargoManifest = MANIFEST) -> Case:
    return open_case(manifest, PROFILES[manifest.schedule.profile])


def approved(action: Action, *, held: bool = True, text: str = "") -> Event:
    return Event(Kind.COUNTED, of=action, held=held, text=text)


def acted(act: Act, progress: Progress, of: str = "") -> Event:
    return Event(Kind.ACTED, of=of, act=act, progress=progress)


def on(case: Case, at: datetime, *events: Event) -> Case:
    for event in events:
        case = advance(case, event, at)
    return case


def fixed(case: Case) -> Case:
    told = [Event(Kind.FIX_VERIFIED, of=line.branch) for line in case.manifest.source]
    return on(case, OPENED + DAY, *told, Event(Kind.FIX))


def sealed(case: Case) -> Case:
    at = OPENED + 2 * DAY
    built, rehearsed = Event(Kind.BUILT_TWICE), Event(Kind.REHEARSED, seconds=600)
    return on(fixed(case), at, built, rehearsed, approved(Action.SEAL), Event(Kind.SEAL))


def disclosed(case: Case) -> Case:
    moves = (approved(Action.PREDISCLOSE), Event(Kind.PREDISCLOSE))
    sent = (Event(Kind.SENT, of=one.org, sha256=DIGEST) for one in case.manifest.recipients)
    return on(sealed(case), TOLD, *moves, *sent)


def armed(case: Case) -> Case:
    case = disclosed(case) if case.manifest.recipients else sealed(case)
    return on(case, LIFT - DAY, approved(Action.LIFT), Event(Kind.ARM))


def begun(case: Case, at: datetime = LIFT) -> Case:
    action = Action.EARLY_LIFT if case.state is State.LEAKED else Action.LIFT
    return on(case, at, Event(Kind.CLOCK_CHECKED), approved(action), Event(Kind.BEGIN))


def lifting(case: Case) -> Case:
    return begun(armed(case))


def leaked(case: Case, at: datetime = OPENED + 3 * DAY) -> Case:
    return on(case, at, Event(Kind.LEAK, text="somebody told a newspaper"))


def act_once(case: Case, at: datetime, ends: dict[tuple[Act, str], Progress] | None = None) -> Case:
    """The case after its next step: every channel of it ends as told, or well."""
    step = next_step(case.manifest, case.entries, at)
    assert not isinstance(step, Done)
    for of in step.channels:
        case = advance(case, acted(step.act, Progress.STARTED, of), at)
    for of in step.channels:
        end = (ends or {}).get((step.act, of), Progress.DONE)
        case = advance(case, acted(step.act, end, of), at)
    return case


def until(case: Case, acts: Iterable[Act], at: datetime = LIFT) -> Case:
    """The case after every step up to one of these acts, which is next then."""
    wanted = set(acts)
    while True:
        step = next_step(case.manifest, case.entries, at)
        if isinstance(step, Done) or step.act in wanted:
            return case
        case = act_once(case, at)


def all_states() -> dict[State, Case]:
    """The case in every state that it can be in."""
    case = opened()
    lifted = until(lifting(case), {Act.ADVISE})
    advised = until(lifted, {Act.CHECK})
    verified = until(advised, ())
    pushed = until(lifting(case), {Act.BUILD})
    abort = (approved(Action.ABORT), Event(Kind.ABORT, text="no hole after all"))
    return {
        State.OPEN: case,
        State.FIXED: fixed(case),
        State.SEALED: sealed(case),
        State.PREDISCLOSED: disclosed(case),
        State.ARMED: armed(case),
        State.LIFTING: lifting(case),
        State.LIFTED: lifted,
        State.ADVISED: advised,
        State.VERIFIED: verified,
        State.CLOSED: on(verified, LIFT, Event(Kind.CLOSE, sha256=DIGEST)),
        State.LEAKED: leaked(sealed(case)),
        State.ABORTED: on(case, OPENED, *abort),
        State.PARTIAL: on(pushed, LIFT, Event(Kind.STOP, text="the index is down")),
    }


# One whole event of each kind that needs more than its kind.
EVENTS = {
    Kind.FIX_VERIFIED: Event(Kind.FIX_VERIFIED, of="main"),
    Kind.REHEARSED: Event(Kind.REHEARSED, seconds=60),
    Kind.COUNTED: approved(Action.LIFT),
    Kind.SENT: Event(Kind.SENT, of="Acme", sha256=DIGEST),
    Kind.ACKNOWLEDGED: Event(Kind.ACKNOWLEDGED, of="Acme"),
    Kind.OBJECTED: Event(Kind.OBJECTED, of="Acme", text="we need a day more"),
    Kind.RESOLVED: Event(Kind.RESOLVED, of="Acme", text="they can do it"),
    Kind.ACTED: acted(Act.PREFLIGHT, Progress.STARTED),
    Kind.STOP: Event(Kind.STOP, text="the index is down"),
    Kind.LEAK: Event(Kind.LEAK, text="it is in the news"),
    Kind.ABORT: Event(Kind.ABORT, text="no hole after all"),
    Kind.CLOSE: Event(Kind.CLOSE, sha256=DIGEST),
}


def event_of(kind: Kind) -> Event:
    return EVENTS.get(kind, Event(kind))


def refused(case: Case, at: datetime, *events: Event) -> str:
    """What is said of the last of some events, which is refused; the others are not."""
    before = on(case, at, *events[:-1])
    with pytest.raises(EmbargoError) as caught:
        advance(before, events[-1], at)
    assert caught.value.hint
    return caught.value.message
