"""Publishing with the real client against a running index, through kills, faults and lies."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sealane.sandbox.launch import read_log, start
from sealane.sandbox.running import Running
from support.signed_release import (
    PROJECT,
    SDIST,
    WHEEL,
    Release,
    make_release,
    refill,
)

# Two files: planned for both, then sent, accepted and observed for each.
LINES = 8
# Runs the command line and kills itself, as nothing else could, right after the n-th journal line.
KILLER = """
import os, signal, sys
from sealane.lane import record
left, real = int(sys.argv[1]), record.append_line
def append(path, line):
    global left
    real(path, line)
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
record.append_line = append
from sealane.cli.main import run
sys.exit(run(sys.argv[2:]))
"""


def assert_complete(release: Release) -> None:
    """Everything is on the index, once, with its attestations."""
    confirmed = release.lane("confirm")
    assert confirmed.returncode == 0, confirmed.stderr
    document = json.loads((release.work / "confirm.json").read_text(encoding="utf-8"))
    assert sorted(one["name"] for one in document["files"]) == sorted([WHEEL, SDIST])
    assert document["sandbox"] is True


def killed_after(release: Release, line: int, token: str) -> None:
    command = release.command("publish", "--channel", "index")
    result = subprocess.run(
        [sys.executable, "-c", KILLER, str(line), *command[3:]],
        cwd=release.project, env=release.environment(PYPI_ID_TOKEN=token),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert result.returncode == -signal.SIGKILL, result.stderr


def test_a_release_is_published_wheel_first_and_then_there_is_nothing_to_do(
    release: Release,
) -> None:
    token = release.token("pypi")
    published = release.publish(token)
    assert published.returncode == 0, published.stderr
    assert release.states() == [
        (WHEEL, "planned"), (SDIST, "planned"),
        (WHEEL, "sent"), (WHEEL, "accepted"), (WHEEL, "observed"),
        (SDIST, "sent"), (SDIST, "accepted"), (SDIST, "observed"),
    ]  # fmt: skip
    assert_complete(release)
    # No token at all: nothing is minted where nothing is to be sent.
    again = release.lane("publish", "--channel", "index")
    assert again.returncode == 0, again.stderr
    everything = published.stdout + published.stderr + again.stdout + again.stderr
    everything += (release.work / "journal.jsonl").read_text(encoding="utf-8")
    assert token not in everything
    assert "pypi-" not in everything


@pytest.mark.e2e
@pytest.mark.parametrize("line", range(1, LINES + 1))
def test_a_kill_after_any_journal_line_is_survived(release: Release, line: int) -> None:
    killed_after(release, line, release.token("pypi"))
    assert len(release.states()) == line
    result = release.publish()
    assert result.returncode == 0, result.stderr
    assert_complete(release)


@pytest.mark.e2e
@pytest.mark.parametrize("line", [4, 5, 6])
def test_the_old_token_is_refused_with_what_to_do(release: Release, line: int) -> None:
    token = release.token("pypi")
    killed_after(release, line, token)
    refused = release.publish(token)
    assert refused.returncode == 21
    assert "invalid-reuse-token" in refused.stderr
    assert "start a new job" in refused.stderr
    assert "next: sealane" in refused.stderr
    assert token not in refused.stderr + refused.stdout
    assert release.publish().returncode == 0
    assert_complete(release)


def test_a_kill_between_store_and_answer_is_survived(running: Running, release: Release) -> None:
    running.set_fault("index.upload", "stall-after-store")
    process = subprocess.Popen(
        release.command("publish", "--channel", "index"),
        cwd=release.project, env=release.environment(PYPI_ID_TOKEN=release.token("pypi")),
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + 60
        while "there" not in _shown(release) and time.monotonic() < until:
            time.sleep(0.1)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    assert release.states()[-1] == (WHEEL, "sent")
    running.set_fault("index.upload", "")
    result = release.publish()
    assert result.returncode == 0, result.stderr
    assert release.states().count((WHEEL, "sent")) == 1
    assert_complete(release)


def _shown(release: Release) -> str:
    shown = release.lane("status").stdout
    line = next(line for line in shown.splitlines() if WHEEL in line)
    return line.rpartition("; ")[2].replace("not there", "absent")


def test_a_torn_last_line_is_left_out_and_told(release: Release) -> None:
    killed_after(release, 5, release.token("pypi"))
    journal = release.work / "journal.jsonl"
    journal.write_bytes(journal.read_bytes()[:-7])
    result = release.publish()
    assert result.returncode == 0, result.stderr
    assert "journal: left out a last line" in result.stderr
    assert_complete(release)


def test_a_changed_journal_is_an_error(release: Release) -> None:
    killed_after(release, 5, release.token("pypi"))
    journal = release.work / "journal.jsonl"
    journal.write_bytes(journal.read_bytes().replace(b"planned", b"refused", 1))
    result = release.publish()
    assert result.returncode == 5
    assert "line 1" in result.stderr


def test_a_lost_journal_is_harmless(release: Release) -> None:
    killed_after(release, 6, release.token("pypi"))
    (release.work / "journal.jsonl").unlink()
    assert release.publish().returncode == 0
    assert_complete(release)


def test_a_500_after_the_file_was_stored_is_not_sent_again(
    running: Running, release: Release
) -> None:
    running.set_fault("index.upload", "500-after-store")
    result = release.publish()
    assert result.returncode == 0, result.stderr
    states = release.states()
    assert states.count((WHEEL, "sent")) == states.count((SDIST, "sent")) == 1
    assert (WHEEL, "ambiguous") in states
    assert_complete(release)


@pytest.mark.e2e
@pytest.mark.parametrize("fault", ["503", "429"])
def test_an_outage_is_looked_at_tried_again_and_then_left(
    running: Running, release: Release, fault: str
) -> None:
    running.set_fault("index.upload", fault)
    result = release.publish()
    assert result.returncode == 21
    assert release.states().count((WHEEL, "sent")) == 3
    assert f"HTTP {fault}" in result.stderr
    running.set_fault("index.upload", "")
    assert release.publish().returncode == 0
    assert_complete(release)


@pytest.mark.parametrize("fault", ["403-expired", "403-disabled"])
def test_a_refused_upload_stops_without_a_second_try(
    running: Running, release: Release, fault: str
) -> None:
    running.set_fault("index.upload", fault)
    result = release.publish()
    assert result.returncode == 21
    assert release.states()[-1] == (WHEEL, "refused")
    assert release.states().count((WHEEL, "sent")) == 1
    assert "error: " in result.stderr
    assert "next: sealane" in result.stderr


def test_other_bytes_that_were_there_before_burn_the_version(
    running: Running, release: Release, tmp_path: Path
) -> None:
    other = make_release(running, tmp_path / "other")
    refill(other, "another hello")
    assert other.attest().returncode == 0
    assert other.publish().returncode == 0
    result = release.publish()
    assert result.returncode == 22
    assert "expected sha256" in result.stderr
    assert (WHEEL, "sent") not in release.states()


def test_other_bytes_after_we_sent_are_an_incident(running: Running, release: Release) -> None:
    assert release.publish().returncode == 0
    running.set_fault("index.simple", "wrong-digest")
    result = release.publish()
    assert result.returncode == 43
    assert "yank" in result.stderr


@pytest.mark.parametrize("fault", ["missing", "empty", "no-attestations"])
def test_lost_provenance_is_degraded(running: Running, release: Release, fault: str) -> None:
    running.set_fault("index.provenance", fault)
    result = release.publish()
    assert result.returncode == 42
    assert release.states()[-1] == (WHEEL, "missing")
    assert "new version" in result.stderr


def test_a_publisher_that_nobody_registered_is_explained(tmp_path: Path) -> None:
    with start(tmp_path / "sandbox", until_eof=True) as running:
        release = make_release(running, tmp_path / "project")
        assert release.attest().returncode == 0
        result = release.publish()
    assert result.returncode == 21
    assert "invalid-publisher" in result.stderr
    assert f"project_path: '{PROJECT}'" in result.stderr
    assert "public: nothing is public" in result.stderr


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        ("project", "acme/other"),
        ("ref", "v9.9.9"),
        ("environment", "staging"),
        ("ref_protected", "false"),
        ("file", "other.yml"),
    ],
)
def test_a_token_of_another_job_is_not_even_shown_to_the_index(
    running: Running, release: Release, claim: str, value: str
) -> None:
    token = release.token("pypi", **{claim: value})
    result = release.publish(token)
    assert result.returncode == 21
    assert "not that of this release's job" in result.stderr
    assert repr(value)[1:-1] in result.stderr
    assert "mint" not in [line.split(" ")[1] for line in read_log(running.directory).splitlines()]


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({}, "PYPI_ID_TOKEN is not set"),
        ({"PYPI_ID_TOKEN": "not-a-token"}, "not a JSON Web Token"),
        ({"TWINE_PASSWORD": "hunter2hunter2"}, "TWINE_PASSWORD"),
    ],
)
def test_a_missing_or_wrong_credential_stops(
    release: Release, extra: dict[str, str], reason: str
) -> None:
    result = release.lane("publish", "--channel", "index", **extra)
    assert result.returncode == 21
    assert reason in result.stderr
    assert "hunter2" not in result.stderr


def test_a_job_that_publishes_may_not_sign(release: Release) -> None:
    result = release.lane(
        "publish", "--channel", "index",
        PYPI_ID_TOKEN=release.token("pypi"), SIGSTORE_ID_TOKEN=release.token("sigstore"),
    )  # fmt: skip
    assert result.returncode == 21
    assert "SIGSTORE_ID_TOKEN" in result.stderr
    assert not (release.work / "journal.jsonl").exists()


def test_an_unknown_channel_is_a_usage_error(release: Release) -> None:
    result = release.lane("publish", "--channel", "elsewhere")
    assert result.returncode == 2
    assert "index" in result.stderr
