"""A git remote is worked with and nothing of anybody runs: no hook, no configuration, no prompt."""

import os
import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.errors import ChannelError, InputError, NetworkError
from sealane.io.adapters.git_remote import (
    Address,
    Author,
    Remote,
    check_branch,
    open_remote,
    parse_author,
)
from sealane.io.adapters.secret import Secret
from support.recorder import Recorder, recording
from support.repositories import commit_all, git

AUTHOR = Author("Acme", "security@acme.example")
AT = datetime(2026, 11, 1, 12, tzinfo=UTC)
ENVIRONMENT = {"PATH": os.environ["PATH"]}


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A remote with one commit on main and a second one behind it."""
    work = tmp_path / "work"
    work.mkdir()
    (work / "README").write_text("one")
    commit_all(work)
    (work / "README").write_text("two")
    commit_all(work)
    git(tmp_path, "clone", "--quiet", "--bare", "work", "remote.git")
    return tmp_path / "remote.git"


def remote(bare: Path, tmp_path: Path) -> Remote:
    return Remote(Address(str(bare)), tmp_path / "own", ENVIRONMENT, None)


def test_a_branch_is_fetched_without_its_history(bare: Path, tmp_path: Path) -> None:
    opened = remote(bare, tmp_path)
    head = git(bare, "rev-parse", "main")
    assert opened.heads() == {"main": head}
    assert opened.fetch("main") == head
    assert opened.repository.read(head, "README") == b"two"
    with pytest.raises(ChannelError):
        opened.fetch("none")


def test_the_same_values_give_the_same_commit(bare: Path, tmp_path: Path) -> None:
    found = []
    for name in ("a", "b"):
        opened = Remote(Address(str(bare)), tmp_path / name, ENVIRONMENT, None)
        parent = opened.fetch("main")
        found.append(opened.commit(parent, {"vulns/x.yaml": b"id: x\n"}, AUTHOR, AT, "x"))
    assert found[0] == found[1]
    opened.push(found[0], "sealane/x")
    shown = git(bare, "show", "--no-patch", "--format=%an|%ae|%cn|%aI|%cI|%s", found[0])
    moment = "2026-11-01T12:00:00+00:00"
    assert shown == f"Acme|security@acme.example|Acme|{moment}|{moment}|x"
    assert git(bare, "show", f"{found[0]}:vulns/x.yaml") == "id: x"
    assert git(bare, "show", f"{found[0]}:README") == "two"
    assert opened.heads()["sealane/x"] == found[0]


def test_a_large_record_is_stored_whole(bare: Path, tmp_path: Path) -> None:
    opened = remote(bare, tmp_path)
    content = b"x" * 300_000 + b"\r\n"
    commit = opened.commit(opened.fetch("main"), {"a.yaml": content}, AUTHOR, AT, "x")
    assert opened.repository.read(commit, "a.yaml") == content


def test_commits_that_are_there_are_never_lost(bare: Path, tmp_path: Path) -> None:
    opened = remote(bare, tmp_path)
    parent = opened.fetch("main")
    first = opened.commit(parent, {"a": b"1"}, AUTHOR, AT, "1")
    second = opened.commit(parent, {"a": b"2"}, AUTHOR, AT, "2")
    opened.push(first, "x")
    with pytest.raises(ChannelError, match="refused"):
        opened.push(second, "x")
    assert opened.heads()["x"] == first
    opened.push(opened.commit(first, {"a": b"3"}, AUTHOR, AT, "3"), "x")


def test_no_hook_of_a_local_remote_runs(bare: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for name in ("pre-receive", "update", "post-receive", "post-update", "reference-transaction"):
        hook = bare / "hooks" / name
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(f"#!/bin/sh\ntouch {mark}\n")
        hook.chmod(hook.stat().st_mode | stat.S_IXUSR)
    opened = remote(bare, tmp_path)
    opened.push(opened.commit(opened.fetch("main"), {"a": b"1"}, AUTHOR, AT, "1"), "x")
    assert not mark.exists()


def test_no_configuration_of_the_user_is_read(
    bare: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark = tmp_path / "ran"
    (tmp_path / ".gitconfig").write_text(
        f'[url "https://elsewhere.example/"]\n\tinsteadOf = {bare}\n'
        f'[credential]\n\thelper = "!touch {mark}"\n[commit]\n\tgpgSign = true\n'
    )
    for name, value in (
        ("HOME", str(tmp_path)), ("GIT_CONFIG_GLOBAL", str(tmp_path / ".gitconfig")),
        ("GIT_DIR", str(bare)), ("GIT_ASKPASS", f"touch {mark}"),
    ):  # fmt: skip
        monkeypatch.setenv(name, value)
    opened = Remote(Address(str(bare)), tmp_path / "own", dict(os.environ), None)
    opened.push(opened.commit(opened.fetch("main"), {"a": b"1"}, AUTHOR, AT, "1"), "x")
    assert not mark.exists()
    assert "x" in opened.heads()


@pytest.mark.parametrize(
    "url",
    [
        "http://forge.example/a.git", "ssh://git@forge.example/a.git", "git@forge.example:a.git",
        "git://forge.example/a.git", "ext::sh -c x", "relative/path", "", "-u",
        "https://user:secret@forge.example/a.git", "http://127.0.0.1/a.git", "file:///a.git",
        "https://", "https://forge.example/a\nb",
    ],
)  # fmt: skip
def test_a_remote_that_may_not_be_used_is_refused(url: str, tmp_path: Path) -> None:
    with pytest.raises((InputError, NetworkError)) as caught:
        Remote(Address(url), tmp_path / "own", ENVIRONMENT, None)
    assert "secret" not in caught.value.message


@pytest.mark.parametrize(
    "name", ["", "-x", "a b", "a..b", "/a", "a/", "a.lock", "a:b", "a~1", "@{u}", "a\n", "a."]
)
def test_a_name_that_is_no_branch_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="branch"):
        check_branch(name)
    assert check_branch("sealane/PYSEC-0000-x.y") == "sealane/PYSEC-0000-x.y"


@pytest.mark.parametrize(
    "path", ["", "/a", "../a", "a/../b", ".git/config", "a/.git/x", "-a", "a//b", "a\tb", "a\nb"]
)
def test_a_path_that_leads_elsewhere_is_refused(bare: Path, tmp_path: Path, path: str) -> None:
    opened = remote(bare, tmp_path)
    with pytest.raises(InputError, match="cannot be called"):
        opened.commit(opened.fetch("main"), {path: b"x"}, AUTHOR, AT, "x")


@pytest.mark.parametrize("text", ["", "Acme", "<a@b>", "Acme <a>", "Acme <a@b", "A\nB <a@b>"])
def test_an_author_without_name_or_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="author"):
        parse_author(text)
    assert parse_author("Acme team <a@b.example>") == Author("Acme team", "a@b.example")


def test_a_patch_depends_on_its_files_alone_and_applies(bare: Path, tmp_path: Path) -> None:
    opened = remote(bare, tmp_path)
    parent = opened.fetch("main")
    other = opened.commit(parent, {"other": b"x"}, AUTHOR, AT, "other")
    patches = {
        opened.patch(opened.commit(at, {"vulns/a.yaml": b"id: a\n"}, AUTHOR, AT, "a: new"))
        for at in (parent, other, "")
    }
    assert len(patches) == 1
    work = tmp_path / "work"
    (tmp_path / "a.patch").write_bytes(patches.pop())
    git(work, "am", "--quiet", str(tmp_path / "a.patch"))
    assert (work / "vulns" / "a.yaml").read_bytes() == b"id: a\n"


def test_the_token_is_in_no_argument_and_in_no_error(tmp_path: Path) -> None:
    token = Secret("hunter2-hunter2", "TOKEN")
    with recording(Recorder(403, b"hunter2-hunter2 is not allowed")) as service:
        address = Address(f"{service.base}/a.git", sandbox=True)
        with (
            open_remote(address, ENVIRONMENT, token) as opened,
            pytest.raises(ChannelError, match="refused") as caught,
        ):
            opened.heads()
    assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"
    assert service.requests[0]["authorization"].startswith("Basic ")


def test_a_redirect_is_not_followed(tmp_path: Path) -> None:
    with recording(Recorder(301, b"")) as service:
        address = Address(f"{service.base}/a.git", sandbox=True)
        with (
            open_remote(address, ENVIRONMENT, Secret("hunter2")) as opened,
            pytest.raises(NetworkError),
        ):
            opened.heads()
        assert len(service.requests) == 1


def test_nothing_is_left_behind(bare: Path) -> None:
    with open_remote(Address(str(bare)), ENVIRONMENT, None) as opened:
        opened.fetch("main")
        folder = opened.repository.directory
    assert not folder.parent.exists()
