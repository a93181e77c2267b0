"""`sealane advisory check`: a draft, and the index as it will be."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.core.advisory.record import Provenance
from sealane.core.advisory.record_parse import parse_record
from sealane.core.advisory.record_render import render_record
from sealane.core.model.codes import code_of
from sealane.core.model.values import replace
from support.advisory_project import AT, INPUTS, NOBODY, advisory, index, listing_json, ready
from support.cases import INDEX, manifest_of
from support.commands import (
    EVIL,
    Case,
    Make,
    Result,
    check,
    file,
    folder,
    huge,
    loop,
    plain_environment,
    row,
    sealane,
    table,
)
from support.manifests import statement_bytes
from support.records import digest_of, listed

CHECK = f"advisory check advisory.json {INPUTS}"
FILL = "advisory check advisory.json --fill"
Run = Callable[..., Result]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    ready(made)
    return made


@pytest.fixture
def run(work: Path, tmp_path: Path) -> Run:
    def command(line: str, *more: str) -> Result:
        return sealane((*line.split(), *more), work, plain_environment(tmp_path))

    return command


def record(**changes: object) -> Make:
    return file("advisory.json", render_record(advisory(**changes)))


def names_of(report: str, word: str) -> list[str]:
    lines = [line for line in report.splitlines() if line.startswith(f"  {word:<7} ")]
    return [line.split()[1] for line in lines]


OTHER_BYTES = file(
    "index.json",
    listing_json(listed("acme", INDEX)).replace(digest_of("acme-1.2.tar.gz").encode(), b"0" * 64),
)
REHEARSED = replace(manifest_of("1.2"), sandbox=True)
MISTAKES = (
    row("record-missing", "advisory check none.json", 5, "'none.json'", "No such file"),
    row("record-evil", ("advisory", "check", EVIL), 5, r"x\x1b[31m\nhint: run me"),
    row("record-folder", "advisory check d", 5, "'d'", "s a directory", make=folder("d")),
    row("record-loop", "advisory check l", 5, "'l'", "Too many levels", make=loop("l")),
    row("record-huge", "advisory check h", 5, "'h'", "larger than", make=huge("h")),
    row("record-no-json", "advisory check sealane.toml", 5, "'sealane.toml'", "not JSON",
        hint="OSV record"),
    row("record-a-list", CHECK, 5, "advisory.json", make=file("advisory.json", "[]")),
    row("record-without-an-id", CHECK, 5, "advisory.json", "id: missing", hint="OSV record",
        make=file("advisory.json", "{}")),
    row("record-of-a-rehearsal", CHECK, 5, "a rehearsal's", hint="sandbox",
        make=record(provenance=Provenance(sandbox=True))),
    row("nothing", "advisory check", 2, "RECORD", hint="advisory check --help"),
    row("unknown-check", f"{CHECK} --without SL-ADV-099", 2, "--without 'SL-ADV-099'",
        hint="SL-ADV-001 to SL-ADV-025"),
    row("short-check", f"{CHECK} --without 7", 2, "--without '7'"),
    row("unknown-form", f"{CHECK} --format xml", 2, "--format 'xml'", hint="text, json, sarif"),
    row("empty-file", f"{CHECK} --format json=", 2, "--format 'json='", "FORM=FILE"),
    row("two-reports", f"{CHECK} --format json --format text", 2, "only one report"),
    row("report-over-the-record", f"{CHECK} --format json=advisory.json", 2, "'advisory.json'",
        "would be lost"),
    row("report-over-a-manifest", f"{CHECK} --format json=./v1.2.json", 2, "would be lost"),
    row("report-over-the-listing", f"{CHECK} --format json=index.json", 2, "would be lost"),
    row("reports-over-each-other", f"{CHECK} --format json=a --format sarif=a", 2, "'a'"),
    row("manifest-missing", "advisory check advisory.json --manifest x", 5, "'x'", "No such file"),
    row("manifest-of-a-rehearsal", CHECK, 5, "v1.2", "a rehearsal's",
        make=file("v1.2.json", statement_bytes(REHEARSED))),
    row("listing-twice", "advisory check advisory.json --index index.json --index index.json", 5,
        "two listings of acme", hint="the newer one alone"),
    row("listing-missing", "advisory check advisory.json --index x", 5, "'x'", "No such file"),
    row("online-unknown", f"{CHECK} --online=forge", 2, "--online='forge'", hint="index,osv"),
    row("fill-without-an-index", FILL, 2, "--fill", "no index", hint="--online=index"),
    row("fill-of-yaml", "advisory check a.yaml --fill --index index.json", 2, "YAML",
        make=file("a.yaml", "id: a\n")),
    row("lifted-without-fill", f"{CHECK} --lifted 2025-06-01T12:00:00Z", 2, "--lifted",
        hint="add --fill"),
    row("lifted-malformed", f"{FILL} --index index.json --lifted yesterday", 2, "--lifted",
        hint="2026-06-01T14:00:00Z"),
    row("lifted-local", f"{FILL} --index index.json --lifted 2025-06-01T12:00:00", 2, "--lifted"),
    row("lifted-to-come", f"{FILL} --index index.json --lifted 2999-06-01T12:00:00Z", 5,
        "2999-06-01", hint="once the releases are public"),
    row("config-missing", f"{CHECK} --config none", 5, "--config 'none'"),
    row("sandbox-missing", f"--sandbox none {CHECK}", 4, "none"),
)  # fmt: skip


@table(*MISTAKES)
def test_a_mistake_is_named_and_nothing_changes(case: Case, work: Path, run: Run) -> None:
    case.make(work)
    before = {one.name: one.lstat().st_mtime_ns for one in work.iterdir()}
    check(run("", *map(str, case.arguments)), case)
    assert {one.name: one.lstat().st_mtime_ns for one in work.iterdir()} == before


DIGEST = "sha256:[0-9a-f]{64}"
LATER = "not asked of a draft: it can only be seen once it is public"


def test_what_holds_is_told_in_one_line(run: Run) -> None:
    result = run(CHECK, "--without", "SL-ADV-001")
    assert (result.returncode, result.stderr) == (0, "")
    assert re.sub(DIGEST, "SHA", result.stdout).splitlines() == [
        "held against release manifest: v1.2 of acme (not signed) (SHA)",
        "held against release manifest: v2.1 of acme (not signed) (SHA)",
        "held against index: acme at index.json and release manifest v1.2, v2.1 (SHA)",
        "held against 8 documents, made from the record",
        "PASS     PYSEC-2026-1 (draft)  advisory.json SHA",
        "  PASS    SL-ADV-002 to SL-ADV-015, SL-ADV-017, SL-ADV-018",
        "  note    SL-ADV-001: left out on request",
        f"  note    SL-ADV-016, SL-ADV-019 to SL-ADV-023, SL-ADV-025: {LATER}",
        "  note    SL-ADV-024 announcement: announcement: none was named",
        "PASS: 25 answers: 16 hold, 9 are only noted",
    ]


def test_what_does_not_hold_is_told_last_with_place_and_hint(work: Path, run: Run) -> None:
    index(yanked=("2.1",))(work)
    result = run(CHECK, "--without", "SL-ADV-001")
    assert result.returncode == 1
    assert result.stdout.splitlines()[-6:] == [
        "  FAIL    SL-ADV-007 fix-files",
        "          at: index of acme 2.1 (index.json and release manifest v1.2, v2.1)",
        "    expected: files that are not yanked",
        "      actual: yanked: acme-2.1-py3-none-any.whl, acme-2.1.tar.gz",
        f"        hint: {code_of('SL-ADV-007').hint}",
        "FAIL: 25 answers: 15 hold, 1 does not, 9 are only noted",
    ]


def test_an_index_that_nobody_named_is_missing_and_no_pass(run: Run) -> None:
    result = run("advisory check advisory.json")
    assert result.returncode == 3
    lines = result.stdout.splitlines()
    at = lines.index("  MISSING SL-ADV-003, SL-ADV-006, SL-ADV-007, SL-ADV-009 to SL-ADV-013")
    assert lines[at + 1 : at + 5] == [
        "          at: index of acme",
        "    expected: what it lists",
        "      actual: it was not read",
        "        hint: let it be asked, --online=index, or name a saved answer of it, --index FILE",
    ]
    assert lines[-1].startswith("MISSING: ")


@pytest.mark.parametrize(
    ("make", "code"),
    [
        pytest.param(record(events="0 <1.4 2.0 <2.1"), "SL-ADV-006", id="fix-unknown"),
        pytest.param(record(events="0 2.0 <2.1"), "SL-ADV-005", id="range-shape"),
        pytest.param(record(versions=("1.0",)), "SL-ADV-009", id="versions-lost"),
        pytest.param(record(aliases=("CVE-2026-XXXX",)), "SL-ADV-002", id="placeholder"),
        pytest.param(record(weaknesses=("CWE-99999",)), "SL-ADV-015", id="weakness"),
        pytest.param(OTHER_BYTES, "SL-ADV-007", id="other-bytes"),
    ],
)  # fmt: skip
def test_what_is_untrue_ends_with_1_and_its_code(
    work: Path, run: Run, make: Make, code: str
) -> None:
    make(work)
    result = run(CHECK)
    assert result.returncode == 1, result.stdout
    assert code in names_of(result.stdout, "FAIL")


def test_reports_go_to_files(work: Path, run: Run) -> None:
    result = run(CHECK, "--format", "json=a/b.json", "--format", "sarif=c.sarif")
    assert (result.returncode, result.stdout) == (0, "")
    document = json.loads((work / "a" / "b.json").read_text())
    assert (document["schema"], document["outcome"]) == ("sealane.examination/1", "pass")
    assert json.loads((work / "c.sarif").read_text())["version"] == "2.1.0"


def test_data_on_standard_output_is_nothing_but_data(run: Run) -> None:
    result = run(CHECK, "--fill", "--lifted", "2025-06-02T12:00:00Z", "--format", "json")
    assert json.loads(result.stdout)["outcome"] == "pass"
    assert result.stderr == "filled: advisory.json\n"


def test_a_record_in_yaml_is_checked_too(work: Path, run: Run) -> None:
    run("advisory render advisory.json --as pypa --out out")
    result = run(f"advisory check out/vulns/acme/PYSEC-2026-1.yaml {INPUTS}")
    assert result.returncode == 0, result.stdout + result.stderr


def test_a_project_that_names_no_issuer_is_checked_without_its_formats(
    work: Path, run: Run
) -> None:
    (work / "sealane.toml").write_text(NOBODY)
    assert "held against 4 documents" in run(CHECK).stdout
    (work / "sealane.toml").unlink()
    assert "held against 4 documents" in run(CHECK).stdout


def test_fill_writes_what_the_index_has_and_nothing_else(work: Path, run: Run) -> None:
    path = work / "advisory.json"
    record(versions=("1.0", "0.9"))(work)
    result = run(CHECK, "--fill")
    assert (result.returncode, result.stderr) == (0, "filled: advisory.json\n")
    filled = parse_record(path.read_bytes())
    assert filled.modified > AT
    assert replace(filled, modified=AT) == advisory()
    content = path.read_bytes()
    again = run(CHECK, "--fill")
    assert (again.returncode, again.stderr) == (0, "unchanged: advisory.json\n")
    assert path.read_bytes() == content


def test_fill_writes_the_lift(work: Path, run: Run) -> None:
    record(published=None)(work)
    words = ("--fill", "--lifted", "2025-06-02T12:00:00Z")
    assert run(CHECK, *words).stderr == "filled: advisory.json\n"
    filled = parse_record((work / "advisory.json").read_bytes())
    assert filled.published is not None
    assert filled.published.isoformat() == "2025-06-02T12:00:00+00:00"
    assert filled.modified > filled.published
    assert run(CHECK, *words).stderr == "unchanged: advisory.json\n"
