"""A time-stamp that does not hold is never taken for one that does."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sealane.errors import ChannelError, NetworkError
from sealane.io.adapters import clock
from sealane.io.adapters.timestamp_client import TimestampClient, TrustedStamper
from sealane.sandbox.timestamp import TimestampRequest, parse_query
from support.recorder import Recorder, recording
from support.sandbox_parts import sandbox_keys

SIGNATURE = b"a signature"
HOUR = timedelta(hours=1)


def trusted(start: datetime | None = None, end: datetime | None = None) -> TrustedStamper:
    keys = sandbox_keys()
    return TrustedStamper((keys.tsa.leaf, keys.tsa.root), start or keys.created, end)


def stamp(query: bytes, change: Callable[[TimestampRequest], TimestampRequest]) -> bytes:
    return sandbox_keys().tsa.respond(change(parse_query(query)), clock.now())


def honest(query: bytes) -> bytes:
    return stamp(query, lambda request: request)


def without_certificate(query: bytes) -> bytes:
    return stamp(query, lambda request: replace(request, certificate_wanted=False))


def ask(answer: Callable[[bytes], bytes], *stampers: TrustedStamper) -> bytes:
    with recording(Recorder(201, answer)) as service:
        client = TimestampClient(service.base, stampers or (trusted(),))
        client.probe()
        response = client.request_timestamp(SIGNATURE)
        assert service.requests[0]["content-type"] == "application/timestamp-query"
    return response.as_bytes()


@pytest.mark.parametrize("answer", [honest, without_certificate])
def test_an_honest_stamp_is_given_as_it_came(answer: Callable[[bytes], bytes]) -> None:
    sent: list[bytes] = []

    def remembered(query: bytes) -> bytes:
        sent.append(answer(query))
        return sent[-1]

    assert ask(remembered) == sent[-1]


def test_one_of_several_trusted_authorities_is_enough() -> None:
    keys = sandbox_keys()
    other = TrustedStamper((keys.authority.intermediate, keys.authority.root), keys.created, None)
    assert ask(honest, other, trusted())
    with pytest.raises(NetworkError, match="does not hold"):
        ask(honest, other)
    # One certificate more between leaf and root does no harm.
    longer = (keys.tsa.leaf, keys.authority.intermediate, keys.tsa.root)
    assert ask(honest, TrustedStamper(longer, keys.created, None))


REQUEST = TimestampRequest("2.16.840.1.101.3.4.2.1", bytes(32), 1)
REFUSED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "other-digest": (
        lambda query: stamp(query, lambda request: replace(request, digest=bytes(32))),
        "does not hold: Mismatch between messages",
    ),
    "other-nonce": (
        lambda query: stamp(query, lambda request: replace(request, nonce=1)),
        "does not hold: Nonce mismatch",
    ),
    "no-nonce": (
        lambda query: stamp(query, lambda request: replace(request, nonce=None)),
        "does not hold: Nonce mismatch",
    ),
    "replayed": (
        lambda _: sandbox_keys().tsa.respond(REQUEST, clock.now()), "does not hold"
    ),
    "rejected": (
        lambda query: stamp(query, lambda request: replace(request, extended=True)),
        "does not hold",
    ),
    "another-key": (
        lambda query: replace(sandbox_keys().tsa, key=sandbox_keys().rekor1).respond(
            parse_query(query), clock.now()
        ),
        "does not hold",
    ),
    "cut-short": (lambda query: honest(query)[:-1], "not a time-stamp"),
    "garbage": (lambda _: b"x", "not a time-stamp"),
    "empty": (lambda _: b"", "not what was asked for"),
}  # fmt: skip


@pytest.mark.parametrize(("answer", "why"), REFUSED.values(), ids=REFUSED)
def test_a_stamp_that_does_not_hold_is_refused(answer: Callable[[bytes], bytes], why: str) -> None:
    with pytest.raises(NetworkError, match=why):
        ask(answer)


@pytest.mark.parametrize(
    ("start", "end"), [(HOUR, None), (-HOUR, -HOUR / 2), (HOUR, 2 * HOUR)], ids=str
)
def test_a_stamp_outside_the_authoritys_window_is_refused(
    start: timedelta, end: timedelta | None
) -> None:
    now = clock.now()
    stamper = trusted(now + start, None if end is None else now + end)
    with pytest.raises(NetworkError, match="does not trust it at"):
        ask(honest, stamper)
    assert ask(honest, trusted(now - HOUR, now + HOUR))


@pytest.mark.parametrize(("status", "why"), [(302, "redirect"), (400, "400"), (503, "503")])
def test_a_refusal_says_so(status: int, why: str) -> None:
    with recording(Recorder(status, b"no")) as service:
        client = TimestampClient(service.base, [trusted()])
        with pytest.raises(ChannelError, match=why) as raised:
            client.request_timestamp(SIGNATURE)
    assert raised.value.status == status
    assert len(service.requests) == 1


def test_nobody_there_is_an_error_of_the_network() -> None:
    with recording(Recorder(201, b"")) as service:
        pass
    client = TimestampClient(f"{service.base}/path?secret", [trusted()])
    with pytest.raises(NetworkError, match=r"/path: ConnectionError"):
        client.request_timestamp(SIGNATURE)


def test_nobody_to_trust_is_a_refusal() -> None:
    with recording(Recorder(201, honest)) as service:
        client = TimestampClient(service.base, [])
        with pytest.raises(NetworkError, match="does not hold"):
            client.request_timestamp(SIGNATURE)
