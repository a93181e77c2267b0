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


@pytest.mark.parametrize("case", [draft(documents=()), published(documents=())])
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


def changed(name: str, before: str, after: str) -> Document:
    """The published document of a format, with one text of it changed by hand."""
    found = next(one for one in published().documents if one.format == name)
    content = found.content.decode()
    assert before in content
    return replace(found, content=content.replace(before, after).encode())


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        pytest.param("ghsa", '"patched_versions": "1.2"', '"patched_versions": "1.3"', id="ghsa"),
        pytest.param("markdown", "`< 1.2` | `1.2` |", "`< 1.2` | `1.3` |", id="table"),
        pytest.param("markdown", "upgrade to `1.2` or", "upgrade to `1.1` or", id="advice"),
        pytest.param("cve", "Upgrade acme to 1.2 or", "Upgrade acme to 1.1 or", id="solution"),
        pytest.param("openvex", "Upgrade acme to 1.2 or", "Upgrade acme to 1.1 or", id="action"),
        pytest.param("csaf", "Upgrade acme to 1.2,", "Upgrade acme to 1.1,", id="remediation"),
    ],
)
def test_a_document_that_sends_people_to_another_version_is_found(
    name: str, before: str, after: str
) -> None:
    told = failures("ADV13", published(documents=(changed(name, before, after),)))
    assert f"{name} " in told
    assert "expected fixed in 1.2, 2.1, got fixed in 1." in told


@pytest.mark.parametrize("number", range(8))
def test_a_document_about_another_package_besides_is_found(number: int) -> None:
    both = of_entries(entry_of("acme", "0 <1.2 2.0 <2.1", VERSIONS), entry_of("victim", "0 <1.2"))
    other = documents_of(both, LISTING, listed("victim", ["1.0", "1.2"]))[number]
    assert "victim" in failures("ADV13", draft(documents=(other,)))


@pytest.mark.parametrize(
    ("name", "package", "told"),
    [
        pytest.param("ghsa", '"ecosystem": "npm"', "npm: acme", id="ghsa"),
        pytest.param("openvex", '"pkg:npm/acme@1.3"', "pkg:npm/acme@1.3", id="openvex"),
    ],
)
def test_a_package_of_another_ecosystem_is_another_package(
    name: str, package: str, told: str
) -> None:
    before = package.replace("npm", "pip" if name == "ghsa" else "pypi")
    case = published(documents=(changed(name, before, package),))
    assert f"got of {told}" in failures("ADV13", case)


@pytest.mark.parametrize("name", ["osv", "pypa"])
def test_a_record_that_says_something_else_to_others_is_found(name: str) -> None:
    told = failures("ADV13", published(documents=(changed(name, "acme.example", "evil.example"),)))
    assert "got others: references" in told


def test_each_outlet_needs_its_document() -> None:
    case = published(outlets=frozenset({"ghsa", "osv-git", "csaf-tree"}))
    few = replace(case, documents=tuple(one for one in case.documents if one.format == "markdown"))
    assert "expected one for each outlet: ghsa, pypa, got markdown" in lacks("ADV13", few)
    assert lacks("ADV13", case) == ""
    withdrawn = acme(withdrawn=LATER)
    assert "each outlet" not in lacks("ADV13", saying(few, withdrawn))
