"""What a merged advisory becomes, on real repositories."""

from collections.abc import Mapping

import pytest
import yaml

from sealane.errors import InputError
from sealane.sandbox.advisory_feed import AdvisoryFeed
from sealane.sandbox.git_requests import MergeRequests
from sealane.sandbox.git_store import MAIN, GitStore
from sealane.sandbox.index_store import seed
from support.advisory_parts import AdvisoryParts
from support.advisory_world import PROJECT, VERSIONS, write_wheels

NAME = "db"


@pytest.fixture
def store(world: AdvisoryParts) -> GitStore:
    write_wheels(world.directory / "wheels")
    seed(world.state, world.directory / "wheels")
    world.administer("repository", name=NAME, advisories=True)
    return GitStore(world.ports)


def advisory(identifier: str, *events: Mapping[str, str], **entry: object) -> str:
    package = {"ecosystem": "PyPI", "name": PROJECT}
    affected = {"package": package, "ranges": [{"type": "ECOSYSTEM", "events": list(events)}]}
    record = {"id": identifier, "published": "2025-05-05T00:00:00Z", "affected": [affected | entry]}
    return str(yaml.safe_dump(record))


def write(store: GitStore, files: Mapping[str, str], branch: str = MAIN, parent: str = MAIN) -> str:
    """Commit files, "" to remove one; as a push does after the server took it."""
    extra = {"GIT_INDEX_FILE": str(store.folder / "test-index")}
    store.git(NAME, "read-tree", parent, extra=extra)
    for path, content in files.items():
        blob = store.git(NAME, "hash-object", "-w", "--stdin", stdin=content.encode()).decode()
        mode = "100644" if content else "0"
        line = f"{mode} {blob.strip() if content else '0' * 40}\t{path}\n"
        store.git(NAME, "update-index", "--index-info", stdin=line.encode(), extra=extra)
    tree = store.git(NAME, "write-tree", extra=extra).decode().strip()
    commit = store.commit(NAME, tree, (store.branches(NAME)[parent],), "Change")
    store.git(NAME, "update-ref", f"refs/heads/{branch}", commit)
    return commit


def path_of(identifier: str) -> str:
    return f"vulns/{PROJECT}/{identifier}.yaml"


def files_on_main(store: GitStore) -> list[str]:
    return store.git(NAME, "ls-tree", "-r", "--name-only", MAIN, "vulns/").decode().split()


FROM_START = ({"introduced": "0"}, {"fixed": "1.2"})


def test_a_new_file_gets_an_identifier_and_every_version(
    world: AdvisoryParts, store: GitStore
) -> None:
    text = advisory("PYSEC-0000-a", *FROM_START, versions=["0.9", "1.0"])
    write(store, {path_of("PYSEC-0000-a"): text})
    assert world.advisories.feed.catch_up() == ["PYSEC-2025-1"]
    assert files_on_main(store) == [path_of("PYSEC-2025-1")]
    (record,) = world.administer("advisories")["advisories"]
    assert record["affected"][0]["versions"] == ["0.9", "1.0", "1.1", "1.2rc1"]
    shown = store.git(NAME, "show", f"{MAIN}:{path_of('PYSEC-2025-1')}")
    assert yaml.safe_load(shown)["affected"] == record["affected"]


def test_nothing_is_taken_in_twice(world: AdvisoryParts, store: GitStore) -> None:
    write(store, {path_of("PYSEC-0000-a"): advisory("PYSEC-0000-a", *FROM_START)})
    world.advisories.feed.catch_up()
    head = store.branches(NAME)[MAIN]
    assert world.advisories.feed.catch_up() == []
    write(store, {"README.md": "changed"})
    assert AdvisoryFeed(world.ports, store).catch_up() == []
    assert store.contains(NAME, store.branches(NAME)[MAIN], head)


