"""The git remote without a socket; tests/integration runs unmodified git against it."""

import pytest

from sealane.errors import InputError
from sealane.sandbox.git_store import GitStore
from sealane.sandbox.git_wire import ZERO
from support.advisory_parts import AdvisoryParts

PLACE = "/git/project.git"


@pytest.fixture
def remote(world: AdvisoryParts) -> AdvisoryParts:
    world.administer("repository", name="project", protected=True)
    return world


def push(world: AdvisoryParts, reference: str, new: str = "1" * 40, **headers: str) -> bytes:
    line = f"{ZERO} {new} {reference}".encode() + b"\0 report-status"
    body = b"%04x%b0000" % (len(line) + 4, line)
    shown = {"authorization": world.pusher(), **headers}
    answer = world.call("POST", f"{PLACE}/git-receive-pack", body, {}, **shown)
    return b"%d %b" % (answer.status, answer.body)


def test_references_are_told_to_everybody(remote: AdvisoryParts) -> None:
    query = {"service": "git-upload-pack"}
    answer = remote.call("GET", f"{PLACE}/info/refs", b"", query)
    assert answer.content_type == "application/x-git-upload-pack-advertisement"
    assert b"refs/heads/main" in answer.body
    second = remote.call("GET", f"{PLACE}/info/refs", b"", query, git_protocol="version=2")
    assert b"version 2" in second.body


@pytest.mark.parametrize("shown", ["", "Basic eDp5", "Basic !", "Bearer {}", "basic"])
def test_a_push_without_the_token_is_refused(remote: AdvisoryParts, shown: str) -> None:
    token = shown.format(remote.accounts.git_token)
    query = {"service": "git-receive-pack"}
    asked = remote.call("GET", f"{PLACE}/info/refs", b"", query, authorization=token)
    assert (asked.status, "WWW-Authenticate" in asked.headers) == (401, True)
    assert push(remote, "refs/heads/x", authorization=token).startswith(b"401")


@pytest.mark.parametrize(
    ("reference", "new", "reason"),
    [
        ("refs/heads/main", "1" * 40, b"protected branch"),
        ("refs/heads/main", ZERO, b"protected branch"),
        ("refs/hidden/x", "1" * 40, b"neither a branch nor a tag"),
    ],
)
def test_what_may_not_be_pushed_is_refused_by_name(
    remote: AdvisoryParts, reference: str, new: str, reason: bytes
) -> None:
    answer = push(remote, reference, new)
    assert answer.startswith(b"200")
    assert b"ng " + reference.encode() + b" " + reason in answer


def test_main_of_an_unprotected_repository_is_not_deleted(world: AdvisoryParts) -> None:
    world.administer("repository", name="project")
    assert b"protected branch" in push(world, "refs/heads/main", ZERO)


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [(b"garbage", {}, 400), (b"x", {"content_encoding": "gzip"}, 415)],
)
def test_a_push_that_cannot_be_read_here_does_not_reach_git(
    remote: AdvisoryParts, body: bytes, headers: dict[str, str], status: int
) -> None:
    shown = {"authorization": remote.pusher(), **headers}
    answer = remote.call("POST", f"{PLACE}/git-receive-pack", body, {}, **shown)
    assert answer.status == status


def test_a_push_without_its_objects_changes_nothing(remote: AdvisoryParts) -> None:
    before = remote.administer("merge-requests", name="project")
    push(remote, "refs/heads/x")
    assert remote.administer("merge-requests", name="project") == before


@pytest.mark.parametrize(
    "path",
    [
        "/git/project.git/HEAD", "/git/project.git/config", "/git/project.git/objects/info/packs",
        "/git/../state.sqlite3", "/git/project.git/../../x", "/git/..git/info/refs",
        "/git/project/info/refs", "/git/a/project.git/info/refs", "/git/other.git/info/refs",
        "/git/project.git/git-upload-archive",
    ],
)  # fmt: skip
def test_nothing_but_the_smart_protocol_of_a_known_repository_is_served(
    remote: AdvisoryParts, path: str
) -> None:
    for method in ("GET", "POST"):
        query = {"service": "git-upload-pack"}
        assert remote.call(method, path, b"", query).status == 404


@pytest.mark.parametrize("service", ["", "git-upload-archive"])
def test_the_dumb_protocol_is_refused(remote: AdvisoryParts, service: str) -> None:
    assert remote.call("GET", f"{PLACE}/info/refs", b"", {"service": service}).status == 403


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "../x", "A", "-x", "x.git", "x" * 81])
def test_what_is_no_name_of_a_repository_is_refused(world: AdvisoryParts, name: str) -> None:
    with pytest.raises(InputError, match="not a name"):
        world.administer("repository", name=name)


def test_a_repository_is_made_once(remote: AdvisoryParts) -> None:
    with pytest.raises(InputError, match="exists already"):
        remote.administer("repository", name="project")


@pytest.mark.parametrize(
    ("route", "asked"),
    [
        ("repository", {}), ("repository", {"name": 1}), ("repository", {"name": "x", "more": 1}),
        ("merge", {"name": "none", "branch": "x"}), ("merge", {"name": "project", "branch": "x"}),
        ("merge", {"name": "project", "branch": "main"}), ("merge-requests", {"name": "none"}),
        ("advisories", {"x": 1}),
    ],
)  # fmt: skip
def test_what_cannot_be_administered_is_said(
    remote: AdvisoryParts, route: str, asked: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        remote.administer(route, **asked)


def test_a_remote_that_is_down_answers_503(remote: AdvisoryParts) -> None:
    remote.switches.set("git", "down")
    query = {"service": "git-upload-pack"}
    assert remote.call("GET", f"{PLACE}/info/refs", b"", query).status == 503


def test_no_configuration_of_the_machine_counts(
    remote: AdvisoryParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/nowhere/config")
    assert remote.advisories._repositories.branches("project")


def test_a_full_repository_takes_nothing_more(
    remote: AdvisoryParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sealane.sandbox.services.git._MOST_REPOSITORY", 10)
    assert push(remote, "refs/heads/x").startswith(b"413")


def test_a_client_that_asks_whether_it_may_push_is_answered(remote: AdvisoryParts) -> None:
    shown = {"authorization": remote.pusher()}
    shown["content_type"] = "application/x-git-receive-pack-request"
    answer = remote.call("POST", f"{PLACE}/git-receive-pack", b"0000", {}, **shown)
    assert answer.status == 200


def test_a_git_that_does_not_end_is_ended(
    remote: AdvisoryParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sealane.sandbox.git_store._TIMEOUT", 0.2)
    with pytest.raises(InputError, match="no end after"):
        GitStore(remote.ports).run(("sleep", "30"), b"", {})


def test_a_machine_without_git_is_told(
    world: AdvisoryParts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(InputError, match="cannot be run") as caught:
        world.administer("repository", name="project")
    assert caught.value.hint == "install git"
