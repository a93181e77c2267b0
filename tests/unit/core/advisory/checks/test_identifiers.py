"""ADV02: identifiers are well-formed, reserved, and the same everywhere."""

import json
from typing import Any

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from support.cases import (
    acme,
    documents_of,
    draft,
    failures,
    outcomes,
    published,
    saying,
    warnings,
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "CVE-2026-XXXX",
        "CVE-2026-0000",
        "CVE-2026-123",
        "CVE-26-12345",
        "cve-2026-12345",
        "CVE-2026-12345 ",
        "CVE-2026-TBD",
        "GHSA-xxxx-xxxx-xxxx",
        "GHSA-2222-3333",
        "GHSA-2222-3333-aaaa",
        "GHSA-2222-3333-CFGH",
        "PYSEC-2026-XXX",
        "PYSEC-2026-x1",
        "PYSEC-TODO-1",
        "acme 1",
        "ACME-PLACEHOLDER-1",
        "ACME-?",
    ],
)
@pytest.mark.parametrize("place", ["id", "aliases", "upstream", "related"])
def test_an_identifier_that_cannot_stand_is_named(text: str, place: str) -> None:
    changes: dict[str, Any] = {place: text if place == "id" else (text,)}
    record = acme(**changes)
    told = failures("ADV02", replace(saying(draft(), record), documents=()))
    assert f"record/{place}" in told


@pytest.mark.parametrize(
    "text",
    ["CVE-2026-1234", "GHSA-2222-3333-xxxx", "PYSEC-2026-7", "OSV-2026-3", "RHSA-2022:0216"],
)
def test_an_identifier_of_any_database_will_do(text: str) -> None:
    record = acme(aliases=(text,))
    case = replace(saying(draft(), record), documents=documents_of(record))
    assert failures("ADV02", case) == ""


def test_a_name_that_is_to_be_replaced_is_asked_of_no_document() -> None:
    record = acme(id="PYSEC-0000-acme")
    case = replace(saying(draft(), record), documents=documents_of(record, final=False))
    assert failures("ADV02", case) == ""


def test_the_name_of_a_new_file_is_right_before_it_is_merged_and_wrong_after() -> None:
    record = acme(id="PYSEC-0000-acme")
    before = replace(saying(draft(), record), documents=())
    assert outcomes("ADV02", before) == [Outcome.NOTE]
    after = replace(saying(published(), record), documents=())
    assert "expected an id that stays" in failures("ADV02", after)


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        pytest.param({"aliases": ("CVE-2026-10001",) * 2}, "REC:002", id="alias-twice"),
        pytest.param({"aliases": ("PYSEC-2026-1",)}, "REC:002", id="own-alias"),
        pytest.param({"upstream": ("CVE-2026-10001",)}, "REC:003", id="upstream-is-alias"),
        pytest.param({"related": ("PYSEC-2026-1",)}, "REC:004", id="own-related"),
    ],
)
def test_what_the_linter_finds_is_told_with_its_code(changes: dict[str, Any], rule: str) -> None:
    assert f"rule {rule}" in failures("ADV02", saying(draft(), acme(**changes)))


def test_two_cve_ids_in_one_record_only_warn() -> None:
    record = acme(aliases=("CVE-2026-10001", "CVE-2026-10002"))
    case = replace(saying(draft(), record), documents=())
    assert "CVE-2026-10001, CVE-2026-10002" in warnings("ADV02", case)
    assert failures("ADV02", case) == ""


def test_a_document_that_names_another_advisory_is_named() -> None:
    case = saying(draft(), acme(aliases=("CVE-2026-99999", "GHSA-2222-3333-4444")))
    told = failures("ADV02", case)
    for name in ("osv", "pypa", "openvex", "ghsa", "markdown"):
        assert f"{name} " in told
    assert "got CVE-2026-10001" in told
    assert "without CVE-2026-99999" in told


def test_a_document_without_any_identifier_is_named_where_its_format_has_one() -> None:
    case = draft()
    osv = json.loads(case.documents[0].content)
    osv["id"] = "PYSEC-2026-2"
    document = Document("osv", "x.json", json.dumps(osv).encode())
    told = failures("ADV02", replace(case, documents=(document,)))
    assert "got PYSEC-2026-2" in told
    assert "without PYSEC-2026-1" in told


def test_a_document_that_cannot_be_read_is_named() -> None:
    case = draft(documents=(Document("osv", "x.json", b"[]"),))
    assert "expected a document of osv" in failures("ADV02", case)
