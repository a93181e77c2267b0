"""Only what is asked for is looked at, and what could not be asked is not taken for an answer."""

import json
from pathlib import Path

import pytest

from sealane.core.advisory.checks.interface import (
    Seen,
    SeenAnswer,
    SeenCve,
    SeenFile,
    SeenFix,
    SeenReference,
)
from sealane.core.advisory.record import Record, Reference
from sealane.desk.ask import About, Ask, Kind, Means, Observed
from sealane.desk.observe import observe
from sealane.errors import InputError, UsageError
from support.answering import Answering, Reply, told
from support.outside import show_cve, show_listing
from support.records import entry_of, listed, record_of
from support.repositories import commit_all, git

INDEX = listed("acme", ["1.0", "1.1", "1.2"], yanked=["1.0"])
RECORD = record_of()
QUERY = "/osv/v1/query"


def seen(
    ask: Ask, means: Means, record: Record = RECORD, before: Observed | None = None
) -> Observed:
    return observe(About(record), ask, means, kinds=frozenset(Kind), before=before or Observed())


def notes(observed: Observed) -> str:
    return "\n".join(text for _, text in observed.notes)


def test_nothing_is_asked_that_was_not_asked_for(service: Answering, means: Means) -> None:
    before = Observed(listings=(INDEX,))
    assert seen(Ask(), means, before=before) == before
    assert service.asked == []


def test_the_index_is_read_with_digests_and_yanks(service: Answering, means: Means) -> None:
    show_listing(service, INDEX)
    found = seen(Ask(index=f"{service.base}/simple/"), means)
    (listing,) = found.listings
    assert listing.releases == INDEX.releases
    assert [one.kind for _, one in found.based_on] == ["index"]


def test_a_project_that_the_index_does_not_know_has_no_release(
    service: Answering, means: Means
) -> None:
    found = seen(Ask(index=f"{service.base}/simple/"), means)
    assert [one.versions for one in found.listings] == [()]
    assert "no project acme" in notes(found)


@pytest.mark.parametrize("reply", [Reply(503), Reply(200, b"<html>"), told({"files": 1})])
def test_an_index_that_does_not_answer_is_no_empty_one(
    reply: Reply, service: Answering, means: Means
) -> None:
    service.replies["/simple/acme/"] = reply
    # What was known before is old by then.
    found = seen(Ask(index=f"{service.base}/simple/"), means, before=Observed(listings=(INDEX,)))
    assert found.listings == ()
    assert found.notes


def test_an_index_that_contradicts_itself_is_not_believed(service: Answering, means: Means) -> None:
    file = {"filename": "acme-1.0.tar.gz", "url": "/a", "hashes": {"sha256": "a" * 64}}
    other = {**file, "hashes": {"sha256": "b" * 64}}
    service.replies["/simple/acme/"] = told({"files": [file, other]})
    found = seen(Ask(index=f"{service.base}/simple/"), means)
    assert found.listings == ()
    assert "listed twice" in notes(found)


def test_links_answer_or_do_not(service: Answering, means: Means) -> None:
    service.replies["/advisory"] = Reply(302, headers={"Location": "/moved"})
    service.replies["/moved"] = Reply(200)
    urls = [f"{service.base}/advisory", f"{service.base}/gone", "http://192.0.2.1/x"]
    record = record_of(references=tuple(Reference("WEB", url) for url in (*urls, urls[0])))
    found = seen(Ask(references=True), means, record)
    assert found.seen.references == (
        SeenReference(urls[0], 200),
        SeenReference(urls[1], 404),
        SeenReference(urls[2], 0),
    )
    assert f"leads to {service.base}/moved" in notes(found)
    assert "only https" in notes(found)


def test_more_links_than_anybody_writes_are_not_asked(service: Answering, means: Means) -> None:
    links = tuple(Reference("WEB", f"{service.base}/{number}") for number in range(101))
    found = seen(Ask(references=True), means, record_of(references=links))
    assert found.seen.references is None
    assert service.asked == []


