"""Trust material counts for its own window only, to the second, and no cache outlives one."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from sealane.core.verify.reason import Reason
from support.judged import (
    ENTRY,
    SECOND,
    SIGNATURE,
    WORLD,
    Json,
    edited,
    engine_of,
    prove,
    raw,
    reason_of,
    trusted,
)
from support.maker.authority import (
    INTERMEDIATE,
    ROOT,
    TIME_STAMPING,
    Shape,
    make_authority,
    make_stamper,
)
from support.maker.keys import key_named
from support.maker.leaf import LIFE, LeafShape
from support.maker.root import Span, authority_entry
from support.maker.world import World, add_timestamp, stamped

AT = WORLD.at
# What each window closes, by a bundle that needs it.
WINDOWS: dict[str, tuple[dict[str, Any], Reason]] = {
    "ca": ({}, Reason.AUTHORITY_OUTSIDE_WINDOW),
    "ct": ({}, Reason.SCT_OUTSIDE_WINDOW),
    "log1": ({}, Reason.LOG_OUTSIDE_WINDOW),
    "log2": ({"log": "v2"}, Reason.LOG_OUTSIDE_WINDOW),
    "tsa": ({"log": "v2"}, Reason.TIMESTAMP_OUTSIDE_WINDOW),
}
DAY = timedelta(days=1)


@pytest.mark.parametrize("which", WINDOWS)
@pytest.mark.parametrize(
    "span",
    [(AT, AT), (AT, None), (None, AT), (None, None), (AT - DAY, AT + DAY)],
    ids=["this-second", "from-now", "until-now", "open", "around"],
)
def test_what_was_valid_at_the_time_counts(which: str, span: Span) -> None:
    world = World(windows={which: span})
    assert prove(world.bundle(**WINDOWS[which][0]), engine_of(world)).signed_at == AT


@pytest.mark.parametrize("which", WINDOWS)
@pytest.mark.parametrize(
    "span",
    [(AT + SECOND, None), (None, AT - SECOND), (AT + SECOND, AT - SECOND)],
    ids=["a-second-early", "a-second-late", "never"],
)
def test_what_was_not_valid_at_the_time_proves_nothing(which: str, span: Span) -> None:
    world = World(windows={which: span})
    plan, reason = WINDOWS[which]
    assert reason_of(world.bundle(**plan), engine_of(world)) == reason


@pytest.mark.parametrize("which", ["ca", "ct", "log1", "log2"])
def test_every_proven_time_has_to_be_in_the_window(which: str) -> None:
    """The log's time is inside; the time-stamp, a minute later, is not."""
    world = World(windows={which: (None, AT + SECOND)})
    bundle = world.bundle(log=("v1", "v2"))
    prove(bundle, engine_of(world))
    add_timestamp(bundle, world.stamp(raw(bundle, SIGNATURE), AT + 60 * SECOND))
    assert reason_of(bundle, engine_of(world)) == WINDOWS[which][1]


LEAF = WORLD.leaf()
START = LEAF.certificate.not_valid_before_utc


@pytest.mark.parametrize("log", ["v1", "v2"])
@pytest.mark.parametrize(
    ("moment", "holds"),
    [
        (START - SECOND, False),
        (START, True),
        (START + LIFE, True),
        (START + LIFE + SECOND, False),
    ],
    ids=["not-yet-valid", "first-second", "last-second", "expired"],
)
def test_a_certificate_signs_in_its_life_only(log: str, moment: datetime, *, holds: bool) -> None:
    bundle = WORLD.bundle(leaf=LEAF, log=log, at=moment)
    if holds:
        assert prove(bundle).signed_at == moment
    else:
        assert reason_of(bundle) == Reason.TIME_OUTSIDE_CERTIFICATE


RETIRED = World(windows={"ca": (None, AT - DAY)})


def test_a_retired_authority_cannot_backdate_what_it_issues() -> None:
    """Its certificate says that it began long ago; the log says when it was used."""
    long = WORLD.leaf(at=AT - 2 * DAY, shape=LeafShape(life=3 * DAY))
    assert reason_of(RETIRED.bundle(leaf=long), engine_of(RETIRED)) == (
        Reason.AUTHORITY_OUTSIDE_WINDOW
    )
    short = WORLD.leaf(at=AT - 2 * DAY)
    bundle = RETIRED.bundle(leaf=short)
    assert reason_of(bundle, engine_of(RETIRED)) == Reason.TIME_OUTSIDE_CERTIFICATE
    claimed = str(int((AT - 2 * DAY).timestamp()))
    backdated = edited(bundle, f"{ENTRY}.integratedTime", claimed)
    assert reason_of(backdated, engine_of(RETIRED)) == Reason.PROMISE_INVALID


