"""Hostile names of files, and a hostile certificate, through the command into every form."""

import hashlib
import json
import os
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from sealane.cli.main import run
from sealane.core.report.registry import FORMS
from support.maker.claims import ISSUERS
from support.maker.content import ARTIFACT, NAME
from support.maker.world import World
from support.pages import Page

SUBJECT = (
    "https://evil.example/<script>alert(1)</script>/$(touch pwned)`touch pwned`"
    "|\"'onload=x/\x1b[2K\x1b]8;;x\x07\r\n[click](javascript:x)]]>--></style>{0}"
)
NAMES = [
    "$(touch pwned).bin",
    "<script>alert(1)<|script>.bin",
    "a\x1b[2K\nPASS  b.bin",
    "| `a` | [x](y) <!--.bin",
    "\u202enib.exe",
    '\'" onload="x.bin',
    os.fsdecode(b"\xff\xfe.bin"),
]
MISMATCHED = ["--cert-identity", "https://good.example/x", "--cert-oidc-issuer", ISSUERS["email"]]


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """All forms of one run over files with hostile names, one signed by a hostile subject."""
    world = World()
    work = tmp_path / "work"
    work.mkdir()
    for name in NAMES:
        (work / name).write_bytes(name.encode(errors="surrogateescape"))
    (work / NAME).write_bytes(ARTIFACT)
    bundle = world.bundle(identity=SUBJECT)
    (work / f"{NAME}.sigstore.json").write_text(json.dumps(bundle), encoding="utf-8")
    (tmp_path / "root.json").write_bytes(world.root_json())
    monkeypatch.chdir(tmp_path)
    outputs = [f"--format={one.name}=report.{one.name}" for one in FORMS]
    assert run(["verify", "work", "--trust", "root.json", *MISMATCHED, *outputs]) == 1
    assert not list(tmp_path.rglob("pwned"))
    return {one.name: (tmp_path / f"report.{one.name}").read_text("utf-8") for one in FORMS}


def test_the_hostile_subject_reached_the_report_and_failed(reports: dict[str, str]) -> None:
    document = json.loads(reports["json"])
    assert len(document["verdicts"]) == len(NAMES) + 1
    (signed,) = [one for one in document["verdicts"] if one["artifact"]["name"] == NAME]
    assert signed["outcome"] == "fail"
    assert SUBJECT in [one["actual"] for one in signed["findings"]]
    names = {one["artifact"]["name"] for one in document["verdicts"]}
    assert names == {*NAMES, NAME}
    digests = {one["artifact"]["digests"]["sha256"] for one in document["verdicts"]}
    assert hashlib.sha256(ARTIFACT).hexdigest() in digests


def test_no_form_moves_the_cursor_or_says_how_to_pass(reports: dict[str, str]) -> None:
    # The flags that were given are what was judged by; only their values may follow them.
    other = rf"--cert-identity (?!{MISMATCHED[1]}\W)|--cert-oidc-issuer (?!{MISMATCHED[3]}\W)"
    for text in reports.values():
        assert all(line.isprintable() for line in text.split("\n"))
        assert "--cert-identity" in text
        assert not re.search(other, text)


def test_every_form_is_still_one(reports: dict[str, str]) -> None:
    (log,) = json.loads(reports["sarif"])["runs"]
    assert len(log["artifacts"]) == len(NAMES) + 1
    (suite,) = ET.fromstring(reports["junit"])
    assert len(suite.findall("testcase/failure")) == len(NAMES) + 1
    page = Page(reports["html"])
    assert len(page.of("article")) == len(NAMES) + 1
    assert "script" not in page.tags
    shown = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(reports["markdown"])
    assert not re.search(r"<(script|a|img)\b|<!--", shown)
    assert shown.count("<details") == shown.count("</details>") == len(NAMES) + 1
