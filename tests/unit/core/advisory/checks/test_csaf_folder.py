"""ADV19: the published CSAF folder agrees with itself, and with the documents."""

import pytest

from sealane.core.advisory.checks.interface import Case, Seen, SeenFile
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from support.cases import failures, lacks, outcomes, published

TREE = published().seen.tree or ()
PATHS = [one.path for one in TREE]


def showing(*files: SeenFile) -> Case:
    return published(seen=Seen(tree=files))


@pytest.mark.parametrize("path", PATHS)
def test_a_file_that_was_changed_fails(path: str) -> None:
    files = (
        replace(one, content=one.content[:-2] + b"?\n") if one.path == path else one for one in TREE
    )
    assert "CSAF folder: " in failures("ADV19", showing(*files))


@pytest.mark.parametrize("path", [one for one in PATHS if not one.endswith((".sha512", ".sha256"))])
def test_a_file_that_is_lost_fails(path: str) -> None:
    files = [one for one in TREE if not one.path.startswith(path)]
    assert "CSAF folder: " in failures("ADV19", showing(*files))


def test_a_document_that_is_not_there_fails() -> None:
    assert "CSAF folder: pysec-2026-1.json: expected the document" in failures("ADV19", showing())


def test_a_document_that_is_another_than_was_checked_fails() -> None:
    documents = tuple(replace(one, content=one.content + b"\n") for one in published().documents)
    told = failures("ADV19", published(documents=documents))
    assert "pysec-2026-1.json: expected the bytes of the document, got others" in told
    assert "pysec-2026-1-vex.json: expected the bytes of the document" in told


def test_what_was_not_read_is_missing_for_a_project_that_publishes_a_folder() -> None:
    assert "CSAF folder: expected its files" in lacks("ADV19", published(seen=Seen()))


def test_a_project_without_a_folder_is_told_so() -> None:
    assert outcomes("ADV19", published(seen=Seen(), outlets=frozenset())) == [Outcome.NOTE]


def test_a_folder_that_was_read_is_asked_whoever_publishes_it() -> None:
    case = replace(showing(), outlets=frozenset())
    assert "expected a CSAF document" in failures("ADV19", case)
