"""A promise is over exactly this body, time, log and position, in their canonical form."""

import json
from dataclasses import replace

import pytest
import rfc8785

from sealane.core.attestation.bundle import LogEntry, parse_bundle
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.promise import check_promise
from sealane.core.verify.reason import Reason
from sealane.errors import VerificationError
from sealane.sandbox.pki import spki
from support.judged import WORLD
from support.maker.bodies import b64
from support.maker.keys import sign

LOG = WORLD.log("v1")
KEY = TrustedKey("the log", spki(LOG.key.public_key()))
ENTRY = parse_bundle(json.dumps(WORLD.bundle()).encode()).entries[0]
PROMISE = ENTRY.promise or b""


def refused(entry: LogEntry, promise: bytes = PROMISE, key: TrustedKey = KEY) -> str:
    with pytest.raises(VerificationError) as raised:
        check_promise(entry, promise, key)
    return raised.value.code


def test_a_promise_over_the_canonical_json_holds() -> None:
    check_promise(ENTRY, PROMISE, KEY)
    promised = rfc8785.dumps({
        "logIndex": ENTRY.index, "logID": ENTRY.log_id.hex(), "body": b64(ENTRY.body),
        "integratedTime": ENTRY.integrated,
    })  # fmt: skip
    check_promise(ENTRY, sign(LOG.key, promised), KEY)


@pytest.mark.parametrize(
    "entry",
    [
        replace(ENTRY, body=ENTRY.body + b" "),
        replace(ENTRY, index=ENTRY.index + 1),
        replace(ENTRY, integrated=(ENTRY.integrated or 0) + 1),
        replace(ENTRY, integrated=None),
        replace(ENTRY, log_id=ENTRY.log_id[::-1]),
    ],
    ids=["body", "index", "time", "no-time", "log"],
)
def test_a_promise_of_anything_else_is_refused(entry: LogEntry) -> None:
    assert refused(entry) == Reason.PROMISE_INVALID


def test_a_promise_by_another_key_is_refused() -> None:
    other = TrustedKey("", spki(WORLD.log("v2").key.public_key()))
    for key in (other, TrustedKey("", b"no key")):
        assert refused(ENTRY, key=key) == Reason.PROMISE_INVALID
    for promise in (b"", b"x", PROMISE[:-1], PROMISE + b"\0"):
        assert refused(ENTRY, promise) == Reason.PROMISE_INVALID
