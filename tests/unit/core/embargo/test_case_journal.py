"""The journal of a case: what was written is read again, and nothing else is."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.events import Act, Entry, Event, Kind, Progress
from sealane.core.embargo.journal import (
    CaseJournal,
    extend_case_journal,
    parse_case_journal,
    render_entry,
)
from sealane.core.embargo.roles import Action
from sealane.core.model.chain import START, canonical, seal, unseal
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import DIGEST, all_states, approved

AT = datetime(2026, 11, 24, 15, 0, tzinfo=UTC)
CASE = "quiet-otter-5821"
HISTORIES = {state: case.entries for state, case in all_states().items()}
PUBLISHED = Event(Kind.ACTED, of="index", act=Act.PUBLISH, progress=Progress.STARTED, sha256=DIGEST)
ENTRY = Entry(CASE, 1, AT, PUBLISHED)


def written(*entries: Entry) -> bytes:
    journal, lines = CaseJournal(), []
    for entry in entries:
        lines.append(render_entry(journal, entry))
        journal = extend_case_journal(journal, lines[-1])
    return b"".join(line + b"\n" for line in lines)


histories = st.sampled_from([one for one in HISTORIES.values() if len(one) > 2])


@pytest.mark.parametrize("entries", HISTORIES.values(), ids=HISTORIES)
def test_what_was_written_is_read_again(entries: tuple[Entry, ...]) -> None:
    journal = parse_case_journal(written(*entries))
    assert journal.entries == entries
    assert not journal.torn


def test_an_entry_says_all_that_its_event_does() -> None:
    objection = Event(Kind.OBJECTED, of="Ünïted Vendors", text="our holiday ends a day later")
    entries = (replace(ENTRY, event=objection), replace(ENTRY, event=PUBLISHED))
    assert parse_case_journal(written(*entries)).entries == entries


@settings(max_examples=40)
@given(histories, st.data())
def test_a_cut_off_journal_is_a_true_beginning(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    content = written(*entries)
    cut = data.draw(st.integers(0, len(content) - 1))
    journal = parse_case_journal(content[:cut])
    assert journal.entries == entries[: content[:cut].count(b"\n")]
    assert journal.torn == (cut != journal.intact)
    assert content[: journal.intact] == written(*journal.entries)


@settings(max_examples=60)
@given(histories, st.data())
def test_one_changed_byte_is_noticed_or_tears_the_tail(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    content = bytearray(written(*entries))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        journal = parse_case_journal(bytes(content))
    except InputError:
        return
    assert journal.torn, "a whole line was changed and nobody saw it"
    assert journal.entries == entries[: len(journal.entries)]
    assert len(journal.entries) < len(entries)


@settings(max_examples=40)
@given(histories, st.data())
def test_a_line_taken_out_of_the_middle_or_moved_is_noticed(
    entries: tuple[Entry, ...], data: st.DataObject
) -> None:
    lines = written(*entries).splitlines(keepends=True)
    victim = data.draw(st.integers(0, len(lines) - 2))
    with pytest.raises(InputError):
        parse_case_journal(b"".join(lines[:victim] + lines[victim + 1 :]))
    lines[victim], lines[victim + 1] = lines[victim + 1], lines[victim]
    with pytest.raises(InputError):
        parse_case_journal(b"".join(lines))


def test_two_processes_that_read_the_same_head_fork_the_journal() -> None:
    content = written(ENTRY)
    journal = parse_case_journal(content)
    one = render_entry(journal, replace(ENTRY, at=AT + timedelta(seconds=1)))
    other = render_entry(journal, replace(ENTRY, at=AT + timedelta(seconds=2)))
    parse_case_journal(content + one + b"\n")
    with pytest.raises(InputError, match="line 3: expected to follow") as caught:
        parse_case_journal(content + one + b"\n" + other + b"\n")
    assert "do not edit" in caught.value.hint


@given(st.binary(max_size=200))
def test_other_bytes_are_refused_as_input(content: bytes) -> None:
    try:
        journal = parse_case_journal(content)
    except InputError:
        return
    assert journal.entries == ()


def test_the_longest_reason_is_kept_whole() -> None:
    entry = replace(ENTRY, event=Event(Kind.STOP, text="x" * 1000))
    assert parse_case_journal(written(entry)).entries == (entry,)


def test_an_empty_journal_is_one() -> None:
    assert parse_case_journal(b"") == CaseJournal()


@pytest.mark.parametrize("content", [b"\n", b"\n\n", written(ENTRY) + b"\n"])
def test_an_empty_line_is_no_line(content: bytes) -> None:
    with pytest.raises(InputError, match="not JSON"):
        parse_case_journal(content)


def test_nothing_is_appended_to_a_torn_line() -> None:
    content = written(ENTRY)
    journal = parse_case_journal(content + b'{"act":"pub')
    assert (journal.torn, journal.intact) == (True, len(content))
    with pytest.raises(EmbargoError, match="its last line is torn") as caught:
        render_entry(journal, ENTRY)
    assert f"first {len(content)} bytes" in caught.value.hint


GOOD: dict[str, Any] = {
    "seq": 1, "case": CASE, "revision": 1, "time": "2026-11-24T15:00:00Z", "kind": "acted",
    "of": "index", "held": True, "act": "publish", "progress": "started", "seconds": 0,
    "sha256": DIGEST, "text": "",
}  # fmt: skip


def test_the_example_is_a_line() -> None:
    assert parse_case_journal(seal(GOOD, START) + b"\n").entries == (ENTRY,)


LIFT_WIDE = {"kind": "acted", "act": "build", "of": ""}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        pytest.param({"seq": 2}, "expected seq 1, got 2", id="number"),
        pytest.param({"seq": True}, "expected seq 1, got True", id="true-is-no-number"),
        pytest.param({"seq": None}, "expected seq 1, got None", id="no-number"),
        pytest.param({"more": 1}, "expected the members", id="unknown-member"),
        pytest.param({"case": "A/b"}, "case: expected", id="case"),
        pytest.param({"case": 1}, "case: expected", id="case-as-number"),
        pytest.param({"revision": 0}, "revision: expected 1", id="revision"),
        pytest.param({"revision": True}, "revision: expected 1", id="revision-as-flag"),
        pytest.param({"time": "2026-11-24T15:00:00"}, "time: expected", id="no-zone"),
        pytest.param({"time": "2026-11-24T15:00:00+00:00"}, "time: expected", id="offset"),
        pytest.param({"time": "2026-11-24T15:00:00.5Z"}, "time: expected", id="fraction"),
        pytest.param({"time": "2026-11-24T15:00:60Z"}, "a real date", id="leap-second"),
        pytest.param({"time": "2026-02-29T15:00:00Z"}, "a real date", id="no-leap-year"),
        pytest.param({"kind": "published"}, "kind: expected one of", id="kind"),
        pytest.param({"kind": None}, "kind: expected one of", id="no-kind"),
        pytest.param({"of": "a\nb"}, "of: expected one printable line", id="line-end"),
        pytest.param({"of": 1}, "of: expected one printable line", id="name-as-number"),
        pytest.param({"text": "x" * 1001}, "text: expected one printable", id="long-text"),
        pytest.param({"held": 1}, "held: expected true or false", id="held"),
        pytest.param({"held": False}, "held: expected true, got false", id="an-act-holds"),
        pytest.param({"act": "upload"}, "act: expected one of", id="act"),
        pytest.param({"act": ""}, "act: expected one, got none", id="no-act"),
        pytest.param({"progress": ""}, "progress: expected one, got none", id="no-progress"),
        pytest.param({"progress": "begun"}, "progress: expected one of", id="progress"),
        pytest.param({"seconds": -1}, "seconds: expected 0", id="negative"),
        pytest.param({"seconds": 1}, "seconds: expected none, got one", id="seconds-of-an-act"),
        pytest.param({"sha256": DIGEST.upper()}, "sha256: expected", id="upper-case"),
        pytest.param({"of": ""}, "of: expected one, got none", id="an-act-on-no-channel"),
        pytest.param({**LIFT_WIDE, "of": "index"}, "of: expected none", id="build-on-channel"),
        pytest.param({"kind": "seal"}, "act: expected none, got one", id="a-move-with-an-act"),
    ],
)
def test_a_line_that_is_none_of_ours_is_refused(change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        parse_case_journal(seal({**GOOD, **change}, START) + b"\n")


def test_a_line_without_a_member_is_refused() -> None:
    short = {key: value for key, value in GOOD.items() if key != "sha256"}
    with pytest.raises(InputError, match="expected the members"):
        parse_case_journal(seal(short, START) + b"\n")


def test_a_line_written_in_another_way_is_refused() -> None:
    line = seal(GOOD, START)
    document, digest = unseal(line, START, place="line")
    assert canonical({**document, "prev": START, "digest": digest}) == line
    with pytest.raises(InputError, match="as sealane writes it"):
        parse_case_journal(line.replace(b'":"', b'": "') + b"\n")


@pytest.mark.parametrize(
    ("event", "message"),
    [
        pytest.param(Event(Kind.COUNTED), "of: expected one", id="count-of-nothing"),
        pytest.param(Event(Kind.COUNTED, of="publish"), "expected an action", id="no-action"),
        pytest.param(Event(Kind.REHEARSED), "seconds: expected one", id="rehearsed-in-no-time"),
        pytest.param(Event(Kind.FIX_VERIFIED), "of: expected one", id="fix-of-nothing"),
        pytest.param(Event(Kind.SENT, of="Acme"), "expected a digest", id="sent-nothing"),
        pytest.param(Event(Kind.CLOSE), "expected a digest", id="no-report"),
        pytest.param(Event(Kind.OBJECTED, of="Acme"), "expected a reason", id="no-objection"),
        pytest.param(Event(Kind.LEAK, text="  "), "expected a reason", id="leak-of-blanks"),
        pytest.param(Event(Kind.ABORT), "expected a reason", id="abort-without-reason"),
        pytest.param(Event(Kind.SEAL, of="x"), "of: expected none", id="seal-of-something"),
        pytest.param(Event(Kind.SENT, of="Acme", sha256="abc"), "sha256: expected", id="digest"),
        pytest.param(
            Event(Kind.STOP, text="glpat-" + "A1b2C3d4E5f6G7h8I9j0"), "a token", id="token"
        ),
    ],
)
def test_an_event_that_is_no_whole_one_is_not_written(event: Event, message: str) -> None:
    with pytest.raises(InputError, match=message):
        render_entry(CaseJournal(), replace(ENTRY, event=event))


def test_a_journal_is_of_one_case() -> None:
    journal = parse_case_journal(written(ENTRY))
    with pytest.raises(InputError, match="expected case quiet-otter-5821, got other-case"):
        render_entry(journal, replace(ENTRY, case="other-case"))


@pytest.mark.parametrize(
    ("kind", "revision"), [(Kind.SEAL, 2), (Kind.SEAL, 3), (Kind.REVISE, 1), (Kind.REVISE, 3)]
)
def test_a_revision_is_made_by_its_own_line(kind: Kind, revision: int) -> None:
    journal = parse_case_journal(written(ENTRY))
    with pytest.raises(InputError, match="expected revision"):
        render_entry(journal, Entry(CASE, revision, AT, Event(kind)))
    for right in (Entry(CASE, 1, AT, Event(Kind.SEAL)), Entry(CASE, 2, AT, Event(Kind.REVISE))):
        render_entry(journal, right)


@pytest.mark.parametrize(
    "at", [AT.replace(tzinfo=None), AT.astimezone(timezone(timedelta(hours=1)))]
)
def test_a_local_time_is_not_written(at: datetime) -> None:
    with pytest.raises(InputError, match="case journal: time: expected a time in UTC"):
        render_entry(CaseJournal(), replace(ENTRY, at=at))


def test_the_name_of_a_failed_count_is_kept() -> None:
    entry = replace(ENTRY, event=approved(Action.LIFT, held=False, text="1 of 2 of security"))
    assert parse_case_journal(written(entry)).entries == (entry,)
