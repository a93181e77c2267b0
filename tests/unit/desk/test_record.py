"""A record is what its file says, and no document in a folder is passed over."""

import hashlib
from pathlib import Path

import pytest

from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_yaml import render_record_yaml
from sealane.desk.record import load_documents, load_record, render_all, render_each
from sealane.errors import InputError, UsageError
from support.records import entry_of, listed, record_of
from support.renderings import rendering_of

RECORD = record_of()
CONTENT = render_record(RECORD)
INDEX = listed("acme", ["1.0", "1.1", "1.2"])


def test_a_record_is_read_as_json(tmp_path: Path) -> None:
    path = tmp_path / "PYSEC-2026-1.json"
    path.write_bytes(CONTENT)
    found = load_record(path)
    assert (found.record, found.content) == (RECORD, CONTENT)
    assert found.sha256 == hashlib.sha256(CONTENT).hexdigest()


@pytest.mark.parametrize("ending", ["yaml", "yml"])
def test_a_record_is_read_as_yaml_by_its_name(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"PYSEC-2026-1.{ending}"
    path.write_bytes(render_record_yaml(RECORD))
    found = load_record(path)
    assert found.record.id == RECORD.id
    assert found.record.affected == RECORD.affected
    assert found.content.startswith(b"{")
    # The digest is of the file, not of what it was turned into.
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("content", [b"", b"[]", b"id: PYSEC-2026-1\n", b'{"id": 1}'])
def test_what_is_no_record_is_refused_by_its_name(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"a\.json"):
        load_record(path)


def test_documents_are_found_again_with_their_formats(tmp_path: Path) -> None:
    made = render_all(RECORD, rendering_of(INDEX), ("cve", "openvex", "markdown", "ghsa"))
    (tmp_path / "deep").mkdir()
    for document in made:
        (tmp_path / "deep" / document.name).write_bytes(document.content)
    for beside in ("a.json.asc", "a.json.sha256", "index.txt", "changes.csv", ".hidden"):
        (tmp_path / beside).write_text("x")
    found = load_documents(tmp_path)
    assert {(one.format, one.content) for one in found} == {
        (one.format, one.content) for one in made
    }
    assert all(one.name.startswith("deep/") for one in found)


@pytest.mark.parametrize("content", [b"{}", b"text", b'{"bomFormat": "CycloneDX"}'])
def test_a_file_of_no_format_is_not_passed_over(content: bytes, tmp_path: Path) -> None:
    (document,) = render_all(RECORD, rendering_of(INDEX), ("cve",))
    (tmp_path / document.name).write_bytes(document.content)
    (tmp_path / "other.json").write_bytes(content)
    with pytest.raises(InputError, match=r"other\.json"):
        load_documents(tmp_path)


def test_a_folder_without_documents_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is none"):
        load_documents(tmp_path)
    with pytest.raises(InputError, match="not a folder"):
        load_documents(tmp_path / "none")


def test_a_format_that_cannot_say_it_hides_no_other() -> None:
    # A fixed version that PEP 440 does not know: an OSV record says it, a CVE container may not.
    broken = record_of(entry_of(events="0 <one.two", versions=()))
    found = render_each(broken, rendering_of(INDEX), ("osv", "cve"))
    assert [one.format for one in found.documents] == ["osv"]
    ((name, reason),) = found.refused
    assert name == "cve"
    assert "one.two" in reason
    with pytest.raises(InputError):
        render_all(broken, rendering_of(INDEX), ("osv", "cve"))


def test_a_format_that_is_none_is_a_mistake_of_the_caller() -> None:
    for render in (render_all, render_each):
        with pytest.raises(UsageError, match="none-such"):
            render(RECORD, rendering_of(INDEX), ("none-such",))
