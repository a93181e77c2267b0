"""Confirm sees what the world sees, and says what is wrong with it; run keeps tokens apart."""

import hashlib
import json
import shutil
import subprocess
from pathlib import Path

import pytest
import requests

from sealane.io.adapters.http import Web
from sealane.io.adapters.mutex import exclusive
from sealane.io.adapters.secret import Secret
from sealane.io.clients.index_publish import discover, mint
from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.signed_release import (
    NAME,
    PROJECT,
    SDIST,
    TAG,
    VERSION,
    WHEEL,
    Release,
    make_release,
    make_wheel,
)


@pytest.fixture
def published(release: Release) -> Release:
    result = release.publish()
    assert result.returncode == 0, result.stderr
    return release


def confirm(release: Release) -> subprocess.CompletedProcess[str]:
    return release.lane("confirm")


def test_confirm_needs_the_manifest_and_nothing_else(published: Release) -> None:
    for name in ("dist", "evidence", "build-a", "build-b"):
        shutil.rmtree(published.work / name)
    for name in ("plan.json", "audit.json", "compare.json", "journal.jsonl"):
        (published.work / name).unlink()
    result = confirm(published)
    assert result.returncode == 0, result.stderr
    document = json.loads((published.work / "confirm.json").read_text(encoding="utf-8"))
    assert {one["name"] for one in document["files"]} == {WHEEL, SDIST}
    assert all(one["provenance"] for one in document["files"])
    assert document["tag"] == TAG


def test_what_is_not_there_yet_is_41(release: Release) -> None:
    result = confirm(release)
    assert result.returncode == 41
    assert "next: sealane" in result.stderr
    assert not (release.work / "confirm.json").exists()


@pytest.mark.e2e
@pytest.mark.parametrize(
    ("fault", "value", "code"),
    [
        ("index.simple", "wrong-digest", 43),
        ("index.file", "swapped", 43),
        ("index.provenance", "missing", 42),
        ("index.provenance", "empty", 42),
        ("index.provenance", "no-attestations", 42),
    ],
)
def test_what_the_world_sees_has_to_be_what_was_signed(
    running: Running, published: Release, fault: str, value: str, code: int
) -> None:
    running.set_fault(fault, value)
    result = confirm(published)
    assert result.returncode == code, result.stderr
    assert "public: " in result.stderr
    assert not (published.work / "confirm.json").exists()


def test_a_file_that_nobody_signed_is_an_incident(
    published: Release,
) -> None:
    intruder = WHEEL.replace("py3-none-any", "cp311-none-any")
    _publish_alone(published, intruder)
    result = confirm(published)
    assert result.returncode == 40
    assert intruder in result.stderr


def _publish_alone(release: Release, name: str) -> None:
    """Upload one more wheel of the version, as somebody with the token but without us would."""
    base = release.running.base
    web = Web("test", loopback=True)
    credential = mint(web, discover(web, f"{base}/legacy/"), Secret(release.token("pypi")))
    content = make_wheel(release.project / name, tag="cp311-none-any").read_bytes()
    answer = requests.post(
        f"{base}/legacy/",
        data={
            ":action": "file_upload", "protocol_version": "1", "filetype": "bdist_wheel",
            "pyversion": "cp311", "metadata_version": "2.1", "name": NAME, "version": VERSION,
            "sha256_digest": hashlib.sha256(content).hexdigest(),
        },
        files={"content": (name, content, "application/octet-stream")},
        auth=("__token__", credential.reveal()), timeout=30,
    )  # fmt: skip
    assert answer.status_code == 200, answer.reason


@pytest.mark.parametrize("name", ["release-manifest.sigstore.json"])
@pytest.mark.parametrize("stage", [("publish", "--channel", "index"), ("confirm",)])
def test_one_bit_of_the_manifest_stops_everything(
    release: Release, name: str, stage: tuple[str, ...]
) -> None:
    path = release.work / name
    document = json.loads(path.read_text(encoding="utf-8"))
    payload = document["dsseEnvelope"]["payload"]
    document["dsseEnvelope"]["payload"] = payload.replace("MS4wLjA", "MS4wLjE", 1)
    assert document["dsseEnvelope"]["payload"] != payload
    path.write_text(json.dumps(document), encoding="utf-8")
    result = release.lane(*stage, PYPI_ID_TOKEN=release.token("pypi"))
    assert result.returncode in (5, 21, 40)
    assert not (release.work / "journal.jsonl").exists()


