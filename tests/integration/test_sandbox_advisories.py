"""Advisories in a running sandbox, asked for by the clients that people use."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sealane.errors import InputError
from sealane.sandbox import launch
from sealane.sandbox.running import Running
from support.advisory_world import (
    PROJECT,
    audit,
    cve,
    git,
    osv_record,
    push_url,
    write_wheels,
)

pytestmark = pytest.mark.e2e  # with all its services it takes minutes

SERVICES = [pytest.param((), id="index"), pytest.param(("-s", "osv"), id="osv")]
SINGLE = ({"introduced": "0"}, {"fixed": "1.2"})
SERIES = ({"introduced": "0"}, {"fixed": "1.2"}, {"introduced": "2.0"}, {"fixed": "2.1"})


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("advisories")
    write_wheels(folder / "wheels")
    wheels = folder / "wheels"
    with launch.start(folder / "state", until_eof=True, wheelhouse=wheels) as started:
        yield started


@pytest.fixture
def known(running: Running) -> Iterator[Running]:
    """The sandbox, whose records are withdrawn again after the test."""
    yield running
    for record in running.advisories():
        running.add_advisory({**record, "withdrawn": "2026-02-01T00:00:00Z"})


@pytest.mark.parametrize("service", SERVICES)
def test_pip_audit_flags_old_versions_and_passes_new_ones(
    known: Running, tmp_path: Path, service: tuple[str, ...]
) -> None:
    known.add_advisory(osv_record("PYSEC-2026-1", *SINGLE, aliases=["CVE-2026-1000"]))
    for version in ("1.1", "1.2rc1"):
        code, found, run = audit(known, tmp_path / version, version, *service)
        assert (code, found) == (1, {"PYSEC-2026-1": ["1.2"]}), run.stderr
    for version in ("1.2", "1!0.1"):
        code, found, run = audit(known, tmp_path / version, version, *service)
        assert (code, found) == (0, {}), run.stderr


@pytest.mark.parametrize("service", SERVICES)
def test_pip_audit_shows_the_fix_of_every_series(
    known: Running, tmp_path: Path, service: tuple[str, ...]
) -> None:
    known.add_advisory(osv_record("PYSEC-2026-2", *SERIES))
    for version in ("1.1", "2.1.dev1"):
        code, found, _ = audit(known, tmp_path / version, version, *service)
        assert (code, found) == (1, {"PYSEC-2026-2": ["1.2", "2.1"]})
    assert audit(known, tmp_path / "new", "2.1", *service)[:2] == (0, {})


@pytest.mark.parametrize("service", SERVICES)
def test_pip_audit_does_not_report_what_is_withdrawn(
    known: Running, tmp_path: Path, service: tuple[str, ...]
) -> None:
    known.add_advisory(osv_record("PYSEC-2026-3", *SINGLE, withdrawn="2026-01-03T00:00:00Z"))
    assert audit(known, tmp_path, "1.0", *service)[:2] == (0, {})


def two_ranges() -> dict[str, Any]:
    record = osv_record("TRAP-1", *SERIES)
    spans = [
        {"type": "ECOSYSTEM", "events": [{"introduced": first}, {"fixed": last}]}
        for first, last in (("0", "1.2"), ("2.0", "2.1"))
    ]
    record["affected"][0]["ranges"] = spans
    return record


def two_entries() -> dict[str, Any]:
    record = two_ranges()
    (entry,) = record["affected"]
    record["affected"] = [{**entry, "ranges": [span]} for span in entry["ranges"]]
    return record


def of_semver() -> dict[str, Any]:
    record = osv_record("TRAP-1", {"introduced": "0"}, {"fixed": "2.1.0"})
    record["affected"][0] |= {"versions": ["2.0"]}
    record["affected"][0]["ranges"][0]["type"] = "SEMVER"
    return record


def without_normal_name() -> dict[str, Any]:
    record = osv_record("TRAP-1", *SERIES)
    record["affected"][0]["package"]["name"] = "Acme_Widgets"
    return record


@pytest.mark.parametrize(
    ("record", "fixes"),
    [
        pytest.param(two_ranges(), ["1.2"], id="two-ranges-show-the-first"),
        pytest.param(two_entries(), ["2.1"], id="two-entries-show-the-last"),
        pytest.param(of_semver(), [], id="semver-shows-none"),
        pytest.param(without_normal_name(), [], id="other-name-shows-none"),
    ],
)
def test_pip_audit_misreads_records_of_other_shapes(
    known: Running, tmp_path: Path, record: dict[str, Any], fixes: list[str]
) -> None:
    known.add_advisory(record)
    code, found, run = audit(known, tmp_path, "2.0", "-s", "osv")
    assert (code, found) == (1, {"TRAP-1": fixes}), run.stderr


@pytest.mark.parametrize(
    ("record", "said"),
    [
        pytest.param(
            osv_record("TRAP-2", *SINGLE) | {"published": "2026-01-01"}, "ValueError", id="date"
        ),
        pytest.param(
            osv_record("TRAP-2", {"introduced": "0"}, {"fixed": "2.0"}), "InvalidVersion",
            id="fixed-is-no-version",
        ),
    ],
)  # fmt: skip
def test_pip_audit_breaks_on_malformed_records(
    known: Running, tmp_path: Path, record: dict[str, Any], said: str
) -> None:
    if said == "InvalidVersion":
        record["affected"][0] |= {"versions": ["1.0"]}
        record["affected"][0]["ranges"][0]["events"][1]["fixed"] = "next week"
    known.add_advisory(record)
    code, found, run = audit(known, tmp_path, "1.0", "-s", "osv")
    assert code != 0
    assert found == {}
    assert said in run.stderr


@pytest.mark.parametrize(
    "change", [{"schema_version": "2.0.0"}, {"affected": None}], ids=["version-2", "no-affected"]
)
def test_pip_audit_passes_over_records_it_does_not_understand(
    known: Running, tmp_path: Path, change: dict[str, Any]
) -> None:
    known.add_advisory(osv_record("TRAP-3", *SINGLE) | change)
    assert audit(known, tmp_path, "1.0", "-s", "osv")[:2] == (0, {})


def test_a_feed_that_lags_shows_nothing_yet(known: Running, tmp_path: Path) -> None:
    known.add_advisory(osv_record("PYSEC-2026-4", *SINGLE))
    for name, service in (("osv", ("-s", "osv")), ("index.vulnerabilities", ())):
        known.set_fault(name, "lag")
        assert audit(known, tmp_path / name, "1.0", *service)[:2] == (0, {})
        known.set_fault(name, "")
        code, found, _ = audit(known, tmp_path / f"{name}-off", "1.0", *service)
        assert (code, found) == (1, {"PYSEC-2026-4": ["1.2"]})


def test_an_osv_service_that_is_down_is_no_pass(known: Running, tmp_path: Path) -> None:
    known.set_fault("osv", "down")
    try:
        assert audit(known, tmp_path, "1.2", "-s", "osv")[0] != 0
    finally:
        known.set_fault("osv", "")


CONTAINER = {
    "affected": [
        {
            "vendor": "acme",
            "product": "widgets",
            "versions": [{"version": "0", "lessThan": "1.2", "status": "affected",
                          "versionType": "python"}],
        }
    ],
    "descriptions": [{"lang": "en", "value": "A widget says more than it should."}],
    "references": [{"url": "https://example.org/advisory"}],
}  # fmt: skip


def reserve(running: Running, *arguments: str) -> list[str]:
    done = cve(running, "reserve", *arguments, "--raw")
    assert done.returncode == 0, done.stdout
    return [one["cve_id"] for one in json.loads(done.stdout)["cve_ids"]]


def test_cve_reserves_publishes_updates_and_rejects(running: Running) -> None:
    (identifier,) = reserve(running)
    content = json.dumps(CONTAINER)
    assert "RESERVED" in cve(running, "show", identifier).stdout
    for verb in ("created", "updated"):
        done = cve(running, "publish", identifier, "-j", content)
        assert done.returncode == 0, done.stdout
        assert f"was successfully {verb}" in done.stdout
    record = json.loads(cve(running, "show", identifier, "--show-record", "--raw").stdout)
    assert record["cveMetadata"]["state"] == "PUBLISHED"
    assert record["containers"]["cna"]["descriptions"] == CONTAINER["descriptions"]
    assert cve(running, "undo-reject", identifier).returncode != 0, "never back to reserved"
    reason = {"rejectedReasons": [{"lang": "en", "value": "Not a vulnerability."}]}
    done = cve(running, "reject", identifier, "-j", json.dumps(reason))
    assert done.returncode == 0, done.stdout
    assert "REJECTED" in cve(running, "show", identifier).stdout


def test_cve_reserves_several_and_gives_one_back(running: Running) -> None:
    before = json.loads(cve(running, "quota", "--raw").stdout)["available"]
    first, second = reserve(running, "2")
    assert int(second.rsplit("-", 1)[1]) == int(first.rsplit("-", 1)[1]) + 1
    assert len(set(reserve(running, "3", "--random"))) == 3
    assert json.loads(cve(running, "quota", "--raw").stdout)["available"] == before - 5
    assert "REJECTED" in cve(running, "reject", first).stdout
    assert "RESERVED" in cve(running, "undo-reject", first).stdout
    listed = json.loads(cve(running, "list", "--state", "reserved", "--raw").stdout)
    assert {first, second} <= {one["cve_id"] for one in listed}


def test_cve_shows_organisation_and_users(running: Running) -> None:
    assert "sandbox-cna" in cve(running, "org").stdout
    assert "ADMIN" in cve(running, "user").stdout
    assert cve(running, "ping").returncode == 0
    added = cve(running, "user", "create", "-u", "second@example.org")
    assert "API key" in added.stdout, added.stdout
    assert "second@example.org" in cve(running, "org", "users").stdout


def test_cve_services_refuse_a_wrong_key(running: Running) -> None:
    done = cve(running, "-a", "wrong-key", "reserve")
    assert done.returncode != 0
    assert "401" in done.stdout


def test_cve_services_store_before_they_fail(running: Running) -> None:
    (identifier,) = reserve(running)
    running.set_fault("cve", "500-after-store")
    try:
        assert cve(running, "publish", identifier, "-j", json.dumps(CONTAINER)).returncode != 0
    finally:
        running.set_fault("cve", "")
    assert "PUBLISHED" in cve(running, "show", identifier).stdout


def test_a_branch_becomes_a_merge_request_and_reaches_main(
    running: Running, tmp_path: Path
) -> None:
    url = running.create_repository("project")["url"]
    clone = tmp_path / "clone"
    assert git(running, "clone", url, clone).returncode == 0
    (clone / "notes.txt").write_text("x" * 200_000)
    for arguments in (("checkout", "-b", "fix"), ("add", "."), ("commit", "-m", "Add notes")):
        assert git(running, *arguments, folder=clone).returncode == 0
    refused = git(running, "push", url, "fix", folder=clone)
    assert refused.returncode != 0, "nobody pushes without the token"
    pushed = git(running, "push", push_url(running, "project"), "fix", folder=clone)
    assert pushed.returncode == 0, pushed.stderr
    (one,) = running.merge_requests("project")
    assert (one["number"], one["branch"], one["title"], one["state"]) == (
        1, "fix", "Add notes", "opened",
    )  # fmt: skip
    commit = running.merge("project", "fix")["commit"]
    assert running.merge_requests("project")[0]["state"] == "merged"
    assert git(running, "fetch", url, "main", folder=clone).returncode == 0
    assert git(running, "rev-parse", "FETCH_HEAD", folder=clone).stdout.strip() == commit
    with pytest.raises(InputError, match="nothing that main lacks"):
        running.merge("project", "fix")


ADVISORY = f"""\
id: PYSEC-0000-widgets
published: 2025-12-30T00:00:00Z
modified: 2026-01-02T00:00:00Z
details: A widget says more than it should.
affected:
- package: {{ecosystem: PyPI, name: {PROJECT}}}
  ranges:
  - type: ECOSYSTEM
    events:
    - introduced: 2.0
    - fixed: 2.1