def test_what_an_authority_issued_before_it_retired_still_counts() -> None:
    bundle = RETIRED.bundle(at=AT - 2 * DAY)
    assert prove(bundle, engine_of(RETIRED)).signed_at == AT - 2 * DAY


def _with_authority(intermediate: Shape, root: Shape = ROOT) -> tuple[Json, Json]:
    """A trust root, without windows, and a bundle of an authority of some shape."""
    made = make_authority("acme", WORLD.born, intermediate, root)
    document = WORLD.root()
    document["certificateAuthorities"] = [authority_entry("ca", made.chain, (None, None))]
    return document, WORLD.bundle(leaf=WORLD.leaf(authority=made))


@pytest.mark.parametrize("which", ["intermediate", "root"])
@pytest.mark.parametrize(
    ("life", "holds"),
    [
        ((AT, AT), True),
        ((AT - DAY, AT - SECOND), False),
        ((AT + SECOND, AT + DAY), False),
    ],
    ids=["this-second", "expired", "not-yet-valid"],
)
def test_an_authoritys_certificates_were_valid_too(
    which: str, life: tuple[datetime, datetime], *, holds: bool
) -> None:
    limited = Shape(life=life) if which == "root" else Shape(
        pathlen=0, purposes=INTERMEDIATE.purposes, life=life
    )  # fmt: skip
    root, bundle = (
        _with_authority(INTERMEDIATE, limited) if which == "root" else _with_authority(limited)
    )
    if holds:
        assert prove(bundle, engine_of(root=root)).signed_at == AT
    else:
        assert reason_of(bundle, engine_of(root=root)) == Reason.AUTHORITY_OUTSIDE_WINDOW


def test_an_expired_time_stamp_authority_proves_no_time() -> None:
    made = make_stamper("acme tsa", WORLD.born, Shape(
        ca=False, pathlen=None, issues=False, purposes=TIME_STAMPING, life=(AT - DAY, AT - SECOND),
    ))  # fmt: skip
    root = WORLD.root()
    root["timestampAuthorities"] = [authority_entry("tsa", (made.leaf, made.root), (None, None))]
    bundle = WORLD.bundle(log="v2", timestamps=0)
    add_timestamp(bundle, stamped(made, raw(bundle, SIGNATURE), AT))
    # The library takes its chain for none at that time, so it is no authority's either.
    assert reason_of(bundle, engine_of(root=root)) == Reason.TIMESTAMP_INVALID


def test_of_two_windows_of_one_authority_one_is_enough() -> None:
    for room in ("certificateAuthorities", "ctlogs", "tlogs", "timestampAuthorities"):
        root = WORLD.root()
        again = World(windows=dict.fromkeys(("ca", "ct", "log1", "tsa"), (None, AT - DAY)))
        root[room] = [again.root()[room][0], *root[room]]
        bundle = WORLD.bundle(log=("v1", "v2"), timestamps=1)
        assert prove(bundle, engine_of(root=root)).signed_at == AT, room


@pytest.mark.parametrize("which", ["ca", "ct"])
def test_what_is_remembered_of_a_certificate_does_not_outlive_a_window(which: str) -> None:
    world = World(windows={which: (None, AT)})
    judge = engine_of(world)
    leaf = world.leaf()
    prove(world.bundle(leaf=leaf), judge)
    later = world.bundle(leaf=leaf, at=AT + SECOND)
    assert reason_of(later, judge) == WINDOWS[which][1]
    prove(world.bundle(leaf=leaf), judge)


def test_what_is_remembered_of_a_certificate_does_not_outlive_it() -> None:
    judge = engine_of()
    prove(WORLD.bundle(leaf=LEAF), judge)
    expired = WORLD.bundle(leaf=LEAF, at=START + LIFE + SECOND)
    assert reason_of(expired, judge) == Reason.TIME_OUTSIDE_CERTIFICATE


def test_what_one_engine_remembers_another_does_not_know() -> None:
    prove(WORLD.bundle(leaf=LEAF), engine_of())
    other = engine_of(World("other"))
    assert reason_of(WORLD.bundle(leaf=LEAF), other) == Reason.CERTIFICATE_UNTRUSTED


def test_a_retired_log_proves_nothing_of_a_signature_without_a_time() -> None:
    key = key_named("release")
    world = World(windows={"log2": (None, AT + DAY)})
    bundle = world.bundle(managed=key, log="v2")
    assert reason_of(bundle, engine_of(world, keys=[trusted(key)])) == Reason.LOG_OUTSIDE_WINDOW
    add_timestamp(bundle, world.stamp(raw(bundle, SIGNATURE)))
    assert prove(bundle, engine_of(world, keys=[trusted(key)])).signed_at == AT
