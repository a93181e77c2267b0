"""One advisory from its draft until everybody is told the truth, by command lines alone.

The clients are unmodified: git, twine, cvelib's command, pip-audit. What is held against the files
is what they show.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sealane.core.model.moment import rfc3339
from sealane.io.adapters import clock
from sealane.sandbox import launch
from support.advisory_journey import FIXES, INTRODUCED, OLD, RECORD, Journey
from support.advisory_world import PROJECT, audit, write_wheels
from support.answering import Answering, Reply, answering

ONLINE = "--online=index,osv,cve,links,pip-audit"
FINAL = ("--documents", "final")
V3 = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N"
OUTLETS = ("forge (ghsa)", "cve (cve)", "csaf (csaf-tree)", "database (osv-git)")
Result = subprocess.CompletedProcess[str]
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.fixture
def forge() -> Iterator[Answering]:
    """A page of the forge for each link."""
    with answering() as state:
        yield state


@pytest.fixture
def journey(tmp_path: Path) -> Iterator[Journey]:
    write_wheels(tmp_path / "wheels", OLD, PROJECT)
    wheels = tmp_path / "wheels"
    with launch.start(tmp_path / "state", until_eof=True, wheelhouse=wheels) as running:
        yield Journey(running, tmp_path)


def ran(result: Result, code: int = 0) -> str:
    """What a command wrote to standard output, if it ended so."""
    assert result.returncode == code, result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    return result.stdout


def codes(report: str, word: str) -> list[str]:
    """Codes of what a report says does not hold, or warns."""
    lines = [line.split() for line in report.splitlines() if line.startswith(f"  {word} ")]
    return [words[1] for words in lines]


def everything(folder: Path) -> dict[str, bytes]:
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def drafted(journey: Journey, forge: Answering) -> None:
    """Write the record while everything is secret, and hold it against the index to come."""
    commit = journey.fix()
    journey.build()
    for path in ("/advisory", f"/acme/commit/{commit}"):
        forge.replies[path] = Reply(200)
    (journey.project / "details.md").write_text("A request with two colons is run.\n")
    ran(
        journey.sealane(
            "advisory", "new", "--id", journey.cve_id, *journey.manifests,
            *(word for one in INTRODUCED for word in ("--introduced", one)), "--online=index",
            "--summary", "Acme runs what it is sent", "--details", "details.md", "--cvss", V3,
            "--cwe", "CWE-78", "--reference", f"ADVISORY={forge.base}/advisory",
            "--reference", f"FIX={forge.base}/acme/commit/{commit}", "--out", RECORD,
        )
    )  # fmt: skip
    report = ran(journey.sealane("advisory", "check", RECORD, *journey.manifests, "--online=index"))
    assert codes(report, "FAIL") == codes(report, "MISSING") == []
    assert "SL-ADV-002 to SL-ADV-015" in report


def finished(journey: Journey) -> str:
    """Lift, correct the record's times, and render what is published; the time of the lift."""
    lifted = rfc3339(clock.now().replace(microsecond=0))
    journey.lift()
    index = (*journey.manifests, "--online=index")
    ran(journey.sealane("advisory", "check", RECORD, "--fill", "--lifted", lifted, *index))
    ran(journey.sealane("advisory", "render", RECORD, "--final", "--out", "final", *index))
    documents = sorted((journey.project / "final").rglob("*.*"))
    report = ran(journey.sealane("advisory", "validate", *documents))
    assert report.count("PASS ") == len(documents) == 8
    return lifted


def published(journey: Journey, *words: str) -> Result:
    return journey.sealane(
        "advisory", "publish", RECORD, *FINAL, *journey.manifests, "--online=index", *words
    )


def taken_in(journey: Journey) -> str:
    """Merge the request, as the database's owners do; the identifier it was given."""
    (request,) = journey.running.merge_requests(journey.database)
    (identifier,) = journey.running.merge(journey.database, request["branch"])["taken"]
    return str(identifier)


