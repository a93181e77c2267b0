"""A hostile build backend finds no way out; without isolation the same backend finds them all."""

import json
import os
import socket
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from sealane.errors import InputError, LaneError, LaneExit, NetworkError
from sealane.io.adapters.git import Repository
from sealane.io.adapters.isolation import Level, why_not_isolated
from sealane.io.builds import wheelhouse as wheelhouse_module
from sealane.io.builds.build import BuildRequest, Target, build_copy
from sealane.lane.stages import build, compare, preflight
from support.hostile import build_in_a_child, hostile_project, make_tool
from support.lane import context_of, named_sandbox, tagged_example
from support.repositories import commit_all
from support.wheels import wheelhouse

CANARY = "canary-4f1c0a7e"
PROBES = (
    "network", "abstract-socket", "agent-socket", "home", "environment", "ancestors", "outside",
)  # fmt: skip
WITHOUT_ISOLATION = set(PROBES) - {"environment"}  # the environment is cleared in any case
needs_namespaces = pytest.mark.skipif(
    bool(why_not_isolated()), reason=f"no namespaces here: {why_not_isolated()}"
)
pytestmark = pytest.mark.enable_socket


@dataclass(frozen=True)
class World:
    """What a hostile backend could find."""

    folder: Path
    plan: dict[str, Any]
    environment: dict[str, str]
    lock: str


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    tools, lock = make_tool(tmp_path / "tools")
    secret = tmp_path / "home" / "secret"
    secret.parent.mkdir()
    secret.write_text(CANARY)
    with (
        socket.socket() as tcp,
        socket.socket(socket.AF_UNIX) as agent,
        socket.socket(socket.AF_UNIX) as abstract,
    ):
        tcp.bind(("127.0.0.1", 0))
        agent.bind(str(tmp_path / "agent"))
        abstract.bind(f"\0sealane-test-{os.getpid()}")
        for listener in (tcp, agent, abstract):
            listener.listen()
        plan = {
            "canary": CANARY, "port": tcp.getsockname()[1], "socket": str(tmp_path / "agent"),
            "abstract": f"sealane-test-{os.getpid()}", "home": str(secret),
            "outside": str(tmp_path / "home" / "written"), "probes": PROBES,
        }  # fmt: skip
        environment = {
            "PATH": os.environ["PATH"], "HOME": str(secret.parent), "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(tools), "SIGSTORE_ID_TOKEN": CANARY,
        }  # fmt: skip
        yield World(tmp_path, plan, environment, lock)


def findings(world: World, level: str) -> dict[str, str]:
    commit = hostile_project(world.folder / "project", world.lock, world.plan)
    output = world.folder / "output"
    result = build_in_a_child(world.folder / "project", commit, level, output, world.environment)
    assert result.returncode == 0, result.stderr
    with tarfile.open(output / "hostile-1.0.tar.gz") as archive:
        found = archive.extractfile("hostile-1.0/FINDINGS.json")
        assert found is not None
        document: dict[str, str] = json.load(found)
    return document


@needs_namespaces
def test_an_isolated_backend_finds_nothing(world: World) -> None:
    assert findings(world, "namespaces") == {}
    assert not Path(world.plan["outside"]).exists()


def test_the_probes_find_everything_where_nothing_isolates(world: World) -> None:
    assert set(findings(world, "none")) == WITHOUT_ISOLATION
    assert Path(world.plan["outside"]).exists()


@needs_namespaces
def test_an_isolated_backend_cannot_change_the_interpreter(world: World) -> None:
    assert findings(World(world.folder, world.plan | {"probes": ["tools"]}, world.environment,
                          world.lock), "namespaces") == {}  # fmt: skip


def request(commit: str, level: Level = Level.NONE) -> BuildRequest:
    target = Target("hostile", ".", "1.0")
    return BuildRequest("a", commit, 1_795_176_000, (target,), "requirements/build.txt", (), level)


@pytest.mark.parametrize(
    ("after", "why"),
    [
        pytest.param("raise SystemExit(3)", "backend failed", id="hook-fails-after-writing"),
        pytest.param("open(f'{folder}/extra.tar.gz', 'w')", "expected one", id="extra-file"),
        pytest.param(
            "hook == 'wheel' and (os.remove(f'{folder}/hostile-1.0.tar.gz'),"
            " os.symlink('/etc/passwd', f'{folder}/hostile-1.0.tar.gz'))",
            "symbolic links", id="link",
        ),
        pytest.param(
            "hook == 'wheel' and (os.remove(f'{folder}/hostile-1.0.tar.gz'),"
            " os.mkfifo(f'{folder}/hostile-1.0.tar.gz'))",
            "not a regular file", id="pipe",
        ),
        pytest.param(
            "hook == 'wheel' and os.rename(f'{folder}/hostile-1.0.tar.gz',"
            " f'{folder}/hostile-1.1.tar.gz')",
            "expected one sdist and one wheel of hostile 1.0", id="other-version",
        ),
        pytest.param(
            "hook == 'wheel' and os.remove(f'{folder}/hostile-1.0.tar.gz')",
            "expected one sdist", id="sdist-removed",
        ),
    ],
)  # fmt: skip
def test_nothing_is_taken_from_a_backend_that_fails_or_lies(
    world: World, after: str, why: str
) -> None:
    plan = world.plan | {"probes": []}
    commit = hostile_project(world.folder / "project", world.lock, plan, after)
    output = world.folder / "output"
    with pytest.raises(InputError, match=why):
        build_copy(Repository(world.folder / "project"), request(commit), output, world.environment)
    assert not output.exists()


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        pytest.param("sha256:", "sha256:0", InputError, id="hash-malformed"),
        pytest.param("==1.0", "==1.1", NetworkError, id="version-not-there"),
        # Its setup.py would run where nothing is isolated.
        pytest.param("do-", "--no-binary :all:\ndo-", InputError, id="sdist-asked-for"),
        pytest.param("do-", "--index-url https://evil.example\ndo-", InputError, id="index"),
        pytest.param("do-", "-r other.txt\ndo-", InputError, id="another-file"),
    ],
)
def test_a_lock_that_does_not_fit_stops_the_build(
    world: World, old: str, new: str, kind: type[Exception]
) -> None:
    with pytest.raises(kind):
        wheelhouse_module.fetch(
            world.lock.replace(old, new, 1).encode(), world.folder / "wheels", world.environment
        )


