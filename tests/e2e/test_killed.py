"""`kill -9` of a whole run leaves no server and no child behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sealane.io.adapters.isolation import why_not_isolated
from support.lane import copy_of_the_example
from support.lane_run import Bench, bench

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.timeout(600),
    pytest.mark.skipif(bool(why_not_isolated()), reason="no namespaces here"),
]


def processes_naming(text: str) -> dict[int, str]:
    """Processes whose command line, or whose environment, names something."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit() or int(folder.name) == os.getpid():
            continue
        try:
            shown = (folder / "cmdline").read_bytes() + (folder / "environ").read_bytes()
            zombie = (folder / "stat").read_text().rpartition(")")[2].split()[0] == "Z"
        except OSError:
            continue
        if not zombie and text.encode() in shown:
            found[int(folder.name)] = shown[:200].decode("utf-8", errors="replace")
    return found


def assert_all_end(text: str) -> None:
    until = time.monotonic() + 20
    while (left := processes_naming(text)) and time.monotonic() < until:
        time.sleep(0.2)
    assert left == {}


@pytest.mark.parametrize("label", ["build a …", "audit …"])
def test_a_run_that_is_killed_leaves_nothing_running(tmp_path: Path, label: str) -> None:
    with bench(tmp_path) as made:
        kill_at(made, label)
        directory = str(made.running.directory)
    assert_all_end(directory)


def kill_at(gitlab: Bench, label: str) -> None:
    process = subprocess.Popen(
        gitlab.command("run"), cwd=gitlab.elsewhere, env=gitlab.environment(gitlab.gitlab()),
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.strip() == label:
            break
    time.sleep(1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stderr.close()


@pytest.mark.parametrize("seconds", [3, 8])
def test_a_rehearsal_that_is_killed_leaves_nothing_running(tmp_path: Path, seconds: int) -> None:
    project = copy_of_the_example(tmp_path / "project")
    kept = tmp_path / "kept"
    process = subprocess.Popen(
        [sys.executable, "-m", "sealane", "rehearse", str(project), "--keep", str(kept)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    until = time.monotonic() + 60
    while not (kept / "sandbox" / "run.json").exists() and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(seconds)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert_all_end(str(kept))
