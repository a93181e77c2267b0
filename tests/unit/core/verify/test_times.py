"""Which times a bundle proves, and what is said of those that it does not."""

import json

import pytest

from sealane.core.attestation.bundle import Bundle, parse_bundle
from sealane.core.verify.interface import Demands
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import parse_root
from sealane.core.verify.times import establish_times
from sealane.errors import VerificationError
from support.judged import DEFAULTS, ENTRY, SECOND, SIGNATURE, WORLD, Json, edited, raw
from support.maker.keys import key_named
from support.maker.world import add_timestamp

ROOT = parse_root(WORLD.root_json())
AT = WORLD.at


def parsed(bundle: Json) -> Bundle:
    return parse_bundle(json.dumps(bundle).encode())


def test_every_time_is_told_the_logs_first() -> None:
    bundle = WORLD.bundle(log=("v2", "v1"))
    for late in (2, 1):
        add_timestamp(bundle, WORLD.stamp(raw(bundle, SIGNATURE), AT + late * SECOND))
    times = establish_times(parsed(bundle), ROOT, DEFAULTS)
    assert times.moments == (AT, AT + 2 * SECOND, AT + SECOND)
    assert (times.signed_at, times.notes) == (AT, ())


def test_a_managed_key_may_have_no_time() -> None:
    times = establish_times(
        parsed(WORLD.bundle(managed=key_named("release"), log="v2")), ROOT, DEFAULTS
    )
    assert (times.moments, times.signed_at) == ((), None)


def refused(bundle: Json, demands: Demands = DEFAULTS) -> VerificationError:
    with pytest.raises(VerificationError) as raised:
        establish_times(parsed(bundle), ROOT, demands)
    return raised.value


def test_a_certificate_has_to_have_one() -> None:
    error = refused(WORLD.bundle(log="v2", timestamps=0))
    assert (error.code, error.actual) == (Reason.TIME_MISSING, "neither")


def test_what_is_wrong_with_a_time_that_is_there_says_more_than_a_count() -> None:
    bundle = WORLD.bundle(log="v2", timestamps=0)
    add_timestamp(bundle, b"garbage")
    assert refused(bundle).code == Reason.TIMESTAMP_INVALID
    error = refused(WORLD.bundle(timestamps=2), Demands(timestamps=2))
    assert (error.code, error.actual) == (Reason.TIME_MISSING, "2 that hold")


@pytest.mark.parametrize("seconds", ["253402300800", "9" * 18])
def test_a_time_after_all_years_is_none(seconds: str) -> None:
    error = refused(edited(WORLD.bundle(), f"{ENTRY}.integratedTime", seconds))
    assert error.code == Reason.UNREADABLE


def test_a_time_without_a_promise_is_none() -> None:
    untold = edited(WORLD.bundle(), f"{ENTRY}.inclusionPromise", None)
    assert refused(untold).code == Reason.TIME_MISSING
