"""`sealane advisory render` and `validate`: documents of every format, and their own rules."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from sealane.core.advisory.record_render import render_record
from support.advisory_project import INPUTS, NOBODY, advisory, ready
from support.commands import (
    EVIL,
    Case,
    Result,
    check,
    file,
    folder,
    huge,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)

RENDER = f"advisory render advisory.json --out out {INPUTS}"
NAMES = {
    "osv": "PYSEC-2026-1.json", "pypa": "vulns/acme/PYSEC-2026-1.yaml",
    "cve": "PYSEC-2026-1.cve.json", "csaf": "csaf/pysec-2026-1.json",
    "csaf-vex": "csaf/pysec-2026-1-vex.json", "openvex": "PYSEC-2026-1.openvex.json",
    "ghsa": "PYSEC-2026-1.ghsa.json", "markdown": "PYSEC-2026-1.md",
}  # fmt: skip
Run = Callable[..., Result]


@pytest.fixture
def work(tmp_path: Path) -> Path:
    made = tmp_path / "work"
    made.mkdir()
    ready(made)
    return made


@pytest.fixture
def run(work: Path, tmp_path: Path) -> Run:
    def command(line: str, *more: str | Path) -> Result:
        return sealane((*line.split(), *more), work, plain_environment(tmp_path))

    return command


def files(folder: Path) -> set[str]:
    return {one.relative_to(folder).as_posix() for one in folder.rglob("*") if one.is_file()}


MISTAKES = (
    row("no-folder", "advisory render advisory.json", 2, "--out"),
    row("record-missing", "advisory render none.json --out out", 5, "'none.json'"),
    row("record-no-json", "advisory render sealane.toml --out out", 5, "not JSON"),
    row("unknown-format", f"{RENDER} --as yaml", 2, "'yaml'", "csaf-vex",
        hint="advisory render --help"),
    row("format-evil", (*RENDER.split(), "--as", EVIL), 2, r"x\x1b[31m"),
    row("unknown-label", f"{RENDER} --tlp WHITE", 2, "--tlp 'WHITE'", "CLEAR, GREEN"),
    row("no-issuer", f"{RENDER} --as csaf", 2, "format csaf", "names its issuer",
        hint="[advisory] in sealane.toml", make=file("sealane.toml", NOBODY)),
    row("folder-is-a-file", "advisory render advisory.json --out index.json", 5, "'index.json'"),
    row("nothing-affected", RENDER, 5, "affected: expected at least one", hint="name the package",
        make=file("advisory.json", render_record(advisory(affected=())))),
    row("no-text", RENDER, 5, "summary", make=file("advisory.json", render_record(
        advisory(summary="", details="")))),
    row("listing-missing", "advisory render advisory.json --out out --index x", 5, "'x'"),
    row("url-of-nobody", f"{RENDER} --index-url https://a.example/", 2, "asks nobody"),
    row("validate-nothing", "advisory validate", 2, "FILE", hint="advisory validate --help"),
    row("validate-missing", "advisory validate none.json", 5, "'none.json'", "No such file"),
    row("validate-evil", ("advisory", "validate", EVIL), 5, r"x\x1b[31m\nhint: run me"),
    row("validate-pipe", "advisory validate p", 5, "'p'", "not a regular", make=pipe("p")),
    row("validate-huge", "advisory validate h", 5, "'h'", "larger than", make=huge("h")),
    row("validate-folder", "advisory validate d", 5, "'d'", make=folder("d")),
    row("validate-no-format", "advisory validate index.json", 5, "'index.json'", "no format",
        hint="--as csaf"),
    row("validate-unknown-format", "advisory validate index.json --as yaml", 2, "'yaml'"),
    row("validate-no-json", "advisory validate sealane.toml --as csaf", 5, "sealane.toml",
        hint="the format csaf"),
    row("validate-two-in-json", "advisory validate advisory.json advisory.json --format json", 2,
        "2 were named"),
    row("validate-over-itself", "advisory validate advisory.json --format json=advisory.json", 2,
        "would be lost"),
)  # fmt: skip


@table(*MISTAKES)
def test_a_mistake_is_named_and_nothing_is_half_written(case: Case, work: Path, run: Run) -> None:
    case.make(work)
    before = {one.name: one.lstat().st_mtime_ns for one in work.iterdir()}
    check(run("", *case.arguments), case)
    assert {one.name: one.lstat().st_mtime_ns for one in work.iterdir()} == before


def test_every_format_is_made_with_its_digest(work: Path, run: Run) -> None:
    result = run(RENDER)
    assert (result.returncode, result.stderr) == (0, "")
    *lines, last = result.stdout.splitlines()
    told = [line.split() for line in lines]
    assert [(name, path) for name, path, _ in told] == [
        (name, f"out/{path}") for name, path in NAMES.items()
    ]
    for _, path, digest in told:
        assert digest == f"sha256:{sha256((work / path).read_bytes()).hexdigest()}"
    assert last == "8 documents, draft, TLP:AMBER"
    assert files(work / "out") == set(NAMES.values())


def test_no_two_documents_differ_in_the_case_of_their_names_alone(work: Path, run: Run) -> None:
    run(RENDER)
    names = files(work / "out")
    assert len({name.lower() for name in names}) == len(names)


@pytest.mark.parametrize(
    ("flags", "status", "label"),
    [
        ("", "draft", "AMBER"),
        ("--final", "final", "WHITE"),
        ("--tlp RED", "draft", "RED"),
        ("--final --tlp GREEN", "final", "GREEN"),
    ],
)
def test_documents_are_marked_for_their_stage(
    work: Path, run: Run, flags: str, status: str, label: str
) -> None:
    assert run(f"{RENDER} --as csaf {flags}").returncode == 0
    document = json.loads((work / "out" / NAMES["csaf"]).read_text())["document"]
    assert document["tracking"]["status"] == status
    assert document["distribution"]["tlp"]["label"] == label
    assert document["references"][0]["url"].startswith(f"https://acme.example/csaf/{label.lower()}")


def test_only_what_is_named_is_made(work: Path, run: Run) -> None:
    run(f"{RENDER} --as osv --as markdown")
    assert files(work / "out") == {NAMES["osv"], NAMES["markdown"]}


def test_without_an_issuer_only_what_names_none_is_made(work: Path, run: Run) -> None:
    (work / "sealane.toml").unlink()
    assert run(RENDER).returncode == 0
    assert files(work / "out") == {NAMES[name] for name in ("osv", "pypa", "ghsa", "markdown")}


def test_what_is_rendered_is_valid(work: Path, run: Run) -> None:
    run(RENDER)
    documents = sorted(f"out/{name}" for name in NAMES.values())
    result = run("advisory validate", *documents)
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line for line in result.stdout.splitlines() if line.startswith("PASS ")]
    assert [line.split()[-2] for line in lines] == documents


def test_the_rule_that_is_broken_is_named_with_its_place(work: Path, run: Run) -> None:
    run(RENDER, "--as", "csaf")
    path = work / "out" / NAMES["csaf"]
    document = json.loads(path.read_text())
    document["document"]["tracking"]["version"] = "2"
    path.write_text(json.dumps(document))
    result = run(f"advisory validate out/{NAMES['csaf']}")
    assert (result.returncode, result.stderr) == (1, "")
    digest = sha256(path.read_bytes()).hexdigest()
    lines = result.stdout.splitlines()
    assert lines[0] == (f"FAIL     CSAF 2.0 security advisory  out/{NAMES['csaf']} sha256:{digest}")
    at = lines.index("    expected: rule 6.1.16")
    assert lines[at - 2 : at] == [
        "  FAIL    SL-ADV-001 schema", "          at: /document/tracking/version",
    ]  # fmt: skip
    assert lines[-1].startswith("FAIL: ")


def test_the_worst_of_several_documents_decides(work: Path, run: Run) -> None:
    (work / "broken.json").write_bytes(render_record(advisory()).replace(b'"PyPI"', b'"Pypi"'))
    for names in (("advisory.json", "broken.json"), ("broken.json", "advisory.json")):
        result = run("advisory validate", *names, "--as", "osv")
        assert result.returncode == 1
        assert "PASS     OSV record  advisory.json" in result.stdout
        assert "FAIL     OSV record  broken.json" in result.stdout


def test_a_format_is_told_or_taken_as_named(work: Path, run: Run) -> None:
    assert "OSV record" in run("advisory validate advisory.json").stdout
    assert run("advisory validate advisory.json --as csaf").returncode == 1


def test_a_report_of_one_document_is_for_programs_too(work: Path, run: Run) -> None:
    result = run("advisory validate advisory.json --format json")
    document = json.loads(result.stdout)
    assert (document["subject"], document["place"]) == ("OSV record", "advisory.json")
    assert document["outcome"] == "pass"