def test_a_fix_is_public_where_the_remote_has_it(means: Means, tmp_path: Path) -> None:
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    (origin / "a").write_text("1")
    fix = commit_all(origin, "v1.2")
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    (clone / "a").write_text("2")
    secret = commit_all(clone)
    urls = [f"https://acme.example/acme/commit/{one}" for one in (fix[:12], secret, "0" * 40)]
    record = record_of(references=tuple(Reference("FIX", url) for url in urls))
    found = seen(Ask(repository=clone), means, record)
    assert found.seen.fixes == (
        SeenFix(fix, ("HEAD", "main"), ("v1.2",)),
        SeenFix(secret, (), ()),
        SeenFix("0" * 40, (), ()),
    )
    assert "no such commit" in notes(found)
    # Of a mirror its own branches are what is public.
    mirrored = seen(Ask(repository=clone, remote=""), means, record)
    assert mirrored.seen.fixes is not None
    assert mirrored.seen.fixes[1] == SeenFix(secret, ("main",), ())


def test_a_folder_that_is_no_repository_is_the_users_mistake(means: Means, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        seen(Ask(repository=tmp_path), means)


def test_a_csaf_folder_is_read_here_or_there(
    service: Answering, means: Means, tmp_path: Path
) -> None:
    files = {"2026/acme-1.json": b"{}", "index.txt": b"2026/acme-1.json\n"}
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(content)
        service.replies[f"/csaf/{path}"] = Reply(200, content)
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "config").write_text("x")
    expected = tuple(SeenFile(path, content) for path, content in sorted(files.items()))
    here = seen(Ask(tree=str(tmp_path)), means)
    there = seen(Ask(tree=f"{service.base}/csaf"), means)
    assert here.seen.tree == there.seen.tree == expected
    assert here.based_on[0][1].sha256 == there.based_on[0][1].sha256
    assert seen(Ask(tree=f"{service.base}/none"), means).seen.tree is None
    with pytest.raises(InputError, match="not a folder"):
        seen(Ask(tree=str(tmp_path / "none")), means)


def test_the_cve_record_is_known_unknown_or_not_asked(service: Answering, means: Means) -> None:
    ask = Ask(cve=f"{service.base}/cve")
    unknown = seen(ask, means).seen
    assert (unknown.asked_cve, unknown.cve) == (True, None)
    show_cve(service, "CVE-2026-10001", {"title": "x"})
    known = seen(ask, means).seen
    assert isinstance(known.cve, SeenCve)
    assert (known.cve.id, known.cve.state) == ("CVE-2026-10001", "PUBLISHED")
    assert json.loads(known.cve.content) == {"title": "x"}
    service.replies["/cve/cve/CVE-2026-10001"] = Reply(503)
    down = seen(ask, means)
    assert (down.seen.asked_cve, down.seen.cve) == (False, None)
    assert "HTTP 503" in notes(down)
    nameless = seen(ask, means, record_of(aliases=()))
    assert nameless.seen.asked_cve is False
    assert "no CVE identifier" in notes(nameless)


def test_the_osv_service_is_asked_about_the_versions_that_matter(
    service: Answering, means: Means
) -> None:
    service.replies[QUERY] = [told({"vulns": [{"id": RECORD.id}]}), told({})]
    found = seen(Ask(osv=f"{service.base}/osv"), means, before=Observed(listings=(INDEX,)))
    assert found.seen.osv == (
        SeenAnswer("acme", "1.1", (RECORD.id,)),
        SeenAnswer("acme", "1.2", ()),
    )


def test_one_answer_that_fails_leaves_no_answer_at_all(service: Answering, means: Means) -> None:
    service.replies[QUERY] = [told({"vulns": [{"id": RECORD.id}]}), Reply(503)]
    found = seen(Ask(osv=f"{service.base}/osv"), means, before=Observed(listings=(INDEX,)))
    assert found.seen.osv is None
    assert "HTTP 503" in notes(found)


