"""Which branches and tags contain a commit is told by the clone alone, and by no name in it."""

from pathlib import Path

import pytest

from sealane.errors import InputError
from sealane.io.adapters.git import Repository
from support.repositories import commit_all, git


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone whose origin has main and v1.0; a commit of its own stands on a branch of its own."""
    origin, here = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    (origin / "a").write_text("1")
    commit_all(origin, "v1.0")
    git(tmp_path, "clone", "--quiet", str(origin), str(here))
    git(here, "switch", "--quiet", "--create", "own")
    (here / "a").write_text("2")
    commit_all(here)
    return here


def test_branches_and_tags_that_contain_a_commit_are_named(clone: Path) -> None:
    repository = Repository(clone)
    first = repository.commit_of_tag("v1.0")
    assert set(repository.refs_with(first)) == {
        "refs/heads/main", "refs/heads/own", "refs/remotes/origin/HEAD",
        "refs/remotes/origin/main", "refs/tags/v1.0",
    }  # fmt: skip
    assert repository.refs_with(repository.head()) == ("refs/heads/own",)


def test_a_commit_is_known_by_the_beginning_of_its_id(clone: Path) -> None:
    repository = Repository(clone)
    head = repository.head()
    assert repository.full_commit(head) == head
    assert repository.full_commit(head[:7]) == head
    assert repository.full_commit("0" * 40) is None
    assert repository.full_commit("0" * 7) is None


def test_the_name_of_a_branch_is_not_taken_for_a_commit(clone: Path) -> None:
    git(clone, "branch", "deadbee")
    assert Repository(clone).full_commit("deadbee") is None


def test_a_tree_or_a_file_is_no_commit(clone: Path) -> None:
    for name in ("HEAD^{tree}", "HEAD:a", "v1.0"):
        assert Repository(clone).full_commit(git(clone, "rev-parse", name)) is None


@pytest.mark.parametrize("text", ["", "abc", "HEAD", "main", "--all", "g" * 40, "A" * 40, "0" * 65])
def test_what_is_no_commit_id_is_refused(clone: Path, text: str) -> None:
    with pytest.raises(InputError):
        Repository(clone).full_commit(text)
    with pytest.raises(InputError):
        Repository(clone).refs_with(text)


def test_a_commit_that_is_not_there_is_in_nothing(clone: Path) -> None:
    with pytest.raises(InputError):
        Repository(clone).refs_with("0" * 40)
