"""ADV13: every document means the same set of versions."""

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.advisory.record_render import render_record
from sealane.core.model.values import replace
from support.cases import (
    INDEX,
    LATER,
    VERSIONS,
    acme,
    documents_of,
    draft,
    failures,
    lacks,
    of_entries,
    outcomes,
    published,
    saying,
)
from support.records import AT, entry_of, listed

LISTING = listed("acme", INDEX)


@pytest.mark.parametrize(
    ("events", "versions", "told"),
    [
        pytest.param("0 <1.1 2.0 <2.1", "1.0 2.0 2.0.post1", "affected: 1.1, 1.2rc1", id="lower"),
        pytest.param("0 <1.2.1 2.0 <2.1", "1.2", "not affected: 1.2", id="higher"),
        pytest.param("0 <1.2", "1.0 1.1 1.2rc1", "affected: 2.0, 2.0.post1", id="series"),
        pytest.param("0 <1.2 2.0 <2.1", "1.3", "not affected: 1.3", id="listed"),
    ],
)
@pytest.mark.parametrize("number", range(8))
def test_a_document_of_another_record_is_found_in_every_format(
    events: str, versions: str, told: str, number: int
) -> None:
    other = documents_of(acme(events, tuple(versions.split())), LISTING)[number]
    found = failures("ADV13", draft(documents=(other,)))
    assert f"{other.format} {other.name}: acme: expected {told}, got" in found


def test_what_a_document_says_too_much_and_too_little_is_named() -> None:
    other = documents_of(acme("1.0 <1.1 1.3 <2.0", ("1.0", "1.3")), LISTING)[0]
    told = failures("ADV13", draft(documents=(other,)))
    assert "expected not affected: 1.3, got affected" in told
    assert "expected affected: 1.1, 1.2rc1, 2.0, 2.0.post1, got not affected" in told


def test_a_document_that_cannot_be_read_fails() -> None:
    case = draft(documents=(Document("cve", "x.json", b"{"), Document("osv", "y.json", b"[]")))
    told = failures("ADV13", case)
    assert "cve x.json: acme: expected a document that tells it" in told
    assert "osv y.json: acme: expected a document that tells it" in told


def test_a_record_that_leaves_it_open_fails() -> None:
    case = saying(draft(), acme(versions=(*VERSIONS, "1.0 and before")))
    assert "record: acme: expected affected or not, got open: 1.2, 1.3" in failures("ADV13", case)


@pytest.mark.parametrize("case", [draft(documents=()), published(documents=())], ids=str)
def test_nothing_to_compare_is_no_agreement(case: object) -> None:
    assert "documents: expected one at least" in lacks("ADV13", case)  # type: ignore[arg-type]


def test_a_record_without_a_package_has_nothing_to_compare() -> None:
    assert "record/affected" in lacks("ADV13", saying(draft(), of_entries()))


def test_every_package_of_the_record_is_compared() -> None:
    both = of_entries(entry_of("acme", "0 <1.2"), entry_of("acme-core", "0 <1.1", ("1.0",)))
    indexes = (listed("acme", ["1.0", "1.1", "1.2"]), listed("acme-core", ["1.0", "1.1", "1.2"]))
    case = saying(draft(listings=indexes, documents=documents_of(both, *indexes)), both)
    assert outcomes("ADV13", case) == []
    wrong = of_entries(entry_of("acme", "0 <1.2"), entry_of("acme-core", "0 <1.2"))
    told = failures("ADV13", replace(case, documents=documents_of(wrong, *indexes)))
    assert "acme-core: expected not affected: 1.1" in told


def test_a_withdrawn_record_affects_nothing_and_neither_do_its_documents() -> None:
    record = acme(withdrawn=AT)
    osv = Document("osv", "x.json", render_record(record))
    case = replace(saying(published(), record), documents=(osv,), at=LATER)
    assert failures("ADV13", case) == ""
    assert "expected not affected: 1.0" in failures("ADV13", saying(published(), record))
