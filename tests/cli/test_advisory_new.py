"""`sealane advisory new`: a record begins, asked for or not, and nothing that is there is lost."""

import json
import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import parse_record
from sealane.core.model.values import replace
from support.advisory_project import ready
from support.cases import manifest_of
from support.commands import (
    EVIL,
    Case,
    Make,
    check,
    file,
    folder,
    huge,
    link,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)
from support.manifests import statement_bytes
from support.records import V3

BLANK = ("advisory", "new", "--package", "Acme", "--id", "CVE-2026-77001")
MADE = "advisory new --id CVE-2026-77001 --manifest v1.2.json --index index.json"
BOTH = f"{MADE} --manifest v2.1.json"
SERIES = "--introduced 1.2=0 --introduced 2.1=2.0"
FORGE = "advisory new --from-ghsa draft.json"
DRAFT = {
    "ghsa_id": "GHSA-2222-3333-4444", "summary": "Acme runs what it is sent",
    "vulnerabilities": [
        {"package": {"ecosystem": "pip", "name": "Acme"}, "vulnerable_version_range": "< 1.2",
         "patched_versions": "1.2"}
    ],
}  # fmt: skip


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    ready(made)
    return made


def draft(**changes: object) -> Make:
    return file("draft.json", json.dumps(DRAFT | changes))


def record_in(path: Path) -> Record:
    return parse_record(path.read_bytes())


def events(record: Record) -> str:
    (entry,) = record.affected
    (spans,) = entry.about.ranges
    return " ".join(f"{kind} {text}" for kind, text in spans.events)


MISTAKES = (
    row("of-nothing", "advisory new --id CVE-2026-7", 2, "expected one of --package, --manifest",
        hint="--manifest names"),
    row("of-two", ("advisory", "new", "--package", "a", "--from-ghsa", "x"), 2, "expected one of"),
    row("no-id", "advisory new --package acme", 2, "which identifier", hint="add --id"),
    row("id-is-a-path", "advisory new --package acme --id ../x", 5, "'../x'", hint="letters"),
    row("id-is-evil", ("advisory", "new", "--package", "acme", "--id", EVIL), 5, r"x\x1b[31m\nh"),
    row("package-unknown-to-the-listing", "advisory new --package other --id CVE-2026-77001"
        " --index index.json", 5, "no listing of other", hint="index"),
    row("there-already", (*BLANK, "--out", "advisory.json"), 5, "'advisory.json'",
        "there is a file", hint="name another"),
    row("there-a-link-to-nowhere", (*BLANK, "--out", "x.json"), 5, "there is a file",
        make=link("x.json", "nowhere")),
    row("out-nowhere", (*BLANK, "--out", "advisory.json/x.json"), 5, "cannot write"),
    row("introduced-of-nothing", (*BLANK, "--introduced", "1.2=0"), 2, "--introduced",
        hint="add --manifest"),
    row("introduced-malformed", f"{MADE} --introduced 1.2", 2, "'1.2'", "FIXED=FIRST"),
    row("introduced-empty", f"{MADE} --introduced 1.2=", 2, "'1.2='", "FIXED=FIRST"),
    row("introduced-other", f"{MADE} --introduced 1.3=0", 5, "1.3", "no release manifest",
        hint="as its manifest has it"),
    row("introduced-no-version", f"{MADE} --introduced 1.2=soon", 5, "'soon'"),
    row("introduced-later", f"{MADE} --introduced 1.2=1.2", 5, "introduced in 1.2", "not before"),
    row("series-unsaid", BOTH, 5, "1.2 fixes one of 2 series", hint="--introduced 1.2=1.0"),
    row("series-overlap", f"{BOTH} --introduced 1.2=0 --introduced 2.1=1.1", 5, "2.1 fixes"),
    row("manifest-twice", f"{MADE} --manifest v1.2.json", 5, "1.2 is in another one",
        hint="once"),
    row("manifest-missing", f"{MADE} --manifest none.json", 5, "'none.json'", "No such file"),
    row("manifest-no-manifest", f"{MADE} --manifest advisory.json", 5, "'advisory.json'"),
    row("manifest-no-json", f"{MADE} --manifest sealane.toml", 5, "'sealane.toml'", "not JSON"),
    row("manifest-empty-folder", f"{MADE} --manifest e", 5, "'e/release-manifest",
        make=folder("e")),
    row("listing-missing", f"{MADE} --index none.json", 5, "'none.json'", "No such file"),
    row("listing-no-listing", f"{MADE} --index advisory.json", 5, "--index advisory.json",
        hint="simple API"),
    row("listing-huge", f"{MADE} --index huge", 5, "larger than", make=huge("huge")),
    row("listing-pipe", f"{MADE} --index pipe", 5, "not a regular", make=pipe("pipe")),
    row("online-unknown", f"{MADE} --online=all", 2, "--online='all'", "expected some of"),
    row("online-empty", f"{MADE} --online=", 2, "--online=''", "expected some of"),
    row("url-of-nobody", f"{MADE} --index-url https://a.example/", 2, "--index-url asks nobody",
        hint="add index"),
    row("url-unsafe", "advisory new --package acme --id CVE-2026-77001 --online=index"
        " --index-url http://127.0.0.1:9/", 6, "only https"),
    row("cvss", (*BLANK, "--cvss", "7.5"), 2, "--cvss '7.5'", "CVSS 3 or 4", hint="CVSS:3.1/"),
    row("cvss-old", (*BLANK, "--cvss", "AV:N/AC:L/Au:N/C:N/I:N/A:C"), 2, "CVSS 3 or 4"),
    row("cvss-wrong", (*BLANK, "--cvss", "CVSS:3.1/AV:X"), 2, "--cvss", "AV:X", hint="CVSS:3.1/"),
    row("reference", (*BLANK, "--reference", "https://a.example/"), 2, "--reference", "TYPE=URL"),
    row("details-missing", (*BLANK, "--details", "none.md"), 5, "'none.md'", "No such file"),
    row("details-no-text", (*BLANK, "--details", "x"), 5, "not UTF-8", make=file("x", b"\xff")),
    row("ghsa-missing", "advisory new --from-ghsa none.json", 5, "'none.json'"),
    row("ghsa-no-json", "advisory new --from-ghsa sealane.toml", 5, "'sealane.toml'", "not JSON",
        hint="REST API"),
    row("ghsa-no-index", FORGE, 2, "no index was seen", hint="--index FILE", make=draft()),
    row("ghsa-without-an-id", f"{FORGE} --index index.json", 5, "expected a ghsa_id",
        hint="REST API", make=draft(ghsa_id=None)),
    row("config-missing", f"{MADE} --config none", 5, "--config 'none'", "no such folder"),
    row("config-broken", MADE, 5, "sealane.toml", make=file("sealane.toml", "[")),
    row("sandbox-missing", f"--sandbox none {MADE}", 4, "none"),
)  # fmt: skip


