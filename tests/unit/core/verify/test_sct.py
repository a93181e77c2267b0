"""A promise in a certificate is by a known log, over this certificate by this issuer."""

import struct
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.core.verify.keys import TrustedKey, Window
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import Log, parse_root
from sealane.core.verify.sct import check_promises_at, promised_by
from sealane.errors import VerificationError
from sealane.sandbox import sct
from sealane.sandbox.pki import key_id
from support.judged import SECOND, WORLD
from support.maker.keys import ec_named
from support.maker.leaf import LeafShape
from support.maker.world import World

LOGS = parse_root(WORLD.root_json()).ct_logs
ISSUER = WORLD.authority().issuing.public_bytes(Encoding.DER)
CT = ec_named("acme ct")
AT = WORLD.at


def test_promises_of_known_logs_count_each() -> None:
    for cts, found in (
        (("ct",), LOGS[:1]), (("ct2", "ct"), LOGS[::-1]), ((), ()), (("ct", "ct"), LOGS[:1] * 2),
    ):  # fmt: skip
        leaf = WORLD.leaf(cts=cts).certificate
        assert promised_by(leaf, ISSUER, LOGS) == tuple(found)


def test_a_promise_of_an_unknown_log_is_left_aside() -> None:
    leaf = WORLD.leaf(cts=("ct", "ct2")).certificate
    assert promised_by(leaf, ISSUER, LOGS[1:]) == LOGS[1:]
    assert promised_by(leaf, ISSUER, ()) == ()


def refused(leaf: x509.Certificate, issuer: bytes = ISSUER) -> tuple[str, str]:
    with pytest.raises(VerificationError) as raised:
        promised_by(leaf, issuer, LOGS)
    return raised.value.code, raised.value.message


def test_a_promise_about_another_certificate_is_refused() -> None:
    leaf = WORLD.leaf(shape=LeafShape(broken_promise=True)).certificate
    assert refused(leaf)[0] == Reason.SCT_INVALID


def test_a_promise_is_about_the_issuer_too() -> None:
    leaf = WORLD.leaf().certificate
    assert (
        refused(leaf, World("other").authority().issuing.public_bytes(Encoding.DER))[0]
        == Reason.SCT_INVALID
    )


def test_a_known_id_of_another_key_is_refused() -> None:
    other = Log(LOGS[0].log_id, LOGS[1].key)
    with pytest.raises(VerificationError) as raised:
        promised_by(WORLD.leaf().certificate, ISSUER, [other])
    assert raised.value.code == Reason.SCT_INVALID
    unusable = Log(LOGS[0].log_id, TrustedKey("", b"no key"))
    with pytest.raises(VerificationError) as raised:
        promised_by(WORLD.leaf().certificate, ISSUER, [unusable])
    assert raised.value.code == Reason.SCT_INVALID


def promise(timestamp: int, version: int = 0) -> bytes:
    """A promise at any time; its signature is over nothing."""
    signature = CT.sign(b"", ec.ECDSA(hashes.SHA256()))
    made = sct.encode_sct(key_id(CT.public_key()), 0, signature)
    return bytes([version]) + made[1:33] + struct.pack(">Q", timestamp) + made[41:]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(sct.extension_value([promise(2**64 - 1)]), id="after-all-years"),
        pytest.param(sct.extension_value([promise(253402300800000)]), id="year-10000"),
        pytest.param(sct.extension_value([promise(0)]), id="year-1970"),
        pytest.param(sct.extension_value([promise(0, version=1)]), id="unknown-version"),
        pytest.param(sct.extension_value([b"\0" * 20]), id="cut-short"),
        pytest.param(sct.extension_value([promise(0)] * 33), id="33"),
        pytest.param(b"garbage", id="garbage"),
        pytest.param(b"", id="empty"),
    ],
)
def test_promises_that_cannot_be_read_or_held_are_refused(value: bytes) -> None:
    leaf = WORLD.leaf(shape=LeafShape(promises=value)).certificate
    assert refused(leaf)[0] == Reason.SCT_INVALID


def test_32_promises_are_read() -> None:
    leaf = WORLD.leaf(cts=("ct",) * 32).certificate
    assert len(promised_by(leaf, ISSUER, LOGS)) == 32
    assert refused(WORLD.leaf(cts=("ct",) * 33).certificate)[1].endswith("too many promises")


def log(number: int, start: datetime | None = None, end: datetime | None = None) -> Log:
    return Log(bytes([number]), TrustedKey(f"ct{number}", b"key", "", Window(start, end)))


@pytest.mark.parametrize(
    ("found", "wanted", "reason"),
    [
        ([log(1)], 1, None),
        ([log(1), log(2)], 2, None),
        ([], 0, None),
        ([log(1, AT, AT)], 1, None),
        ([log(1, None, AT - SECOND), log(2)], 1, None),
        ([log(1, None, AT - SECOND), log(1, AT, None)], 1, None),
        ([], 1, Reason.SCT_MISSING),
        ([log(1), log(1)], 2, Reason.SCT_MISSING),
        ([log(1), log(1, None, AT - SECOND)], 2, Reason.SCT_MISSING),
        ([log(1, None, AT - SECOND)], 1, Reason.SCT_OUTSIDE_WINDOW),
        ([log(1, AT + SECOND)], 1, Reason.SCT_OUTSIDE_WINDOW),
        ([log(1), log(2, AT + SECOND)], 2, Reason.SCT_OUTSIDE_WINDOW),
    ],
)
def test_as_many_different_logs_as_wanted_were_valid(
    found: list[Log], wanted: int, reason: Reason | None
) -> None:
    if reason is None:
        check_promises_at(found, wanted, [AT])
        return
    with pytest.raises(VerificationError) as raised:
        check_promises_at(found, wanted, [AT])
    assert raised.value.code == reason


def test_a_log_was_valid_at_every_time() -> None:
    check_promises_at([log(1, AT, AT + SECOND)], 1, [AT, AT + SECOND])
    with pytest.raises(VerificationError) as raised:
        check_promises_at([log(1, AT, AT + SECOND)], 1, [AT, AT + 2 * SECOND])
    assert raised.value.code == Reason.SCT_OUTSIDE_WINDOW
