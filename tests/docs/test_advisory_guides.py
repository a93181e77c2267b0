"""The guides to advisories do what they say, one after the other, on the files of one project."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run as sealane
from sealane.core.advisory.checks.registry import CHECKS
from sealane.core.advisory.formats.registry import FORMATS
from sealane.io.outlets.registry import KINDS
from support.documents import commands_in
from support.manifests import manifest_of_files, statement_bytes
from support.records import digest_of

GUIDES = Path(__file__).parents[2] / "docs" / "guides"
WRITE, REVIEW, FIX = "write-an-advisory.md", "review-an-advisory.md", "fix-a-wrong-advisory.md"
RECORD = "CVE-2026-10001.json"
OLD = ("1.3.0", "1.4.0", "1.4.1", "1.4.2rc1", "2.0.0")
FIXES = ("1.4.2", "2.0.1")
# What stands in the project's file already.
PROJECT = """schema = "sealane.release/1"

[project]
name = "hello-lane"

[forge]
kind = "gitlab"
project = "acme/hello-lane"

[[channel]]
name = "index"
kind = "pypi"

"""
DRAFT = {
    "ghsa_id": "GHSA-2222-3333-4444",
    "summary": "A greeting runs what it is sent",
    "description": "A name with a backquote is handed to a shell.",
    "severity": "high",
    "vulnerabilities": [
        {
            "package": {"ecosystem": "pip", "name": "hello-lane"},
            "vulnerable_version_range": f">= {first}, < {fixed}",
            "patched_versions": fixed,
        }
        for first, fixed in (("1.4.0", "1.4.2"), ("2.0.0", "2.0.1"))
    ],
}
WRAPPER = """#!{python}
import sys
from sealane.cli.main import run
sys.exit(run(sys.argv[1:]))
"""


def blocks(page: str, kind: str) -> list[str]:
    text = (GUIDES / page).read_text(encoding="utf-8")
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def names_of(version: str) -> tuple[str, str]:
    return f"hello_lane-{version}-py3-none-any.whl", f"hello_lane-{version}.tar.gz"


def listing(versions: Collection[str]) -> str:
    """What the simple API of an index answers."""
    files = [
        {"filename": name, "url": name, "hashes": {"sha256": digest_of(name)}, "yanked": False}
        for version in versions
        for name in names_of(version)
    ]
    return json.dumps({"meta": {"api-version": "1.1"}, "name": "hello-lane", "files": files})


def run(commands: Collection[str], place: Path) -> str:
    """Run commands as one script; what they said."""
    environment = {
        "PATH": f"{place.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(place.parent), "XDG_STATE_HOME": str(place.parent / "state"), "LANG": "C.UTF-8",
    }  # fmt: skip
    result = subprocess.run(
        ["bash", "-c", "\n".join(["set -e", *commands])],
        cwd=place, env=environment, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def change(path: Path, how: Callable[[dict[str, Any]], None]) -> None:
    """What the reader of a guide does in an editor."""
    record = json.loads(path.read_text(encoding="utf-8"))
    how(record)
    path.write_text(json.dumps(record), encoding="utf-8")


def prepare(work: Path) -> None:
    """A folder as the reader of the first guide has it."""
    work.mkdir()
    (settings,) = blocks(WRITE, "toml")
    (work / "sealane.toml").write_text(PROJECT + settings)
    (work / "details.md").write_text("A name with a backquote is handed to a shell.\n")
    (work / "ghsa.json").write_text(json.dumps(DRAFT))
    for version in (*FIXES, "1.3.1"):
        files = {name: name.encode() for name in names_of(version)}
        manifest = manifest_of_files("hello-lane", version, files)
        (work / f"release-{version}.json").write_bytes(statement_bytes(manifest))
    for name, versions in (
        ("listing", OLD),
        ("after", (*OLD, *FIXES)),
        ("later", (*OLD, "1.3.1", *FIXES)),
    ):
        (work / f"{name}.json").write_text(listing(versions))
    tool = work.parent / "bin" / "sealane"
    tool.parent.mkdir()
    tool.write_text(WRAPPER.format(python=sys.executable))
    tool.chmod(0o755)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The folder after the first guide, and what its commands said."""
    work = tmp_path_factory.mktemp("advisory") / "work"
    prepare(work)
    return work, run(commands_in(GUIDES / WRITE), work)


@pytest.fixture
def place(written: tuple[Path, str], tmp_path: Path) -> Path:
    """A copy of that folder."""
    shutil.copytree(written[0].parent, tmp_path, dirs_exist_ok=True)
    return tmp_path / "work"


def test_write_an_advisory_works_as_written(written: tuple[Path, str]) -> None:
    work, said = written
    assert re.findall(r"^exit code (\d)$", said, re.MULTILINE) == ["1"]
    assert "actual: fixed: 1.4.3" in said
    assert "> **DRAFT, TLP:AMBER**" in said
    assert "8 documents, final, TLP:CLEAR" in said
    record = json.loads((work / RECORD).read_text())
    assert record["published"] == "2026-06-01T14:00:00Z"
    assert record["affected"][0]["versions"] == ["1.4.0", "1.4.1", "1.4.2rc1", "2.0.0"]
    # The other two ways to begin lead to a record as well.
    assert (work / "GHSA-2222-3333-4444.json").is_file()
    assert (work / "ACME-2026-7.json").is_file()
    assert (work / "public/csaf/white/2026/cve-2026-10001.json").is_file()
    assert list((work / "patches").glob("*.patch"))
    assert said.rstrip().splitlines()[-1].startswith("PASS:"), said[-3000:]


