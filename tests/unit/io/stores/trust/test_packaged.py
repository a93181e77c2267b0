"""The package's roots are those of the installed sigstore, and a changed one is refused."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from urllib.parse import quote

import pytest

import sealane
from sealane.io.stores.trust.packaged import (
    INSTANCES,
    ROOT,
    SIGNING,
    TUF_ROOT,
    packaged_file,
    packaged_root,
)

EVERY = [(name, file) for name in INSTANCES for file in (ROOT, SIGNING, TUF_ROOT)]


@pytest.mark.parametrize(("name", "file"), EVERY)
def test_the_packaged_files_are_those_of_the_installed_sigstore(name: str, file: str) -> None:
    # sigstore keeps them in a folder that is named after the repository's URL.
    folder = resources.files("sigstore").joinpath("_store", quote(INSTANCES[name], safe=""))
    assert packaged_file(name, file) == folder.joinpath(file).read_bytes()


def test_public_instances_have_a_root_each_and_nobody_else_has_one() -> None:
    roots = [packaged_root(name) for name in INSTANCES]
    assert len({root.record.sha256 for root in roots if root}) == len(INSTANCES)
    assert packaged_root("own") is None


def test_the_packaged_roots_have_a_date_that_is_past() -> None:
    root = packaged_root("public-good")
    assert root is not None
    assert root.packaged
    assert datetime(2026, 10, 1, tzinfo=UTC) < root.record.obtained_at < datetime.now(UTC)  # noqa: TID251 - the constant must not be later than the test
    assert "sigstore" in root.record.source


@pytest.mark.parametrize("damage", ["changed", "missing"])
@pytest.mark.parametrize("name", INSTANCES)
def test_a_package_that_was_changed_is_refused(tmp_path: Path, name: str, damage: str) -> None:
    copy = tmp_path / "sealane"
    shutil.copytree(Path(sealane.__file__).parent, copy)
    file = copy / "io" / "stores" / "data" / name / ROOT
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes().replace(b"2021", b"2020"))
    script = (
        f"from sealane.io.stores.trust.load import load_trust; load_trust({name!r}, sandbox=None)"
    )
    result = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(tmp_path), "XDG_STATE_HOME": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "TrustError" in result.stderr
    assert f"{name}/{ROOT} of the package" in result.stderr
