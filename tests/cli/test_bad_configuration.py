"""A project that cannot be released: its `sealane.toml`, its repository, its locks."""

import shutil
from pathlib import Path

import pytest

from support.commands import (
    EVIL,
    LONG,
    Case,
    all_of,
    check,
    file,
    folder,
    gone,
    huge,
    link,
    loop,
    pipe,
    plain_environment,
    row,
    sealane,
    table,
)
from support.lane import EXAMPLE, TAG, copy_of_the_example
from support.repositories import commit_all, git

BASE = (EXAMPLE / "sealane.toml").read_text(encoding="utf-8")
NAME = "sealane.toml"
FORGED = r"x\x1b[31m\nhint: run me"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, not yet a repository."""
    return copy_of_the_example(tmp_path_factory.mktemp("example"))


@pytest.fixture(scope="module")
def tagged(example: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, committed and tagged."""
    project = tmp_path_factory.mktemp("tagged") / "project"
    shutil.copytree(example, project)
    commit_all(project, TAG)
    return project


def config(name: str, content: str | bytes, *places: str, hint: str = "") -> Case:
    return row(name, "lane status", 5, NAME, *places, make=file(NAME, content), hint=hint)


def changed(name: str, old: str, new: str, *places: str, hint: str = "") -> Case:
    assert old in BASE
    return config(name, BASE.replace(old, new, 1), *places, hint=hint)


CONFIGURATIONS = (
    row("missing", "lane status", 5, f"{NAME}'", "No such file"),
    row("folder", "lane status", 5, f"{NAME}'", "Is a directory", make=folder(NAME)),
    row("loop", "lane status", 5, f"{NAME}'", "Too many levels", make=loop(NAME)),
    row("pipe", "lane status", 5, f"{NAME}'", "not a regular file", make=pipe(NAME)),
    row("100-MB", "lane status", 5, f"{NAME}'", "larger than 262144", make=huge(NAME)),
    row("device", "lane status --config /dev/zero", 5, "/dev/zero", "Not a directory"),
    row("other-file", "lane status --config README.md", 5, "README.md", "Not a directory"),
    row("long", ("lane", "status", "--config", LONG), 5, "File name too long"),
    row("evil", ("lane", "status", "--config", EVIL), 5, FORGED, "No such file"),
    config("empty", "", "4 problems", "schema: missing", "project: missing", "forge: missing"),
    config("binary", b"\xff\xfe", "not UTF-8 at byte 0", hint="UTF-8"),
    config("broken", BASE + "[[[\n", "line 16", hint="TOML"),
    config("twice", BASE + "[project]\n", "line 16", "twice", hint="TOML"),
    config("nul", BASE + 'x = "\0"\n', "line 16", r"\x00", hint="TOML"),
    config("deep", "a = " + "[" * 10_000, "recursion", hint="TOML"),
    config("number-too-long", "a = " + "9" * 5000, "4300 digits", hint="TOML"),
    config("unknown-evil-key", BASE + '"x\\u001b[31m\\nhint: run me" = 1\n', FORGED),
    config("unknown-long-key", BASE + f"{LONG} = 1\n", "line 16", "unknown key"),
    config("table-as-key", BASE.replace("[[channel]]", "[channel]"), "line 13", "expected a valid"),
    config("path-outside", BASE + '[build]\nlock = "../x"\n', "line 17", "build.lock", "'../x'"),
    config("path-absolute", BASE + '[build]\nlock = "/x"\n', "line 17", "build.lock", "'/x'"),
    config("repository", BASE + 'repository = "x:y"\n', "line 16", "repository", "'x:y'"),
    config("later-table", BASE + "[announce]\n", "line 16", "announce: not supported"),
    config("later-key", BASE + 'when = "x"\n', "line 16", "channel[0].when: not supported"),
    config("two-problems", BASE + "[audit]\nlock = 1\nx = 2\n", "2 problems", "line 17", "line 18"),
    config("channel-twice", BASE + '[[channel]]\nname = "index"\nkind = "pypi"\n', "line 17"),
    changed("unknown-table", "[changelog]", "[changlog]", "line 6", "did you mean 'changelog'?"),
    changed("unknown-key", "style =", "stile =", "line 7", "did you mean 'style'?"),
    changed("wrong-type", '"hello-lane"', "5", "line 4", "project.name: expected", "got 5"),
    changed("wrong-value", '"gitlab"', '"gitlub"', "line 10", "forge.kind: expected", "'gitlub'"),
    changed("evil-value", '"gitlab"', '"x\\u001b[31m\\nhint: run me"', "line 10", FORGED),
    changed("later-value", '"pypi"', '"npm"', "line 15", "'npm' is not supported", hint="later"),
    changed("later-schema", "release/1", "release/2", "line 1", "'sealane.release/2'"),
)  # fmt: skip


