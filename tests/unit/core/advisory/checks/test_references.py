"""ADV16: links answer, and the fix is public and released."""

from typing import Any

import pytest

from sealane.core.advisory.checks.interface import Seen, SeenFix, SeenReference
from sealane.core.advisory.checks.references import commits_of
from sealane.core.advisory.record import Affected, Record, Reference
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.cases import (
    COMMIT,
    acme,
    failures,
    lacks,
    manifest_of,
    of_entries,
    outcomes,
    published,
    saying,
    warnings,
)

SEEN = published().seen
URLS = [one.url for one in published().record.references]


def seeing(**changes: Any) -> Seen:  # noqa: ANN401 - any field
    return replace(SEEN, **changes)


def of_fix(url: str) -> Record:
    return acme(references=(Reference("FIX", url),))


@pytest.mark.parametrize("status", [0, 100, 199, 400, 404, 410, 500, 503])
def test_a_link_without_an_answer_fails(status: int) -> None:
    references = (SeenReference(URLS[0], status), SeenReference(URLS[1], 200))
    told = failures("ADV16", published(seen=seeing(references=references)))
    assert f"{URLS[0]}: expected status 200 to 399, got" in told
    assert URLS[1] not in told


@pytest.mark.parametrize("status", [200, 204, 301, 399])
def test_a_link_that_answers_or_leads_on_holds(status: int) -> None:
    references = tuple(SeenReference(url, status) for url in URLS)
    assert outcomes("ADV16", published(seen=seeing(references=references))) == []


def test_what_nobody_asked_is_missing() -> None:
    assert "got nobody asked" in lacks("ADV16", published(seen=seeing(references=None)))
    told = lacks("ADV16", published(seen=seeing(references=(SeenReference(URLS[1], 200),))))
    assert URLS[0] in told
    assert "repository" in lacks("ADV16", published(seen=seeing(fixes=None)))
    assert f"commit {COMMIT}" in lacks("ADV16", published(seen=seeing(fixes=())))


def test_a_record_without_a_link_only_warns() -> None:
    case = saying(published(seen=Seen()), acme(references=()))
    assert "expected a link at least" in warnings("ADV16", case)
    assert len(outcomes("ADV16", case)) == 1


def test_a_fix_on_no_public_branch_fails() -> None:
    fixes = (SeenFix(COMMIT, (), ("v1.2", "v2.1")),)
    told = failures("ADV16", published(seen=seeing(fixes=fixes)))
    assert f"commit {COMMIT}: expected a public branch that has it, got none" in told


@pytest.mark.parametrize(
    ("tags", "told"), [((), "got in no tag"), (("v1.1", "v9"), "got in v1.1, v9")]
)
def test_a_fix_that_is_in_no_release_fails(tags: tuple[str, ...], told: str) -> None:
    case = published(seen=seeing(fixes=(SeenFix(COMMIT, ("main",), tags),)))
    assert told in failures("ADV16", case)
    assert told in failures("ADV16", replace(case, manifests=()))


def test_a_release_without_any_commit_of_the_fix_fails() -> None:
    case = published(seen=seeing(fixes=(SeenFix(COMMIT, ("main",), ("v1.2",)),)))
    told = failures("ADV16", case)
    assert f"tag v2.1: expected a commit of the fix, got none of {COMMIT}" in told


@pytest.mark.parametrize("tag", ["1.2", "v1.2", "release-1.2.0", "acme/v1.2"])
def test_without_manifests_a_tag_is_of_a_release_by_its_version(tag: str) -> None:
    fixes = (SeenFix(COMMIT, ("main",), (tag,)),)
    assert outcomes("ADV16", published(manifests=(), seen=seeing(fixes=fixes))) == []


@pytest.mark.parametrize("tag", ["v1.2.3", "latest", "v1.2-broken", "nightly"])
def test_without_manifests_another_tag_is_no_release(tag: str) -> None:
    fixes = (SeenFix(COMMIT, ("main",), (tag,)),)
    case = published(manifests=(), seen=seeing(fixes=fixes))
    assert "expected in the tag of a fixing release" in failures("ADV16", case)


@pytest.mark.parametrize(
    ("url", "commits"),
    [
        ("https://acme.example/a/commit/abcdef0", ("abcdef0",)),
        ("https://acme.example/a/-/commit/" + COMMIT, (COMMIT,)),
        ("https://acme.example/a/commit/" + COMMIT.upper(), (COMMIT,)),
        ("https://acme.example/a/commits/abcdef0#x", ("abcdef0",)),
        ("https://acme.example/hg/rev/0123456789ab", ("0123456789ab",)),
        ("https://acme.example/a/pull/7", ()),
        ("https://acme.example/a/commit/nothing", ()),
        ("https://acme.example/a/commit/abcdef0z", ()),
    ],
)
def test_a_fix_is_the_commit_that_its_link_leads_to(url: str, commits: tuple[str, ...]) -> None:
    assert commits_of(of_fix(url)) == commits
    web = acme(references=(Reference("WEB", url),))
    assert commits_of(web) == ()


def test_a_commit_of_a_git_range_is_a_fix_and_is_asked_once() -> None:
    other = "b" * 40
    git = VersionRange("GIT", (("introduced", "0"), ("fixed", other), ("fixed", COMMIT)), "r")
    about = AffectedPackage("PyPI", "acme", "", (), (git,))
    short = (Reference("FIX", f"https://acme.example/a/commit/{COMMIT[:9]}"),)
    assert commits_of(of_entries(Affected(about), references=short)) == (other, COMMIT)


def test_an_abbreviated_commit_is_known_by_its_beginning() -> None:
    record = of_fix(f"https://acme.example/a/commit/{COMMIT[:9]}")
    references = (SeenReference(record.references[0].url, 200),)
    case = saying(published(seen=seeing(references=references)), record)
    assert outcomes("ADV16", case) == []


def test_a_record_without_a_fix_link_asks_no_repository() -> None:
    record = of_fix("https://acme.example/a/pull/7")
    seen = Seen(references=(SeenReference(record.references[0].url, 200),))
    case = saying(published(seen=seen, manifests=(manifest_of("1.2"),)), record)
    assert outcomes("ADV16", case) == []
