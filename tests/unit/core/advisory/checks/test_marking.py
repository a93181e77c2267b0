"""ADV18: documents are marked for the stage they are in."""

import json
from typing import Any

import pytest

from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.documents import Document
from sealane.core.model.verdict import Outcome
from support.cases import draft, failures, lacks, outcomes, published


def csaf(status: str, label: str | None, name: str = "csaf") -> Document:
    """The members of a CSAF document that mark it."""
    document: dict[str, Any] = {"tracking": {"status": status}}
    if label is not None:
        document["distribution"] = {"tlp": {"label": label}}
    return Document(name, "pysec-2026-1.json", json.dumps({"document": document}).encode())


@pytest.mark.parametrize("label", ["AMBER", "RED", "GREEN", "AMBER+STRICT"])
@pytest.mark.parametrize("name", ["csaf", "csaf-vex"])
def test_a_draft_that_is_kept_holds(label: str, name: str) -> None:
    assert outcomes("ADV18", draft(documents=(csaf("draft", label, name),))) == []


@pytest.mark.parametrize("label", ["WHITE", "CLEAR"])
def test_a_published_final_document_for_everybody_holds(label: str) -> None:
    assert outcomes("ADV18", published(documents=(csaf("final", label),))) == []


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (draft(documents=(csaf("final", "AMBER"),)), "status: expected draft, got final"),
        (draft(documents=(csaf("interim", "AMBER"),)), "status: expected draft, got interim"),
        (draft(documents=(csaf("draft", "WHITE"),)), "traffic light: expected a label that keeps"),
        (draft(documents=(csaf("draft", "CLEAR", "csaf-vex"),)), "got CLEAR"),
        (draft(documents=(csaf("draft", None),)), "got none"),
        (draft(documents=(csaf("draft", ""),)), "got none"),
        (published(documents=(csaf("draft", "WHITE"),)), "status: expected final, got draft"),
        (published(documents=(csaf("interim", "WHITE"),)), "expected final, got interim"),
        (published(documents=(csaf("final", "GREEN"),)), "light: expected WHITE, got GREEN"),
        (published(documents=(csaf("final", None),)), "light: expected WHITE, got none"),
        (published(documents=(csaf("", "WHITE"),)), "expected status and traffic light"),
        (published(documents=(Document("csaf", "x.json", b"{"),)), "status and traffic light"),
        (draft(documents=(Document("csaf", "x.json", b"{}"),)), "status and traffic light"),
    ],
)
def test_a_document_of_the_other_stage_fails(case: Case, told: str) -> None:
    assert told in failures("ADV18", case)


def test_without_a_csaf_document_nothing_is_marked_and_that_is_told() -> None:
    assert outcomes("ADV18", draft(documents=(), outlets=frozenset())) == [Outcome.NOTE]


def test_a_project_that_publishes_a_csaf_folder_has_to_have_a_document() -> None:
    case = draft(documents=(), outlets=frozenset({"csaf-tree"}))
    assert "documents: expected a CSAF document, got none" in lacks("ADV18", case)
