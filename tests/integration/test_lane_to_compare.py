"""From tag to frozen files against the sandbox's index: unmodified pip and pip-audit ask it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.errors import LaneError, LaneExit
from sealane.io.adapters.isolation import why_not_isolated
from sealane.io.stores.sandbox import load_named_sandbox
from sealane.lane.stages import audit, build, compare, preflight
from sealane.lane.stages.interface import Context
from sealane.sandbox.environment import child_environment
from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.lane import EXAMPLE, context_of, copy_of_the_example
from support.repositories import commit_all
from support.wheels import wheelhouse

LOCKS = [f"examples/hello-lane/requirements/{name}.txt" for name in ("build", "runtime")]
pytestmark = pytest.mark.enable_socket


@pytest.fixture
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("world")
    with start(folder / "sandbox", until_eof=True, wheelhouse=wheelhouse(*LOCKS)) as running:
        yield running


def context_in(world: Running, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A tagged project in a process that sees the sandbox and nothing else."""
    commit_all(folder, "v0.1.0")
    environment = child_environment(world.directory, world.base)
    for name in list(os.environ):
        monkeypatch.delenv(name)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    context = context_of(folder, sandbox=load_named_sandbox(str(world.directory)))
    preflight.STAGE.run(context)
    return context


@pytest.fixture
def context(world: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    return context_in(world, copy_of_the_example(tmp_path), monkeypatch)


@pytest.mark.skipif(bool(why_not_isolated()), reason="no namespaces here")
def test_a_project_comes_from_tag_to_frozen_files(context: Context) -> None:
    for stage in (audit.STAGE, build.STAGE_A, build.STAGE_B, compare.STAGE):
        stage.run(context)
    document = json.loads(context.work.audit.read_bytes())
    assert [lock["path"] for lock in document["locks"]] == [
        "requirements/build.txt", "requirements/runtime.txt",
    ]  # fmt: skip
    assert (document["sandbox"], document["canary"]) == (True, "jinja2==2.4.1")
    assert json.loads(context.work.comparison.read_bytes())["sandbox"] is True
    assert len(list(context.work.dist.iterdir())) == 2


def vulnerable(world: Running, version: str) -> None:
    world.add_vulnerability("idna", version, id="PYSEC-2026-9", summary="a test")


@pytest.fixture
def idna(world: Running) -> str:
    """The locked release of idna, which has an advisory from now on."""
    lock = (EXAMPLE / "requirements" / "runtime.txt").read_text()
    version = lock.split("idna==")[1].split(" ")[0]
    vulnerable(world, version)
    return version


def test_a_release_the_index_does_not_know_stops_the_release(
    world: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of_the_example(tmp_path)
    lock = tmp_path / "requirements" / "other.txt"
    lock.write_text("nobody-knows-this==1.0 --hash=sha256:" + "0" * 64 + "\n")
    context = context_in(world, tmp_path, monkeypatch)
    with pytest.raises(LaneError, match="nobody-knows-this") as caught:
        audit.STAGE.run(context)
    assert caught.value.exit_code == LaneExit.AUDIT


def test_an_advisory_stops_the_release(context: Context, idna: str) -> None:
    with pytest.raises(LaneError, match=f"idna {idna}: PYSEC-2026-9") as caught:
        audit.STAGE.run(context)
    assert caught.value.exit_code == LaneExit.AUDIT
    assert not context.work.audit.exists()


def test_an_exception_lets_it_pass_and_is_recorded(
    world: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, idna: str
) -> None:
    copy_of_the_example(tmp_path)
    with (tmp_path / "sealane.toml").open("a") as stream:
        stream.write(
            '[[audit.exception]]\nid = "PYSEC-2026-9"\npackage = "idna"\n'
            'reason = "not reachable here"\nexpires = 2027-06-30\n'
        )
    context = context_in(world, tmp_path, monkeypatch)
    report = audit.STAGE.run(context)
    assert (
        "exception PYSEC-2026-9",
        "idna: not reachable here (until 2027-06-30)",
    ) in report.details
    assert json.loads(context.work.audit.read_bytes())["exceptions"][0]["id"] == "PYSEC-2026-9"


def test_a_lock_that_pins_the_canarys_project_is_audited_too(
    world: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of_the_example(tmp_path)
    lock = tmp_path / "requirements" / "runtime.txt"
    lock.write_text("jinja2==2.4.1 --hash=sha256:" + "0" * 64 + "\n")
    context = context_in(world, tmp_path, monkeypatch)
    with pytest.raises(LaneError, match=r"runtime\.txt: jinja2 2\.4\.1: PYSEC"):
        audit.STAGE.run(context)
