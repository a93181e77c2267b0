"""Publishing where no server is needed: a folder of CSAF documents, and a patch."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from sealane.core.model.values import replace
from sealane.desk.publish import (
    PublishReport,
    load_publish_journal,
    open_outlets,
    parse_replaceable,
    publish,
)
from sealane.desk.publish_journal import Did
from sealane.desk.publish_plan import Publication
from sealane.errors import EmbargoError, ExitCode, InputError, UsageError
from sealane.io.adapters.mutex import exclusive
from sealane.io.outlets.interface import Shown
from support.outlets import NOW, Stand, draft_of, opened, publication_of

RECORD = draft_of(1, "CVE-2026-10001")


@pytest.fixture
def stands(tmp_path: Path) -> tuple[Stand, ...]:
    settings = {
        "csaf-tree": {"folder": "csaf", "url": "https://acme.example/csaf",
                      "publisher": "Acme security team", "namespace": "https://acme.example"},
        "osv-git": {"author": "Acme <security@acme.example>", "folder": "patches"},
    }  # fmt: skip
    return tuple(Stand(kind, settings[kind], {}, tmp_path, RECORD, int) for kind in settings)


@pytest.fixture
def journal(tmp_path: Path) -> Path:
    return tmp_path / "publish.jsonl"


def run(
    stands: tuple[Stand, ...],
    journal: Path,
    publication: Publication | None = None,
    *,
    dry_run: bool = False,
    allowed: frozenset[str] = frozenset(),
    say: Callable[[str], None] = lambda _: None,
) -> PublishReport:
    return publish(
        publication or publication_of(stands), opened(stands, journal, allowed), journal,
        dry_run=dry_run, now=lambda: NOW, say=say,
    )  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.endswith(".lock")
    }


def test_everything_is_published_in_order_and_noted(
    stands: tuple[Stand, ...], journal: Path
) -> None:
    said: list[str] = []
    report = run(stands, journal, say=said.append)
    assert (report.failure, report.exit_code, report.command) == (None, ExitCode.PASS, "")
    assert [(line.kind, line.done) for line in report.lines] == [
        ("csaf-tree", True), ("osv-git", True),
    ]  # fmt: skip
    assert report.public.startswith("public: ")
    assert report.hosts == ()
    assert [(one.outlet, one.did) for one in load_publish_journal(journal).entries] == [
        ("csaf-tree", Did.SENDING), ("csaf-tree", Did.PUBLISHED),
        ("osv-git", Did.SENDING), ("osv-git", Did.PUBLISHED),
    ]  # fmt: skip
    assert said[0].startswith("csaf-tree: publishing")


def test_again_changes_nothing(stands: tuple[Stand, ...], journal: Path, tmp_path: Path) -> None:
    run(stands, journal)
    before = {name: content for name, content in files(tmp_path).items() if name != journal.name}
    report = run(stands, journal)
    after = {name: content for name, content in files(tmp_path).items() if name != journal.name}
    assert after == before
    assert all(line.done and line.steps == () for line in report.lines)
    assert [one.did for one in load_publish_journal(journal).entries][-2:] == [Did.FOUND] * 2


def test_a_dry_run_names_every_step_and_takes_none(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    report = run(stands, journal, dry_run=True)
    assert report.dry_run
    assert all(line.steps and not line.done for line in report.lines)
    assert (report.public, report.command) == (
        "nothing is public",
        "sealane advisory publish x.json",
    )
    assert files(tmp_path) == {}


def test_nothing_is_sent_where_one_outlet_has_something_else(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    patch = tmp_path / "patches" / f"{RECORD.id}.patch"
    patch.parent.mkdir()
    patch.write_text("somebody's")
    for dry_run in (True, False):
        report = run(stands, journal, dry_run=dry_run)
        assert isinstance(report.failure, InputError)
        assert report.exit_code == ExitCode.INPUT
        assert "something else stands there" in report.lines[1].error
        assert report.lines[0].steps
        assert not (tmp_path / "csaf").exists()
    digest = report.lines[1].presence
    assert digest is not None
    assert run(stands, journal, allowed=frozenset({digest.sha256})).failure is None


def test_after_a_failure_it_says_what_is_public_and_goes_on(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    (tmp_path / "patches").write_text("a file where a folder belongs")
    report = run(stands, journal)
    assert isinstance(report.failure, InputError)
    assert [line.done for line in report.lines] == [True, False]
    assert "csaf" in report.public
    assert "may be public: osv-git" in report.public
    assert report.command == "sealane advisory publish x.json"
    assert load_publish_journal(journal).entries[-1].did is Did.FAILED
    (tmp_path / "patches").unlink()
    again = run(stands, journal)
    assert again.failure is None
    assert [line.steps == () for line in again.lines] == [True, False]


def test_a_later_revision_replaces_ours_and_nobody_elses(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    run(stands, journal)
    later = publication_of(stands, revision=2)
    strange = run(stands, tmp_path / "other.jsonl", later)
    assert isinstance(strange.failure, InputError)
    report = run(stands, journal, later)
    assert report.failure is None
    shown = [line.presence.shown for line in report.lines if line.presence]
    assert shown == [Shown.SAME, Shown.SAME]


def test_what_must_not_go_leaves_no_trace(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    made = publication_of(stands)
    for refused in (
        replace(made, not_before=NOW + timedelta(days=1)),
        replace(made, examination=replace(made.examination, findings=())),
    ):
        for dry_run in (True, False):
            with pytest.raises((UsageError, EmbargoError)):
                run(stands, journal, refused, dry_run=dry_run)
    assert files(tmp_path) == {}


def test_two_at_once_are_refused(stands: tuple[Stand, ...], journal: Path) -> None:
    lock = journal.with_name(f".{journal.name}.lock")
    with exclusive(lock, what="x"), pytest.raises(UsageError, match="another process"):
        run(stands, journal)


def test_a_torn_journal_is_mended_and_a_changed_one_refused(
    stands: tuple[Stand, ...], journal: Path
) -> None:
    run(stands, journal)
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"advis')
    said: list[str] = []
    assert run(stands, journal, say=said.append).failure is None
    assert "left out a last line" in said[0]
    assert journal.read_bytes().startswith(whole)
    journal.write_bytes(whole.replace(b"osv-git", b"osv-got", 1))
    with pytest.raises(InputError, match=r"publish\.jsonl: journal line") as caught:
        run(stands, journal)
    assert "--replace" in caught.value.hint


def test_a_journal_that_cannot_be_written_sends_nothing(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    journal.mkdir()
    with pytest.raises(InputError):
        publish(
            publication_of(stands), opened(stands, tmp_path / "none"), journal,
            dry_run=False, now=lambda: NOW, say=lambda _: None,
        )  # fmt: skip
    assert not (tmp_path / "csaf").exists()


def test_what_is_published_can_be_read_by_a_server(
    stands: tuple[Stand, ...], journal: Path, tmp_path: Path
) -> None:
    run(stands, journal)
    for path in (tmp_path / "csaf").rglob("*.json"):
        assert path.stat().st_mode & stat.S_IROTH


@pytest.mark.parametrize(
    "text",
    ["", "ab", "sha256:", f"sha256:{'AB' * 32}", f"sha512:{'ab' * 32}", "sha256:" + "g" * 64],
)
def test_a_digest_that_is_none_allows_nothing(text: str) -> None:
    with pytest.raises(UsageError, match="--replace"):
        parse_replaceable(text)
    assert parse_replaceable(f"sha256:{'ab' * 32}") == "ab" * 32


def test_outlets_that_cannot_be_made_are_errors(stands: tuple[Stand, ...], journal: Path) -> None:
    from support.outlets import around_of

    with pytest.raises(UsageError):
        open_outlets(
            [replace(stands[0].configured, kind="mail")], (RECORD.id,), journal, around_of(stands)
        )
