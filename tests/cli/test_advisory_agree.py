"""`sealane advisory agree`: what was published, and the world; who asks is told what is missing."""

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.core.advisory.record_render import render_record
from sealane.core.model.moment import rfc3339
from sealane.io.adapters import clock
from support.advisory_project import FOLDER, INPUTS, ISSUER, advisory, index, ready
from support.cases import INDEX, VERSIONS, announcement_of
from support.commands import (
    Case,
    Result,
    check,
    file,
    folder,
    plain_environment,
    row,
    sealane,
    table,
)
from support.repositories import commit_all

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

AGREE = f"advisory agree advisory.json --published {INPUTS}"
# What nobody can tell without a network; the rest is held against what lies on the disk.
WORLD = "--without SL-ADV-016 --without SL-ADV-021 --without SL-ADV-022 --without SL-ADV-025"
Run = Callable[..., Result]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    ready(made)
    (made / "announcement.md").write_text(announcement_of(advisory()))
    return made


@pytest.fixture
def run(work: Path, tmp_path: Path) -> Run:
    def command(line: str, *more: str | Path) -> Result:
        return sealane((*line.split(), *more), work, plain_environment(tmp_path))

    return command


@pytest.fixture
def published(work: Path, run: Run) -> Path:
    """The same, and its documents are in the folder of the project."""
    assert run(f"advisory render advisory.json --out final --final {INPUTS}").returncode == 0
    done = run(f"advisory publish advisory.json --documents final {INPUTS}")
    assert done.returncode == 0, done.stderr
    return work


def names_of(report: str, word: str) -> list[str]:
    lines = [line for line in report.splitlines() if line.startswith(f"  {word:<7} ")]
    return [line.split()[1] for line in lines]


MISTAKES = (
    row("record-missing", "advisory agree none.json", 5, "'none.json'", "No such file"),
    row("wait-unit", f"{AGREE} --wait 5x", 2, "--wait '5x'", "s, m, h or d", hint="6h"),
    row("wait-bare", f"{AGREE} --wait 5", 2, "--wait '5'"),
    row("wait-negative", f"{AGREE} --wait=-5s", 2, "--wait '-5s'"),
    row("wait-for-a-draft", "advisory agree advisory.json --wait 5s", 2, "--wait",
        hint="add --published"),
    row("lifted-of-a-draft", "advisory agree advisory.json --lifted 2025-06-01T12:00:00Z", 2,
        "--lifted", hint="add --published"),
    row("lifted-malformed", f"{AGREE} --lifted 2025-06-01", 2, "--lifted", hint="2026-06-01T14"),
    row("online-unknown", f"{AGREE} --online=index,all", 2, "--online='all'", "pip-audit"),
    row("osv-url-of-nobody", f"{AGREE} --osv-url https://a.example", 2, "--osv-url asks nobody",
        hint="add osv"),
    row("cve-url-of-nobody", f"{AGREE} --cve-url https://a.example", 2, "--cve-url asks nobody"),
    row("osv-nowhere", f"{AGREE} --online=osv", 2, "--online=osv", hint="--osv-url URL"),
    row("cve-nowhere", f"{AGREE} --online=cve", 2, "--online=cve", hint="--cve-url URL"),
    row("csaf-nowhere", f"{AGREE} --online=csaf", 2, "--online=csaf", hint="--csaf URL",
        make=file("sealane.toml", ISSUER)),
    row("csaf-url-alone", f"{AGREE} --csaf https://a.example/csaf", 2, "--csaf names a URL",
        hint="--online=csaf"),
    row("csaf-missing", f"{AGREE} --csaf none", 5, "'none'", "not a folder"),
    row("repository-missing", f"{AGREE} --repository none", 5, "none"),
    row("repository-is-none", f"{AGREE} --repository e", 5, "e", make=folder("e")),
    row("announcement-missing", f"{AGREE} --announcement none.md", 5, "'none.md'"),
    row("announcement-no-text", f"{AGREE} --announcement x", 5, "'x'", "not UTF-8",
        make=file("x", b"\xff")),
    row("evidence-missing", f"{AGREE} --evidence none.json", 5, "none.json"),
    row("trust-of-nothing", f"{AGREE} --trust root.json", 2, "--trust", hint="add --evidence"),
    row("trust-missing", f"{AGREE} --evidence v1.2.json --trust ./none.json", 4, "none.json"),
    row("documents-missing", f"{AGREE} --documents none", 5, "'none'", "not a folder"),
    row("documents-empty", f"{AGREE} --documents e", 5, "'e'", "there is none", make=folder("e")),
    row("unknown-check", f"{AGREE} --without SL-ADV-1", 2, "--without 'SL-ADV-1'"),
    row("report-over-the-announcement",
        f"{AGREE} --announcement announcement.md --format json=announcement.md", 2,
        "would be lost"),
    row("report-over-the-evidence",
        f"{AGREE} --evidence v1.2.json --format json=v1.2.json", 2, "would be lost"),
    row("listing-missing", "advisory agree advisory.json --index none", 5, "'none'"),
    row("unknown-form", f"{AGREE} --format html", 2, "--format 'html'"),
    row("sandbox-missing", f"--sandbox none {AGREE}", 4, "none"),
)  # fmt: skip


