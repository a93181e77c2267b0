"""A repository is read without running what it or a user configured."""

import os
from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.git import Repository
from support.repositories import commit_all, git


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "work"
    (root / "src").mkdir(parents=True)
    (root / "a.txt").write_bytes(b"line\r\n")
    (root / "src" / "run").write_text("#!/bin/sh\n")
    (root / "src" / "run").chmod(0o755)
    commit_all(root, "v1.0.0")
    return root


def test_tag_commit_and_tree_are_told(folder: Path) -> None:
    repository = Repository(folder)
    commit = repository.commit_of_tag("v1.0.0")
    assert commit == repository.head() == git(folder, "rev-parse", "HEAD")
    assert repository.tag_object("v1.0.0") != commit
    found = repository.commit(commit)
    assert found.tree == git(folder, "rev-parse", "HEAD^{tree}")
    assert found.epoch == 1_795_176_000
    assert repository.tags_at_head() == ("v1.0.0",)
    git(folder, "tag", "light")
    assert repository.tag_object("light") == commit
    assert repository.top() == folder


def test_files_are_those_of_the_commit(folder: Path) -> None:
    repository = Repository(folder)
    (folder / "a.txt").write_text("changed")
    entries = repository.tree(repository.head())
    assert [(e.mode, e.path) for e in entries] == [("100644", "a.txt"), ("100755", "src/run")]
    assert list(repository.blobs(tuple(e.object_id for e in entries))) == [
        b"line\r\n",
        b"#!/bin/sh\n",
    ]
    assert repository.read(repository.head(), "a.txt") == b"line\r\n"
    assert repository.read(repository.head(), "src") is None
    assert repository.read(repository.head(), "none") is None


def test_changed_and_untracked_files_are_listed(folder: Path) -> None:
    assert Repository(folder).changes() == ()
    (folder / "a.txt").write_text("changed")
    (folder / "new file").write_text("x")
    assert sorted(Repository(folder).changes()) == ["a.txt", "new file"]


@pytest.mark.parametrize("tag", ["none", "", "-h", "--help", "--all", "v1.0.0^{tree}x", "a b"])
def test_a_tag_that_is_not_there_is_refused(folder: Path, tag: str) -> None:
    with pytest.raises(InputError):
        Repository(folder).commit_of_tag(tag)


@pytest.mark.parametrize("object_id", ["HEAD", "--help", "", "a" * 39, "0" * 40])
def test_what_is_not_an_object_is_refused(folder: Path, object_id: str) -> None:
    repository = Repository(folder)
    with pytest.raises(InputError):
        repository.commit(object_id)
    with pytest.raises(InputError):
        list(repository.blobs((object_id,)))


def test_a_folder_without_a_repository_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="git"):
        Repository(tmp_path).head()


def test_nothing_configured_is_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = folder.parent / "mark"
    script = folder.parent / "script"
    script.write_text(f"#!/bin/sh\ntouch {mark}\n")
    script.chmod(0o755)
    git(folder, "config", "core.fsmonitor", str(script))
    git(folder, "config", "core.hooksPath", str(folder.parent))
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", str(script))
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    repository = Repository(folder)
    assert repository.changes() == ()
    assert len(repository.tree(repository.head())) == 2
    assert not mark.exists()


def test_a_replacement_does_not_stand_in_for_the_commit(folder: Path) -> None:
    first = git(folder, "rev-parse", "HEAD")
    (folder / "a.txt").write_text("evil")
    second = commit_all(folder)
    git(folder, "replace", first, second)
    repository = Repository(folder)
    assert repository.read(repository.commit_of_tag("v1.0.0"), "a.txt") == b"line\r\n"


@pytest.mark.parametrize("name", ["evil", "evil=x"])
@pytest.mark.parametrize("key", ["clean", "process"])
def test_no_configured_filter_is_run(folder: Path, key: str, name: str) -> None:
    mark = folder.parent / "mark"
    git(folder, "config", f"filter.{name}.{key}", f"touch {mark}; cat")
    git(folder, "config", f"filter.{name}.required", "true")
    (folder / ".git" / "info" / "attributes").write_text(f"* filter={name}\n")
    # Only a file that looks changed is read again.
    (folder / "a.txt").write_bytes(b"line\r\n")
    os.utime(folder / "a.txt", (1, 1))
    assert Repository(folder).changes() == ()
    assert not mark.exists()


def test_nothing_a_submodule_configured_is_run(folder: Path) -> None:
    mark = folder.parent / "mark"
    inner = folder / "inner"
    inner.mkdir()
    (inner / "file").write_text("x")
    commit_all(inner)
    git(inner, "config", "filter.evil.clean", f"touch {mark}; cat")
    (inner / ".git" / "info" / "attributes").write_text("* filter=evil\n")
    os.utime(inner / "file", (1, 1))
    commit_all(folder)
    mark.unlink(missing_ok=True)
    Repository(folder).changes()
    assert not mark.exists()
