"""`sealane advisory revise`: a correction is a revision more."""

import json
from pathlib import Path

import pytest

from sealane.cli.main import run
from sealane.core.advisory.record_render import render_record
from support.records import record_of


@pytest.fixture
def record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "record.json"
    path.write_bytes(render_record(record_of()))
    return path


def test_each_correction_is_a_revision_more(
    record: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = json.loads(record.read_text())
    assert run(["advisory", "revise", "record.json", "--summary", "1.2 fixes it"]) == 0
    told = capsys.readouterr().out
    assert told.startswith("revision 2: record.json\nnext: sealane advisory render record.json")
    after = json.loads(record.read_text())
    revisions = after["database_specific"].pop("sealane")["revisions"]
    assert [one["summary"] for one in revisions] == ["Published.", "1.2 fixes it"]
    assert after.pop("modified") == revisions[-1]["at"] > before.pop("modified")
    assert after == before


def test_a_withdrawal_is_one_too(record: Path) -> None:
    assert run(["advisory", "revise", "record.json", "--summary", "none", "--withdraw"]) == 0
    after = json.loads(record.read_text())
    assert after["withdrawn"] == after["modified"]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "code", "said"),
    [
        ("draft.json", render_record(record_of(published=None)), ["--summary", "x"], 5, "draft"),
        ("a.yaml", b"id: A-1\n", ["--summary", "x"], 2, "YAML"),
        ("none.json", None, ["--summary", "x"], 5, "none.json"),
        ("draft.json", render_record(record_of()), [], 2, "--summary"),
        ("draft.json", render_record(record_of()), ["--summary", "a\nb"], 5, "one line"),
    ],
    ids=["draft", "yaml", "missing", "nothing-said", "two-lines"],
)
def test_what_cannot_be_revised_is_left_as_it_is(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    name: str,
    content: bytes | None,
    arguments: list[str],
    code: int,
    said: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    assert run(["advisory", "revise", name, *arguments]) == code
    assert said in capsys.readouterr().err
    assert content is None or path.read_bytes() == content
