"""A trust root is read whole, or not at all."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.verify.keys import ALWAYS, Window
from sealane.core.verify.root import TrustRoot, parse_root, parse_window
from sealane.errors import InputError
from support.judged import WORLD, Json, edited, without
from support.maker.bodies import b64
from support.maker.world import World

ROOT = WORLD.root()
LOG_KEY = "tlogs.0.publicKey"
CHAIN = "certificateAuthorities.0.certChain.certificates"
ROOMS = ("tlogs", "ctlogs", "certificateAuthorities", "timestampAuthorities")


def test_everything_in_a_root_is_read() -> None:
    world = World(windows={"log1": (None, WORLD.at), "ct": (WORLD.at, WORLD.at)})
    found = parse_root(world.root_json())
    assert [one.log_id for one in found.logs] == [world.log(n).log_id for n in ("v1", "v2")]
    assert [one.key.details for one in found.logs] == ["PKIX_ECDSA_P256_SHA_256", "PKIX_ED25519"]
    assert found.logs[0].key.window == Window(None, WORLD.at)
    assert found.logs[0].key.name == "https://log1.acme.invalid"
    assert found.ct_logs[0].key.window == Window(WORLD.at, WORLD.at)
    assert [len(one.chain) for one in found.authorities] == [2]
    assert len(found.timestamp_authorities) == 2
    assert found.authorities[0].window == Window(world.born, None)


def test_a_root_of_nothing_trusts_nothing() -> None:
    assert parse_root(b"{}") == TrustRoot()
    assert parse_root(json.dumps(dict.fromkeys(ROOMS)).encode()) == TrustRoot()


Change = Callable[[Json], Any]
BAD: list[tuple[str, Change]] = [
    ("room-is-no-list", lambda root: edited(root, "tlogs", {"a": 1})),
    ("entry-is-no-object", lambda root: edited(root, "tlogs.0", "x")),
    ("101-entries", lambda root: edited(root, "ctlogs", lambda logs: logs[:1] * 101)),
    ("no-key", lambda root: without(root, LOG_KEY)),
    ("no-key-bytes", lambda root: without(root, f"{LOG_KEY}.rawBytes")),
    ("empty-key", lambda root: edited(root, f"{LOG_KEY}.rawBytes", "")),
    ("key-not-base64", lambda root: edited(root, f"{LOG_KEY}.rawBytes", "a-b_")),
    ("key-unpadded", lambda root: edited(root, f"{LOG_KEY}.rawBytes", "YQ")),
    ("key-not-ascii", lambda root: edited(root, f"{LOG_KEY}.rawBytes", "é===")),
    ("details-are-no-text", lambda root: edited(root, f"{LOG_KEY}.keyDetails", 7)),
    ("url-is-no-text", lambda root: edited(root, "tlogs.0.baseUrl", 7)),
    ("no-log-id", lambda root: without(root, "tlogs.0.logId")),
    ("empty-log-id", lambda root: edited(root, "tlogs.0.logId.keyId", "")),
    ("no-chain", lambda root: without(root, "certificateAuthorities.0.certChain")),
    ("empty-chain", lambda root: edited(root, CHAIN, [])),
    ("11-certificates", lambda root: edited(root, CHAIN, lambda chain: chain[:1] * 11)),
    ("certificate-is-no-object", lambda root: edited(root, CHAIN, [7])),
    ("empty-certificate", lambda root: edited(root, f"{CHAIN}.0.rawBytes", "")),
    ("uri-is-no-text", lambda root: edited(root, "timestampAuthorities.0.uri", [])),
    ("window-is-no-object", lambda root: edited(root, f"{LOG_KEY}.validFor", "x")),
    ("end-is-no-text", lambda root: edited(root, f"{LOG_KEY}.validFor.end", 7)),
    ("end-is-no-time", lambda root: edited(root, f"{LOG_KEY}.validFor.end", "soon")),
    (
        "end-without-zone",
        lambda root: edited(root, f"{LOG_KEY}.validFor.end", "2026-01-01T00:00:00"),
    ),
    (
        "end-before-all-years",
        lambda root: edited(root, f"{LOG_KEY}.validFor.end", "0001-01-01T00:00:00+12:00"),
    ),
    ("proto-name", lambda root: {**root, "certificate_authorities": []}),
    ("proto-window", lambda root: edited(root, f"{LOG_KEY}.valid_for", {})),
]


@pytest.mark.parametrize("change", [pytest.param(change, id=name) for name, change in BAD])
def test_a_part_that_cannot_be_read_is_refused(change: Change) -> None:
    changed = change({**ROOT, "tlogs": [dict(one) for one in ROOT["tlogs"]]})
    with pytest.raises(InputError, match="trust root"):
        parse_root(json.dumps(changed).encode())


@pytest.mark.parametrize("content", [b"", b"[]", b"{", b"\xff", b'{"tlogs": [], "tlogs": []}'])
def test_what_is_no_root_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="trust root"):
        parse_root(content)


@pytest.mark.parametrize(
    ("value", "window"),
    [
        (None, ALWAYS),
        ({}, ALWAYS),
        ({"start": None, "end": None}, ALWAYS),
        ({"start": "2026-01-01T02:00:00+02:00"}, Window(datetime(2026, 1, 1, tzinfo=UTC))),
        (
            {"end": "2026-01-01T00:00:00.500Z"},
            Window(None, datetime(2026, 1, 1, tzinfo=UTC) + timedelta(seconds=0.5)),
        ),
    ],
)
def test_windows_are_read_in_utc(value: dict[str, str | None] | None, window: Window) -> None:
    assert parse_window(dict(value) if value is not None else None, "place") == window


def test_a_100_entries_and_10_certificates_are_read() -> None:
    changed = edited(ROOT, "ctlogs", lambda logs: logs[:1] * 100)
    changed = edited(changed, CHAIN, lambda chain: chain[:1] * 10)
    found = parse_root(json.dumps(changed).encode())
    assert (len(found.ct_logs), len(found.authorities[0].chain)) == (100, 10)


@given(st.binary(max_size=200))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    try:
        parse_root(content)
    except InputError:
        return


SCALARS = st.none() | st.booleans() | st.integers() | st.text(max_size=12) | st.just(b64(b"key"))
SHAPES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["publicKey", "rawBytes", "logId", "keyId", "validFor", "start", "end", "certChain",
             "certificates", "uri", "baseUrl", "keyDetails"]
        ),
        inner,
        max_size=4,
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(ROOMS), SHAPES, max_size=4))
def test_no_shape_raises_anything_else(document: dict[str, Any]) -> None:
    try:
        parse_root(json.dumps(document).encode())
    except InputError:
        return
