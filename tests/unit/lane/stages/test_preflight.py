"""Preflight shows everything that keeps a tag from being released, and else writes the plan."""

from collections.abc import Callable
from pathlib import Path

import pytest

from sealane.errors import LaneError, LaneExit
from sealane.lane.plan import parse_plan
from sealane.lane.stages.preflight import STAGE
from support.lane import TAG, context_of, copy_of_the_example, tagged_example
from support.repositories import commit_all, git

CI = (
    "GITLAB_CI", "GITHUB_ACTIONS", "CI_SERVER_HOST", "CI_PROJECT_PATH", "CI_CONFIG_PATH",
    "CI_COMMIT_TAG", "CI_COMMIT_SHA", "CI_COMMIT_REF_PROTECTED",
)  # fmt: skip


@pytest.fixture(autouse=True)
def outside_of_a_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in CI:
        monkeypatch.delenv(name, raising=False)


def stopped(folder: Path, tag: str | None = None) -> LaneError:
    context = context_of(folder, tag=tag)
    with pytest.raises(LaneError) as caught:
        STAGE.run(context)
    assert caught.value.exit_code == LaneExit.PREFLIGHT
    assert "nothing is public" in caught.value.public
    assert not context.work.plan.exists()
    return caught.value


def test_a_ready_project_gets_a_plan(tmp_path: Path) -> None:
    folder = tagged_example(tmp_path)
    report = STAGE.run(context_of(folder))
    plan = parse_plan((folder / ".sealane-work" / "plan.json").read_bytes())
    assert (plan.tag, plan.commit) == (TAG, git(folder, "rev-parse", "HEAD"))
    assert plan.tag_object == git(folder, "rev-parse", TAG) != plan.commit
    assert [(r.name, r.path, r.version) for r in plan.releases] == [("hello-lane", ".", "0.1.0")]
    assert (plan.epoch, plan.channels, plan.sandbox) == (1_795_176_000, ("index",), False)
    assert len(plan.changelog) == 64
    shown = dict(report.details)
    assert "namespace acme" in shown["publisher for index"]
    assert shown["signing identity"].endswith(f"//.gitlab-ci.yml@refs/tags/{TAG}")


def test_the_plan_itself_does_not_make_the_work_tree_unclean(tmp_path: Path) -> None:
    folder = tagged_example(tmp_path)
    (folder / ".gitignore").unlink()
    git(folder, "tag", "--delete", TAG)
    commit_all(folder, TAG)
    for _ in range(2):
        STAGE.run(context_of(folder))


