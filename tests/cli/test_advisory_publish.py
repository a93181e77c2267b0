"""`sealane advisory publish`: final documents of what holds, once, or nothing at all."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.core.advisory.record_render import render_record
from sealane.core.model.values import replace
from support.advisory_project import FOLDER, FORGE, INPUTS, ISSUER, NOBODY, advisory, index, ready
from support.cases import manifest_of
from support.commands import (
    Case,
    Make,
    Result,
    block,
    check,
    file,
    folder,
    gone,
    plain_environment,
    row,
    sealane,
    table,
)
from support.manifests import statement_bytes

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

PUBLISH = f"advisory publish advisory.json --documents final {INPUTS}"
DIGEST = "0" * 64
PATCHES = """\
[[advisory.outlet]]
name = "database"
kind = "osv-git"
author = "Acme security team <security@acme.example>"
folder = "patches"
"""
Run = Callable[..., Result]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    ready(made)
    words = f"advisory render advisory.json --out final --final {INPUTS}".split()
    assert sealane(words, made, plain_environment(tmp_path)).returncode == 0
    return made


@pytest.fixture
def run(work: Path, tmp_path: Path) -> Run:
    def command(line: str, *more: str | Path, **variables: str) -> Result:
        environment = plain_environment(tmp_path) | variables
        return sealane((*line.split(), *more), work, environment)

    return command


def everything(work: Path) -> dict[str, bytes]:
    # Locks are files that stay.
    files = [one for one in work.rglob("*") if one.is_file() and not one.name.endswith(".lock")]
    return {str(one): one.read_bytes() for one in files}


def outlets(*tables: str) -> Make:
    return file("sealane.toml", ISSUER + "".join(tables))


MISTAKES = (
    row("no-documents", f"advisory publish advisory.json {INPUTS}", 2, "--documents"),
    row("documents-missing", "advisory publish advisory.json --documents none", 5, "'none'",
        "not a folder"),
    row("documents-empty", "advisory publish advisory.json --documents e", 5, "'e'",
        "there is none", hint="advisory render", make=folder("e")),
    row("document-of-no-format", PUBLISH, 5, "final/notes.txt", "no format",
        hint="take it out", make=file("final/notes.txt", "x")),
    row("record-missing", "advisory publish none.json --documents final", 5, "'none.json'"),
    row("manifest-missing", f"{PUBLISH} --manifest none", 5, "'none'"),
    row("no-outlet", PUBLISH, 2, "no outlet", hint="[[advisory.outlet]] in sealane.toml",
        make=outlets()),
    row("no-project", PUBLISH, 2, "no outlet", make=gone("sealane.toml")),
    row("no-advisory-table", PUBLISH, 2, "no outlet", make=file("sealane.toml", NOBODY)),
    row("unknown-outlet", f"{PUBLISH} --outlet ghsa", 2, "--outlet 'ghsa'", hint="csaf"),
    row("broken-configuration", PUBLISH, 5, "sealane.toml", "folder",
        make=outlets(FOLDER.replace('folder = "csaf"\n', ""))),
    row("token-unset", PUBLISH, 5, "GHSA_TOKEN", make=outlets(FOLDER, FORGE)),
    row("too-early", f"{PUBLISH} --not-before 2999-01-01T00:00:00Z", 7, "--not-before",
        "until 2999-01-01T00:00:00Z", hint="nothing was asked or sent"),
    row("too-early-for-a-dry-run", f"{PUBLISH} --dry-run --not-before 2999-01-01T00:00:00Z", 7,
        "until 2999"),
    row("moment-malformed", f"{PUBLISH} --not-before tomorrow", 2, "--not-before",
        hint="2026-06-01T14:00:00Z"),
    row("replace-malformed", f"{PUBLISH} --replace {DIGEST}", 2, "--replace", "sha256:",
        hint="copy it"),
    row("without-unknown", f"{PUBLISH} --without ADV07", 2, "--without 'ADV07'"),
    row("journal-damaged", PUBLISH, 5, "advisory-journal.jsonl", hint="--replace",
        make=file("advisory-journal.jsonl", "{}\n")),
    row("journal-is-a-folder", PUBLISH, 5, "advisory-journal.jsonl",
        make=folder("advisory-journal.jsonl")),
    row("manifest-of-a-rehearsal", PUBLISH, 5, "v1.2", "a rehearsal's", hint="sandbox",
        make=file("v1.2.json", statement_bytes(replace(manifest_of("1.2"), sandbox=True)))),
    row("url-of-nobody", f"{PUBLISH} --osv-url https://a.example", 2, "--osv-url asks nobody"),
    row("sandbox-missing", f"--sandbox none {PUBLISH}", 4, "none"),
)  # fmt: skip


@table(*MISTAKES)
def test_a_mistake_is_named_and_nothing_is_sent(case: Case, work: Path, run: Run) -> None:
    case.make(work)
    before = everything(work)
    result = run("", *case.arguments)
    # What was left undone is data: which outlet is in which state.
    assert result.stdout == "" or "\nnothing is public\n" in result.stdout
    check(Result(result.args, result.returncode, "", result.stderr), case)
    assert everything(work) == before


def altered(name: str, old: bytes, new: bytes) -> Make:
    def make(work: Path) -> None:
        path = work / "final" / name
        content = path.read_bytes()
        assert old in content
        path.write_bytes(content.replace(old, new))

    return make


def rendered(work: Path, run: Run, *words: str) -> None:
    assert run(f"advisory render advisory.json --out final {INPUTS}", *words).returncode == 0


@pytest.mark.parametrize(
    ("make", "codes"),
    [
        pytest.param(altered("csaf/pysec-2026-1.json", b'"final"', b'"draft"'), {"SL-ADV-018"},
                     id="draft"),
        pytest.param(altered("csaf/pysec-2026-1.json", b'"WHITE"', b'"AMBER"'), {"SL-ADV-018"},
                     id="not-for-everybody"),
        pytest.param(altered("PYSEC-2026-1.cve.json", b'"2.1"', b'"2.2"'), {"SL-ADV-013"},
                     id="other-versions"),
        pytest.param(altered("PYSEC-2026-1.openvex.json", b"CVE-2026-10001", b"CVE-2026-10009"),
                     {"SL-ADV-002"}, id="of-another-advisory"),
        pytest.param(altered("vulns/acme/PYSEC-2026-1.yaml", b"CWE-78", b"CWE-79"),
                     {"SL-ADV-015"}, id="other-weakness"),
        pytest.param(index(yanked=("2.1",)), {"SL-ADV-007"}, id="fix-yanked"),
        pytest.param(
            file("advisory.json", render_record(advisory(id="PYSEC-2026-2"))), {"SL-ADV-002"},
            id="other-record",
        ),
        pytest.param(
            file("advisory.json", render_record(advisory(id="PYSEC-0000-acme"))), {"SL-ADV-002"},
            id="placeholder",
        ),
    ],
)  # fmt: skip
def test_what_does_not_hold_is_not_sent(work: Path, run: Run, make: Make, codes: set[str]) -> None:
    make(work)
    before = everything(work)
    result = run(PUBLISH)
    assert result.returncode == 1, result.stdout + result.stderr
    failed = {line.split()[1] for line in result.stdout.splitlines() if line[:9] == "  FAIL   "}
    assert codes <= failed
    assert result.stderr.startswith("nothing was sent: ")
    assert everything(work) == before


def test_what_nobody_looked_at_is_not_sent(work: Path, run: Run) -> None:
    result = run("advisory publish advisory.json --documents final")
    assert result.returncode == 3
    assert "--online=index" in result.stdout
    assert result.stderr.startswith("nothing was sent: ")


def test_a_dry_run_says_what_would_be_done_and_does_nothing(work: Path, run: Run) -> None:
    before = everything(work)
    result = run(PUBLISH, "--dry-run")
    assert result.returncode == 0, result.stderr
    lines = result.stdout.splitlines()
    assert lines[0] == "would publish csaf (csaf-tree): csaf/pysec-2026-1.json"
    assert re.fullmatch(r" {14}write csaf/white/2\d{3}/pysec-2026-1.json.sha256", lines[1])
    assert lines[-1] == "nothing is public"
    assert result.stderr.splitlines()[-1] == (
        "next: sealane advisory publish advisory.json --documents final --manifest v1.2.json "
        "--manifest v2.1.json --index index.json"
    )
    assert everything(work) == before


def test_everything_is_published_once_and_the_next_command_is_told(work: Path, run: Run) -> None:
    first = run(PUBLISH)
    assert first.returncode == 0, first.stderr
    year = next((work / "csaf" / "white").glob("2*")).name
    place = f"csaf/white/{year}/pysec-2026-1"
    assert first.stdout.splitlines() == [
        f"public        csaf (csaf-tree): csaf/pysec-2026-1.json at {place}.json",
        f"public        csaf (csaf-tree): csaf/pysec-2026-1-vex.json at {place}-vex.json",
    ]
    assert first.stderr.splitlines()[-1] == (
        "next: sealane advisory agree advisory.json --published --documents final --manifest "
        "v1.2.json --manifest v2.1.json --online index,links,csaf,pip-audit --wait 48h"
    )
    before = everything(work / "csaf")
    again = run(PUBLISH)
    assert (again.returncode, again.stdout) == (0, first.stdout)
    assert again.stderr.count("csaf: there already") == 2
    assert everything(work / "csaf") == before
    journal = (work / "advisory-journal.jsonl").read_text().splitlines()
    assert [json.loads(line)["did"] for line in journal] == [
        "sending", "published", "sending", "published", "found", "found",
    ]  # fmt: skip


def test_one_outlet_can_be_named(work: Path, run: Run) -> None:
    outlets(FOLDER, FOLDER.replace('"csaf"\n', '"mirror"\n'), FORGE)(work)
    result = run(PUBLISH, "--outlet", "mirror", "--journal", "b.jsonl")
    assert result.returncode == 0, result.stderr
    assert (work / "mirror").is_dir()
    assert (work / "b.jsonl").is_file()
    assert not (work / "csaf").exists()


def test_the_lift_may_be_over(work: Path, run: Run) -> None:
    result = run(PUBLISH, "--not-before", "2025-05-01T00:00:00Z")
    assert result.returncode == 0, result.stderr
    assert "--lifted 2025-05-01T00:00:00Z" in result.stderr.splitlines()[-1]


def test_a_record_that_says_it_was_published_before_the_lift_is_not_sent(
    work: Path, run: Run
) -> None:
    result = run(PUBLISH, "--not-before", "2025-07-01T00:00:00Z")
    assert result.returncode == 1
    assert "SL-ADV-017" in result.stdout


def test_what_stands_there_and_is_not_ours_stays_and_can_be_allowed(work: Path, run: Run) -> None:
    assert run(PUBLISH).returncode == 0
    (document,) = (work / "csaf" / "white").glob("*/pysec-2026-1.json")
    document.write_bytes(document.read_bytes().replace(b"two colons", b"10 colons"))
    before = everything(work / "csaf")
    result = run(PUBLISH)
    assert result.returncode == 5
    assert "public: " in result.stdout
    assert "to go on: sealane advisory publish advisory.json" in result.stdout
    assert block(result.stderr)["hint"]
    assert everything(work / "csaf") == before


def test_a_patch_is_written_for_a_database_that_nothing_is_pushed_to(work: Path, run: Run) -> None:
    outlets(PATCHES)(work)
    result = run(PUBLISH)
    assert result.returncode == 0, result.stdout + result.stderr
    patch = (work / "patches" / "PYSEC-2026-1.patch").read_text()
    assert "+++ b/vulns/acme/PYSEC-2026-1.yaml" in patch


def test_the_token_is_shown_nowhere(work: Path, run: Run) -> None:
    outlets(FORGE)(work)
    token = "secret-of-the-forge-0123456789"
    result = run(PUBLISH, GHSA_TOKEN=token)
    assert result.returncode == 6, result.stderr
    assert token not in result.stdout + result.stderr
    assert not any(token.encode() in one for one in everything(work).values())
