"""Entries are of logs that the trust root knows, at times at which their keys were valid."""

import json
from datetime import timedelta

import pytest

from sealane.core.attestation.bundle import Bundle, parse_bundle
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import Window
from sealane.core.verify.log import check_entries
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import Log, parse_root
from sealane.errors import VerificationError
from support.judged import DEFAULTS, ENTRY, PROOF, SECOND, WORLD, Json, added, at, edited

LOGS = parse_root(WORLD.root_json()).logs
AT = WORLD.at
LAX = Demands(promise_alone=True)


def parsed(bundle: Json) -> Bundle:
    return parse_bundle(json.dumps(bundle).encode())


def refused(
    bundle: Json, logs: tuple[Log, ...] = LOGS, demands: Demands = DEFAULTS
) -> VerificationError:
    with pytest.raises(VerificationError) as raised:
        check_entries(parsed(bundle), logs, [AT], demands)
    return raised.value


def limited(number: int, window: Window) -> Log:
    log, key = LOGS[number], LOGS[number].key
    return Log(log.log_id, type(key)(key.name, key.spki, key.details, window))


def test_no_entry_has_no_index() -> None:
    assert check_entries(parsed(WORLD.bundle(log=())), LOGS, [AT], DEFAULTS) is None


def test_the_index_is_that_of_the_first_entry() -> None:
    bundle = WORLD.bundle(log=("v2", "v1"))
    index = int(at(bundle, f"{PROOF}.logIndex"))
    assert check_entries(parsed(bundle), LOGS, [AT], DEFAULTS) == index


def test_a_promise_alone_needs_to_be_demanded() -> None:
    bundle = WORLD.bundle(proof=False)
    index = int(at(bundle, f"{ENTRY}.logIndex"))
    assert check_entries(parsed(bundle), LOGS, [AT], LAX) == index
    assert refused(bundle).code == Reason.PROOF_MISSING
    assert refused(WORLD.bundle(proof=False, promise=False), demands=LAX).code == (
        Reason.PROOF_MISSING
    )


@pytest.mark.parametrize("demands", [DEFAULTS, LAX])
def test_a_proof_that_is_there_has_to_hold(demands: Demands) -> None:
    wrong = edited(WORLD.bundle(), f"{PROOF}.treeSize", added(1))
    assert refused(wrong, demands=demands).code == Reason.PROOF_INVALID
    empty = edited(WORLD.bundle(), f"{PROOF}.checkpoint", {})
    assert refused(empty, demands=demands).code == Reason.CHECKPOINT_MISSING


def test_the_windows_of_a_log_together_are_not_one_window() -> None:
    halves = (limited(0, Window(None, AT)), limited(0, Window(AT + SECOND)))
    bundle = parsed(WORLD.bundle())
    assert check_entries(bundle, halves, [AT], DEFAULTS) is not None
    assert check_entries(bundle, halves, [AT + SECOND], DEFAULTS) is not None
    with pytest.raises(VerificationError) as raised:
        check_entries(bundle, halves, [AT, AT + SECOND], DEFAULTS)
    assert raised.value.code == Reason.LOG_OUTSIDE_WINDOW


def test_without_a_time_only_a_log_in_use_counts() -> None:
    bundle = parsed(WORLD.bundle(log="v2"))
    assert check_entries(bundle, LOGS, [], DEFAULTS) is not None
    retired = (limited(1, Window(None, AT + timedelta(days=9))),)
    with pytest.raises(VerificationError) as raised:
        check_entries(bundle, retired, [], DEFAULTS)
    assert (raised.value.code, raised.value.actual) == (
        Reason.LOG_OUTSIDE_WINDOW,
        "no proven time",
    )


def test_an_error_names_the_logs_that_are_known() -> None:
    bundle = WORLD.bundle()
    assert "log2.acme.invalid" in refused(bundle, LOGS[1:]).expected
    assert refused(bundle, ()).expected == "a log in the trust root"
