"""What attacks on verify, and the stages that publish, start from."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.attacks import Shell
from support.evidence import Signer
from support.signed_release import NAME, PROJECT, Release, make_release


@pytest.fixture
def signer(running_sandbox: Running) -> Signer:
    return Signer(running_sandbox)


@pytest.fixture
def shell(
    running_sandbox: Running,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Shell:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    return Shell(running_sandbox.directory, capsys)


@pytest.fixture
def dist(tmp_path: Path) -> Path:
    folder = tmp_path / "dist"
    folder.mkdir()
    return folder


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """A sandbox of the test's own, whose index knows the release's publisher."""
    with start(tmp_path / "sandbox", until_eof=True) as world:
        world.add_publisher(
            "gitlab", NAME, repository=PROJECT, workflow=".gitlab-ci.yml", environment="release"
        )
        yield world


@pytest.fixture
def release(running: Running, tmp_path: Path) -> Release:
    made = make_release(running, tmp_path / "project")
    attested = made.attest()
    assert attested.returncode == 0, attested.stderr
    return made
