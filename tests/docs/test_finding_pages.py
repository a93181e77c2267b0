"""Each finding has a page; one that is missing, changed, or of a code that is gone is noticed."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from sealane.core.model.codes import CODES

ROOT = Path(__file__).parents[2]


@pytest.fixture
def tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The tool, writing into a folder of the test's own."""
    monkeypatch.syspath_prepend(ROOT / "tools")  # where the tool finds its other modules
    spec = importlib.util.spec_from_file_location("reference", ROOT / "tools" / "reference.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.REFERENCE = tmp_path  # type: ignore[attr-defined]  # where it writes
    monkeypatch.setattr(sys, "argv", ["reference.py"])
    assert module.main() == 0
    return module


def checked(tool: ModuleType, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["reference.py", "--check"])
    found = tool.main()
    assert isinstance(found, int)
    return found


def test_each_finding_has_a_page_and_the_list_leads_to_it(tool: ModuleType) -> None:
    listed = (tool.REFERENCE / "findings.md").read_text(encoding="utf-8")
    for code in CODES:
        page = (tool.REFERENCE / "findings" / f"{code.code}.md").read_text(encoding="utf-8")
        assert f"# {code.label}" in page
        assert code.meaning in page
        assert code.hint[1:] in page
        example = page.split("```text\n", 1)[1].split("```", 1)[0]
        assert code.label in example
        assert f"(findings/{code.code}.md)" in listed


@pytest.mark.parametrize("name", ["findings/SL-ID-004.md", "findings.md"])
def test_a_page_that_was_changed_or_lost_is_noticed(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert checked(tool, monkeypatch) == 0
    file = tool.REFERENCE / name
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "x", encoding="utf-8")
    assert checked(tool, monkeypatch) == 1
    file.unlink()
    assert checked(tool, monkeypatch) == 1


def test_a_page_of_a_code_that_is_gone_is_noticed_and_removed(
    tool: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = tool.REFERENCE / "findings" / "SL-XX-001.md"
    gone.write_text("", encoding="utf-8")
    assert checked(tool, monkeypatch) == 1
    monkeypatch.setattr(sys, "argv", ["reference.py"])
    assert tool.main() == 0
    assert not gone.exists()