def replace(file: str, old: str, new: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return change


def remove(file: str) -> Callable[[Path], None]:
    return lambda folder: (folder / file).unlink()


def add(file: str, text: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        (folder / file).write_text(text, encoding="utf-8")

    return change


WRONG = [
    pytest.param(replace("pyproject.toml", '"0.1.0"', '"0.1.1"'), "got '0.1.1'", id="version"),
    pytest.param(replace("pyproject.toml", '"0.1.0"', '"0.1.0.0"'), "'0.1.0.0'", id="not-equal"),
    pytest.param(replace("pyproject.toml", "version =", "v ="), "project.version", id="no-version"),
    pytest.param(replace("pyproject.toml", "name =", "x ="), "no project.name", id="no-name"),
    pytest.param(replace("CHANGELOG.md", "[0.1.0]", "[0.0.9]"), "no section", id="changelog"),
    pytest.param(remove("CHANGELOG.md"), "CHANGELOG.md: not a file", id="no-changelog"),
    pytest.param(remove("requirements/build.txt"), "requirements/build.txt", id="no-lock"),
    pytest.param(add("requirements/build.txt", "hatchling\n"), "hatchling", id="lock-unhashed"),
    pytest.param(add("requirements/more.txt", "x==1\n"), "requirements/more.txt", id="other-lock"),
    pytest.param(remove(".gitlab-ci.yml"), ".gitlab-ci.yml: not a file", id="no-pipeline"),
    pytest.param(
        replace("sealane.toml", "[forge]", '[forge]\nurl = "https://git.example.org"'),
        "self-managed", id="self-managed-forge",
    ),
    pytest.param(
        replace("sealane.toml", "[changelog]", '[approvals]\nenvironment = ""\n[changelog]'),
        "no-environment", id="no-environment",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "why"), WRONG)
def test_a_project_that_is_not_ready_is_stopped(
    tmp_path: Path, change: Callable[[Path], None], why: str
) -> None:
    change(copy_of_the_example(tmp_path))
    commit_all(tmp_path, TAG)
    assert why in stopped(tmp_path).message


def test_all_problems_are_shown_together(tmp_path: Path) -> None:
    copy_of_the_example(tmp_path)
    replace("pyproject.toml", '"0.1.0"', '"0.1.1"')(tmp_path)
    remove("CHANGELOG.md")(tmp_path)
    remove(".gitlab-ci.yml")(tmp_path)
    commit_all(tmp_path, TAG)
    (tmp_path / "untracked").write_text("x")
    message = stopped(tmp_path).message
    for word in ("0.1.1", "CHANGELOG.md", ".gitlab-ci.yml", "untracked", "4 problems"):
        assert word in message


@pytest.mark.parametrize("file", ["untracked.py", "README.md"])
def test_an_unclean_work_tree_is_stopped(tmp_path: Path, file: str) -> None:
    folder = tagged_example(tmp_path)
    (folder / file).write_text("changed")
    assert file in stopped(folder).message


def test_a_tag_that_is_elsewhere_is_stopped(tmp_path: Path) -> None:
    folder = tagged_example(tmp_path)
    (folder / "new").write_text("x")
    commit_all(folder)
    assert "stands for" in stopped(folder, TAG).message
    assert "no tag at HEAD" in stopped(folder).message


@pytest.mark.parametrize("tag", ["v0.1", "0.1.0", "v9.9.9", "--help", "v0.1.0-rc.1"])
def test_a_tag_of_another_shape_or_that_is_missing_is_stopped(tmp_path: Path, tag: str) -> None:
    stopped(tagged_example(tmp_path), tag)


def test_two_release_tags_at_head_have_to_be_told_apart(tmp_path: Path) -> None:
    folder = tagged_example(tmp_path)
    git(folder, "tag", "v0.2.0")
    assert "several tags" in stopped(folder).message
    assert STAGE.run(context_of(folder, tag=TAG)).summary.startswith("hello-lane 0.1.0")
    assert "expected version '0.2.0'" in stopped_again(folder, "v0.2.0")


def stopped_again(folder: Path, tag: str) -> str:
    with pytest.raises(LaneError) as caught:
        STAGE.run(context_of(folder, tag=tag))
    return caught.value.message


def test_a_commit_from_before_zip_files_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy_of_the_example(tmp_path)
    from support import repositories

    monkeypatch.setitem(repositories._IDENTITY, "GIT_COMMITTER_DATE", "1979-01-01T00:00:00Z")
    commit_all(tmp_path, TAG)
    assert "315532800" in stopped(tmp_path).message


def test_a_job_of_another_project_is_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tagged_example(tmp_path)
    right = {
        "GITLAB_CI": "true", "CI_SERVER_HOST": "gitlab.com", "CI_PROJECT_PATH": "acme/hello-lane",
        "CI_CONFIG_PATH": ".gitlab-ci.yml", "CI_COMMIT_TAG": TAG,
        "CI_COMMIT_SHA": git(folder, "rev-parse", "HEAD"), "CI_COMMIT_REF_PROTECTED": "true",
    }  # fmt: skip
    for name, value in (right | {"CI_PROJECT_PATH": "mallory/hello-lane"}).items():
        monkeypatch.setenv(name, value)
    message = stopped(folder).message
    assert "expected 'acme/hello-lane', this job has 'mallory/hello-lane'" in message
    monkeypatch.setenv("CI_PROJECT_PATH", "acme/hello-lane")
    STAGE.run(context_of(folder))


def test_a_folder_inside_a_repository_is_stopped(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    copy_of_the_example(inner)
    commit_all(tmp_path, TAG)
    assert "not the root" in stopped(inner).message


def test_a_folder_without_a_repository_is_stopped(tmp_path: Path) -> None:
    stopped(copy_of_the_example(tmp_path))
