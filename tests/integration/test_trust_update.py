"""Roots come through TUF: what follows from the initial root, and nothing else."""

import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sealane.io.adapters import clock
from sealane.sandbox.running import Running
from support.commands import Result, block, plain_environment, sealane
from support.roots import as_bytes, own_root
from support.tuf import Repository
from support.world import ambient_gitlab, inside

NOW = clock.now()
PROJECT = "group/sub/project"
SUBJECT = f"https://gitlab.com/{PROJECT}//.gitlab-ci.yml@refs/tags/v1.2.3"


class Client:
    """`sealane trust` with a state and a home of its own, in a named sandbox."""

    def __init__(self, folder: Path, sandbox: Path) -> None:
        self.folder = folder
        self.sandbox = sandbox
        self.environment = plain_environment(folder)

    def run(self, *arguments: str | Path) -> Result:
        words = ("--sandbox", self.sandbox, "trust", *arguments)
        return sealane(words, self.folder, self.environment)

    def update(self, repository: Repository, url: str) -> Result:
        return self.run("update", "own", "--url", url, "--tuf-root", repository.initial)

    def stored(self) -> dict[str, Any] | None:
        """What is trusted now."""
        shown = self.run("show", "own", "--format", "json")
        if shown.returncode != 0:
            return None
        (root,) = json.loads(shown.stdout)["roots"]
        found: dict[str, Any] = root
        return found


@pytest.fixture
def client(tmp_path: Path, running_sandbox: Running) -> Client:
    return Client(tmp_path, running_sandbox.directory)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.write(targets(), NOW)
    return made


def targets(root: object = None) -> dict[str, bytes]:
    return {"trusted_root.json": as_bytes(own_root() if root is None else root)}


def retired() -> dict[str, Any]:
    root = own_root()
    root["tlogs"][0]["publicKey"]["validFor"]["end"] = "2030-01-01T00:00:00Z"
    return root


def ok(result: Result) -> str:
    assert result.returncode == 0, result.stderr
    assert result.stderr == ""
    return result.stdout


def test_an_update_from_the_sandbox_gives_its_root(
    client: Client, running_sandbox: Running
) -> None:
    url, initial = f"{running_sandbox.base}/tuf", running_sandbox.directory / "tuf-root.json"
    shown = ok(client.run("update", "play", "--url", url, "--tuf-root", initial))
    assert "added: log " in shown
    assert "before: none" in shown
    assert "unchanged" in ok(client.run("update", "play"))
    trusted = json.loads((running_sandbox.directory / "trusted_root.json").read_bytes())
    ok(client.run("export", "play", "export.json"))
    exported = json.loads((client.folder / "export.json").read_bytes())
    assert json.loads(exported["root"]) == trusted


