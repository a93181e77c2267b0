"""A record is handed in as a patch, or as a branch of a repository on this machine."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sealane.core.advisory.documents import Document
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_yaml import render_record_yaml
from sealane.core.model.values import replace
from sealane.errors import InputError
from sealane.io.outlets.interface import About, Shown, Surroundings
from sealane.io.outlets.osv_git import OsvGitOutlet, OsvGitSettings
from support.records import AT, record_of
from support.repositories import commit_all, git

RECORD = record_of(id="PYSEC-0000-acme", aliases=("CVE-2026-10001",))
AUTHOR = "Acme <security@acme.example>"
PATH = "vulns/acme/PYSEC-0000-acme.yaml"


def document(record: Record = RECORD) -> Document:
    return Document("pypa", f"vulns/acme/{record.id}.yaml", render_record_yaml(record))


def outlet(tmp_path: Path, settings: OsvGitSettings, about: About | None = None) -> OsvGitOutlet:
    around = Surroundings(
        {"PATH": os.environ["PATH"]}, tmp_path, "test/1", sandbox=True, sleep=lambda _: None,
        now=lambda: datetime(2026, 11, 2, tzinfo=UTC),
    )  # fmt: skip
    return OsvGitOutlet("db", settings, about or About(RECORD.id, RECORD.aliases), around)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """A work tree of a database."""
    folder = tmp_path / "work"
    (folder / "vulns" / "acme").mkdir(parents=True)
    (folder / "README").write_text("a database")
    commit_all(folder)
    return folder


def database(work: Path, *records: Record) -> str:
    """A bare repository with these records on main."""
    for record in records:
        (work / "vulns" / "acme" / f"{record.id}.yaml").write_bytes(render_record_yaml(record))
    if records:
        commit_all(work)
    git(work.parent, "clone", "--quiet", "--bare", "work", "database.git")
    return str(work.parent / "database.git")


def test_a_patch_is_written_once_and_applies(tmp_path: Path, work: Path) -> None:
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, folder="patches"))
    path = tmp_path / "patches" / "PYSEC-0000-acme.patch"
    assert made.observe(document()).shown is Shown.ABSENT
    assert made.plan(document()) == (f"write {path}",)
    assert not path.exists()
    assert made.publish(document()).shown is Shown.SAME
    before = path.stat()
    assert made.publish(document()).state == "patch"
    assert path.stat() == before
    assert made.plan(document()) == ()
    git(work, "am", "--quiet", str(path))
    assert (work / PATH).read_bytes() == document().content


def test_another_patch_is_not_overwritten(tmp_path: Path) -> None:
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, folder="patches"))
    path = tmp_path / "patches" / "PYSEC-0000-acme.patch"
    path.parent.mkdir()
    path.write_text("somebody's")
    for act in (made.plan, made.publish):
        with pytest.raises(InputError, match="something else stands there"):
            act(document())
    assert path.read_text() == "somebody's"


def test_a_patch_against_a_database_changes_what_is_there(tmp_path: Path, work: Path) -> None:
    older = replace(RECORD, summary="Acme is slow", modified=datetime(2026, 10, 1, tzinfo=UTC))
    url = database(work, older)
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, folder="patches"))
    assert made.observe(document()).state == "older"
    assert made.publish(document()).shown is Shown.SAME
    git(work, "am", "--quiet", str(tmp_path / "patches" / "PYSEC-0000-acme.patch"))
    assert (work / PATH).read_bytes() == document().content


def test_what_the_database_took_in_is_not_handed_in_again(tmp_path: Path, work: Path) -> None:
    taken = replace(RECORD, id="PYSEC-2026-7", modified=AT.replace(hour=18))
    url = database(work, taken)
    for settings in (
        OsvGitSettings(AUTHOR, repository=url, folder="patches"),
        OsvGitSettings(AUTHOR, repository=url, push=url),
    ):
        seen = outlet(tmp_path, settings).publish(document())
        assert (seen.shown, seen.state, seen.identifier) == (Shown.SAME, "merged", "PYSEC-2026-7")
    assert git(Path(url), "for-each-ref", "--format=%(refname)") == "refs/heads/main"


@pytest.mark.parametrize(
    "theirs",
    [
        pytest.param(replace(RECORD, summary="x"), id="same-id-and-time"),
        pytest.param(
            replace(RECORD, summary="x", modified=AT.replace(hour=18)), id="changed-by-others"
        ),
    ],
)
def test_what_the_database_says_otherwise_is_left_alone(
    tmp_path: Path, work: Path, theirs: Record
) -> None:
    url = database(work, theirs)
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, push=url))
    assert made.observe(document()).shown is Shown.OTHER
    with pytest.raises(InputError, match="something else stands there"):
        made.publish(document())
    assert git(Path(url), "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_what_was_merged_under_another_identifier_has_to_be_named(
    tmp_path: Path, work: Path
) -> None:
    url = database(work, replace(RECORD, id="PYSEC-2026-7", summary="x"))
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, push=url))
    for act in (made.plan, made.publish):
        with pytest.raises(InputError, match="has it as PYSEC-2026-7") as caught:
            act(document())
        assert "name PYSEC-2026-7 in `aliases`" in caught.value.hint
    assert git(Path(url), "for-each-ref", "--format=%(refname)") == "refs/heads/main"


def test_records_about_something_else_do_not_matter(tmp_path: Path, work: Path) -> None:
    other = replace(
        RECORD, id="PYSEC-2026-8", aliases=("CVE-2026-2",), details="unlike CVE-2026-10001"
    )
    url = database(work, other)
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, push=url))
    assert made.publish(document()).state == "branch"


def test_a_file_of_the_database_that_cannot_be_read_is_told(tmp_path: Path, work: Path) -> None:
    (work / "vulns" / "acme" / "PYSEC-2026-9.yaml").write_text("CVE-2026-10001: [\n")
    commit_all(work)
    url = database(work)
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, push=url))
    with pytest.raises(InputError, match=r"vulns/acme/PYSEC-2026-9\.yaml of the database"):
        made.observe(document())


def test_a_branch_may_be_pushed_to_a_fork(tmp_path: Path, work: Path) -> None:
    url = database(work)
    git(tmp_path, "clone", "--quiet", "--bare", "work", "fork.git")
    (work / "README").write_text("the fork does not have this")
    commit_all(work)
    git(work, "push", "--quiet", url, "main")
    fork = str(tmp_path / "fork.git")
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, repository=url, push=fork))
    assert made.publish(document()).shown is Shown.SAME
    assert "id: PYSEC-0000-acme" in git(Path(fork), "show", f"sealane/PYSEC-0000-acme:{PATH}")
    assert "sealane" not in git(Path(url), "for-each-ref")


@pytest.mark.parametrize(
    "name", ["PYSEC-0000-acme.yaml", "vulns/acme/other.yaml", "vulns/../x/PYSEC-0000-acme.yaml"]
)
def test_a_document_of_another_name_is_refused(tmp_path: Path, name: str) -> None:
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, folder="patches"))
    with pytest.raises(InputError, match="expected vulns/acme"):
        made.publish(Document("pypa", name, document().content))


def test_hosts_are_those_of_its_urls(tmp_path: Path) -> None:
    at = OsvGitSettings(AUTHOR, repository="https://a.example/x", push="https://b.example/x")
    assert outlet(tmp_path, at).hosts == ("a.example", "b.example")


def test_a_record_in_the_folder_of_another_project_is_not_handed_in(tmp_path: Path) -> None:
    made = outlet(tmp_path, OsvGitSettings(AUTHOR, folder="patches"))
    name = f"vulns/victim/{RECORD.id}.yaml"
    with pytest.raises(InputError, match="expected vulns/acme/"):
        made.publish(Document("pypa", name, document().content))
    assert not (tmp_path / "patches").exists()