def test_one_other_bit_in_a_hash_stops_the_build(world: World) -> None:
    flipped = world.lock[:-2] + ("0" if world.lock[-2] != "0" else "1") + "\n"
    with pytest.raises(NetworkError, match=r"HASH|hash"):
        wheelhouse_module.fetch(flipped.encode(), world.folder / "wheels", world.environment)


@pytest.fixture
def outside_of_a_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize(
    "name", ["SIGSTORE_ID_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN", "TWINE_PASSWORD"]
)
def test_a_build_refuses_to_start_while_a_token_exists(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside_of_a_ci: None, name: str
) -> None:
    context = context_of(tagged_example(tmp_path))
    preflight.STAGE.run(context)
    monkeypatch.setenv(name, "a-token-nobody-may-see")
    with pytest.raises(LaneError) as caught:
        build.STAGE_A.run(context)
    assert caught.value.exit_code == LaneExit.BUILD
    assert name in caught.value.message
    assert "nobody-may-see" not in caught.value.message + caught.value.hint
    assert not context.work.build("a").exists()


def test_without_namespaces_nothing_is_built_outside_of_a_rehearsal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside_of_a_ci: None
) -> None:
    context = context_of(tagged_example(tmp_path))
    preflight.STAGE.run(context)
    monkeypatch.setattr(build, "why_not_isolated", lambda: "unshare: not permitted")
    for stage in (build.STAGE_A, build.Build("a", allow_no_isolation=True)):
        with pytest.raises(LaneError, match="cannot be isolated here: unshare: not permitted"):
            stage.run(context)
    assert not context.work.build("a").exists()


def test_a_rehearsal_has_to_ask_for_a_build_without_isolation(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside_of_a_ci: None
) -> None:
    context = context_of(tagged_example(tmp_path), sandbox=named_sandbox(tmp_path))
    preflight.STAGE.run(context)
    monkeypatch.setattr(build, "why_not_isolated", lambda: "unshare: not permitted")
    with pytest.raises(LaneError, match="cannot be isolated"):
        build.STAGE_A.run(context)
    locked_tools(monkeypatch)
    build.Build("a", allow_no_isolation=True).run(context)
    record = json.loads((context.work.build("a") / "record.json").read_bytes())
    assert record["isolation"] == "none"


def locked_tools(monkeypatch: pytest.MonkeyPatch) -> None:
    tools = wheelhouse("examples/hello-lane/requirements/build.txt")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tools))
    monkeypatch.setenv("PIP_NO_INDEX", "1")


@needs_namespaces
def test_two_builds_of_a_real_project_are_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, outside_of_a_ci: None
) -> None:
    context = context_of(tagged_example(tmp_path))
    locked_tools(monkeypatch)
    for stage in (preflight.STAGE, build.STAGE_A, build.STAGE_B, compare.STAGE):
        stage.run(context)
    names = sorted(path.name for path in context.work.dist.iterdir())
    assert names == ["hello_lane-0.1.0-py3-none-any.whl", "hello_lane-0.1.0.tar.gz"]
    records = [
        json.loads((context.work.build(letter) / "record.json").read_bytes()) for letter in "ab"
    ]
    assert [record["isolation"] for record in records] == ["namespaces", "namespaces"]
    assert records[0]["environment"]["TZ"] != records[1]["environment"]["TZ"]
    assert records[0]["backends"] == ["hatchling.build"]


@needs_namespaces
def test_one_packages_backend_leaves_nothing_for_the_next(world: World) -> None:
    project = world.folder / "project"
    plan = world.plan | {"probes": ["outside"], "outside": "/tmp/left-behind"}
    after = "open('/tmp/left-behind', 'w').close() or open('left-behind', 'w').close()"
    hostile_project(project, world.lock, plan, after)
    second = project / "second"
    second.mkdir()
    for name in ("backend.py", "pyproject.toml"):
        text = (project / name).read_text().replace('"hostile"', '"second"')
        text = text.replace("found = {}", "found = {str(n): 1 for n in os.listdir('/tmp')}")
        (second / name).write_text(text)
    commit = commit_all(project)
    targets = (Target("hostile", ".", "1.0"), Target("second", "second", "1.0"))
    two = replace(request(commit, Level.NAMESPACES), targets=targets)
    build_copy(Repository(project), two, world.folder / "output", world.environment)
    with tarfile.open(world.folder / "output" / "second-1.0.tar.gz") as archive:
        found = archive.extractfile("second-1.0/FINDINGS.json")
        assert found is not None
        seen = json.load(found)
    assert "home" in seen  # the backend did look
    assert "left-behind" not in seen