@table(*CONFIGURATIONS)
def test_a_configuration_that_cannot_be_used(case: Case, tmp_path: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / "README.md").write_text("")
    case.make(work)
    check(sealane(case.arguments, work, plain_environment(tmp_path)), case)


@pytest.mark.parametrize(
    "command",
    [
        "preflight", "audit", "build --copy a", "compare", "attest", "publish --channel index",
        "confirm", "run --yes", "status", "resume",
    ],
)  # fmt: skip
def test_every_command_of_the_lane_refuses_an_empty_configuration(
    command: str, tmp_path: Path
) -> None:
    (tmp_path / NAME).write_text("")
    arguments = ("lane", *command.split())
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 5, NAME, "4 problems", "project: missing"))


@pytest.mark.parametrize("named", ["", "nowhere", "/", EVIL], ids=["empty", "none", "root", "evil"])
@pytest.mark.parametrize("command", ["preflight", "run --yes", "confirm", "status"])
def test_a_sandbox_that_is_none_is_never_the_world(
    named: str, command: str, tagged: Path, tmp_path: Path
) -> None:
    arguments = ("--sandbox", named, "lane", *command.split(), "--config", str(tagged))
    result = sealane(arguments, tmp_path, plain_environment(tmp_path))
    check(result, row("", arguments, 4, "--sandbox", "not the state directory", hint="sandbox up"))


LOCK = "requirements/build.txt"
COMMITTED = (
    row("lock-without-hashes", "", 10, f"{LOCK}: line 1", "--hash",
        make=file(LOCK, "hatchling==1.0\n"), hint="--generate-hashes"),
    row("lock-empty", "", 10, LOCK, "locks nothing", make=file(LOCK, "")),
    row("lock-missing", "", 10, LOCK, "not a file of the tagged commit", make=gone(LOCK)),
    row("lock-binary", "", 10, LOCK, "not UTF-8", make=file(LOCK, b"\xff")),
    row("changelog-missing", "", 10, "CHANGELOG.md: not a file", make=gone("CHANGELOG.md")),
    row("changelog-binary", "", 10, "CHANGELOG.md: not UTF-8",
        make=file("CHANGELOG.md", b"\xff")),
    row("changelog-loop", "", 10, "CHANGELOG.md: not a file", make=loop("CHANGELOG.md")),
    row("changelog-elsewhere", "", 10, "CHANGELOG.md: not a file",
        make=link("CHANGELOG.md", "/etc/passwd")),
    row("changelog-entry", "", 10, "no section for 0.1.0", make=file("CHANGELOG.md", "# Hi\n")),
    row("manifest-broken", "", 10, "pyproject.toml", make=file("pyproject.toml", "[")),
    row("manifest-empty", "", 10, "'project.version'", make=file("pyproject.toml", "")),
    row("manifest-missing", "", 10, "pyproject.toml: not a file", make=gone("pyproject.toml")),
    row("manifest-binary", "", 10, "pyproject.toml: not UTF-8",
        make=file("pyproject.toml", b"\xff")),
    row("pipeline-missing", "", 10, ".gitlab-ci.yml: not a file", make=gone(".gitlab-ci.yml")),
)  # fmt: skip