def test_without_an_index_nobody_knows_what_to_ask_about(service: Answering, means: Means) -> None:
    found = seen(Ask(osv=f"{service.base}/osv", audits=frozenset({"osv"})), means)
    assert (found.seen.osv, found.seen.audits) == (None, None)
    assert "its index was not seen" in notes(found)
    assert service.asked == []


def test_ranges_that_cannot_be_read_are_asked_nothing_about(
    service: Answering, means: Means
) -> None:
    record = record_of(entry_of(events="0 <one.two"))
    found = seen(Ask(osv=f"{service.base}/osv"), means, record, Observed(listings=(INDEX,)))
    assert found.seen.osv == ()
    assert service.asked == []


def test_more_versions_than_can_be_asked_about_are_not(service: Answering, means: Means) -> None:
    versions = [f"1.{number}" for number in range(301)]
    record = record_of(entry_of(events="", versions=versions))
    before = Observed(listings=(listed("acme", versions),))
    found = seen(Ask(osv=f"{service.base}/osv"), means, record, before)
    assert found.seen.osv is None
    assert "301 versions" in notes(found)


def test_pip_audit_is_sent_nowhere_that_may_not_be_asked(means: Means) -> None:
    ask = Ask(osv="http://192.0.2.1/osv", audits=frozenset({"osv"}))
    found = seen(ask, means, before=Observed(listings=(INDEX,)))
    assert found.seen.audits is None
    assert [text for kind, text in found.notes if kind is Kind.AUDITS] == [
        "POST http://192.0.2.1/osv/v1/query: only https is asked"
    ]


@pytest.mark.parametrize("audits", [frozenset({"osv"}), frozenset({"esms"})])
def test_pip_audit_asks_services_that_are_known_and_named(
    audits: frozenset[str], means: Means
) -> None:
    with pytest.raises(UsageError, match="pip-audit: cannot ask"):
        seen(Ask(audits=audits), means, before=Observed(listings=(INDEX,)))


def test_an_announcement_is_read_from_its_file(means: Means, tmp_path: Path) -> None:
    path = tmp_path / "mail.txt"
    path.write_text("Acme 1.2 fixes it.")
    assert seen(Ask(announcement=path), means).seen.announcement == "Acme 1.2 fixes it."
    with pytest.raises(InputError):
        seen(Ask(announcement=tmp_path / "none"), means)


@pytest.mark.parametrize(
    "ask",
    [
        Ask(index="https://192.0.2.1/simple/"),
        Ask(references=True),
        Ask(tree="https://192.0.2.1/csaf"),
        Ask(cve="https://192.0.2.1/api"),
        Ask(osv="https://192.0.2.1/osv"),
        Ask(audits=frozenset({"index"})),
    ],
)
def test_where_nobody_may_be_asked_nobody_is(ask: Ask) -> None:
    with pytest.raises(UsageError, match="nobody may be asked"):
        seen(ask, Means(None, {}), before=Observed(listings=(INDEX,)))


def test_a_second_look_forgets_the_first(service: Answering, means: Means) -> None:
    """What was seen once may have gone since: what cannot be seen now is not seen."""
    ask = Ask(osv=f"{service.base}/osv", cve=f"{service.base}/cve")
    show_cve(service, "CVE-2026-10001", {})
    service.replies[QUERY] = told({})
    first = seen(ask, means, before=Observed(listings=(INDEX,)))
    service.replies.clear()
    service.replies[QUERY] = Reply(503)
    again = observe(About(RECORD), ask, means, kinds={Kind.OSV}, before=first)
    assert again.seen == Seen(cve=first.seen.cve, asked_cve=True)
    assert again.listings == (INDEX,)
    assert {kind for kind, _ in again.notes} == {Kind.OSV}