@table(*MISTAKES)
def test_a_mistake_is_named(case: Case, work: Path, run: Run) -> None:
    case.make(work)
    check(run("", *case.arguments), case)


def test_what_nobody_asked_is_missing_and_its_flag_is_the_hint(run: Run) -> None:
    result = run(AGREE)
    assert result.returncode == 3
    hints = [line for line in result.stdout.splitlines() if line.startswith("        hint: ")]
    for flag in (
        "--online=links", "--repository DIR", "--csaf FOLDER", "--online=index,osv",
        "--online=index,osv,pip-audit", "--announcement FILE", "--evidence FILE",
    ):  # fmt: skip
        assert any(flag in hint for hint in hints), flag
    assert names_of(result.stdout, "FAIL") == []
    assert result.stdout.splitlines()[-1].startswith("MISSING: ")


def test_what_was_published_on_the_disk_agrees(published: Path, run: Run) -> None:
    words = f"--documents final --csaf csaf --announcement announcement.md {WORLD}"
    result = run(f"{AGREE} {words} --lifted 2025-06-01T12:00:00Z")
    assert (result.returncode, result.stderr) == (0, ""), result.stdout
    assert result.stdout.splitlines()[-1].startswith("PASS: ")
    assert "held against CSAF folder: csaf (sha256:" in result.stdout
    assert "held against 8 documents\n" in result.stdout


def test_without_published_it_is_a_draft(run: Run) -> None:
    result = run(AGREE.replace("--published ", ""))
    assert result.returncode == 0, result.stdout
    assert "PYSEC-2026-1 (draft)" in result.stdout


@pytest.mark.parametrize(
    ("name", "change", "code"),
    [
        pytest.param("announcement.md", ("Upgrade to 1.2", "Upgrade to 1.3"), "SL-ADV-024",
                     id="announcement"),
        pytest.param("final/PYSEC-2026-1.cve.json", ('"2.1"', '"2.2"'), "SL-ADV-013",
                     id="document"),
        pytest.param("csaf/white/index.txt", ("pysec", "pysac"), "SL-ADV-019", id="folder"),
        pytest.param("final/csaf/pysec-2026-1.json", ('"final"', '"draft"'), "SL-ADV-018",
                     id="draft"),
    ],
)  # fmt: skip
def test_what_was_changed_since_is_found(
    published: Path, run: Run, name: str, change: tuple[str, str], code: str
) -> None:
    path = published / name
    text = path.read_text()
    assert change[0] in text
    path.write_text(text.replace(*change))
    words = f"--documents final --csaf csaf --announcement announcement.md {WORLD}"
    result = run(f"{AGREE} {words}")
    assert result.returncode == 1, result.stdout
    assert code in names_of(result.stdout, "FAIL")


