"""`verify`, `inspect` and `policy` run where Python has none of what only POSIX has."""

import json
import subprocess
from pathlib import Path

import pytest

from support.deprived import run_deprived
from support.signed_files import WHO, WORLD, signed

# What other systems lack: modules, and members of `os`.
_WITHOUT = """
import os, sys
class Absent:
    names = {"fcntl", "grp", "pwd", "pty", "resource", "syslog", "termios", "tty", "spwd", "crypt"}
    def find_spec(self, name, path=None, target=None):
        if name in self.names:
            raise ModuleNotFoundError(name, name=name)
sys.meta_path.insert(0, Absent())
for name in Absent.names:
    sys.modules.pop(name, None)
for name in ("O_CLOEXEC", "O_NONBLOCK", "O_NOFOLLOW", "O_DIRECTORY", "fork", "forkpty", "getuid",
             "geteuid", "sched_getaffinity", "mkfifo", "setsid", "killpg", "uname", "getpgid"):
    if hasattr(os, name):
        delattr(os, name)
from sealane.cli.main import run
sys.exit(run(sys.argv[1:]))
"""
POLICY = """schema = "sealane.policy/1"
id = "acme"
[publisher.ci]
kind = "email"
issuer = "https://login.example.org"
members = ["ann@example.org"]
[[rule]]
match = ["*"]
require = [{ predicate = "signature", by = "ci" }]
"""


def run_without(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return run_deprived(_WITHOUT, folder, *arguments)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    (tmp_path / "dist").mkdir()
    for number in range(40):
        signed(tmp_path / "dist", f"f-{number}.0.tar.gz", leaf=None if number else WORLD.leaf())
    return tmp_path


def test_verify_runs_without_posix(folder: Path) -> None:
    line = ["verify", "dist", "--trust", "./root.json", *WHO, "--format", "json"]
    alone = run_without(folder, *line, "-j", "1")
    assert alone.returncode == 0, alone.stderr
    assert len(json.loads(alone.stdout)["verdicts"]) == 40
    (folder / "dist" / "f-7.0.tar.gz").write_bytes(b"changed")
    failed = run_without(folder, *line, "-j", "1")
    assert failed.returncode == 1, failed.stderr


def test_verify_by_a_policy_runs_without_posix(folder: Path) -> None:
    (folder / "p.toml").write_text(POLICY)
    line = ["verify", "dist", "--trust", "./root.json", "--policy", "p.toml", "-j", "1"]
    assert "SL-ID-002" in run_without(folder, *line).stdout


def test_policy_runs_without_posix(folder: Path) -> None:
    (folder / "sealane.policy.toml").write_text(POLICY)
    for line in (["policy", "check", "sealane.policy.toml"], ["policy", "allow"]):
        found = run_without(folder, *line)
        assert found.returncode == 0, found.stderr


def test_inspect_runs_without_posix(folder: Path) -> None:
    evidence = "dist/f-0.0.tar.gz.sigstore.json"
    text = run_without(folder, "inspect", evidence)
    assert text.returncode == 0, text.stderr
    assert text.stdout.startswith("UNVERIFIED")
    found = json.loads(run_without(folder, "inspect", evidence, "--format", "json").stdout)
    assert found["verified"] is False
    suggested = run_without(folder, "inspect", evidence, "--suggest-policy")
    assert suggested.returncode == 0, suggested.stderr
    assert "[publisher.signer-1]" in suggested.stdout


def test_what_is_taken_away_is_missed(folder: Path) -> None:
    # The lane needs Linux; were it to run here, nothing would have been taken away.
    found = run_without(folder, "rehearse", "dist")
    assert found.returncode != 0