def test_a_changed_file_replaces_its_record(world: AdvisoryParts, store: GitStore) -> None:
    write(store, {path_of("PYSEC-2024-9"): advisory("PYSEC-2024-9", *FROM_START)})
    world.advisories.feed.catch_up()
    changed = advisory("PYSEC-2024-9", {"introduced": "2.0"})
    write(store, {path_of("PYSEC-2024-9"): changed})
    assert world.advisories.feed.catch_up() == ["PYSEC-2024-9"]
    (record,) = world.administer("advisories")["advisories"]
    expected = [
        version
        for version in VERSIONS
        if version not in ("1.0", "1.1", "1.2rc1", "1.2", "1.2.post1")
    ]
    assert set(record["affected"][0]["versions"]) == set(expected)


def test_identifiers_count_on(world: AdvisoryParts, store: GitStore) -> None:
    world.administer("advisory", id="PYSEC-2025-41", affected=[])
    names = ("PYSEC-0000-a", "PYSEC-0000-b")
    write(store, {path_of(name): advisory(name, *FROM_START) for name in names})
    assert world.advisories.feed.catch_up() == ["PYSEC-2025-42", "PYSEC-2025-43"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (path_of("PYSEC-2026-1"), "a: [\n"),
        (path_of("PYSEC-2026-1"), advisory("PYSEC-2026-2", *FROM_START)),
        (f"vulns/{PROJECT}/PYSEC-2026-1.json", "{}"),
        ("vulns/PYSEC-2026-1.yaml", advisory("PYSEC-2026-1", *FROM_START)),
        ("other/PYSEC-2026-1.yaml", advisory("PYSEC-2026-1", *FROM_START)),
        (path_of("odd name"), "id: odd name\n"),
    ],
)
def test_what_is_no_advisory_of_the_database_is_left_out(
    world: AdvisoryParts, store: GitStore, path: str, content: str
) -> None:
    good = {path_of("PYSEC-2026-5"): advisory("PYSEC-2026-5", *FROM_START)}
    write(store, {path: content, **good})
    assert world.advisories.feed.catch_up() == ["PYSEC-2026-5"]


def test_a_record_that_names_no_versions_of_ours_stays_as_it_is(
    world: AdvisoryParts, store: GitStore
) -> None:
    text = "id: PYSEC-2026-6\naffected: [text, {package: {ecosystem: PyPI, name: other}}]\n"
    write(store, {path_of("PYSEC-2026-6"): text, path_of("PYSEC-2026-7"): "id: PYSEC-2026-7\n"})
    before = store.branches(NAME)[MAIN]
    assert world.advisories.feed.catch_up() == ["PYSEC-2026-6", "PYSEC-2026-7"]
    assert store.branches(NAME)[MAIN] == before


def test_a_stopped_feed_takes_nothing_in(world: AdvisoryParts, store: GitStore) -> None:
    write(store, {path_of("PYSEC-2026-8"): advisory("PYSEC-2026-8", *FROM_START)})
    world.switches.set("advisory.feed", "stopped")
    assert world.advisories.feed.catch_up() == []
    world.switches.set("advisory.feed", "")
    assert world.advisories.feed.catch_up() == ["PYSEC-2026-8"]


def test_branches_that_conflict_are_not_merged(world: AdvisoryParts, store: GitStore) -> None:
    write(store, {"notes": "one\n"}, branch="first")
    write(store, {"notes": "two\n"}, branch="second")
    requests = MergeRequests(world.state, store)
    requests.observe(NAME)
    world.administer("merge", name=NAME, branch="first")
    with pytest.raises(InputError, match="conflicts"):
        world.administer("merge", name=NAME, branch="second")
    states = {one["branch"]: one["state"] for one in requests.list(NAME)}
    assert states == {"first": "merged", "second": "opened"}


def test_a_merge_request_follows_its_branch_until_that_is_gone(
    world: AdvisoryParts, store: GitStore
) -> None:
    requests = MergeRequests(world.state, store)
    for content in ("one\n", "two\n"):
        head = write(store, {"notes": content}, branch="topic")
        requests.observe(NAME)
        (one,) = requests.list(NAME)
        assert (one["commit"], one["state"]) == (head, "opened")
    store.git(NAME, "update-ref", "-d", "refs/heads/topic")
    requests.observe(NAME)
    assert requests.list(NAME)[0]["state"] == "closed"
    write(store, {"notes": "three\n"}, branch="topic")
    requests.observe(NAME)
    assert [one["state"] for one in requests.list(NAME)] == ["closed", "opened"]
