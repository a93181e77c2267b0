"""The tutorial's commands do what it says, in the order it gives them."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from support.documents import commands_in

ROOT = Path(__file__).parents[2]
PLACE = "/tmp/hello-lane-tutorial"
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


def script_of(page: Path, folder: Path) -> str:
    """All commands as one shell script that works in a folder of the test's own."""
    lines = [line.replace(PLACE, str(folder / "hello-lane")) for line in commands_in(page)]
    assert len(lines) > 15
    return "\n".join(["set -e", *lines])


def test_the_tutorial_works_as_written(tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_TOKEN")}
    identity = {
        "GIT_AUTHOR_NAME": "A. Tester", "GIT_AUTHOR_EMAIL": "tester@example.org",
        "GIT_COMMITTER_NAME": "A. Tester", "GIT_COMMITTER_EMAIL": "tester@example.org",
    }  # fmt: skip
    path = os.pathsep.join([str(Path(sys.prefix) / "bin"), os.environ["PATH"]])
    result = subprocess.run(
        ["bash", "-c", script_of(ROOT / "docs" / "tutorial" / "first-release.md", tmp_path)],
        cwd=ROOT, env={**kept, **identity, "PATH": path},
        capture_output=True, text=True, check=False, timeout=500,
    )  # fmt: skip
    if result.returncode:
        down = [sys.executable, "-m", "sealane", "sandbox", "down"]
        subprocess.run([*down, "--dir", str(tmp_path / "hello-lane-sandbox")], check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    assert result.stdout.count("exit code 1") == 1
    # Every stage and both verdicts say that they are a rehearsal's.
    assert result.stdout.count("\n[sandbox] ") >= 9