@table(*MISTAKES)
def test_a_mistake_is_named_and_nothing_is_written(case: Case, work: Path, tmp_path: Path) -> None:
    case.make(work)
    before = {one.name: one.lstat().st_mtime_ns for one in work.iterdir()}
    result = sealane(case.arguments, work, plain_environment(tmp_path))
    check(result, case)
    assert {one.name: one.lstat().st_mtime_ns for one in work.iterdir()} == before


def test_a_rehearsal_s_manifest_drafts_no_real_advisory(work: Path, tmp_path: Path) -> None:
    rehearsed = statement_bytes(replace(manifest_of("1.2"), sandbox=True))
    (work / "v1.2.json").write_bytes(rehearsed)
    result = sealane(MADE.split(), work, plain_environment(tmp_path))
    check(result, row("", MADE, 5, "v1.2", "a rehearsal's", hint="sealane --sandbox DIR"))


def test_a_record_of_two_series_is_filled_from_the_index(work: Path, tmp_path: Path) -> None:
    words = f"{BOTH} {SERIES} --cwe CWE-78 --credit Ada=finder --credit Bob --unaffected 1.3"
    more = ("--reference", "fix=https://acme.example/f", "--cvss", V3, "--summary", "It runs it")
    result = sealane((*words.split(), *more), work, plain_environment(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stdout.startswith("written: CVE-2026-77001.json\n")
    assert result.stderr == (
        "next: edit CVE-2026-77001.json, then sealane advisory check CVE-2026-77001.json "
        "--manifest v1.2.json --manifest v2.1.json --index index.json\n"
    )
    record = record_in(work / "CVE-2026-77001.json")
    assert events(record) == "introduced 0 fixed 1.2 introduced 2.0 fixed 2.1"
    assert record.affected[0].about.versions == ("1.0", "1.1", "1.2rc1", "2.0", "2.0.post1")
    assert [(one.name, one.type) for one in record.credits] == [("Ada", "FINDER"), ("Bob", "")]
    assert [(one.type, one.url) for one in record.references] == [("FIX", "https://acme.example/f")]
    assert (record.rating, record.weaknesses) == ("HIGH", ("CWE-78",))
    assert record.provenance is not None
    assert record.provenance.unaffected == ("1.3",)
    assert {one.version for one in record.provenance.files} == {"1.2", "2.1"}


def test_without_an_index_the_versions_are_left_open_and_that_is_said(
    work: Path, tmp_path: Path
) -> None:
    result = sealane((*BLANK, "--out", "new/a.json"), work, plain_environment(tmp_path))
    assert result.returncode == 0, result.stderr
    assert result.stderr.startswith("note: no index was seen")
    assert "--online=index" in result.stdout
    record = record_in(work / "new" / "a.json")
    assert (events(record), record.affected[0].about.versions) == ("introduced 0", ())


def test_a_forge_s_draft_becomes_a_record(work: Path, tmp_path: Path) -> None:
    draft()(work)
    words = (*FORGE.split(), "--index", "index.json", "--alias", "CVE-2026-77001")
    result = sealane(words, work, plain_environment(tmp_path))
    assert result.returncode == 0, result.stderr
    record = record_in(work / "GHSA-2222-3333-4444.json")
    assert (record.summary, record.aliases) == (DRAFT["summary"], ("CVE-2026-77001",))
    assert record.affected[0].about.versions == ("1.0", "1.1", "1.2rc1")


class Terminal:
    """A pseudo-terminal with the command in front of somebody who answers."""

    def __init__(self, work: Path, home: Path, *words: str) -> None:
        ours, theirs = pty.openpty()
        environment = plain_environment(home) | {"TERM": "dumb"}
        self._ours, self.seen = ours, ""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "sealane", *words], cwd=work, env=environment, stdin=theirs,
            stdout=theirs, stderr=theirs, start_new_session=True,
        )  # fmt: skip
        os.close(theirs)

    def answer(self, question: str, answer: str) -> None:
        """Wait for a question, and type."""
        self.read_until(question)
        os.write(self._ours, answer.encode() + b"\n")

    def read_until(self, text: str) -> None:
        """Wait until something was shown since the last answer."""
        start = len(self.seen)
        while text not in self.seen[start:]:
            assert self._read(), f"{text!r} was not shown: {self.seen}"

    def end(self) -> int:
        """Wait for the end; the exit code."""
        while self._read():
            pass
        os.close(self._ours)
        return self.process.wait(30)

    def _read(self) -> bool:
        if not select.select([self._ours], [], [], 30)[0]:
            self.process.kill()
            return False
        try:
            found = os.read(self._ours, 65536)
        except OSError:  # what Linux says once nobody has the other end
            return False
        self.seen += found.decode(errors="replace").replace("\r\n", "\n")
        return bool(found)


