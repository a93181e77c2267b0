"""An audit that cannot ask, or has nothing to ask about, stops the release."""

import socket
from pathlib import Path

import pytest

from sealane.core.release.project import Project
from sealane.errors import InputError, LaneError, LaneExit
from sealane.io.stores.project import load_project
from sealane.lane.locks import lock_paths
from sealane.lane.stages import preflight
from sealane.lane.stages.audit import STAGE
from support.lane import EXAMPLE, context_of, tagged_example


@pytest.fixture(autouse=True)
def outside_of_a_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


def test_a_service_that_cannot_be_reached_stops_the_release(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = context_of(tagged_example(tmp_path))
    preflight.STAGE.run(context)
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{closed.getsockname()[1]}"
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, address)
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(LaneError, match="gave no answer") as caught:
        STAGE.run(context)
    assert caught.value.exit_code == LaneExit.AUDIT
    assert not context.work.audit.exists()


def test_without_a_plan_nothing_is_audited(tmp_path: Path) -> None:
    with pytest.raises(LaneError, match="plan"):
        STAGE.run(context_of(tagged_example(tmp_path)))


PATHS = ["requirements/build.txt", "requirements/runtime.txt", "requirements/build.in", "a/x.txt"]


@pytest.fixture
def project() -> Project:
    return load_project(EXAMPLE)


def test_all_locks_found_are_audited_and_the_builds_own_always(project: Project) -> None:
    assert lock_paths(project, PATHS) == ("requirements/build.txt", "requirements/runtime.txt")
    assert lock_paths(project, ["requirements-dev.txt"]) == (
        "requirements-dev.txt", "requirements/build.txt",
    )  # fmt: skip


def test_a_glob_that_matches_nothing_is_refused(tmp_path: Path) -> None:
    text = (EXAMPLE / "sealane.toml").read_text() + '[audit]\nlocks = ["locks/*.txt"]\n'
    (tmp_path / "sealane.toml").write_text(text)
    with pytest.raises(InputError, match="matches no file"):
        lock_paths(load_project(tmp_path), PATHS)
