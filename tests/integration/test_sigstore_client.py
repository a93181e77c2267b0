"""The unmodified Sigstore client signs, attests and verifies against the sandbox."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from sigstore.errors import VerificationError
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from sealane.sandbox.running import Running
from support.world import ambient_github, ambient_gitlab, inside

PROJECT = "group/sub/project"
SUBJECT = f"https://gitlab.com/{PROJECT}//.gitlab-ci.yml@refs/tags/v1.2.3"
ISSUER = "https://gitlab.com"
REPOSITORY = "owner/repository"
WORKFLOW = f"https://github.com/{REPOSITORY}/.github/workflows/release.yml@refs/tags/v1.2.3"
GITHUB_ISSUER = "https://token.actions.githubusercontent.com"
PREDICATE_TYPE = "https://slsa.dev/provenance/v1"
PREDICATE = {
    "buildDefinition": {
        "buildType": "https://example.org/build/v1",
        "externalParameters": {},
        "resolvedDependencies": [],
    },
    "runDetails": {"builder": {"id": "https://example.org/builder"}},
}


def sigstore(
    running: Running, *arguments: str | Path, extra: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    config = running.directory / "trust_config.json"
    return inside(running, ["sigstore", "--trust-config", config, *arguments], extra)


def succeeded(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout + result.stderr


def verify_identity(
    running: Running, file: Path, identity: str = SUBJECT, issuer: str = ISSUER
) -> subprocess.CompletedProcess[str]:
    return sigstore(
        running, "verify", "identity", "--offline",
        "--cert-identity", identity, "--cert-oidc-issuer", issuer, file,
    )  # fmt: skip


@pytest.fixture
def artifact(tmp_path: Path) -> Path:
    file = tmp_path / "artifact-1.2.3.tar.gz"
    # Another content each time: the log refuses what it has already.
    file.write_bytes(f"content for {tmp_path}".encode())
    return file


@pytest.fixture(params=["1", "2"])
def rekor(request: pytest.FixtureRequest) -> str:
    """Version of the log that is written to."""
    return str(request.param)


@pytest.fixture
def signed(running_sandbox: Running, artifact: Path, rekor: str) -> Path:
    token = ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3")
    succeeded(sigstore(running_sandbox, "sign", "--rekor-version", rekor, artifact, extra=token))
    return artifact


@pytest.fixture
def verifier(running_sandbox: Running) -> Verifier:
    root = running_sandbox.directory / "trusted_root.json"
    return Verifier(trusted_root=TrustedRoot.from_file(str(root)))


def bundle_of(file: Path) -> Bundle:
    return Bundle.from_json(file.with_name(f"{file.name}.sigstore.json").read_text())


def test_a_gitlab_job_signs_and_its_identity_verifies(
    running_sandbox: Running, signed: Path
) -> None:
    assert "OK" in succeeded(verify_identity(running_sandbox, signed))


def test_a_github_job_signs_and_its_workflow_verifies(
    running_sandbox: Running, artifact: Path
) -> None:
    token = ambient_github(running_sandbox, repository=REPOSITORY, ref="v1.2.3", sha="c" * 40)
    succeeded(sigstore(running_sandbox, "sign", artifact, extra=token))
    claims = [
        "--cert-identity", WORKFLOW, "--repository", REPOSITORY, "--trigger", "push",
        "--name", "release", "--ref", "refs/tags/v1.2.3", "--sha", "c" * 40,
    ]  # fmt: skip
    command = ["verify", "github", "--offline"]
    succeeded(sigstore(running_sandbox, *command, *claims, artifact))
    for option in ("--repository", "--trigger", "--name", "--ref", "--sha", "--cert-identity"):
        wrong = list(claims)
        wrong[wrong.index(option) + 1] += "x"
        assert sigstore(running_sandbox, *command, *wrong, artifact).returncode != 0


@pytest.mark.parametrize(
    ("identity", "issuer"),
    [
        pytest.param(SUBJECT.replace("v1.2.3", "v1.2.4"), ISSUER, id="other-ref"),
        pytest.param(SUBJECT.replace("sub/project", "sub/other"), ISSUER, id="other-project"),
        pytest.param(SUBJECT.replace(".gitlab-ci", "x"), ISSUER, id="other-file"),
        pytest.param(SUBJECT, GITHUB_ISSUER, id="other-issuer"),
    ],
)
def test_another_identity_does_not_verify(
    running_sandbox: Running, signed: Path, identity: str, issuer: str
) -> None:
    result = verify_identity(running_sandbox, signed, identity, issuer)
    assert result.returncode != 0
    assert "OK" not in result.stdout


def test_another_gitlab_with_the_same_path_does_not_verify(
    running_sandbox: Running, artifact: Path
) -> None:
    host = "git.example.org"
    token = ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3", host=host)
    succeeded(sigstore(running_sandbox, "sign", artifact, extra=token))
    assert verify_identity(running_sandbox, artifact).returncode != 0
    there = SUBJECT.replace("gitlab.com", host)
    succeeded(verify_identity(running_sandbox, artifact, there, f"https://{host}"))


def test_a_tampered_file_does_not_verify(running_sandbox: Running, signed: Path) -> None:
    content = bytearray(signed.read_bytes())
    content[0] ^= 1
    signed.write_bytes(content)
    assert verify_identity(running_sandbox, signed).returncode != 0


@pytest.mark.parametrize("forge", ["gitlab", "github"])
def test_a_job_attests_provenance(
    running_sandbox: Running, artifact: Path, verifier: Verifier, forge: str, rekor: str
) -> None:
    predicate = artifact.with_name("predicate.json")
    predicate.write_text(json.dumps(PREDICATE))
    token = (
        ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3")
        if forge == "gitlab"
        else ambient_github(running_sandbox, repository=REPOSITORY, ref="v1.2.3")
    )
    kinds = ["--predicate-type", PREDICATE_TYPE, "--predicate", str(predicate)]
    log = ["--rekor-version", rekor]
    succeeded(sigstore(running_sandbox, "attest", *log, *kinds, artifact, extra=token))
    identity, issuer = (SUBJECT, ISSUER) if forge == "gitlab" else (WORKFLOW, GITHUB_ISSUER)
    succeeded(verify_identity(running_sandbox, artifact, identity, issuer))
    kind, payload = verifier.verify_dsse(bundle_of(artifact), Identity(identity=identity))
    statement: dict[str, Any] = json.loads(payload)
    assert kind == "application/vnd.in-toto+json"
    assert statement["predicateType"] == PREDICATE_TYPE
    assert [subject["name"] for subject in statement["subject"]] == [artifact.name]


def test_the_library_verifies_what_the_client_signed(signed: Path, verifier: Verifier) -> None:
    policy = Identity(identity=SUBJECT, issuer=ISSUER)
    bundle = bundle_of(signed)
    verifier.verify_artifact(signed.read_bytes(), bundle, policy)
    with pytest.raises(VerificationError):
        verifier.verify_artifact(signed.read_bytes() + b"x", bundle, policy)


def test_the_log_asked_for_is_the_one_written_to(signed: Path, rekor: str) -> None:
    document = json.loads(signed.with_name(f"{signed.name}.sigstore.json").read_text())
    material = document["verificationMaterial"]
    (entry,) = material["tlogEntries"]
    assert entry["kindVersion"] == {"kind": "hashedrekord", "version": f"0.0.{rekor}"}
    # The one log promises a time, of the other's entries only the authority says when.
    assert ("inclusionPromise" in entry) == (rekor == "1")
    assert material["timestampVerificationData"]["rfc3161Timestamps"]


@pytest.mark.parametrize(
    ("rekor", "member"),
    [
        *(("1", name) for name in ("signedEntryTimestamp", "rootHash", "hashes", "envelope")),
        *(("2", name) for name in ("signedTimestamp", "rootHash", "hashes", "envelope")),
    ],
)
def test_a_bundle_whose_log_entry_was_touched_does_not_verify(
    running_sandbox: Running, artifact: Path, verifier: Verifier, rekor: str, member: str
) -> None:
    for name in (artifact.with_name("first"), artifact):
        name.write_bytes(artifact.read_bytes() if name is artifact else b"%r" % name)
        token = ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3")
        succeeded(sigstore(running_sandbox, "sign", "--rekor-version", rekor, name, extra=token))
    document = json.loads(artifact.with_name(f"{artifact.name}.sigstore.json").read_text())
    material = document["verificationMaterial"]
    (entry,) = material["tlogEntries"]
    proof = entry["inclusionProof"]
    places = {
        "signedEntryTimestamp": (entry.get("inclusionPromise"), member),
        "signedTimestamp": (material["timestampVerificationData"]["rfc3161Timestamps"][0], member),
        "rootHash": (proof, member),
        "hashes": (proof["hashes"], 0),
        "envelope": (proof["checkpoint"], member),
    }
    holder, key = places[member]
    # Inside what is signed; of a time-stamp that begins late.
    last = 200 if member == "signedTimestamp" else 20
    old = holder[key][last]
    holder[key] = holder[key][:last] + ("A" if old != "A" else "B") + holder[key][last + 1 :]
    bundle = Bundle.from_json(json.dumps(document))
    with pytest.raises(VerificationError):
        verifier.verify_artifact(artifact.read_bytes(), bundle, Identity(identity=SUBJECT))


def test_a_person_signs_through_the_browser(
    running_sandbox: Running, artifact: Path, tmp_path: Path
) -> None:
    browser = tmp_path / "browser"
    browser.write_text('#!/bin/sh\nexec curl --silent --location --output /dev/null "$1"\n')
    browser.chmod(0o755)
    succeeded(sigstore(running_sandbox, "sign", artifact, extra={"BROWSER": f"{browser} %s"}))
    person = "developer@sealane.invalid"
    issuer = "https://oidc.sealane.invalid/auth"
    succeeded(verify_identity(running_sandbox, artifact, person, issuer))


def test_fifty_files_are_signed_in_one_call(running_sandbox: Running, tmp_path: Path) -> None:
    files = [tmp_path / f"file-{index}" for index in range(50)]
    for file in files:
        file.write_text(str(file))
    token = ambient_gitlab(running_sandbox, project=PROJECT, ref="v1.2.3")
    succeeded(sigstore(running_sandbox, "sign", *files, extra=token))
    result = sigstore(
        running_sandbox, "verify", "identity", "--offline",
        "--cert-identity", SUBJECT, "--cert-oidc-issuer", ISSUER, *files,
    )  # fmt: skip
    assert succeeded(result).count("OK") == len(files)


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"ci_config_ref_uri": None}], ids=["expired", "no-subject"]
)
def test_a_token_that_does_not_hold_signs_nothing(
    running_sandbox: Running, artifact: Path, claims: dict[str, object]
) -> None:
    token = ambient_gitlab(running_sandbox, "sigstore", project=PROJECT, **claims)
    assert sigstore(running_sandbox, "sign", artifact, extra=token).returncode != 0
    assert not artifact.with_name(f"{artifact.name}.sigstore.json").exists()


def test_a_token_for_the_index_signs_nothing(running_sandbox: Running, artifact: Path) -> None:
    token = running_sandbox.mint("gitlab", "pypi", project=PROJECT)
    extra = {"GITLAB_CI": "true", "SIGSTORE_ID_TOKEN": token}
    assert sigstore(running_sandbox, "sign", artifact, extra=extra).returncode != 0


def test_the_production_root_refuses_the_sandboxs_signature(
    running_sandbox: Running, signed: Path
) -> None:
    command = ["sigstore", "verify", "identity", "--offline", "--cert-identity", SUBJECT]
    production = [*command, "--cert-oidc-issuer", ISSUER, str(signed)]
    assert inside(running_sandbox, production).returncode != 0