def test_in_a_terminal_one_is_asked_for_what_is_not_given(work: Path, tmp_path: Path) -> None:
    asked = Terminal(work, tmp_path, "advisory", "new", "--index", "index.json")
    asked.answer("Package", "Acme")
    asked.answer("[PYSEC-0000-Acme]", "CVE-2026-77001")
    asked.answer("Summary", "It runs what it is sent")
    asked.answer("identifiers", "GHSA-2222-3333-4444")
    asked.answer("CVSS", "7.5")
    asked.answer("CVSS:3.1/", V3)
    asked.answer("Weaknesses", "CWE-78, CWE-77")
    asked.answer("References", "https://acme.example/f")
    asked.answer("TYPE=URL", "fix=https://acme.example/f")
    asked.answer("Credits", "")
    assert asked.end() == 0, asked.seen
    record = record_in(work / "CVE-2026-77001.json")
    assert record.summary == "It runs what it is sent"
    assert record.aliases == ("GHSA-2222-3333-4444",)
    assert record.weaknesses == ("CWE-78", "CWE-77")
    assert (record.rating, record.credits) == ("HIGH", ())
    assert record.affected[0].about.name == "acme"


def test_nobody_types_what_would_be_lost(work: Path, tmp_path: Path) -> None:
    asked = Terminal(work, tmp_path, "advisory", "new", "--package", "acme")
    asked.answer("Identifier", "advisory")
    assert asked.end() == 5, asked.seen
    assert "'advisory.json': there is a file of that name" in asked.seen
    assert "Summary" not in asked.seen


def test_who_interrupts_leaves_nothing(work: Path, tmp_path: Path) -> None:
    asked = Terminal(work, tmp_path, *BLANK)
    asked.answer("Summary", "\x04")
    assert asked.end() == 130
    assert not (work / "CVE-2026-77001.json").exists()


def test_a_script_in_a_terminal_is_not_asked(work: Path, tmp_path: Path) -> None:
    asked = Terminal(work, tmp_path, *BLANK, "--no-input")
    assert asked.end() == 0, asked.seen
    assert "Summary" not in asked.seen