def test_a_vulnerable_release_that_is_to_be_yanked_is_found(work: Path, run: Run) -> None:
    (work / "sealane.toml").write_text(ISSUER.replace("supported", "yank = true\nsupported"))
    index(yanked=VERSIONS[1:])(work)
    result = run(f"{AGREE} --announcement announcement.md {WORLD}")
    assert result.returncode == 1
    assert names_of(result.stdout, "FAIL") == ["SL-ADV-023"]
    index(INDEX, yanked=VERSIONS)(work)
    assert run(f"{AGREE} --announcement announcement.md {WORLD}").returncode == 0


def test_a_fix_that_no_public_branch_has_is_found(work: Path, run: Run) -> None:
    repository = work / "clone"
    repository.mkdir()
    (repository / "a.py").write_text("")
    commit_all(repository, "v1.2")
    result = run(f"{AGREE} --repository clone")
    assert result.returncode == 1
    assert "SL-ADV-016" in names_of(result.stdout, "FAIL")


def test_until_its_deadline_what_is_not_there_yet_is_missing(work: Path, run: Run) -> None:
    csaf = "--csaf csaf --without SL-ADV-025"
    (work / "csaf").mkdir()
    lifted = clock.now().replace(microsecond=0) - timedelta(minutes=1)
    early = run(f"{AGREE} {csaf} --lifted {rfc3339(lifted)}")
    assert "SL-ADV-019" in names_of(early.stdout, "MISSING")
    assert f"not yet, due by {rfc3339(lifted + timedelta(minutes=15))}" in early.stdout
    # One that is still to come, for ever if somebody likes, excuses nothing that is public.
    never = run(f"{AGREE} {csaf} --lifted 9999-12-31T23:59:59Z")
    assert "SL-ADV-019" in names_of(never.stdout, "FAIL")
    late = run(f"{AGREE} {csaf} --lifted 2025-06-01T12:00:00Z")
    assert "SL-ADV-019" in names_of(late.stdout, "FAIL")


def test_who_waits_is_told_for_what_and_waits_for_nothing_else(work: Path, run: Run) -> None:
    (work / "csaf").mkdir()
    result = run(f"{AGREE} --csaf csaf --wait 1s")
    assert "SL-ADV-019" in names_of(result.stdout, "FAIL")
    assert result.stderr == "waiting for SL-ADV-019 csaf-folder, 1 s at most\n"
    assert run(f"{AGREE} --wait 1h").stderr == ""


def test_a_report_is_for_programs_too(work: Path, run: Run) -> None:
    result = run(f"{AGREE} --format json")
    document = json.loads(result.stdout)
    assert (document["stage"], document["outcome"], document["exit_code"]) == (
        "published", "missing", 3,
    )  # fmt: skip
    (work / "advisory.json").write_bytes(render_record(advisory(id="PYSEC-0000-acme")))
    text = run(AGREE, "--format", "sarif=a.sarif", "--format", "text").stdout
    (sarif,) = json.loads((work / "a.sarif").read_text())["runs"]
    assert "SL-ADV-002" in names_of(text, "FAIL")
    assert sarif["invocations"][0]["exitCode"] == 1


def test_the_csaf_folder_of_the_configuration_is_asked_where_none_is_named(
    work: Path, run: Run
) -> None:
    url = "https://127.0.0.1:9/csaf"
    text = ISSUER + FOLDER.replace("https://acme.example/csaf", url)
    (work / "sealane.toml").write_text(text)
    result = run(f"{AGREE} --online=csaf")
    assert result.returncode == 3
    assert "note: csaf: " in result.stdout
    assert "127.0.0.1" in result.stdout
