"""OSV: the record itself, evaluated as OSV says."""

import pytest
from hypothesis import given

from sealane.core.advisory.documents import Issuer, Rendering
from sealane.core.advisory.formats.interface import Format
from sealane.core.advisory.formats.osv import Osv
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import parse_record
from sealane.errors import InputError
from support.records import AT, agreeing, record_of

RENDERING = Rendering(Issuer("Acme", "https://acme.example"), (), AT, True, "CLEAR", "0.1")
OSV: Format = Osv()


@given(agreeing())
def test_what_is_rendered_says_what_the_record_says(
    agreed: tuple[Record, tuple[Listing, ...]],
) -> None:
    record, listings = agreed
    document = OSV.render(record, RENDERING)
    assert parse_record(document.content) == record
    for listing, entry in zip(listings, record.affected, strict=True):
        found = OSV.affected(document.content, listing.project, listing.versions)
        assert found == frozenset(entry.about.versions)


def test_the_file_is_named_by_the_id() -> None:
    document = OSV.render(record_of(), RENDERING)
    assert (document.format, document.name) == ("osv", "PYSEC-2026-1.json")
    assert OSV.faults(document.content, document.name, {}) == ()
    assert OSV.faults(document.content, "", {}) == ()
    assert [one.rule for one in OSV.faults(document.content, "PYSEC-2026-2.json", {})] == [
        "file-name"
    ]


def test_rules_of_osv_and_of_its_linter_are_told() -> None:
    document = OSV.render(record_of(aliases=("A", "A")), RENDERING)
    assert [one.rule for one in OSV.faults(document.content, "", {})] == ["REC:002"]
    assert [one.rule for one in OSV.faults(b"{}", "", {})] == ["schema", "schema", "SCH:001"]


def test_what_else_it_says_is_told() -> None:
    said = OSV.said(OSV.render(record_of(), RENDERING).content)
    assert "CVE-2026-10001" in said.ids
    assert said.fixed == {"1.2"}


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(record_of(unknown=("/x",)), id="unknown-member"),
        pytest.param(record_of(id="../../etc"), id="id-that-is-a-path"),
    ],
)
def test_what_cannot_be_written_is_refused(record: Record) -> None:
    with pytest.raises(InputError):
        OSV.render(record, RENDERING)


@pytest.mark.parametrize("content", [b"", b"[]", b"id: x"])
def test_what_is_no_record_is_an_error(content: bytes) -> None:
    for use in (
        lambda: OSV.affected(content, "acme", ["1.0"]),
        lambda: OSV.faults(content, "", {}),
        lambda: OSV.said(content),
    ):
        with pytest.raises(InputError):
            use()