def test_the_unmodified_client_trusts_signs_and_verifies_through_the_repository(
    running_sandbox: Running, tmp_path: Path
) -> None:
    def sigstore(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
        words = ["sigstore", "--instance", f"{running_sandbox.base}/tuf", *arguments]
        token = ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3")
        caches = {"XDG_CACHE_HOME": str(tmp_path / "c"), "XDG_DATA_HOME": str(tmp_path / "d")}
        return inside(running_sandbox, words, token | caches)

    artifact = tmp_path / "artifact.txt"
    artifact.write_text(str(tmp_path))
    identity = ("--cert-identity", SUBJECT, "--cert-oidc-issuer", "https://gitlab.com")
    for words in (
        ("trust-instance", running_sandbox.directory / "tuf-root.json"),
        ("sign", artifact),
        ("verify", "identity", *identity, artifact),
    ):
        result = sigstore(*words)
        assert result.returncode == 0, result.stdout + result.stderr


def test_an_update_shows_what_changed_and_writes_no_cache(
    client: Client, repository: Repository
) -> None:
    with repository.serve() as url:
        ok(client.update(repository, url))
        repository.target().unlink()
        repository.write(targets(retired()), NOW)
        shown = ok(client.run("update", "own"))
    assert "window closed: log " in shown
    assert "2030-01-01T00:00:00Z" in shown
    assert list((client.folder / "home").rglob("*")) == []


@pytest.mark.parametrize("variable", ["XDG_CACHE_HOME", "XDG_DATA_HOME"])
def test_an_unwritable_user_cache_does_not_matter(
    client: Client, repository: Repository, variable: str
) -> None:
    client.environment[variable] = "/dev/null/x"
    with repository.serve() as url:
        ok(client.update(repository, url))


Attack = Callable[[Repository], object]


def tampered_target(repository: Repository) -> None:
    content = repository.target().read_bytes()
    repository.target().write_bytes(content.replace(b"example.org", b"example.net"))


def missing_target(repository: Repository) -> None:
    repository.target().unlink()


def no_such_target(repository: Repository) -> None:
    repository.write({"other.json": b"{}"}, NOW)


def other_signature(repository: Repository) -> None:
    repository.key = Repository(repository.folder).key
    repository.write(targets(retired()), NOW)


def tampered_timestamp(repository: Repository) -> None:
    file = repository.folder / "timestamp.json"
    document = json.loads(file.read_bytes())
    document["signed"]["version"] += 1
    file.write_text(json.dumps(document))


def missing_timestamp(repository: Repository) -> None:
    (repository.folder / "timestamp.json").unlink()


def no_metadata(repository: Repository) -> None:
    (repository.folder / "timestamp.json").write_text("[" * 1000)


def endless_timestamp(repository: Repository) -> None:
    repository.endless = "timestamp.json"


def endless_target(repository: Repository) -> None:
    repository.endless = "trusted_root.json"


def no_root(repository: Repository) -> None:
    repository.target().unlink()
    repository.write({"trusted_root.json": b"{}"}, NOW)


ATTACKS = pytest.mark.parametrize(
    ("attack", "code", "place"),
    [
        pytest.param(tampered_target, 4, "LengthOrHashMismatchError", id="tampered-target"),
        pytest.param(missing_target, 6, "HTTP 404", id="missing-target"),
        pytest.param(no_such_target, 4, "it holds no trusted_root.json", id="no-such-target"),
        pytest.param(other_signature, 4, "UnsignedMetadataError", id="other-signature"),
        pytest.param(tampered_timestamp, 4, "UnsignedMetadataError", id="tampered-timestamp"),
        pytest.param(missing_timestamp, 6, "HTTP 404", id="missing-timestamp"),
        pytest.param(no_metadata, 4, "DeserializationError", id="no-metadata"),
        pytest.param(endless_timestamp, 6, "larger than", id="endless-timestamp"),
        pytest.param(endless_target, 6, "larger than", id="endless-target"),
        pytest.param(no_root, 4, "expected a trusted root", id="target-is-no-root"),
    ],
)


def refused(result: Result, code: int, place: str) -> None:
    assert result.returncode == code, result.stdout + result.stderr
    assert result.stdout == ""
    fields = block(result.stderr)
    assert place in fields["error"], result.stderr
    assert fields["hint"]


@ATTACKS
def test_a_first_update_that_does_not_hold_stores_nothing(
    client: Client, repository: Repository, attack: Attack, code: int, place: str
) -> None:
    attack(repository)
    with repository.serve() as url:
        refused(client.update(repository, url), code, place)
    assert client.stored() is None


@ATTACKS
def test_a_later_update_that_does_not_hold_leaves_the_root_as_it_was(
    client: Client, repository: Repository, attack: Attack, code: int, place: str
) -> None:
    with repository.serve() as url:
        ok(client.update(repository, url))
        before = client.stored()
        assert before is not None
        attack(repository)
        refused(client.run("update", "own"), code, place)
    assert client.stored() == before


def test_a_repository_that_is_no_longer_kept_up_is_refused(client: Client, tmp_path: Path) -> None:
    left = Repository(tmp_path)
    left.write(targets(), NOW - timedelta(days=366))
    with left.serve() as url:
        refused(client.update(left, url), 4, "expired")
    assert client.stored() is None


def test_a_repository_that_goes_back_is_refused(client: Client, repository: Repository) -> None:
    old = {file: file.read_bytes() for file in repository.folder.rglob("*") if file.is_file()}
    with repository.serve() as url:
        ok(client.update(repository, url))
        repository.write(targets(retired()), NOW + timedelta(seconds=5))
        assert "window closed" in ok(client.run("update", "own"))
        before = client.stored()
        for file, content in old.items():
            file.write_bytes(content)
        refused(client.run("update", "own"), 4, "BadVersionNumberError")
    assert client.stored() == before


@pytest.mark.parametrize("kind", ["another-key", "no-metadata", "no-json"])
def test_another_initial_root_trusts_nothing_there(
    client: Client, repository: Repository, tmp_path: Path, kind: str
) -> None:
    wrong = tmp_path / "wrong"
    wrong.mkdir()
    other = Repository(wrong)
    other.write(targets(), NOW)
    if kind != "another-key":
        other.initial.write_text("{}" if kind == "no-metadata" else "[" * 1000)
    with repository.serve() as url:
        refused(client.update(other, url), 4, "TUF repository")
    assert client.stored() is None


def test_nobody_there_is_a_network_failure(client: Client, repository: Repository) -> None:
    with repository.serve() as url:
        ok(client.update(repository, url))
    before = client.stored()
    refused(client.run("update", "own"), 6, "TUF repository")
    assert client.stored() == before


def test_loopback_is_asked_in_a_sandbox_only(client: Client, repository: Repository) -> None:
    with repository.serve() as url:
        words = ("trust", "update", "own", "--url", url, "--tuf-root", repository.initial)
        refused(sealane(words, client.folder, client.environment), 6, "only https is asked")


def test_a_poisoned_client_cache_changes_nothing(client: Client, repository: Repository) -> None:
    with repository.serve() as url:
        ok(client.update(repository, url))
        folder = client.folder / "state" / "sealane" / "trust" / "own" / "tuf"
        for file in folder.rglob("*.json"):
            if not file.is_symlink():
                file.write_bytes(b'{"signed": "poison"}')
        before = client.stored()
        assert before is not None
        assert "unchanged" in ok(client.run("update", "own"))
    after = client.stored()
    assert after is not None
    assert after["sha256"] == before["sha256"]
