"""The PyPA advisory database: the same record, as YAML, in the folder of its project."""

import pytest
from hypothesis import given, settings

from sealane.core.advisory.documents import Issuer, Rendering
from sealane.core.advisory.formats.interface import Format
from sealane.core.advisory.formats.pypa import Pypa
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_yaml import parse_record_yaml
from sealane.errors import InputError
from support.records import AT, agreeing, entry_of, record_of

RENDERING = Rendering(Issuer("Acme", "https://acme.example"), (), AT, True, "CLEAR", "0.1")
PYPA: Format = Pypa()


@settings(max_examples=50)
@given(agreeing())
def test_what_is_rendered_says_what_the_record_says(
    agreed: tuple[Record, tuple[Listing, ...]],
) -> None:
    record, listings = agreed
    document = PYPA.render(record, RENDERING)
    assert parse_record_yaml(document.content).affected == record.affected
    for listing, entry in zip(listings, record.affected, strict=True):
        found = PYPA.affected(document.content, listing.project, listing.versions)
        assert found == frozenset(entry.about.versions)


@pytest.mark.parametrize(
    ("identifier", "aliases", "assigned", "others"),
    [
        ("PYSEC-2026-1", ("CVE-2026-1",), "PYSEC-2026-1", ("CVE-2026-1",)),
        ("GHSA-2-3-4", ("CVE-2026-1",), "PYSEC-0000-GHSA-2-3-4", ("GHSA-2-3-4", "CVE-2026-1")),
        ("CVE-2026-1", ("PYSEC-2026-1",), "PYSEC-2026-1", ("CVE-2026-1",)),
        ("PYSEC-0000-acme-1", (), "PYSEC-0000-acme-1", ()),
    ],
)
def test_a_record_without_an_id_of_the_database_gets_one_to_be_replaced(
    identifier: str, aliases: tuple[str, ...], assigned: str, others: tuple[str, ...]
) -> None:
    document = PYPA.render(record_of(entry_of("Acme"), id=identifier, aliases=aliases), RENDERING)
    assert document.name == f"vulns/acme/{assigned}.yaml"
    record = parse_record_yaml(document.content)
    assert (record.id, record.aliases) == (assigned, others)
    assert PYPA.faults(document.content, f"{assigned}.yaml", {}) == ()


def test_versions_stay_in_the_order_of_the_record_and_are_texts() -> None:
    versions = ("1.10", "1.9", "1.0", "1.2.3")
    document = PYPA.render(record_of(entry_of("acme", "0", versions)), RENDERING)
    assert b"  - '1.10'\n  - '1.9'\n  - '1.0'\n  - 1.2.3\n" in document.content


def test_an_id_that_is_still_to_be_assigned_is_no_id() -> None:
    document = PYPA.render(record_of(id="CVE-2026-1", aliases=()), RENDERING)
    assert PYPA.said(document.content).ids == {"CVE-2026-1"}
    assert "PYSEC-2026-1" in PYPA.said(PYPA.render(record_of(), RENDERING).content).ids


def test_names_of_the_database_are_rules_of_its_own() -> None:
    content = PYPA.render(record_of(), RENDERING).content
    assert PYPA.faults(content, "", {}) == ()
    assert [one.rule for one in PYPA.faults(content, "other.yaml", {})] == ["file-name"]
    content = content.replace(b"id: PYSEC-2026-1", b"id: CVE-2026-1")
    assert [one.rule for one in PYPA.faults(content, "CVE-2026-1.yaml", {})] == ["id"]


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(record_of(unknown=("/x",)), id="unknown-member"),
        pytest.param(record_of(id="../../etc"), id="id-that-is-a-path"),
        pytest.param(Record("PYSEC-2026-1", AT), id="no-project"),
    ],
)
def test_what_cannot_be_written_is_refused(record: Record) -> None:
    with pytest.raises(InputError):
        PYPA.render(record, RENDERING)


@pytest.mark.parametrize("content", [b"", b"- a", b"a: *x"])
def test_what_is_no_record_is_an_error(content: bytes) -> None:
    for use in (
        lambda: PYPA.affected(content, "acme", ["1.0"]),
        lambda: PYPA.faults(content, "", {}),
        lambda: PYPA.said(content),
    ):
        with pytest.raises(InputError):
            use()