@table(*COMMITTED)
def test_preflight_names_the_committed_file(case: Case, example: Path, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(example, project)
    case.make(project)
    commit_all(project, TAG)
    result = sealane(("lane", "preflight"), project, plain_environment(tmp_path))
    check(result, case)
    assert "\nnext: sealane lane preflight" in result.stderr
    assert not (project / ".sealane-work").exists()


def no_repository(project: Path) -> None:
    shutil.rmtree(project / ".git")


def empty_repository(project: Path) -> None:
    no_repository(project)
    git(project, "init", "--quiet")


def untagged(project: Path) -> None:
    git(project, "tag", "--delete", TAG)


def tagged_elsewhere(project: Path) -> None:
    (project / "README.md").write_text("more")
    commit_all(project)


def other_version(project: Path) -> None:
    git(project, "tag", "v0.2.0")


def asks(*options: str) -> tuple[str, ...]:
    return ("lane", "preflight", *options)


REPOSITORIES = (
    row("no-repository", asks(), 10, "not a git repository", make=no_repository, hint="work tree"),
    row("empty-repository", asks(), 10, "'HEAD'", make=empty_repository),
    row("broken-repository", asks(), 10, "not a git repository", make=file(".git/HEAD", "x")),
    row("lost-repository", asks(), 10, "/nowhere",
        make=all_of(no_repository, file(".git", "gitdir: /nowhere"))),
    row("no-tag", asks(), 10, "no tag at HEAD matches v{pep440}", make=untagged, hint="--tag"),
    row("unknown-tag", asks("--tag", "v9.9.9"), 10, "v9.9.9", "not found"),
    row("other-commit", asks("--tag", TAG), 10, TAG, "HEAD", make=tagged_elsewhere),
    row("other-version", asks("--tag", "v0.2.0"), 10, "expected version '0.2.0'", "got '0.1.0'",
        make=other_version),
    row("option-as-tag", asks("--tag", "-x"), 10, "tag '-x': does not match"),
    row("path-as-tag", asks("--tag", "../.."), 10, "tag '../..': does not match"),
    row("ref-as-tag", asks("--tag", "v0.1.0^{commit}"), 10, "'0.1.0^{commit}'"),
    row("non-ascii-tag", asks("--tag", "vé"), 10, "é"),
    row("evil-tag", asks("--tag", EVIL), 10, FORGED),
    row("long-tag", asks("--tag", LONG), 10, "does not match"),
    row("untracked", asks(), 10, "not clean", "new.txt", make=file("new.txt", "x")),
    row("untracked-evil", asks(), 10, "not clean", r"\x1b[31m", make=file(EVIL, "x")),
    row("changed", asks(), 10, "not clean", "README.md", make=file("README.md", "x")),
    row("work-below-a-file", asks("--work", "/dev/null/x"), 5, "'/dev/null/x/plan.json'"),
    row("work-is-a-file", asks("--work", "README.md"), 5, "README.md/plan.json"),
    row("plan-is-a-folder", asks(), 5, "plan.json'", "Is a directory",
        make=folder(".sealane-work/plan.json")),
)  # fmt: skip


@table(*REPOSITORIES)
def test_preflight_names_what_is_wrong_with_the_repository(
    case: Case, tagged: Path, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(tagged, project, symlinks=True)
    case.make(project)
    result = sealane(case.arguments, project, plain_environment(tmp_path))
    check(result, case)
    assert "\npublic: nothing is public" in result.stderr
    assert "\nnext: sealane lane preflight" in result.stderr


FIRST = (
    row("audit", "lane audit", 11, "plan.json'", "No such file", hint="lane preflight"),
    row("build", "lane build --copy a", 12, "plan.json'", "No such", hint="lane preflight"),
    row("compare", "lane compare", 12, "plan.json'", "No such file", hint="lane preflight"),
    row("attest", "lane attest", 13, "identity token", hint="rehearse"),
    row("publish", "lane publish --channel index", 21, "manifest", "missing", hint="lane attest"),
    row("channel", "lane publish --channel nope", 2, "'nope'", hint="index"),
    row("channel-empty", ("lane", "publish", "--channel", ""), 2, "''", hint="index"),
    row("channel-evil", ("lane", "publish", "--channel", EVIL), 2, FORGED, hint="index"),
    row("confirm", "lane confirm", 40, "manifest", "missing", hint="lane attest"),
    row("resume", "lane resume", 3, "manifest", "missing", hint="lane attest"),
    row("run-unasked", "lane run", 2, "nobody agreed", hint="--yes"),
)  # fmt: skip


@table(*FIRST)
def test_a_stage_names_the_stage_that_has_to_come_before(
    case: Case, tagged: Path, tmp_path: Path
) -> None:
    check(sealane(case.arguments, tagged, plain_environment(tmp_path)), case)


def test_without_git_the_command_says_so(tagged: Path, tmp_path: Path) -> None:
    environment = plain_environment(tmp_path) | {"PATH": str(tmp_path)}
    arguments = ("lane", "preflight", "--config", tagged)
    result = sealane(arguments, tmp_path, environment)
    check(result, row("", arguments, 10, "cannot start 'git'", hint="PATH"))


def test_a_credential_beside_all_stages_is_refused(tagged: Path, tmp_path: Path) -> None:
    environment = plain_environment(tmp_path) | {"GITLAB_CI": "true", "PYPI_ID_TOKEN": "x"}
    result = sealane(("lane", "run", "--yes", "--config", tagged), tmp_path, environment)
    check(result, row("", "", 10, "PYPI_ID_TOKEN", hint="separate jobs"))
