"""Stages are processes: with their own environment, in order, up to the first that fails."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from sealane.errors import LaneError
from sealane.lane.run import Step, run_stages

# Stands for `sealane`: does what the words after "lane" say.
PROGRAM = """
import os, signal, sys
words = sys.argv[sys.argv.index("lane") + 1:]
print("progress", os.environ.get("TOKEN", "none"), file=sys.stderr)
open(os.path.join(os.getcwd(), "order"), "a").write(words[0] + " ")
if words[0] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
if words[0] == "fail":
    print("error: two things:", "  one", "  two", "public: a.whl", "hint: mend it",
          "next: sealane lane fail", sep="\\n", file=sys.stderr)
    sys.exit(21)
if words[0] == "odd":
    sys.exit(5)
"""


def run(names: tuple[str, ...], folder: Path, lines: list[str]) -> tuple[str, ...]:
    asked: list[str] = []

    def environment_for(stage: str) -> Mapping[str, str]:
        asked.append(stage)
        return {"TOKEN": f"for-{stage}"}

    timings = run_stages(
        tuple(Step(name, name, (name,)) for name in names),
        command=(sys.executable, "-c", PROGRAM, "--sandbox", "DIR"),
        options=("--work", "W"),
        environment_for=environment_for,
        directory=folder,
        say=lines.append,
    )
    assert asked == list(names)
    return tuple(one.label for one in timings)


def test_each_stage_gets_its_own_environment(tmp_path: Path) -> None:
    lines: list[str] = []
    assert run(("a", "b"), tmp_path, lines) == ("a", "b")
    assert lines == ["progress for-a", "progress for-b"]


def test_the_first_failure_stops_with_everything_it_said(tmp_path: Path) -> None:
    with pytest.raises(LaneError) as caught:
        run(("a", "fail", "b"), tmp_path, [])
    error = caught.value
    assert (tmp_path / "order").read_text(encoding="utf-8") == "a fail "
    assert error.exit_code == 21
    assert error.message == "fail: two things:\n  one\n  two"
    assert (error.public, error.hint, error.resume) == ("a.whl", "mend it", "sealane lane fail")


@pytest.mark.parametrize(("name", "code"), [("kill", 70), ("odd", 5)])
def test_a_stage_that_says_nothing_is_a_failure_too(tmp_path: Path, name: str, code: int) -> None:
    with pytest.raises(LaneError) as caught:
        run((name,), tmp_path, [])
    assert caught.value.exit_code == code
    assert caught.value.resume == f"sealane --sandbox DIR lane {name} --work W"


# Runs one stage that says its number and sleeps; what runs it is killed as nothing else could.
PARENT = """
import sys
from pathlib import Path
from sealane.lane.run import Step, run_stages
child = "import os, sys, time; print(os.getpid(), file=sys.stderr, flush=True); time.sleep(60)"
run_stages(
    (Step("a", "a", ("a",)),), command=(sys.executable, "-c", child), options=(),
    environment_for=lambda _: {}, directory=Path(), say=lambda line: print(line, flush=True),
)
"""


def test_a_stage_ends_with_a_lane_that_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PARENT], cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        stage = int(parent.stdout.readline())
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
    assert ends(stage)


def ends(process: int) -> bool:
    """Whether a process that is not ours ends soon."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        state = Path(f"/proc/{process}/stat")
        try:
            if state.read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.05)
    return False
