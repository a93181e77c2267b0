"""What lies between two jobs was changed: the job that finds it stops, and nothing is signed."""

import json
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.io.stores.sandbox import load_named_sandbox
from sealane.lane.release import load_signed_release
from sealane.lane.stages import publish
from sealane.sandbox.launch import read_log, start
from sealane.sandbox.running import Running
from support.lane import context_of
from support.repositories import git
from support.signed_release import NAME, PROJECT, TAG, WHEEL, Release, make_release

Change = Callable[[dict[str, Any]], None]


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with start(tmp_path_factory.mktemp("sandbox"), until_eof=True) as world:
        world.add_publisher(
            "gitlab", NAME, repository=PROJECT, workflow=".gitlab-ci.yml", environment="release"
        )
        yield world


@pytest.fixture
def release(running: Running, tmp_path: Path) -> Release:
    return make_release(running, tmp_path / "project")


def set_to(*path: str | int, to: object) -> Change:
    def change(document: dict[str, Any]) -> None:
        inner: Any = document
        for key in path[:-1]:
            inner = inner[key]
        inner[path[-1]] = to

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(set_to("project", to="other"), id="project"),
        pytest.param(set_to("releases", 0, "name", to="other"), id="name"),
        pytest.param(set_to("releases", 0, "path", to="other"), id="path"),
        pytest.param(set_to("releases", 0, "version", to="9.9.9"), id="version"),
        pytest.param(set_to("channels", to=["elsewhere"]), id="channel"),
        pytest.param(set_to("channels", to=["index", "elsewhere"]), id="one-channel-more"),
        pytest.param(set_to("tag", to=f"{TAG}^{{}}"), id="tag-with-an-operator"),
        pytest.param(set_to("commit", to="0" * 40), id="commit"),
        pytest.param(set_to("tree", to="0" * 40), id="tree"),
        pytest.param(set_to("tag_object", to="0" * 40), id="tag-object"),
        pytest.param(set_to("epoch", to=1_700_000_000), id="epoch"),
        pytest.param(set_to("configuration", to="0" * 64), id="configuration"),
        pytest.param(set_to("changelog", to="0" * 64), id="changelog"),
        pytest.param(set_to("sandbox", to=False), id="sandbox"),
    ],
)
def test_a_plan_that_was_changed_is_not_signed(release: Release, change: Change) -> None:
    plan = release.work / "plan.json"
    document = json.loads(plan.read_bytes())
    change(document)
    plan.write_text(json.dumps(document))
    result = release.attest()
    assert result.returncode == 5, result.stderr
    assert "Traceback" not in result.stderr
    assert not (release.work / "release-manifest.sigstore.json").exists()


@pytest.mark.parametrize(
    "locks",
    [
        pytest.param([], id="none"),
        pytest.param([("requirements/build.txt", "0" * 64)], id="another"),
        pytest.param([None, ("requirements/runtime.txt", "0" * 64)], id="one-more"),
    ],
)
def test_an_audit_of_other_locks_is_not_signed(
    release: Release, locks: list[tuple[str, str] | None]
) -> None:
    audit = release.work / "audit.json"
    (audited,) = json.loads(audit.read_bytes())["locks"]
    listed = [audited if one is None else {"path": one[0], "sha256": one[1]} for one in locks]
    audit.write_text(json.dumps({"locks": listed}))
    result = release.attest()
    assert result.returncode == 5
    assert "audit.json" in result.stderr


def test_a_lock_that_was_not_audited_is_noticed(running: Running, tmp_path: Path) -> None:
    release = make_release(running, tmp_path / "project", locks=("runtime",))
    result = release.attest()
    assert result.returncode == 5
    assert "requirements/runtime.txt: what was audited" in result.stderr


