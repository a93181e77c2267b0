"""Compare freezes what both builds agree on, and names the member when they do not."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from sealane.core.release.record import BuildRecord, BuiltFile, render_record
from sealane.errors import LaneError, LaneExit
from sealane.lane.plan import parse_plan
from sealane.lane.stages import preflight
from sealane.lane.stages.compare import STAGE
from sealane.lane.stages.interface import Context
from support.archives import SDIST, WHEEL, make_sdist, make_tar, make_wheel, sdist_members
from support.lane import TAG, context_of, named_sandbox, tagged_example
from support.repositories import git

FILES = {WHEEL: make_wheel(), SDIST: make_sdist()}


@pytest.fixture
def context(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    for name in ("GITLAB_CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    found = context_of(tagged_example(tmp_path))
    preflight.STAGE.run(found)
    for letter in "ab":
        leave(found, letter, FILES)
    return found


def record_of(context: Context, letter: str, files: dict[str, bytes]) -> BuildRecord:
    plan = parse_plan(context.work.plan.read_bytes())
    built = tuple(
        BuiltFile(name, len(content), hashlib.sha256(content).hexdigest())
        for name, content in sorted(files.items())
    )
    return BuildRecord(
        letter=letter, commit=plan.commit, epoch=plan.epoch, python="CPython 3", zlib="1",
        platform="Linux", frontend="build 1", backends=("x",), lock="l", lock_sha256="e" * 64,
        installed=("a==1",), isolation="namespaces", environment=(), files=built, seconds=1,
    )  # fmt: skip


def leave(
    context: Context, letter: str, files: dict[str, bytes], record: BuildRecord | None = None
) -> None:
    folder = context.work.build(letter) / "dist"
    folder.mkdir(parents=True, exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    chosen = record or record_of(context, letter, files)
    (folder.parent / "record.json").write_bytes(render_record(chosen))


def stopped(context: Context) -> str:
    with pytest.raises(LaneError) as caught:
        STAGE.run(context)
    assert caught.value.exit_code == LaneExit.BUILD
    assert not context.work.dist.exists()
    return caught.value.message


def test_two_equal_builds_are_frozen(context: Context) -> None:
    STAGE.run(context)
    assert {path.name: path.read_bytes() for path in context.work.dist.iterdir()} == FILES
    document = json.loads(context.work.comparison.read_bytes())
    assert (document["verdict"], document["differences"]) == ("identical", [])
    STAGE.run(context)


def test_a_difference_is_named_with_its_member_and_nothing_is_frozen(context: Context) -> None:
    STAGE.run(context)
    changed = sdist_members() | {"hello_lane-0.1.0/src/hello.py": b"x = 2\n"}
    leave(context, "b", FILES | {SDIST: make_tar(changed)})
    message = stopped(context)
    assert SDIST in message
    assert "hello_lane-0.1.0/src/hello.py" in message
    assert "line 1: 'x = 1'" in message
    document = json.loads(context.work.comparison.read_bytes())
    assert (document["verdict"], document["differences"][0]["class"]) == ("different", "content")


def test_a_file_changed_after_its_build_is_stopped(context: Context) -> None:
    path = context.work.build("a") / "dist" / WHEEL
    content = bytearray(path.read_bytes())
    content[40] ^= 1
    path.write_bytes(content)
    assert "expected sha256" in stopped(context)


def test_both_changed_in_the_same_way_are_stopped(context: Context) -> None:
    for letter in "ab":
        (context.work.build(letter) / "dist" / WHEEL).write_bytes(make_wheel({"x": b""}))
    assert "expected sha256" in stopped(context)


def test_an_unknown_or_a_missing_file_is_stopped(context: Context) -> None:
    extra = context.work.build("b") / "dist" / "extra.txt"
    extra.write_text("x")
    assert "the record names" in stopped(context)
    extra.unlink()
    (context.work.build("b") / "dist" / WHEEL).unlink()
    assert "the record names" in stopped(context)


def test_a_link_in_place_of_a_file_is_stopped(context: Context, tmp_path: Path) -> None:
    path = context.work.build("a") / "dist" / WHEEL
    target = tmp_path / "elsewhere.whl"
    path.rename(target)
    path.symlink_to(target)
    assert "not a plain file" in stopped(context)


@pytest.mark.parametrize("letter", ["a", "b"])
def test_a_missing_build_or_record_is_stopped(context: Context, letter: str) -> None:
    (context.work.build(letter) / "record.json").unlink()
    assert "record" in stopped(context)


@pytest.mark.parametrize(
    "change",
    [
        {"letter": "a"}, {"commit": "0" * 40}, {"epoch": 1}, {"python": "CPython 4"},
        {"lock_sha256": "0" * 64}, {"installed": ()}, {"zlib": "2"}, {"frontend": "x"},
        {"isolation": "none"},
    ],
)  # fmt: skip
def test_a_record_of_another_build_is_stopped(
    context: Context, change: dict[str, str | int]
) -> None:
    record = replace(record_of(context, "b", FILES), **change)  # type: ignore[arg-type]  # one field of a table
    leave(context, "b", FILES, record)
    stopped(context)


def test_a_plan_of_another_release_is_stopped(context: Context, tmp_path: Path) -> None:
    git(tmp_path, "tag", "--force", "--annotate", "--message", "moved", TAG)
    assert "tag object" in stopped(context)


def test_a_changed_configuration_is_stopped(context: Context, tmp_path: Path) -> None:
    path = tmp_path / "sealane.toml"
    path.write_text(path.read_text() + "# changed\n")
    assert "sealane.toml" in stopped(context_of(tmp_path))


def test_a_rehearsals_plan_is_not_a_releases_plan(context: Context, tmp_path: Path) -> None:
    assert "sandbox" in stopped(replace(context, sandbox=named_sandbox(tmp_path)))


def test_a_description_that_cannot_be_shown_is_stopped(context: Context) -> None:
    metadata = (
        b"Metadata-Version: 2.4\nName: hello-lane\nVersion: 0.1.0\n"
        b"Description-Content-Type: text/x-rst\n\n.. unknown-directive::\n\n`broken\n"
    )
    broken = make_tar(sdist_members() | {"hello_lane-0.1.0/PKG-INFO": metadata})
    for letter in "ab":
        leave(context, letter, FILES | {SDIST: broken})
    assert "twine check" in stopped(context)


def test_a_file_of_another_version_is_stopped(context: Context) -> None:
    metadata = b"Metadata-Version: 2.4\nName: hello-lane\nVersion: 0.1.1\n\nx\n"
    other = make_tar(sdist_members() | {"hello_lane-0.1.0/PKG-INFO": metadata})
    for letter in "ab":
        leave(context, letter, FILES | {SDIST: other})
    assert "got hello-lane 0.1.1" in stopped(context)
