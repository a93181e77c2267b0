"""A record is written as OSV has it, the same each time, and is read again as it was."""

import json

from hypothesis import given

from sealane.core.advisory.record import Provenance, Record
from sealane.core.advisory.record_parse import parse_record
from sealane.core.advisory.record_render import render_record
from support.records import AT, entry_of, record_of, records


@given(records())
def test_what_is_written_is_read_again(record: Record) -> None:
    content = render_record(record)
    assert parse_record(content) == record
    assert render_record(parse_record(content)) == content


def test_members_stand_in_the_order_of_the_documentation() -> None:
    record = record_of(withdrawn=AT, upstream=("CVE-2026-2",), related=("CVE-2026-3",))
    assert list(json.loads(render_record(record))) == [
        "schema_version", "id", "modified", "published", "withdrawn", "aliases", "upstream",
        "related", "summary", "details", "severity", "affected", "references", "credits",
        "database_specific",
    ]  # fmt: skip


def test_it_is_indented_utf8_with_a_newline_at_its_end() -> None:
    content = render_record(Record("P-1", AT, summary="é", has_affected=False))
    assert (
        content
        == (
            '{\n  "id": "P-1",\n  "modified": "2026-11-01T12:00:00Z",\n  "summary": "é"\n}\n'
        ).encode()
    )


def test_an_empty_list_of_entries_is_not_the_same_as_none() -> None:
    assert json.loads(render_record(Record("P-1", AT)))["affected"] == []
    assert parse_record(render_record(Record("P-1", AT))) == Record("P-1", AT)


def test_free_areas_are_sorted_at_any_depth() -> None:
    specific = (("z", {"b": [{"y": 1, "x": 2}], "a": ""}), ("a", None))
    record = record_of(entry_of(), database_specific=specific, provenance=Provenance())
    content = render_record(record).decode()
    extra = content[content.index('  "database_specific"') :]
    names = ['"a"', '"cwe_ids"', '"sealane"', '"severity"', '"z"', '"a": ""', '"b"', '"x"', '"y"']
    assert [extra.index(name) for name in names] == sorted(extra.index(name) for name in names)
