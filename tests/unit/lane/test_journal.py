"""The journal: what was written is read again, and nothing else is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.chain import START, canonical, seal
from sealane.errors import InputError
from sealane.lane.journal import (
    Event,
    Journal,
    State,
    action_id,
    extend,
    parse_journal,
    render_event,
)

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
RELEASE = "ab" * 32
EVENT = Event(RELEASE, "index", "demo-1.0-py3-none-any.whl", State.SENT, AT)

events = st.builds(
    Event,
    release=st.sampled_from([RELEASE, "cd" * 32]),
    channel=st.sampled_from(["index", "test-index"]),
    file=st.sampled_from(["demo-1.0.tar.gz", "demo-1.0-py3-none-any.whl"]),
    state=st.sampled_from(State),
    at=st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(microsecond=0)),
    status=st.none() | st.integers(100, 599),
    code=st.sampled_from(["", "stored", "already-exists"]),
    observed=st.sampled_from(["", "ef" * 32]),
)


def written(*wanted: Event) -> bytes:
    journal, lines = Journal(), []
    for event in wanted:
        lines.append(render_event(journal, event))
        journal = extend(journal, lines[-1])
    return b"".join(line + b"\n" for line in lines)


@given(st.lists(events, max_size=5))
def test_what_was_written_is_read_again(wanted: list[Event]) -> None:
    journal = parse_journal(written(*wanted))
    assert journal.events == tuple(wanted)
    assert not journal.torn


@given(st.lists(events, min_size=1, max_size=4), st.data())
def test_a_cut_off_journal_is_a_true_beginning(wanted: list[Event], data: st.DataObject) -> None:
    content = written(*wanted)
    cut = data.draw(st.integers(0, len(content) - 1))
    journal = parse_journal(content[:cut])
    assert journal.events == tuple(wanted[: content[:cut].count(b"\n")])
    assert journal.torn == (cut != journal.intact)
    assert content[: journal.intact] == written(*journal.events)


@given(st.lists(events, min_size=1, max_size=4), st.data())
def test_one_changed_byte_is_noticed_or_tears_the_tail(
    wanted: list[Event], data: st.DataObject
) -> None:
    content = bytearray(written(*wanted))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        journal = parse_journal(bytes(content))
    except InputError:
        return
    assert journal.torn, "a whole line was changed and nobody saw it"
    assert journal.events == tuple(wanted[: len(journal.events)])
    assert len(journal.events) < len(wanted)


@given(st.lists(events, min_size=3, max_size=5, unique_by=lambda e: e.at), st.data())
def test_a_line_taken_out_or_moved_is_noticed(wanted: list[Event], data: st.DataObject) -> None:
    lines = written(*wanted).splitlines(keepends=True)
    victim = data.draw(st.integers(0, len(lines) - 2))
    with pytest.raises(InputError):
        parse_journal(b"".join(lines[:victim] + lines[victim + 1 :]))
    lines[victim], lines[victim + 1] = lines[victim + 1], lines[victim]
    with pytest.raises(InputError):
        parse_journal(b"".join(lines))


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_as_input(content: bytes) -> None:
    try:
        journal = parse_journal(content)
    except InputError:
        return
    assert journal.events == ()


@pytest.mark.parametrize(
    "change",
    [
        pytest.param({"seq": 2}, id="first-line-with-seq-2"),
        pytest.param({"seq": True}, id="seq-is-a-boolean"),
        pytest.param({"state": "done"}, id="unknown-state"),
        pytest.param({"status": "200"}, id="status-is-text"),
        pytest.param({"status": 20}, id="status-is-not-http"),
        pytest.param({"time": "2026-11-21T10:00:00"}, id="time-without-zone"),
        pytest.param({"time": "yesterday"}, id="time-is-not-iso"),
        pytest.param({"file": "../demo.whl"}, id="file-leads-out"),
        pytest.param({"action": "00" * 32}, id="action-of-something-else"),
        pytest.param({"observed": "AB"}, id="observed-is-not-a-digest"),
        pytest.param({"extra": 1}, id="unknown-member"),
    ],
)
def test_a_well_chained_line_with_wrong_content_is_refused(change: dict[str, Any]) -> None:
    good: dict[str, Any] = {
        "seq": 1, "release": RELEASE, "action": EVENT.action, "channel": "index",
        "file": EVENT.file, "state": "sent", "status": None, "code": "", "observed": "",
        "time": AT.isoformat(),
    }  # fmt: skip
    assert parse_journal(seal(good, START) + b"\n").events == (EVENT,)
    with pytest.raises(InputError):
        parse_journal(seal(good | change, START) + b"\n")


def test_a_line_written_in_another_way_is_refused() -> None:
    line = written(EVENT)
    with pytest.raises(InputError):
        parse_journal(line.replace(b'":', b'": ', 1))


@pytest.mark.parametrize(
    "change",
    [
        {"code": "pypi-AgEIcHlwaS5vcmcCJGFiY2Q"},
        {"file": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhYmMifQ.c2lnbmF0dXJl"},
        {"channel": "glpat-abcdefghij0123456789"},
        {"file": "ghp_abcdefghij0123456789abcdefghij012345"},
    ],
)
def test_what_looks_like_a_token_is_not_written(change: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="token"):
        render_event(Journal(), replace(EVENT, **change))


def test_a_refused_word_is_not_in_the_error() -> None:
    with pytest.raises(InputError) as caught:
        render_event(Journal(), replace(EVENT, code="pypi-AgEIcHlwaS5vcmcCJGFiY2Q"))
    assert "AgEI" not in caught.value.message


def test_sent_means_that_a_request_may_have_reached_the_channel() -> None:
    planned = replace(EVENT, state=State.PLANNED)
    refused = replace(EVENT, state=State.REFUSED)
    assert not parse_journal(written(planned, refused)).sent(EVENT.action)
    assert parse_journal(written(planned, EVENT, refused)).sent(EVENT.action)
    assert not parse_journal(written(EVENT)).sent(action_id("00" * 32, "index", EVENT.file))


def test_public_is_what_was_last_seen_there_or_may_be() -> None:
    wheel = replace(EVENT, state=State.OBSERVED, at=AT + timedelta(seconds=1))
    sdist = replace(EVENT, file="demo-1.0.tar.gz", state=State.REFUSED)
    journal = parse_journal(written(EVENT, sdist, wheel))
    assert journal.public(RELEASE) == (("index", EVENT.file, State.OBSERVED),)
    assert journal.public("00" * 32) == ()


def test_the_chain_covers_what_stands_before_it() -> None:
    first = seal({"a": 1}, START)
    assert seal({"a": 1}, "11" * 32) != first
    assert canonical({"b": 1, "a": "é"}) == b'{"a":"\\u00e9","b":1}'
