"""Members of objects that others wrote: what is asked for has to be there and of its type."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.members import Members, parse_digest, parse_moment
from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

SHA = "a" * 64
OBJECT = Members(
    {"text": "x", "empty": "", "null": None, "number": 1, "texts": ["a"], "objects": [{"a": 1}]},
    "place",
)


def test_what_is_absent_or_null_may_be_missing_where_that_is_allowed() -> None:
    for key in ("absent", "null"):
        assert not OBJECT.has(key)
        assert OBJECT.text_or_empty(key) == ""
        assert OBJECT.texts_or_none(key) == ()
        assert OBJECT.each_or_none(key) == ()
        assert OBJECT.digests_or_none(key) == ()
        assert OBJECT.moment_or_none(key) is None
        assert OBJECT.inner_or_empty(key).names() == ()


READERS: list[Callable[[str], object]] = [
    OBJECT.value, OBJECT.text, OBJECT.moment, OBJECT.inner, OBJECT.texts, OBJECT.each,
    OBJECT.digests,
]  # fmt: skip


@pytest.mark.parametrize("read", READERS, ids=lambda read: str(read.__name__))
@pytest.mark.parametrize("key", ["absent", "null"])
def test_what_has_to_be_there_is_named_when_it_is_missing(
    read: Callable[[str], object], key: str
) -> None:
    with pytest.raises(InputError, match=f"place: {key}"):
        read(key)


@pytest.mark.parametrize(
    "read",
    [
        OBJECT.text, OBJECT.text_or_empty, OBJECT.moment, OBJECT.moment_or_none, OBJECT.inner,
        OBJECT.inner_or_empty, OBJECT.texts, OBJECT.texts_or_none, OBJECT.each,
        OBJECT.each_or_none, OBJECT.digests, OBJECT.digests_or_none,
    ],
    ids=lambda read: str(read.__name__),
)  # fmt: skip
def test_what_is_of_another_type_is_refused(read: Callable[[str], object]) -> None:
    with pytest.raises(InputError, match="place: number"):
        read("number")


def test_what_is_there_is_read() -> None:
    assert (OBJECT.text("text"), OBJECT.text_or_empty("empty")) == ("x", "")
    assert OBJECT.texts("texts") == ("a",)
    assert OBJECT.each("objects")[0].place == "place: objects[0]"
    assert OBJECT.names() == ("empty", "null", "number", "objects", "text", "texts")
    assert OBJECT.items()[0] == ("empty", "")
    with pytest.raises(InputError, match="empty"):
        OBJECT.text("empty")


@pytest.mark.parametrize("key", ["texts", "objects"])
def test_a_list_of_something_else_is_refused(key: str) -> None:
    read = OBJECT.each if key == "texts" else OBJECT.texts
    with pytest.raises(InputError, match=rf"place: {key}\[0\]"):
        read(key)


@pytest.mark.parametrize(
    ("algorithm", "value", "digest"),
    [
        ("sha256", SHA, SHA),
        ("gitCommit", "b" * 40, "b" * 40),
        ("custom", "not hex!", b"not hex!".hex()),
        ("custom", "", "00"),
        ("custom", "\ud800", "eda080"),
    ],
)
def test_a_digest_of_any_algorithm_is_kept(algorithm: str, value: str, digest: str) -> None:
    assert parse_digest(algorithm, value, "x") == Digest(algorithm, digest)


@pytest.mark.parametrize("value", ["", "zz", SHA[1:], SHA.upper(), SHA + "a", None, 7, SHA + "\n"])
def test_a_strong_digest_is_lower_case_hex_of_its_length(value: JsonValue) -> None:
    with pytest.raises(InputError):
        parse_digest("sha256", value, "x")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-25T12:00:00Z", datetime(2026, 11, 25, 12, tzinfo=UTC)),
        ("2026-11-25t12:00:00z", datetime(2026, 11, 25, 12, tzinfo=UTC)),
        ("2026-11-25T12:00:00.5Z", datetime(2026, 11, 25, 12, 0, 0, 500_000, tzinfo=UTC)),
        ("2026-11-25T12:00:00.123456789Z", datetime(2026, 11, 25, 12, 0, 0, 123_456, tzinfo=UTC)),
        ("2026-11-25T14:00:00+02:00", datetime(2026, 11, 25, 12, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_utc(text: str, moment: datetime) -> None:
    assert parse_moment(text, "x") == moment
    assert parse_moment(text, "x").tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "", "2026-11-25", "2026-11-25T12:00:00", "2026-11-25 12:00:00Z", "2026-02-30T12:00:00Z",
        "2026-11-25T25:00:00Z", "2026-11-25T12:00:00+0200", "2026-11-25T12:00:00+99:00", "now",
        "0001-01-01T00:00:00+23:00", "\u0662026-11-25T12:00:00Z", "2026-11-25T12:00:00Z\n", 7, None,
        "2026-11-25T12:00:00.Z", "2026-11-25T12:00:60Z",
    ],
)  # fmt: skip
def test_what_is_no_time_is_refused(text: JsonValue) -> None:
    with pytest.raises(InputError, match="x"):
        parse_moment(text, "x")


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda m: timezone(timedelta(minutes=m)))


@given(st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=ZONES))  # noqa: DTZ001
def test_every_time_that_is_written_is_read_again(moment: datetime) -> None:
    assert parse_moment(moment.isoformat(), "x") == moment


@given(st.text(max_size=40))
def test_no_text_raises_anything_else(text: str) -> None:
    with pytest.raises(InputError):
        parse_moment(text, "x")
