"""The journal of a publication: what was written is read again, and nothing else is."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.chain import START, canonical, seal
from sealane.desk.publish_journal import (
    Did,
    Entry,
    PublishJournal,
    extend,
    parse_publish_journal,
    render_entry,
)
from sealane.errors import InputError

AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
ENTRY = Entry("PYSEC-2026-1", "forge", "ghsa", "ab" * 32, Did.SENDING, AT, "cd" * 32, "here")

entries = st.builds(
    Entry,
    advisory=st.sampled_from(["PYSEC-2026-1", "PYSEC-2026-2"]),
    outlet=st.sampled_from(["forge", "mitre"]),
    format=st.sampled_from(["ghsa", "csaf-vex"]),
    document=st.sampled_from(["ab" * 32, "cd" * 32]),
    did=st.sampled_from(Did),
    at=st.datetimes(timezones=st.just(UTC)),
    observed=st.sampled_from(["", "ef" * 32]),
    place=st.text(st.characters(categories=("L", "N", "P", "Zs")), max_size=20),
    identifier=st.sampled_from(["", "GHSA-2222-3333-4444"]),
    state=st.sampled_from(["", "draft"]),
)


def written(*wanted: Entry) -> bytes:
    journal, lines = PublishJournal(), []
    for entry in wanted:
        lines.append(render_entry(journal, entry))
        journal = extend(journal, lines[-1])
    return b"".join(line + b"\n" for line in lines)


@given(st.lists(entries, max_size=5))
def test_what_was_written_is_read_again(wanted: list[Entry]) -> None:
    content = written(*wanted)
    journal = parse_publish_journal(content)
    assert journal.entries == tuple(wanted)
    assert (journal.torn, journal.intact) == (False, len(content))


@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_a_cut_off_journal_is_a_true_beginning(wanted: list[Entry], data: st.DataObject) -> None:
    content = written(*wanted)
    cut = data.draw(st.integers(0, len(content) - 1))
    journal = parse_publish_journal(content[:cut])
    assert journal.entries == tuple(wanted[: content[:cut].count(b"\n")])
    assert journal.torn == (cut != journal.intact)


@given(st.lists(entries, min_size=1, max_size=4), st.data())
def test_one_changed_byte_is_noticed_or_tears_the_tail(
    wanted: list[Entry], data: st.DataObject
) -> None:
    content = bytearray(written(*wanted))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    try:
        journal = parse_publish_journal(bytes(content))
    except InputError:
        return
    assert journal.torn, "a whole line was changed and nobody saw it"
    assert journal.entries == tuple(wanted[: len(journal.entries)])


@pytest.mark.parametrize("field", ["place", "identifier", "state", "advisory"])
def test_what_looks_like_a_token_is_not_written(field: str) -> None:
    changes: dict[str, Any] = {field: "Bearer abcdefgh12345678"}
    with pytest.raises(InputError, match="token"):
        render_entry(PublishJournal(), replace(ENTRY, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"outlet": "a b"}, {"format": "GHSA"}, {"document": "ab"}, {"observed": "AB" * 32},
        {"place": "a\nb"}, {"place": "\x1b[2J"}, {"state": "x" * 1001}, {"identifier": "\ud800"},
        {"at": datetime(2026, 11, 21, 10, 0)},  # noqa: DTZ001  without a zone on purpose
    ],
)  # fmt: skip
def test_what_is_no_line_of_text_is_not_written(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        render_entry(PublishJournal(), replace(ENTRY, **changes))


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 2}, {"seq": True}, {"seq": None}, {"did": "lost"}, {"time": "now"},
        {"time": "2026-11-21T10:00:00"}, {"more": "x"}, {"place": 1},
    ],
)  # fmt: skip
def test_a_line_of_another_form_is_refused(changes: dict[str, Any]) -> None:
    document = json.loads(render_entry(PublishJournal(), ENTRY))
    del document["prev"], document["digest"]
    document["digest"] = ""
    with pytest.raises(InputError):
        parse_publish_journal(seal({**document, **changes}, START) + b"\n")


def test_a_line_that_is_no_line_of_a_chain_is_refused() -> None:
    for line in (b"", b"{}", b"x", canonical({"seq": 1})):
        with pytest.raises(InputError):
            parse_publish_journal(line + b"\n")


def test_only_what_may_be_ours_may_be_replaced() -> None:
    journal = parse_publish_journal(
        written(
            ENTRY,
            replace(ENTRY, did=Did.PUBLISHED, observed="11" * 32, identifier="GHSA-2222-3333-4444"),
            replace(ENTRY, did=Did.FAILED, observed="22" * 32),
            replace(ENTRY, outlet="other", observed="33" * 32),
            replace(ENTRY, advisory="PYSEC-2026-2", observed="44" * 32),
        )
    )
    assert journal.digests("PYSEC-2026-1", "forge") == {"cd" * 32, "11" * 32}
    assert journal.identifier("PYSEC-2026-1", "forge") == "GHSA-2222-3333-4444"
    assert not journal.identifier("PYSEC-2026-1", "other")


def test_a_failure_leaves_public_what_was() -> None:
    failed = replace(ENTRY, did=Did.FAILED)
    assert parse_publish_journal(written(failed)).public("PYSEC-2026-1") == ()
    assert parse_publish_journal(written(ENTRY, failed)).public("PYSEC-2026-1") == (ENTRY,)
