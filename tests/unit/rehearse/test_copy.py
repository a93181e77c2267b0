"""A rehearsal works on a private copy, and says what is in it."""

import os
from pathlib import Path

import pytest

from sealane.errors import UsageError
from sealane.rehearse.copy import private_copy
from support.repositories import commit_all, git


def make_project(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "sealane.toml").write_text('schema = "sealane.release/1"\n')
    (folder / "code.py").write_text("x = 1\n")
    return folder


def always(_: Path) -> str:
    return "v1.0"


def test_a_repository_is_cloned_at_its_head(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    commit = commit_all(project)
    (project / "code.py").write_text("x = 2\n")
    copy = private_copy(project, tmp_path / "copy", always)
    assert copy.commit == commit
    assert (copy.directory / "code.py").read_text() == "x = 1\n"
    assert "uncommitted changes are not in it" in copy.note


def test_a_tag_that_is_there_is_used(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    commit_all(project, "v1.0")
    copy = private_copy(project, tmp_path / "copy", always)
    assert copy.note == "its HEAD, tagged v1.0"


def test_a_missing_tag_is_made_in_the_copy_only(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    commit_all(project)
    copy = private_copy(project, tmp_path / "copy", always)
    assert git(copy.directory, "cat-file", "-t", "v1.0") == "tag"
    assert git(project, "tag") == ""
    assert copy.note.endswith("tagged v1.0 for the rehearsal")


def test_a_folder_of_a_repository_becomes_a_repository_of_its_own(tmp_path: Path) -> None:
    project = make_project(tmp_path / "outer" / "project")
    (tmp_path / "outer" / ".gitignore").write_text("*.log\n")
    commit_all(tmp_path / "outer")
    (project / "new.py").write_text("y = 1\n")
    (project / "noise.log").write_text("ignored\n")
    copy = private_copy(project, tmp_path / "copy", always)
    names = git(copy.directory, "ls-files").split()
    assert names == ["code.py", "new.py", "sealane.toml"]


def test_a_folder_outside_of_any_repository_is_copied_whole(tmp_path: Path) -> None:
    copy = private_copy(make_project(tmp_path / "project"), tmp_path / "copy", always)
    assert git(copy.directory, "ls-files").split() == ["code.py", "sealane.toml"]
    assert git(copy.directory, "status", "--porcelain") == ""


def test_a_link_is_not_followed_out_of_the_project(tmp_path: Path) -> None:
    project = make_project(tmp_path / "project")
    (tmp_path / "secret").write_text("of the user\n")
    (project / "link").symlink_to(tmp_path / "secret")
    copy = private_copy(project, tmp_path / "copy", always)
    assert not (copy.directory / "link").exists()


def test_a_folder_without_a_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"there is no sealane\.toml in it"):
        private_copy(tmp_path, tmp_path / "copy", always)


def test_nothing_the_repository_configured_is_run(tmp_path: Path) -> None:
    project, mark = make_project(tmp_path / "project"), tmp_path / "mark"
    commit_all(project)
    git(project, "config", "core.fsmonitor", f"touch {mark}; false")
    git(project, "config", "core.hooksPath", str(tmp_path))
    git(project, "config", "filter.evil.clean", f"touch {mark}; cat")
    (project / ".git" / "info" / "attributes").write_text("* filter=evil\n")
    os.utime(project / "code.py", (1, 1))
    private_copy(project, tmp_path / "copy", always)
    assert not mark.exists()
