"""Only trust material that was valid at the time verifies."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.verify.windows import root_at
from sealane.errors import InputError

AT = datetime(2024, 6, 1, tzinfo=UTC)
DAY = "2024-06-01T00:00:00Z"


def root(window: object) -> bytes:
    log = {"publicKey": {"validFor": window}}
    document = {
        "tlogs": [log], "ctlogs": [log], "certificateAuthorities": [{"validFor": window}],
        "timestampAuthorities": [{"validFor": window}],
    }  # fmt: skip
    return json.dumps(document).encode()


def left(content: bytes, *times: datetime) -> list[int]:
    reduced: dict[str, Any] = json.loads(root_at(content, times))
    return [len(reduced[name]) for name in ("tlogs", "ctlogs", "certificateAuthorities")]


@pytest.mark.parametrize(
    ("window", "kept"),
    [
        ({"start": "2024-01-01T00:00:00Z", "end": "2025-01-01T00:00:00Z"}, 1),
        ({"start": "2024-01-01T00:00:00.000Z"}, 1),
        ({"start": DAY, "end": DAY}, 1),
        ({"end": "2024-05-31T23:59:59Z"}, 0),
        ({"start": "2024-06-01T00:00:01Z"}, 0),
        ({"start": "2024-06-01T02:00:00+02:00", "end": "2024-06-01T02:00:00+02:00"}, 1),
        ({"end": "2024-06-01T01:00:00+02:00"}, 0),
        ({}, 1),
        (None, 1),
    ],
)
def test_what_was_not_valid_at_the_time_is_taken_out(window: object, kept: int) -> None:
    assert left(root(window), AT) == [kept] * 3


def test_every_time_has_to_be_inside() -> None:
    window = {"start": "2024-01-01T00:00:00Z", "end": "2024-07-01T00:00:00Z"}
    assert left(root(window), AT, datetime(2024, 8, 1, tzinfo=UTC)) == [0] * 3


@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b'{"tlogs": 1}', b'{"tlogs": [1]}', b'{"tlogs": [{}]}', root({"start": "x"}),
        root({"start": 7}), root({"end": "2024-06-01T00:00:00"}), root(7),
        b'{"certificateAuthorities": [{"valid_for": {}}]}',
    ],
)  # fmt: skip
def test_a_window_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        root_at(content, [AT])


def test_no_time_is_no_window() -> None:
    with pytest.raises(InputError):
        root_at(root({}), [])


@given(st.binary(max_size=100) | st.text(max_size=30).map(lambda text: root({"start": text})))
def test_no_root_raises_anything_else(content: bytes) -> None:
    try:
        root_at(content, [AT])
    except InputError:
        return
