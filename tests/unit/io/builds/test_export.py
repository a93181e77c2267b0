"""An export is the commit and nothing else, with the same modes and times every time."""

import os
import stat
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.git import Repository
from sealane.io.builds.export import export
from support.repositories import commit_all, git

EPOCH = 1_700_000_000


def exported(source: Path, into: Path) -> Path:
    repository = Repository(source)
    export(repository, repository.head(), into, EPOCH)
    return into


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "source"
    (folder / "deep" / "er").mkdir(parents=True)
    (folder / "deep" / "er" / "run").write_text("#!/bin/sh\n")
    (folder / "deep" / "er" / "run").chmod(0o700)
    (folder / "text.txt").write_bytes(b"a\r\nb\n")
    (folder / ".gitattributes").write_text("*.txt text eol=crlf export-subst filter=x\n")
    (folder / "link").symlink_to("deep/er/run")
    commit_all(folder)
    return folder


def test_contents_modes_and_times_are_the_commits(source: Path, tmp_path: Path) -> None:
    (source / "untracked").write_text("x")
    (source / "text.txt").write_text("changed")
    before = os.umask(0o077)
    try:
        into = exported(source, tmp_path / "out")
    finally:
        os.umask(before)
    found = sorted(path.relative_to(into).as_posix() for path in into.rglob("*"))
    assert found == [".gitattributes", "deep", "deep/er", "deep/er/run", "link", "text.txt"]
    blob = git(source, "cat-file", "blob", "HEAD:text.txt")
    assert (into / "text.txt").read_bytes().decode().strip() == blob.strip()
    modes = {path.name: stat.S_IMODE(path.lstat().st_mode) for path in into.rglob("*")}
    assert (modes["run"], modes["text.txt"], modes["deep"], modes["er"]) == (
        0o755, 0o644, 0o755, 0o755,
    )  # fmt: skip
    assert {int(path.lstat().st_mtime) for path in [into, *into.rglob("*")]} == {EPOCH}
    assert os.readlink(into / "link") == "deep/er/run"


@pytest.mark.parametrize("target", ["/etc/passwd", "../outside", "deep/../../outside", ".."])
def test_a_link_that_leads_out_is_refused(source: Path, tmp_path: Path, target: str) -> None:
    (source / "bad").symlink_to(target)
    commit_all(source)
    with pytest.raises(InputError, match="leads out of it"):
        exported(source, tmp_path / "out")


def test_a_file_below_a_link_is_refused(source: Path, tmp_path: Path) -> None:
    blob = git(source, "rev-parse", "HEAD:text.txt")
    tree = git(source, "rev-parse", "HEAD:deep")
    entries = f"100644 blob {blob}\t.git\n040000 tree {tree}\tdeep\n"
    made = make_tree(source, entries)
    with pytest.raises(InputError, match=r"unsafe path|\.git"):
        export(Repository(source), made, tmp_path / "out", EPOCH)
    assert not (tmp_path / "out" / ".git").exists()


def make_tree(source: Path, entries: str) -> str:
    import subprocess

    result = subprocess.run(
        ["git", "-C", source, "mktree", "--missing"],
        input=entries, text=True, capture_output=True, check=True,
    )  # fmt: skip
    return result.stdout.strip()


def test_a_submodule_is_refused(source: Path, tmp_path: Path) -> None:
    made = make_tree(source, f"160000 commit {'a' * 40}\tmodule\n")
    with pytest.raises(InputError, match="a submodule"):
        export(Repository(source), made, tmp_path / "out", EPOCH)


def test_an_empty_commit_is_refused(source: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no file"):
        export(Repository(source), make_tree(source, ""), tmp_path / "out", EPOCH)
