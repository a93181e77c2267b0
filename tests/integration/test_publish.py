"""An advisory goes out everywhere, once, whatever happens on the way."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.desk.publish import PublishReport, load_publish_journal, publish
from sealane.desk.publish_journal import Did
from sealane.errors import ExitCode
from sealane.sandbox.running import Running
from support.outlets import NOW, Stand, Stands, killed_publication, opened, publication_of
from support.relay import Relay, relaying

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

ORDER = ["ghsa", "cve", "csaf-tree", "osv-git"]


@pytest.fixture
def relay(running_sandbox: Running) -> Iterator[Relay]:
    with relaying(running_sandbox.base) as made:
        yield made
    for switch in ("ghsa", "cve", "git"):
        running_sandbox.set_fault(switch, "")


@pytest.fixture
def stands(running_sandbox: Running, tmp_path: Path, relay: Relay) -> tuple[Stand, ...]:
    return Stands(running_sandbox, tmp_path, relay.base).all_kinds()


def run(
    stands: tuple[Stand, ...], journal: Path, *, dry_run: bool = False, revision: int = 1
) -> PublishReport:
    return publish(
        publication_of(stands, revision=revision), opened(stands, journal), journal,
        dry_run=dry_run, now=lambda: NOW, say=lambda _: None,
    )  # fmt: skip


def counts(stands: tuple[Stand, ...]) -> list[int]:
    return [one.count() for one in stands]


def test_it_is_published_everywhere_once(
    stands: tuple[Stand, ...], relay: Relay, tmp_path: Path
) -> None:
    journal = tmp_path / "publish.jsonl"
    report = run(stands, journal)
    assert report.failure is None
    assert [line.kind for line in report.lines] == ORDER
    assert all(line.done for line in report.lines)
    assert counts(stands) == [1, 1, 1, 1]
    assert report.hosts == ("127.0.0.1",)
    written = list(relay.writes)
    assert run(stands, journal).failure is None
    assert relay.writes == written
    tokens = [token for one in stands for token in one.environment.values() if token]
    assert len(tokens) == 3
    assert not any(token in journal.read_text() for token in tokens)


def test_a_dry_run_only_reads(stands: tuple[Stand, ...], relay: Relay, tmp_path: Path) -> None:
    report = run(stands, tmp_path / "publish.jsonl", dry_run=True)
    assert all(line.steps and not line.done for line in report.lines)
    assert report.public == "nothing is public"
    assert relay.asked
    assert relay.writes == []
    assert counts(stands) == [0, 0, 0, 0]
    assert not (tmp_path / "publish.jsonl").exists()


def test_one_outlet_that_does_not_answer_keeps_all_back(
    stands: tuple[Stand, ...], relay: Relay, running_sandbox: Running, tmp_path: Path
) -> None:
    running_sandbox.set_fault("git", "down")
    report = run(stands, tmp_path / "publish.jsonl")
    assert report.exit_code == ExitCode.NETWORK
    assert report.lines[3].error
    assert report.public == "nothing is public"
    assert relay.writes == []
    running_sandbox.set_fault("git", "")
    assert counts(stands) == [0, 0, 0, 0]


def test_a_failure_in_between_tells_what_is_public_and_is_gone_on_from(
    stands: tuple[Stand, ...], relay: Relay, tmp_path: Path
) -> None:
    journal = tmp_path / "publish.jsonl"
    # Looking works: what the organisation is called is asked only when something is sent.
    relay.lost = lambda _, path, __: path.endswith("/org/sandbox-cna")
    report = run(stands, journal)
    assert report.exit_code == ExitCode.NETWORK
    assert [line.done for line in report.lines] == [True, False, False, False]
    assert report.public.startswith("public: ")
    assert report.public.endswith("may be public: cve")
    assert report.command == "sealane advisory publish x.json"
    assert counts(stands) == [1, 0, 0, 0]
    relay.lost = lambda *_: False
    assert run(stands, journal).failure is None
    assert counts(stands) == [1, 1, 1, 1]


def test_a_later_revision_replaces_what_the_journal_knows(
    stands: tuple[Stand, ...], tmp_path: Path
) -> None:
    journal = tmp_path / "publish.jsonl"
    run(stands, journal)
    strange = run(stands, tmp_path / "lost.jsonl", revision=2)
    assert strange.exit_code == ExitCode.INPUT
    assert run(stands, journal, revision=2).failure is None
    assert counts(stands) == [1, 1, 1, 1]


def test_killed_between_any_two_lines_of_the_journal_it_completes(
    running_sandbox: Running, tmp_path: Path
) -> None:
    made = Stands(running_sandbox, tmp_path)
    for line in range(1, 20):
        stands = made.all_kinds()
        journal = stands[0].root / "publish.jsonl"
        ended = killed_publication(stands, journal, line)
        assert run(stands, journal).failure is None
        assert counts(stands) == [1, 1, 1, 1], f"killed before line {line}"
        last = {one.outlet: one.did for one in load_publish_journal(journal).entries}
        assert set(last.values()) <= {Did.PUBLISHED, Did.FOUND}
        if ended == 0:
            assert line == 9
            return
    raise AssertionError("it never ended")
