"""What must not be published is refused before anything is sent."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.desk.publish_plan import Publication, assign, check_document, check_publishable
from sealane.errors import EmbargoError, InputError, UsageError
from sealane.io.outlets.interface import About, Outlet
from sealane.io.outlets.registry import KINDS, make_outlet
from support.outlets import NOW, RECORD_SHA256, document_of, draft_of, examined, surroundings

RECORD = draft_of(1, "CVE-2026-10001")
SETTINGS = {
    "ghsa": {"url": "http://127.0.0.1:9", "repository": "a/b", "token": "T"},
    "cve": {"url": "http://127.0.0.1:9/", "organisation": "a", "user": "a", "token": "T"},
    "csaf-tree": {"folder": "csaf", "url": "https://acme.example/csaf", "publisher": "Acme",
                  "namespace": "https://acme.example"},
    "osv-git": {"author": "Acme <security@acme.example>", "folder": "patches"},
}  # fmt: skip
DOCUMENTS = tuple(document_of(kind, RECORD) for kind in KINDS)


def outlet(kind: str, name: str = "") -> Outlet:
    about = About(RECORD.id, RECORD.aliases)
    return make_outlet(kind, name or kind, SETTINGS[kind], about, surroundings({}, Path("/x")))


def publication(**changes: Any) -> Publication:  # noqa: ANN401 - any field
    made = Publication(
        RECORD.id, DOCUMENTS, examined(RECORD, DOCUMENTS), "again", None, {}, sandbox=True,
        record=RECORD_SHA256,
    )  # fmt: skip
    return replace(made, **changes)


ASSIGNED = assign([outlet(kind) for kind in KINDS], DOCUMENTS)


def check(**changes: Any) -> None:  # noqa: ANN401 - any field
    check_publishable(publication(**changes), ASSIGNED, NOW)


def test_what_others_copy_from_goes_last() -> None:
    assigned = assign([outlet(kind) for kind in reversed(KINDS)], DOCUMENTS)
    assert [(one.outlet.kind, one.document.format) for one in assigned] == [
        ("ghsa", "ghsa"), ("cve", "cve"), ("csaf-tree", "csaf"), ("osv-git", "pypa"),
    ]  # fmt: skip


def test_an_outlet_takes_each_of_its_formats() -> None:
    vex = Document("csaf-vex", "x.json", b"{}")
    assigned = assign([outlet("csaf-tree")], (*DOCUMENTS, vex))
    assert [one.document.format for one in assigned] == ["csaf", "csaf-vex"]


@pytest.mark.parametrize(
    ("outlets", "documents"),
    [
        pytest.param([], DOCUMENTS, id="no-outlet"),
        pytest.param([outlet("ghsa"), outlet("cve", "ghsa")], DOCUMENTS, id="one-name-twice"),
        pytest.param([outlet("ghsa")], (), id="no-document"),
        pytest.param([outlet("ghsa")], DOCUMENTS[1:], id="none-of-its-format"),
        pytest.param([outlet("ghsa")], DOCUMENTS * 2, id="two-of-a-format"),
    ],
)
def test_an_outlet_without_exactly_one_document_is_an_error(
    outlets: list[Outlet], documents: tuple[Document, ...]
) -> None:
    with pytest.raises(UsageError):
        assign(outlets, documents)


def test_what_was_examined_with_success_may_go() -> None:
    check()
    check(not_before=NOW)


def found(outcome: Outcome) -> tuple[Finding, ...]:
    return (Finding("SL-ADV-001", Outcome.PASS), Finding("SL-ADV-006", outcome))


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"findings": found(Outcome.FAIL)}, id="failed"),
        pytest.param({"findings": found(Outcome.MISSING)}, id="not-seen"),
        pytest.param({"findings": ()}, id="nothing-asked"),
        pytest.param({"subject": "PYSEC-2026-2"}, id="of-another-advisory"),
        pytest.param({"based_on": ()}, id="of-no-documents"),
    ],
)
def test_what_was_not_examined_with_success_may_not(changes: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        check(examination=examined(RECORD, DOCUMENTS, **changes))


@pytest.mark.parametrize("number", range(len(DOCUMENTS)))
def test_a_document_that_changed_since_is_refused(number: int) -> None:
    known = tuple(one for index, one in enumerate(DOCUMENTS) if index != number)
    with pytest.raises(UsageError, match="was not examined"):
        check(examination=examined(RECORD, known))


def test_a_record_that_changed_since_is_refused() -> None:
    # Its aliases say which CVE id, and which advisory of a forge, is written to.
    with pytest.raises(UsageError, match=r"sha256 cdcd.* was not examined"):
        check(record="cd" * 32)


def test_a_warning_keeps_nothing_back() -> None:
    check(examination=examined(RECORD, DOCUMENTS, findings=found(Outcome.WARN)))


def test_an_examination_against_a_sandbox_opens_no_real_outlet() -> None:
    with pytest.raises(UsageError, match="sandbox"):
        check(sandbox=False)
    check(sandbox=False, examination=examined(RECORD, DOCUMENTS, sandbox=False))


def test_nothing_goes_before_the_moment() -> None:
    with pytest.raises(EmbargoError, match="not before 2026-11-02T12:00:01Z"):
        check(not_before=NOW + timedelta(seconds=1))


def test_a_document_that_breaks_its_format_is_refused() -> None:
    broken = Document("ghsa", "x.json", b'{"summary": 1}')
    with pytest.raises(InputError, match=r"x\.json: schema: .* more"):
        check_document(broken, {})
    documents = (broken, *DOCUMENTS[1:])
    assigned = assign([outlet(kind) for kind in KINDS], documents)
    made = publication(documents=documents, examination=examined(RECORD, documents))
    with pytest.raises(InputError):
        check_publishable(made, assigned, NOW)
