"""`osv-scanner`, with a database of our own, flags what our record says is affected."""

import os
import subprocess
import zipfile
from pathlib import Path

import pytest

from sealane.core.advisory.record import Record
from sealane.core.advisory.record_render import render_record
from sealane.core.model.values import replace
from support.records import AT, entry_of, record_of
from support.rendered import PLAIN, RENDERING

ROOT = Path(__file__).parents[2]
SCANNER = ROOT / ".interop" / "bin" / "osv-scanner"
VULNERABLE, CLEAN = 1, 0
TWO = record_of(PLAIN.affected[0], entry_of("acme-core", "0 <=3.0", ["3.0"]))
pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]


def scanned(folder: Path, record: Record, *pins: str) -> tuple[int, str]:
    """Its exit code and report on pinned requirements, judged by one record."""
    database = folder / "db" / "osv-scanner" / "PyPI"
    database.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(database / "all.zip", "w") as archive:
        archive.writestr(f"{record.id}.json", render_record(record))
    requirements = folder / "requirements.txt"
    requirements.write_text("".join(f"{pin}\n" for pin in pins))
    command = [
        str(SCANNER), "scan", "source", "--offline", "--local-db-path", str(folder / "db"),
        "--format", "json", "-L", f"requirements.txt:{requirements}",
    ]  # fmt: skip
    # A missing peer is a failure here, never a skip.
    done = subprocess.run(
        command, env={"PATH": os.environ["PATH"], "HOME": str(folder)},
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


@pytest.mark.parametrize("version", RENDERING.listings[0].versions)
def test_a_version_is_flagged_where_the_record_affects_it(tmp_path: Path, version: str) -> None:
    affected = version in PLAIN.affected[0].about.versions
    code, report = scanned(tmp_path, PLAIN, f"acme=={version}")
    assert code == (VULNERABLE if affected else CLEAN), report
    assert ('"id": "PYSEC-2026-1"' in report) is affected


def test_a_version_that_the_record_does_not_list_is_flagged_by_its_range(tmp_path: Path) -> None:
    assert scanned(tmp_path, PLAIN, "acme==1.1.7")[0] == VULNERABLE
    assert scanned(tmp_path, PLAIN, "acme==1.2.0.post1")[0] == CLEAN


def test_each_project_of_a_record_is_flagged_by_its_own_range(tmp_path: Path) -> None:
    assert scanned(tmp_path, TWO, "acme==1.2", "acme-core==3.1")[0] == CLEAN
    code, report = scanned(tmp_path, TWO, "acme==1.2", "Acme_Core==3.0")
    assert code == VULNERABLE, report


def test_a_withdrawn_record_flags_nothing(tmp_path: Path) -> None:
    assert scanned(tmp_path, replace(PLAIN, withdrawn=AT), "acme==1.0")[0] == CLEAN