def test_publishing_again_changes_nothing(place: Path) -> None:
    published = commands_in(GUIDES / WRITE)[-2]
    assert "advisory publish" in published
    before = {path: path.read_bytes() for path in (place / "public").rglob("*.*")}
    run([published], place)
    assert before == {path: path.read_bytes() for path in (place / "public").rglob("*.*")}


def test_review_an_advisory_works_as_written(place: Path) -> None:
    reviewed = place.parent / "reviewed"
    # The reviewer of a database has the file, and no project.
    shutil.copytree(place / "final" / "vulns", reviewed / "vulns")
    shutil.copytree(place / "final", reviewed / "final")
    for name in (RECORD, "release-1.4.2.json", "release-2.0.1.json"):
        shutil.copy(place / name, reviewed / name)
    shutil.copy(place / "after.json", reviewed / "listing.json")
    said = run(commands_in(GUIDES / REVIEW), reviewed)
    assert re.findall(r"^exit code (\d)$", said, re.MULTILINE) == ["1", "1"]
    assert "actual: fixed: 2.0.2" in said
    assert json.loads((reviewed / "review.sarif").read_text())["runs"][0]["results"]


def test_fix_a_wrong_advisory_works_as_written(place: Path) -> None:
    events, provenance = (json.loads(text) for text in blocks(FIX, "json"))
    commands = commands_in(GUIDES / FIX)
    wrong, withdrawn = (n for n, line in enumerate(commands) if "advisory revise" in line)

    said = run(commands[:wrong], place)
    assert re.findall(r"^exit code (\d)$", said, re.MULTILINE) == ["1"]
    assert "expected: fixed: 1.3.1" in said

    def correct(record: dict[str, Any]) -> None:
        record["affected"][0]["ranges"][0] |= events
        record["database_specific"]["sealane"] |= provenance

    change(place / RECORD, correct)
    said = run(commands[wrong:withdrawn], place)
    assert said.rstrip().splitlines()[-1].startswith("PASS:"), said[-3000:]
    public = place / "public/csaf/white/2026/cve-2026-10001.json"
    tracking = json.loads(public.read_text())["document"]["tracking"]
    assert tracking["version"] == "2"
    (patch,) = (place / "patches").glob("*.patch")
    assert "+    - fixed: 1.3.1" in patch.read_text()

    run(commands[withdrawn:], place)
    status = json.loads(public.read_text())["vulnerabilities"][0]["product_status"]
    assert set(status) == {"known_not_affected"}
    assert "+withdrawn: " in patch.read_text()


def test_a_published_revision_that_is_changed_without_a_new_one_is_refused(place: Path) -> None:
    change(place / RECORD, lambda record: record.update(summary="Other words"))
    fix = commands_in(GUIDES / FIX)
    render, publish = (
        next(line for line in fix if verb in line)
        for verb in ("advisory render", "advisory publish")
    )
    with pytest.raises(AssertionError, match="a published revision never changes"):
        run([line.replace("later.json", "after.json").replace("--manifest release-1.3.1.json", "")
             for line in (render, publish)], place)  # fmt: skip


def test_the_pages_name_every_check_and_every_outlet() -> None:
    review = (GUIDES / REVIEW).read_text(encoding="utf-8")
    table = review.split("## What each check says to a reviewer")[1].split("\n## ")[0]
    named: set[int] = set()
    for row in re.findall(r"^\| (`.*?) \|", table, re.MULTILINE):
        for first, last in re.findall(r"`(?:SL-ADV-)?(\d{3})`(?: to `(\d{3})`)?", row):
            found = set(range(int(first), int(last or first) + 1))
            assert not named & found, row
            named |= found
    assert named == {int(check.code[-3:]) for check in CHECKS}
    fix = (GUIDES / FIX).read_text(encoding="utf-8")
    assert re.findall(r"^\| `([a-z-]+)` \|", fix, re.MULTILINE) == list(KINDS)
    explained = (GUIDES.parent / "explanation" / "advisories.md").read_text(encoding="utf-8")
    assert all(f"{name}" in explained for name in FORMATS if name != "csaf-vex")


def test_a_case_of_a_rule_that_demands_an_advisory_can_only_expect_that_it_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (policy,) = blocks("write-a-policy.md", "toml")
    (cases,) = blocks("test-a-policy.md", "toml")
    (tmp_path / "hello.policy.toml").write_text(f"{policy}advisory = true\n")
    (tmp_path / "hello.policy.cases.toml").write_text(cases)
    assert sealane(["policy", "test", str(tmp_path / "hello.policy.toml")]) == 1
    assert "expected pass, got missing with SL-REQ-001, SL-AGR-002" in capsys.readouterr().out
