"""Where nothing can be isolated a rehearsal says so, and a release is refused."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sealane.sandbox.environment import child_environment
from sealane.sandbox.launch import start
from support.lane import copy_of_the_example, tagged_example
from support.wheels import wheelhouse

LOCKS = [f"examples/hello-lane/requirements/{name}.txt" for name in ("build", "runtime")]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH with every program of this one's but the one that makes namespaces."""
    folder = tmp_path / "programs"
    folder.mkdir()
    for place in reversed(os.environ["PATH"].split(os.pathsep)):
        for program in Path(place).glob("*") if place else ():
            if program.name != "unshare":
                link = folder / program.name
                link.unlink(missing_ok=True)
                link.symlink_to(program)
    return str(folder)


def test_a_rehearsal_records_that_nothing_was_isolated(tmp_path: Path, path: str) -> None:
    project, kept = copy_of_the_example(tmp_path / "project"), tmp_path / "kept"
    result = subprocess.run(
        [sys.executable, "-m", "sealane", "rehearse", str(project), "--keep", str(kept)],
        env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "two, byte-identical; isolation none" in result.stdout
    work = kept / "project" / ".sealane-work"
    for letter in ("a", "b"):
        record = json.loads((work / f"build-{letter}" / "record.json").read_bytes())
        assert record["isolation"] == "none"
    assert json.loads((work / "compare.json").read_bytes())["isolation"] == {
        "a": "none", "b": "none",
    }  # fmt: skip


def test_a_build_is_refused(tmp_path: Path, path: str) -> None:
    project = tagged_example(tmp_path / "project")
    with start(tmp_path / "sandbox", until_eof=True, wheelhouse=wheelhouse(*LOCKS)) as running:
        environment = child_environment(running.directory, running.base, path=path)

        def lane(*words: str, sandbox: bool = True) -> subprocess.CompletedProcess[str]:
            options = ["--sandbox", str(running.directory)] if sandbox else []
            return subprocess.run(
                [sys.executable, "-m", "sealane", *options, "lane", *words],
                cwd=project, env=environment, capture_output=True, text=True, check=False,
            )  # fmt: skip

        assert lane("preflight").returncode == 0
        refused = lane("build", "--copy", "a")
        # Outside of a sandbox the rehearsal's own way out is none.
        outside = lane("build", "--copy", "a", "--allow-no-isolation", sandbox=False)
        whole = lane("run", "--yes")
    for result in (refused, outside, whole):
        assert result.returncode == 12, result.stderr
        assert "cannot be isolated here" in result.stderr
        assert "unshare" in result.stderr
    assert not (project / ".sealane-work" / "build-a").exists()
