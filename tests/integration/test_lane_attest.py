"""Attest: compares everything, signs it, believes nothing, and leaves all or nothing."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pypi_attestations import Attestation
from sigstore.models import Bundle

from sealane.core.attestation.predicates.publish import PREDICATE as PUBLISH
from sealane.lane.release import parse_signed_release
from sealane.sandbox.launch import start
from sealane.sandbox.running import Running
from support.repositories import git
from support.signed_release import SDIST, TAG, WHEEL, Release, make_release, make_wheel


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    with start(tmp_path / "sandbox", until_eof=True) as world:
        yield world


@pytest.fixture
def release(running: Running, tmp_path: Path) -> Release:
    return make_release(running, tmp_path / "project")


def made(release: Release) -> list[str]:
    """What attest left in the work folder."""
    found = [release.work / "evidence", release.work / "release-manifest.sigstore.json"]
    return [path.name for path in found if path.exists()]


def test_every_file_and_the_release_are_attested(release: Release) -> None:
    result = release.attest()
    assert result.returncode == 0, result.stderr
    content = (release.work / "release-manifest.sigstore.json").read_bytes()
    Bundle.from_json(content)
    signed = parse_signed_release(content, "manifest")
    manifest = signed.manifest
    assert f"release: {signed.id}" in result.stdout
    assert manifest.sandbox
    assert (manifest.tag, manifest.commit) == (TAG, release.commit)
    for artifact in manifest.artifacts:
        body = (release.work / "dist" / artifact.name).read_bytes()
        assert artifact.sha256 == hashlib.sha256(body).hexdigest()
        assert artifact.sha512 == hashlib.sha512(body).hexdigest()
        assert artifact.blake2b_256 == hashlib.blake2b(body, digest_size=32).hexdigest()
        assert artifact.size == len(body)
    assert {(one.artifact, one.predicate) for one in manifest.attestations} == {
        (name, predicate)
        for name in (WHEEL, SDIST)
        for predicate in (PUBLISH, "https://slsa.dev/provenance/v1")
    }
    assert (manifest.slsa_level, "rehearsal" in manifest.slsa_reason) == (0, True)
    assert {one.name for one in manifest.records} >= {"plan.json", "build-a/record.json"}


def test_the_attestations_are_what_pep_740_says(release: Release) -> None:
    assert release.attest().returncode == 0
    attestation = Attestation.model_validate_json(
        (release.work / "evidence" / f"{WHEEL}.publish.attestation").read_bytes()
    )
    attestation.to_bundle()
    assert attestation.statement["predicateType"] == PUBLISH
    assert not attestation.statement["predicate"]
    assert [one["name"] for one in attestation.statement["subject"]] == [WHEEL]
    slsa = Attestation.model_validate_json(
        (release.work / "evidence" / f"{WHEEL}.slsa.attestation").read_bytes()
    )
    definition = slsa.statement["predicate"]["buildDefinition"]
    commits = [one["digest"].get("gitCommit") for one in definition["resolvedDependencies"]]
    assert release.commit in commits
    builder = slsa.statement["predicate"]["runDetails"]["builder"]["id"]
    assert builder == f"https://gitlab.com/acme/hello//.gitlab-ci.yml@refs/tags/{TAG}"
    # The certificate's build signer URI.
    assert attestation.certificate_claims["1.3.6.1.4.1.57264.1.9"] == builder


def test_all_attestations_of_a_release_share_one_certificate(release: Release) -> None:
    assert release.attest().returncode == 0
    files = sorted((release.work / "evidence").iterdir())
    assert len(files) == 4
    certificates = {
        json.loads(file.read_bytes())["verification_material"]["certificate"] for file in files
    }
    assert len(certificates) == 1


def test_a_rerun_starts_whole(release: Release) -> None:
    assert release.attest().returncode == 0
    first = (release.work / "release-manifest.sigstore.json").read_bytes()
    (release.work / "evidence" / "left-behind").write_text("x", encoding="utf-8")
    assert release.attest().returncode == 0
    assert (release.work / "release-manifest.sigstore.json").read_bytes() != first
    assert not (release.work / "evidence" / "left-behind").exists()


def test_what_is_being_published_is_not_attested_again(running: Running, release: Release) -> None:
    running.add_publisher(
        "gitlab", "hello-sealane", repository="acme/hello", workflow=".gitlab-ci.yml"
    )
    assert release.attest().returncode == 0
    assert release.publish().returncode == 0
    result = release.attest()
    assert result.returncode == 13
    assert "being published already" in result.stderr


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


BROKEN: dict[str, Callable[[Release], object]] = {
    "a bit of dist": lambda r: flip(r.work / "dist" / WHEEL),
    "a bit of build a": lambda r: flip(r.work / "build-a" / "dist" / WHEEL),
    "a bit of build b": lambda r: flip(r.work / "build-b" / "dist" / SDIST),
    "a file missing in dist": lambda r: (r.work / "dist" / SDIST).unlink(),
    "a file more in dist": lambda r: (r.work / "dist" / "x.whl").write_bytes(b"x"),
    "a file more in build b": lambda r: (r.work / "build-b" / "dist" / "x").write_bytes(b"x"),
    "a folder in dist": lambda r: (r.work / "dist" / "x").mkdir(),
    "a link in dist": lambda r: (r.work / "dist" / "x.whl").symlink_to(r.work / "dist" / WHEEL),
    "no plan": lambda r: (r.work / "plan.json").unlink(),
    "no audit": lambda r: (r.work / "audit.json").unlink(),
    "no comparison": lambda r: (r.work / "compare.json").unlink(),
    "no record": lambda r: (r.work / "build-b" / "record.json").unlink(),
    "builds differ": lambda r: edit(r.work / "compare.json", "identical", "different"),
    "comparison of another commit": lambda r: edit(
        r.work / "compare.json", r.commit, "0" * 40
    ),
    "record of another commit": lambda r: edit(
        r.work / "build-b" / "record.json", r.commit, "0" * 40
    ),
    "another lock was audited": lambda r: edit(
        r.work / "audit.json", "requirements/build.txt", "requirements/other.txt"
    ),
    "not the sandbox's plan": lambda r: edit(
        r.work / "plan.json", '"sandbox": true', '"sandbox": false'
    ),
    "the tag moved": lambda r: git(r.project, "tag", "--force", "--annotate", "-m", "x", TAG),
    "another configuration": lambda r: edit(r.project / "sealane.toml", "acme", "acme2"),
}  # fmt: skip


@pytest.mark.parametrize("what", BROKEN)
def test_what_does_not_fit_together_is_not_signed(release: Release, what: str) -> None:
    BROKEN[what](release)
    result = release.attest()
    assert result.returncode in (5, 13), result.stderr
    assert "Traceback" not in result.stderr
    assert made(release) == []


@pytest.mark.parametrize(
    "change",
    [
        {"project": "acme/other"},
        {"ref": "v9.9.9"},
        {"environment": "staging"},
        {"sha": "1" * 40},
        {"ref_protected": "false"},
    ],
)
def test_a_token_of_another_job_signs_nothing(release: Release, change: dict[str, str]) -> None:
    result = release.lane("attest", SIGSTORE_ID_TOKEN=release.token("sigstore", **change))
    assert result.returncode == 13
    assert "not that of this release's job" in result.stderr
    assert made(release) == []


@pytest.mark.parametrize(
    ("tokens", "reason"),
    [
        ((), "SIGSTORE_ID_TOKEN is not set"),
        (("sigstore", "pypi"), "PYPI_ID_TOKEN"),
        (("other",), "SIGSTORE_ID_TOKEN"),
    ],
)
def test_a_job_that_signs_has_the_signing_token_alone(
    release: Release, tokens: tuple[str, ...], reason: str
) -> None:
    names = {"sigstore": "SIGSTORE_ID_TOKEN", "other": "SIGSTORE_ID_TOKEN", "pypi": "PYPI_ID_TOKEN"}
    environment = {names[audience]: release.token(audience) for audience in tokens}
    result = release.lane("attest", **environment)
    assert result.returncode == 13
    assert reason in result.stderr
    assert made(release) == []


def test_the_reason_of_the_certificate_authority_is_shown(release: Release) -> None:
    token = release.token("sigstore")
    header, payload, signature = token.split(".")
    forged = f"{header}.{payload}.{signature[:10]}{'A' * 20}{signature[30:]}"
    result = release.lane("attest", SIGSTORE_ID_TOKEN=forged)
    assert result.returncode == 13
    assert "certificate authority" in result.stderr
    assert "identity token" in result.stderr
    assert forged not in result.stderr
    assert made(release) == []


def test_without_a_log_that_pep_740_can_carry_nothing_is_signed(
    running: Running, release: Release
) -> None:
    path = running.directory / "trust_config.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    for log in config["signingConfig"]["rekorTlogUrls"]:
        log["majorApiVersion"] = 2
    path.write_text(json.dumps(config), encoding="utf-8")
    result = release.attest()
    assert result.returncode == 13
    assert "Rekor v1" in result.stderr
    assert made(release) == []


def test_what_does_not_verify_is_not_put_in_place(tmp_path: Path, running: Running) -> None:
    # What signs writes into the log; what judges knows no log.
    release = make_release(running, tmp_path / "project")
    (running.directory / "trusted_root.json").write_text(
        _without_logs(running.directory / "trusted_root.json"), encoding="utf-8"
    )
    result = release.attest()
    assert result.returncode in (4, 13)
    assert made(release) == []


def _without_logs(path: Path) -> str:
    root = json.loads(path.read_text(encoding="utf-8"))
    root["tlogs"] = []
    return json.dumps(root)


def test_a_second_wheel_cannot_hide_behind_a_link(release: Release, tmp_path: Path) -> None:
    other = make_wheel(tmp_path / "other.whl", "evil")
    target = release.work / "dist" / WHEEL
    target.unlink()
    target.symlink_to(other)
    assert release.attest().returncode in (5, 13)
    assert made(release) == []
