"""What is demanded is met by distinct witnesses, and by no witness twice."""

import pytest

from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason
from support.judged import (
    DEFAULTS,
    ENTRY,
    MATERIAL,
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
from support.maker.bodies import b64
from support.maker.keys import key_named
from support.maker.world import World, add_timestamp

STAMPS = f"{MATERIAL}.timestampVerificationData.rfc3161Timestamps"


def test_the_defaults_are_those_of_the_public_infrastructure() -> None:
    assert Demands(logs=1, key_logs=1, timestamps=0, scts=1, promise_alone=False) == DEFAULTS


def _stamped(*authorities: str) -> Json:
    bundle = WORLD.bundle()
    for name in authorities:
        add_timestamp(bundle, WORLD.stamp(raw(bundle, SIGNATURE), by=name))
    return bundle


def test_two_logs_are_two_different_ones() -> None:
    judge = engine_of(demands=Demands(logs=2))
    prove(WORLD.bundle(log=("v1", "v2")), judge)
    for logs in (("v1",), ("v2",), ("v1", "v1"), ("v2", "v2"), ("v1", "v1", "v1")):
        assert reason_of(WORLD.bundle(log=logs, timestamps=1), judge) == Reason.ENTRY_MISSING


def test_one_log_may_hold_two_entries_of_one_signature() -> None:
    bundle = WORLD.bundle(log=("v1", "v1"))
    assert prove(bundle).signed_at == WORLD.at


def test_an_entry_more_than_is_demanded_has_to_hold_as_well() -> None:
    bundle = WORLD.bundle(log=("v1", "v2"))
    foreign = World("other").log("v2").log_id
    unknown = edited(bundle, f"{MATERIAL}.tlogEntries.1.logId.keyId", b64(foreign))
    assert reason_of(unknown) == Reason.LOG_UNKNOWN


def test_an_entry_is_looked_at_though_none_is_demanded() -> None:
    judge = engine_of(demands=Demands(logs=0))
    wrong = edited(WORLD.bundle(timestamps=1), f"{ENTRY}.logIndex", "7")
    assert reason_of(wrong, judge) == Reason.PROMISE_INVALID


def test_logs_of_keys_and_of_certificates_are_demanded_apart() -> None:
    key = key_named("release")
    lax = engine_of(keys=[trusted(key)], demands=Demands(logs=0, key_logs=2))
    prove(WORLD.bundle(managed=key, log=("v1", "v2")), lax)
    assert reason_of(WORLD.bundle(managed=key), lax) == Reason.ENTRY_MISSING
    prove(WORLD.bundle(log=(), timestamps=1), lax)
    strict = engine_of(keys=[trusted(key)], demands=Demands(logs=2, key_logs=0))
    prove(WORLD.bundle(managed=key, log=()), strict)
    assert reason_of(WORLD.bundle(), strict) == Reason.ENTRY_MISSING


def test_two_time_stamps_are_of_two_different_authorities() -> None:
    judge = engine_of(demands=Demands(timestamps=2))
    prove(_stamped("tsa", "tsa2"), judge)
    prove(_stamped("tsa2", "tsa", "tsa"), judge)
    for names in ((), ("tsa",), ("tsa", "tsa"), ("tsa2", "tsa2", "tsa2")):
        assert reason_of(_stamped(*names), judge) == Reason.TIME_MISSING


def test_a_log_is_no_time_stamp_authority() -> None:
    judge = engine_of(demands=Demands(timestamps=1))
    assert reason_of(WORLD.bundle(), judge) == Reason.TIME_MISSING
    prove(_stamped("tsa"), judge)


def test_two_names_of_one_authority_are_one() -> None:
    root = WORLD.root()
    again = dict(root["timestampAuthorities"][0], uri="https://another.invalid")
    root["timestampAuthorities"].append(again)
    judge = engine_of(root=root, demands=Demands(timestamps=2))
    assert reason_of(_stamped("tsa", "tsa"), judge) == Reason.TIME_MISSING


def test_a_time_stamp_that_does_not_hold_does_not_count() -> None:
    judge = engine_of(demands=Demands(timestamps=2))
    bundle = _stamped("tsa")
    add_timestamp(bundle, WORLD.stamp(b"something else", by="tsa2"))
    assert reason_of(bundle, judge) == Reason.TIMESTAMP_INVALID


def test_a_managed_key_needs_its_time_stamps_too() -> None:
    key = key_named("release")
    judge = engine_of(keys=[trusted(key)], demands=Demands(key_logs=0, timestamps=1))
    prove(WORLD.bundle(managed=key, log=(), timestamps=1), judge)
    assert reason_of(WORLD.bundle(managed=key, log=()), judge) == Reason.TIME_MISSING


@pytest.mark.parametrize("log", ["v1", "v2"])
def test_a_bad_time_stamp_beside_a_good_time_is_noted(log: str) -> None:
    bundle = WORLD.bundle(log=log)
    assert prove(bundle).notes == ()
    add_timestamp(bundle, WORLD.stamp(b"something else"))
    (note,) = prove(bundle).notes
    assert "a time-stamp does not hold" in note


def test_a_time_stamp_outside_its_window_beside_a_good_time_is_noted() -> None:
    world = World(windows={"tsa2": (None, WORLD.at - SECOND)})
    bundle = world.bundle(log="v2")
    add_timestamp(bundle, world.stamp(raw(bundle, SIGNATURE), by="tsa2"))
    proven = prove(bundle, engine_of(world))
    assert proven.signed_at == WORLD.at
    assert len(proven.notes) == 1


def test_only_bad_time_stamps_are_no_time() -> None:
    bundle = WORLD.bundle(log="v2", timestamps=0)
    for _ in range(2):
        add_timestamp(bundle, WORLD.stamp(b"something else"))
    assert reason_of(bundle) == Reason.TIMESTAMP_INVALID


def test_32_time_stamps_are_read_and_33_are_not() -> None:
    assert prove(WORLD.bundle(log="v2", timestamps=32)).signed_at == WORLD.at
    assert reason_of(WORLD.bundle(log="v2", timestamps=33)) == Reason.TIMESTAMP_COUNT


def test_one_time_stamp_twice_is_refused_wherever_it_stands() -> None:
    bundle = WORLD.bundle(log="v2", timestamps=3)
    again = edited(bundle, STAMPS, lambda stamps: [*stamps, stamps[1]])
    assert reason_of(again) == Reason.TIMESTAMP_DUPLICATE


def test_two_promises_of_a_certificate_are_of_two_different_logs() -> None:
    judge = engine_of(demands=Demands(scts=2))
    prove(WORLD.bundle(leaf=WORLD.leaf(cts=("ct", "ct2"))), judge)
    for cts in ((), ("ct",), ("ct", "ct"), ("ct2", "ct2", "ct2")):
        assert reason_of(WORLD.bundle(leaf=WORLD.leaf(cts=cts)), judge) == Reason.SCT_MISSING


def test_of_two_promises_as_many_as_demanded_were_of_valid_logs() -> None:
    world = World(windows={"ct2": (None, WORLD.at - SECOND)})
    bundle = world.bundle(leaf=world.leaf(cts=("ct", "ct2")))
    prove(bundle, engine_of(world))
    strict = engine_of(world, demands=Demands(scts=2))
    assert reason_of(bundle, strict) == Reason.SCT_OUTSIDE_WINDOW


def test_no_promise_of_a_certificate_is_needed_where_none_is_demanded() -> None:
    prove(WORLD.bundle(leaf=WORLD.leaf(cts=())), engine_of(demands=Demands(scts=0)))


def test_a_promise_of_an_unknown_log_counts_for_none() -> None:
    root = WORLD.root()
    root["ctlogs"] = root["ctlogs"][1:]
    bundle = WORLD.bundle()
    assert reason_of(bundle, engine_of(root=root)) == Reason.SCT_MISSING
    prove(WORLD.bundle(leaf=WORLD.leaf(cts=("ct", "ct2"))), engine_of(root=root))


@pytest.mark.parametrize("count", [32, 33])
def test_entries_have_an_upper_bound(count: int) -> None:
    # A tree so large that no two of them stand at the same place.
    bundle = WORLD.bundle(log=("v1",) * count, size=1 << 60)
    if count == 32:
        assert prove(bundle).signed_at == WORLD.at
    else:
        assert reason_of(bundle) == Reason.UNREADABLE
