"""One sandbox per test process, and unmodified clients run inside it."""

import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from sealane.sandbox import launch
from sealane.sandbox.environment import child_environment
from sealane.sandbox.running import Running

# Where the environment that runs the tests has its programs.
PROGRAMS = Path(sys.prefix) / "bin"


@pytest.fixture(scope="session")
def running_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A sandbox that ends with the test process, however that ends."""
    with launch.start(tmp_path_factory.mktemp("sandbox"), until_eof=True) as running:
        yield running


def program(name: str) -> str:
    """Path of a client; a missing one is a failure, not a skip."""
    path = PROGRAMS / name
    assert path.is_file(), f"{name} is not installed beside {sys.executable}"
    return str(path)


def inside(
    running: Running,
    command: Sequence[str | Path],
    extra: Mapping[str, str] | None = None,
    *,
    folder: Path | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a program of the tests' environment so that it can reach the sandbox alone."""
    name, *arguments = map(str, command)
    return subprocess.run(
        [program(name), *arguments],
        env=child_environment(running.directory, running.base, extra or {}),
        cwd=folder, capture_output=True, text=True, check=False, timeout=timeout,
    )  # fmt: skip


def ambient_gitlab(
    running: Running, audience: str = "sigstore", **claims: object
) -> dict[str, str]:
    """The variables in which a GitLab job finds its identity token."""
    name = f"{audience.upper()}_ID_TOKEN"
    return {"GITLAB_CI": "true", name: running.mint("gitlab", audience, **claims)}


def ambient_github(running: Running, **options: str) -> dict[str, str]:
    """The variables with which a GitHub job asks for identity tokens."""
    from urllib.parse import urlencode

    return {
        "GITHUB_ACTIONS": "true",
        "ACTIONS_ID_TOKEN_REQUEST_TOKEN": running.request_token,
        "ACTIONS_ID_TOKEN_REQUEST_URL": f"{running.base}/actions/idtoken?{urlencode(options)}",
    }
