"""A program is bounded in time and output, inherits nothing, and leaves nothing running."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.process import run

ENV = {"PATH": os.defpath}


def test_output_and_code_are_told(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    found = run([sys.executable, "-c", code], env=ENV, cwd=tmp_path, timeout=20)
    assert (found.code, found.stdout, found.stderr, found.cut_off) == (3, "out\n", "err\n", "")
    assert found.text == "out\nerr"


def test_nothing_of_the_environment_is_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CANARY", "secret")
    code = "import os; print(sorted(os.environ))"
    found = run([sys.executable, "-I", "-c", code], env=ENV, cwd=tmp_path, timeout=20)
    assert "CANARY" not in found.stdout


def test_a_program_over_its_time_is_killed_with_its_children(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    code = f"(sleep 3; touch {mark}) & sleep 60"
    begun = time.monotonic()
    found = run(["/bin/sh", "-c", code], env=ENV, cwd=tmp_path, timeout=1)
    assert found.cut_off == "timeout"
    assert found.code != 0
    assert time.monotonic() - begun < 10
    time.sleep(3)
    assert not mark.exists()


def test_a_program_that_leaves_a_child_behind_ends_it(tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    found = run(
        ["/bin/sh", "-c", f"(sleep 2; touch {mark}) & exit 0"], env=ENV, cwd=tmp_path, timeout=20
    )
    assert found.code == 0
    time.sleep(2.5)
    assert not mark.exists()


def test_a_flood_of_output_is_cut_off(tmp_path: Path) -> None:
    found = run(["/bin/sh", "-c", "yes"], env=ENV, cwd=tmp_path, timeout=20, limit=100_000)
    assert found.cut_off == "output"
    assert found.code != 0


def test_input_is_read(tmp_path: Path) -> None:
    assert run(["cat"], env=ENV, cwd=tmp_path, timeout=20, stdin=b"x\n").output == b"x\n"


def test_a_program_that_is_not_there_is_an_error_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no-such-program"):
        run(["no-such-program"], env=ENV, cwd=tmp_path, timeout=5)


PARENT = """
import os
from pathlib import Path
from sealane.io.adapters.process import run
run(["/bin/sh", "-c", "echo $$ > number; sleep 60"], env={"PATH": os.defpath}, cwd=Path(),
    timeout=60)
"""


def test_a_program_ends_with_a_caller_that_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], cwd=tmp_path)
    number = tmp_path / "number"
    while not (number.exists() and number.read_text().strip()):
        time.sleep(0.05)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    time.sleep(0.5)
    state = Path(f"/proc/{number.read_text().strip()}/stat")
    assert not state.exists() or state.read_text().rpartition(")")[2].split()[0] == "Z"
