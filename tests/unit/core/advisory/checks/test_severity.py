"""ADV14 and ADV15: severity and weakness can be read, and are the same everywhere."""

import json

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.advisory.record import Severity
from sealane.core.model.values import replace
from support.cases import (
    acme,
    documents_of,
    draft,
    failures,
    lacks,
    of_entries,
    outcomes,
    saying,
    warnings,
)
from support.records import V3, V4, entry_of

HIGH = Severity("CVSS_V3", V3)


@pytest.mark.parametrize(
    "severity",
    [
        Severity("CVSS_V3", "CVSS:3.1/AV:N"),
        Severity("CVSS_V3", V3 + "/AV:N"),
        Severity("CVSS_V3", "7.5"),
        Severity("CVSS_V4", V3),
        Severity("CVSS_V3", V4),
        Severity("Ubuntu", "high"),
        Severity("CVSS_V3", ""),
    ],
    ids=lambda one: f"{one.type}-{one.score[:12]}",
)
def test_a_vector_that_cannot_be_read_fails(severity: Severity) -> None:
    case = saying(draft(documents=()), acme(severity=(severity,)))
    assert "record/severity: expected a CVSS vector" in failures("ADV14", case)


def test_ratings_stand_at_the_top_or_at_the_packages_never_both() -> None:
    record = of_entries(entry_of("acme", severity=(HIGH,)), severity=(HIGH,))
    case = saying(draft(documents=()), record)
    assert "expected at the top or at the packages, got both" in failures("ADV14", case)
    apart = of_entries(entry_of("acme", severity=(HIGH,)), severity=())
    assert outcomes("ADV14", saying(case, apart)) == []


def test_a_record_without_a_vector_only_warns() -> None:
    case = saying(draft(documents=()), acme(severity=()))
    assert "expected a CVSS vector, got none" in warnings("ADV14", case)
    assert failures("ADV14", case) == ""


@pytest.mark.parametrize("word", ["CRITICAL", "low", "Important"])
@pytest.mark.parametrize("severity", [(HIGH,), ()], ids=["by-vector", "alone"])
def test_a_word_that_no_vector_comes_to_fails(word: str, severity: tuple[Severity, ...]) -> None:
    case = saying(draft(documents=()), acme(rating=word, severity=severity))
    wrong = bool(severity) or word == "Important"
    assert ("database_specific/severity: expected" in failures("ADV14", case)) is wrong


@pytest.mark.parametrize(
    ("vector", "word"),
    [("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N", "MODERATE"), (V3, "HIGH"), (V3, "")],
)
def test_the_word_of_a_vector_holds_in_the_writing_of_each_scale(vector: str, word: str) -> None:
    record = acme(severity=(Severity("CVSS_V3", vector),), rating=word)
    case = replace(saying(draft(), record), documents=documents_of(record))
    assert outcomes("ADV14", case) == []


def test_two_vectors_of_two_versions_may_come_to_two_words() -> None:
    record = acme(severity=(HIGH, Severity("CVSS_V4", V4)))
    case = replace(saying(draft(), record), documents=documents_of(record))
    assert failures("ADV14", case) == ""


def test_a_document_with_another_vector_fails() -> None:
    other = acme(severity=(Severity("CVSS_V3", V3.replace("C:H", "C:L")),), rating="")
    case = draft(documents=documents_of(other))
    told = failures("ADV14", case)
    for name in ("osv", "pypa", "cve", "ghsa", "markdown"):
        assert f"{name} PYSEC-2026-1" in told or f"{name} vulns" in told
    assert "expected high, got" not in told
    assert "got 5.3, medium" in told


def test_a_document_that_lost_the_vector_fails_where_its_format_has_a_place_for_it() -> None:
    lost = acme(severity=())
    told = failures("ADV14", draft(documents=documents_of(lost)[:2]))
    assert told.count(f"expected {V3}, got none") == 2


def test_a_score_that_was_edited_fails() -> None:
    cve = next(one for one in draft().documents if one.format == "cve")
    container = json.loads(cve.content)
    text = json.dumps(container).replace('"baseScore": 7.5', '"baseScore": 9.8')
    told = failures("ADV14", draft(documents=(replace(cve, content=text.encode()),)))
    assert "got 9.8" in told


@pytest.mark.parametrize("code", ["ADV14", "ADV15"])
def test_a_document_that_cannot_be_read_fails(code: str) -> None:
    case = draft(documents=(Document("osv", "x.json", b"[]"),))
    assert "osv x.json: expected a document of osv" in failures(code, case)


@pytest.mark.parametrize("text", ["CWE-16", "CWE-999999", "cwe-78", "78", ""])
def test_a_weakness_that_is_not_in_the_list_fails(text: str) -> None:
    told = failures("ADV15", saying(draft(documents=()), acme(weaknesses=("CWE-78", text))))
    assert f"expected a weakness of the list, like CWE-79, got {text or 'nothing'}" in told


def test_a_weakness_that_may_not_be_used_fails() -> None:
    case = draft(documents=(), unmappable=frozenset({"CWE-78"}))
    assert "expected a weakness that may be used, got CWE-78" in failures("ADV15", case)


def test_without_a_list_nothing_is_known() -> None:
    assert "list of weaknesses" in lacks("ADV15", draft(weaknesses=()))


def test_a_record_without_a_weakness_only_warns() -> None:
    case = saying(draft(documents=(), weaknesses=()), acme(weaknesses=()))
    assert "expected a weakness, got none" in warnings("ADV15", case)
    assert len(outcomes("ADV15", case)) == 1


def test_a_document_with_another_weakness_fails() -> None:
    other = documents_of(acme(weaknesses=("CWE-79",)))
    assert "expected CWE-78, got CWE-79" in failures("ADV15", draft(documents=other))
    bare = saying(draft(documents=other), acme(weaknesses=()))
    assert "expected none, got CWE-79" in failures("ADV15", bare)