@pytest.mark.parametrize("name", ["build-a/dist", "build-b/dist", "dist"])
@pytest.mark.parametrize("how", ["other", "extra", "missing", "link"])
def test_files_that_were_changed_are_not_signed(release: Release, name: str, how: str) -> None:
    folder = release.work / name
    file = folder / WHEEL
    match how:
        case "other":
            content = file.read_bytes()
            file.write_bytes(content[:50] + bytes([content[50] ^ 1]) + content[51:])
        case "extra":
            (folder / "evil-1.0-py3-none-any.whl").write_bytes(b"x")
        case "missing":
            file.unlink()
        case "link":
            kept = release.work / "kept"
            file.rename(kept)
            file.symlink_to(kept)
    result = release.attest()
    assert result.returncode == 5, result.stderr
    assert not (release.work / "release-manifest.sigstore.json").exists()


def test_a_build_without_isolation_is_not_signed_for_the_world(release: Release) -> None:
    record = release.work / "build-b" / "record.json"
    document = json.loads(record.read_bytes())
    document["isolation"] = "none"
    record.write_text(json.dumps(document))
    plan = release.work / "plan.json"
    plan.write_text(plan.read_text().replace("true", "false"))
    command = [*release.command("attest")[:3], *release.command("attest")[5:]]
    assert "--sandbox" not in command
    result = subprocess.run(
        command, cwd=release.project, capture_output=True, text=True, check=False,
        env=release.environment(SIGSTORE_ID_TOKEN=release.token("sigstore")),
    )  # fmt: skip
    assert result.returncode == 5, result.stderr
    assert "isolation" in result.stderr


@pytest.fixture
def published(release: Release) -> Release:
    assert release.attest().returncode == 0
    result = release.publish()
    assert result.returncode == 0, result.stderr
    return release


def test_a_release_that_is_public_does_not_stand_in_for_another(published: Release) -> None:
    # Everything of the older release is put where the newer one was made.
    for name, environment in (
        (("--tag", "v1.0.1"), {}),
        ((), {"CI_COMMIT_TAG": "v1.0.1"}),
    ):
        for words in (("publish", "--channel", "index"), ("confirm",)):
            result = published.lane(*words, *name, **environment)
            assert result.returncode == 5, result.stderr
            assert "v1.0.1" in result.stderr
    github = {"GITLAB_CI": "", "GITHUB_ACTIONS": "true", "GITHUB_REF_TYPE": "tag"}
    result = published.lane("confirm", **github, GITHUB_REF_NAME="v1.0.1")
    assert result.returncode == 5, result.stderr
    assert published.lane("confirm", "--tag", TAG).returncode == 0


def test_a_token_of_another_commit_publishes_nothing(tmp_path: Path) -> None:
    with start(tmp_path / "sandbox", until_eof=True) as fresh:
        release = make_release(fresh, tmp_path / "project")
        assert release.attest().returncode == 0
        result = release.publish(release.token("pypi", sha="1" * 40))
        log = read_log(fresh.directory)
    assert result.returncode == 21
    assert f"sha: expected '{release.commit}'" in result.stderr
    assert "mint" not in [line.split(" ")[1] for line in log.splitlines()]


def test_evidence_that_changes_after_it_was_checked_is_not_sent(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert release.attest().returncode == 0
    monkeypatch.chdir(release.project)
    named = load_named_sandbox(str(release.running.directory))
    context = context_of(release.project, sandbox=named)
    signed = load_signed_release(context.work)
    for path in context.work.evidence.iterdir():
        if path.name.endswith(".publish.attestation"):
            path.write_bytes(path.read_bytes() + b" ")
    files = publish.manifest_files(context, signed)
    with (
        pytest.raises(InputError, match="expected sha256"),
        publish._private_copies(context, signed.manifest, files),
    ):
        pass


def test_a_tag_that_moved_is_noticed(release: Release) -> None:
    (release.project / "new").write_text("x")
    git(release.project, "add", "new")
    git(release.project, "commit", "--quiet", "--message", "later")
    git(release.project, "tag", "--force", "--annotate", "--message", "again", TAG)
    result = release.attest()
    assert result.returncode == 5
    assert "moved the tag" in result.stderr