def agreed(journey: Journey, lifted: str, *words: str) -> Result:
    return journey.sealane(
        "advisory", "agree", RECORD, "--published", *FINAL, *journey.manifests, "--lifted", lifted,
        ONLINE, "--csaf", "csaf", "--repository", journey.clone, "--announcement",
        f"final/{journey.cve_id}.md", *(w for v in FIXES for w in ("--evidence", f"v{v}.json")),
        *words,
    )  # fmt: skip


def verified(journey: Journey, wheel: Path) -> Result:
    return journey.sealane(
        "verify", wheel, "--publisher", "gitlab:acme/widgets", "--advisory", RECORD
    )


def test_an_advisory_goes_from_a_draft_to_what_everybody_is_told(
    journey: Journey, forge: Answering, tmp_path: Path
) -> None:
    drafted(journey, forge)
    lifted = finished(journey)
    before = everything(journey.project)
    would = ran(published(journey, "--dry-run"))
    assert all(f"would publish {name}" in would for name in OUTLETS)
    assert "nothing is public" in would
    assert everything(journey.project) == before
    assert journey.running.merge_requests(journey.database) == ()
    done = ran(published(journey))
    assert all(f"public        {name}" in done for name in OUTLETS)
    sent = everything(journey.project / "csaf")
    again = published(journey)
    assert all(f"public        {name}" in ran(again) for name in OUTLETS)
    assert again.stderr.count("there already") == 5
    assert everything(journey.project / "csaf") == sent
    assert len(journey.running.merge_requests(journey.database)) == 1
    identifier = taken_in(journey)
    report = ran(agreed(journey, lifted, "--wait", "60s"))
    assert codes(report, "FAIL") == codes(report, "MISSING") == []
    assert report.splitlines()[-1].startswith("PASS: ")
    told_the_truth(journey, tmp_path, identifier)
    for version in FIXES:
        assert "SL-AGR-001" in ran(verified(journey, journey.wheel(version)))
    old = tmp_path / "wheels" / f"{PROJECT.replace('-', '_')}-1.0.1-py3-none-any.whl"
    assert "SL-AGR-005" in ran(verified(journey, old), 1)
    journey.running.yank(PROJECT, version=FIXES[0], reason="broken")
    report = ran(agreed(journey, lifted, "--without", "SL-ADV-022"), 1)
    assert "SL-ADV-007" in codes(report, "FAIL")


def told_the_truth(journey: Journey, folder: Path, identifier: str) -> None:
    """What pip-audit says by both services: old versions and their fixes, nothing of the fixes."""
    osv = ("-s", "osv", "--osv-url", f"{journey.running.accounts()['osv']['url']}/v1/query")
    for options in ((), osv):
        for version, fix in (("1.0.0", "1.0.2"), ("1.0.1", "1.0.2"), ("2.0.0", "2.0.1")):
            code, found, done = audit(journey.running, folder / "audit", version, *options)
            assert code == 1, done.stderr
            assert set(found) == {identifier}
            assert fix in found[identifier]
            assert set(found[identifier]) <= set(FIXES)
        for version in FIXES:
            code, found, done = audit(journey.running, folder / "audit", version, *options)
            assert (code, found) == (0, {}), done.stderr


def test_a_service_that_fails_in_between_is_gone_on_from_with_the_command_that_is_shown(
    journey: Journey, forge: Answering
) -> None:
    drafted(journey, forge)
    finished(journey)
    journey.running.set_fault("cve", "500-after-store")
    ran(published(journey))
    journey.running.set_fault("cve", "")
    journey.running.set_fault("git", "down")
    failed = published(journey, "--journal", "other journal.jsonl")
    ran(failed, 6)
    journey.running.set_fault("git", "")
    (command,) = [
        line.removeprefix("to go on: ")
        for line in failed.stdout.splitlines()
        if line.startswith("to go on: ")
    ]
    environment = journey.environment(journey.tokens)
    went_on = subprocess.run(
        ["/bin/sh", "-c", command], cwd=journey.project, env=environment, capture_output=True,
        text=True, check=False, timeout=120,
    )  # fmt: skip
    assert went_on.returncode == 0, went_on.stderr
    assert os.path.exists(journey.project / "other journal.jsonl")
    lines = (journey.project / "other journal.jsonl").read_text().splitlines()
    assert {json.loads(line)["did"] for line in lines} == {"found"}