def test_a_manifest_signed_by_another_project_is_refused(
    running: Running, release: Release, tmp_path: Path
) -> None:
    configuration = (release.project / "sealane.toml").read_text(encoding="utf-8")
    other = make_release(
        running, tmp_path / "other", configuration.replace(PROJECT, "mallory/hello")
    )
    signed = other.lane(
        "attest", SIGSTORE_ID_TOKEN=other.token("sigstore", project="mallory/hello")
    )
    assert signed.returncode == 0, signed.stderr
    for name in ("release-manifest.sigstore.json",):
        shutil.copy(other.work / name, release.work / name)
    result = release.publish()
    assert result.returncode == 21
    assert "mallory/hello" in result.stderr


@pytest.mark.parametrize(
    "break_it",
    [
        pytest.param(lambda w: (w / "dist" / "more.whl").write_bytes(b"x"), id="unknown-in-dist"),
        pytest.param(lambda w: (w / "evidence" / "more").write_bytes(b"x"), id="unknown-evidence"),
        pytest.param(lambda w: (w / "dist" / SDIST).unlink(), id="missing-in-dist"),
        pytest.param(
            lambda w: (w / "evidence" / f"{SDIST}.slsa.attestation").unlink(), id="missing-evidence"
        ),
        pytest.param(
            lambda w: (w / "dist" / WHEEL).write_bytes((w / "dist" / SDIST).read_bytes()),
            id="other-bytes",
        ),
        pytest.param(
            lambda w: shutil.copy(
                w / "evidence" / f"{SDIST}.publish.attestation",
                w / "evidence" / f"{WHEEL}.publish.attestation",
            ),
            id="attestation-of-another-file",
        ),
    ],
)
def test_publish_sends_only_what_the_manifest_names(release: Release, break_it: object) -> None:
    assert callable(break_it)
    for path in (release.work / "dist").iterdir():
        path.chmod(0o644)
    break_it(release.work)
    result = release.publish()
    assert result.returncode == 5, result.stderr
    assert not (release.work / "journal.jsonl").exists()


def test_status_says_what_is_left_to_do(published: Release) -> None:
    result = published.lane("status")
    assert result.returncode == 0, result.stderr
    assert result.stdout.count("there") == 2
    assert result.stdout.splitlines()[-1].endswith("lane confirm")


def test_resume_publishes_and_confirms(release: Release) -> None:
    result = release.lane("resume", PYPI_ID_TOKEN=release.token("pypi"))
    assert result.returncode == 0, result.stderr
    assert (release.work / "confirm.json").exists()
    timings = json.loads((release.work / "timings.json").read_text(encoding="utf-8"))
    assert [one["step"] for one in timings] == ["publish index", "confirm"]


def test_a_stage_that_fails_stops_the_lane_with_its_code_and_the_next_command(
    running: Running, release: Release
) -> None:
    running.set_fault("index.upload", "403-disabled")
    result = release.lane("resume", PYPI_ID_TOKEN=release.token("pypi"))
    assert result.returncode == 21
    assert result.stderr.count("error: ") == 1
    assert "error: publish index: " in result.stderr
    assert "public: " in result.stderr
    assert "next: sealane --sandbox" in result.stderr


@pytest.mark.e2e
@pytest.mark.parametrize("command", [("run", "--yes"), ("resume",)])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CI_JOB_TOKEN", "glcbt-64_made-for-this-job"),
        ("TWINE_PASSWORD", "hunter2hunter2"),
        ("PYPI_ID_TOKEN", "another sandbox's"),
        ("ACTIONS_ID_TOKEN_REQUEST_URL", "http://127.0.0.1:9/token"),
    ],
)
def test_credentials_that_are_not_the_sandboxs_are_refused_before_anything_runs(
    release: Release, tmp_path: Path, command: tuple[str, ...], name: str, value: str
) -> None:
    if value == "another sandbox's":
        with start(tmp_path / "another", until_eof=True) as another:
            value = another.mint("gitlab", "pypi")
    result = release.lane(*command, **{name: value})
    assert result.returncode == 10
    assert name in result.stderr
    assert value not in result.stderr
    assert not (release.work / "journal.jsonl").exists()


def test_two_at_once_are_refused(release: Release) -> None:
    with exclusive(release.work / ".publish.lock", what="test"):
        result = release.publish()
    assert result.returncode == 2
    assert "another process" in result.stderr
