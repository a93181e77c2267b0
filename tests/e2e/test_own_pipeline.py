"""This repository's own release works: the jobs of its tag pipeline, one by one, in the sandbox."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane import __version__
from sealane.sandbox.environment import child_environment
from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.pipeline import Runner, load_jobs, path_with_python, tag_jobs
from support.repositories import commit_all, snapshot
from support.wheels import wheelhouse

ROOT = Path(__file__).parents[2]
PROJECT = "sealane/sealane"
TAG = f"v{__version__}"
ORDER = ["check", "build-a", "build-b", "compare", "attest", "publish", "confirm"]

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(1800)]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Running]:
    wheels = wheelhouse("requirements/all.txt", "requirements/build.txt")
    with start(tmp_path / "sandbox", until_eof=True, wheelhouse=wheels) as running:
        running.add_publisher(
            "gitlab",
            "sealane",
            repository=PROJECT,
            workflow=".gitlab-ci.yml",
            environment="release",
        )
        yield running


def make_runner(world: Running, folder: Path) -> Runner:
    repository = folder / "repository"
    repository.mkdir()
    snapshot(ROOT, repository)
    commit = commit_all(repository, TAG)

    def mint(audience: str) -> str:
        return world.mint(
            "gitlab", audience, project=PROJECT, ref=TAG, sha=commit, environment="release"
        )

    return Runner(
        repository=repository, tag=TAG, project=PROJECT, folder=folder, mint=mint,
        environment=child_environment(world.directory, world.base, path=path_with_python()),
        sandbox=world.directory,
    )  # fmt: skip


def test_the_tag_jobs_are_the_compact_lane() -> None:
    jobs = tag_jobs(load_jobs(ROOT / ".gitlab-ci.yml"))
    assert list(jobs) == ORDER
    audiences = {
        name: [t["aud"] for t in job.get("id_tokens", {}).values()] for name, job in jobs.items()
    }
    assert {name: found for name, found in audiences.items() if found} == {
        "attest": ["sigstore"],
        "publish": ["pypi"],
    }


def test_this_repository_releases_itself_job_by_job(world: Running, tmp_path: Path) -> None:
    runner = make_runner(world, tmp_path)
    for name, job in tag_jobs(load_jobs(ROOT / ".gitlab-ci.yml")).items():
        result = runner.run(name, job)
        assert result.returncode == 0, f"{name}: {result.stdout}{result.stderr}"
    install_and_verify(runner, tmp_path / "user")


def install_and_verify(runner: Runner, folder: Path) -> None:
    """What a stranger does: fetch the wheel from the index, and check it with what it says."""
    folder.mkdir()
    environment = dict(runner.environment)

    def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=folder, env=environment, text=True, capture_output=True, check=False
        )

    bin_folder = folder / "venv" / "bin"
    assert run("python3", "-m", "venv", folder / "venv").returncode == 0
    installed = run(bin_folder / "pip", "install", "--quiet", f"sealane[online]=={__version__}")
    assert installed.returncode == 0, installed.stderr
    assert __version__ in run(bin_folder / "sealane", "--version").stdout
    fetched = run(
        bin_folder / "pip", "download", "--quiet", "--no-deps", "--dest", "dist", "sealane"
    )
    assert fetched.returncode == 0, fetched.stderr
    wheel = next((folder / "dist").glob("*.whl"))
    verify = (
        bin_folder / "sealane",
        "--sandbox",
        runner.sandbox,
        "verify",
        wheel,
        "--online=index",
    )
    assert run(*verify, "--publisher", f"gitlab:{PROJECT}").returncode == 0
    assert run(*verify, "--publisher", "gitlab:somebody/else").returncode == 1