"""


def propose(running: Running, clone: Path, branch: str, name: str, content: str) -> None:
    """Push a branch with one advisory."""
    file = clone / "vulns" / PROJECT / f"{name}.yaml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(content)
    for arguments in (("checkout", "-q", "-b", branch), ("add", "."), ("commit", "-qm", name)):
        assert git(running, *arguments, folder=clone).returncode == 0
    done = git(running, "push", push_url(running, clone.name), branch, folder=clone)
    assert done.returncode == 0, done.stderr


def test_what_is_merged_into_a_database_is_taken_in(known: Running, tmp_path: Path) -> None:
    url = known.create_repository("advisory-db", advisories=True)["url"]
    clone = tmp_path / "advisory-db"
    git(known, "clone", "-q", url, clone)
    direct = git(
        known, "push", push_url(known, "advisory-db"), "HEAD~0:refs/heads/main", folder=clone
    )
    assert direct.returncode == 0, "nothing to change is no change"
    propose(known, clone, "widgets", "PYSEC-0000-widgets", ADVISORY)
    refused = git(
        known, "push", push_url(known, "advisory-db"), "widgets:main", folder=clone
    )  # fmt: skip
    assert "protected branch" in refused.stderr
    assert known.merge("advisory-db", "widgets")["taken"] == ["PYSEC-2025-1"]
    for service in ((), ("-s", "osv")):
        code, found, _ = audit(known, tmp_path / "-".join(("a", *service)), "2.0", *service)
        assert (code, found) == (1, {"PYSEC-2025-1": ["2.1"]})
    git(known, "fetch", "-q", url, "main", folder=clone)
    shown = git(known, "show", f"FETCH_HEAD:vulns/{PROJECT}/PYSEC-2025-1.yaml", folder=clone)
    assert "- 2.1.dev1" in shown.stdout
    assert "PYSEC-0000" not in git(known, "ls-tree", "-r", "FETCH_HEAD", folder=clone).stdout


def test_a_stopped_feed_takes_in_what_was_merged_once_it_runs(
    known: Running, tmp_path: Path
) -> None:
    url = known.create_repository("slow-db", advisories=True)["url"]
    clone = tmp_path / "slow-db"
    git(known, "clone", "-q", url, clone)
    propose(known, clone, "one", "PYSEC-0000-slow", ADVISORY.replace("-widgets", "-slow", 1))
    known.set_fault("advisory.feed", "stopped")
    assert known.merge("slow-db", "one")["taken"] == []
    assert audit(known, tmp_path / "before", "2.0", "-s", "osv")[:2] == (0, {})
    known.set_fault("advisory.feed", "")
    assert audit(known, tmp_path / "after", "2.0", "-s", "osv")[0] == 1


def test_a_file_that_cannot_be_read_is_left_out_and_named(known: Running, tmp_path: Path) -> None:
    url = known.create_repository("bad-db", advisories=True)["url"]
    clone = tmp_path / "bad-db"
    git(known, "clone", "-q", url, clone)
    propose(known, clone, "bad", "PYSEC-2026-77", "id: &a [*a]\n")
    assert known.merge("bad-db", "bad")["taken"] == []
    assert "PYSEC-2026-77.yaml" in launch.read_log(known.directory)
