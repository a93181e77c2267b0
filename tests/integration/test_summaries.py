"""Summaries signed without a key, in a sandbox: stamped, and accepted by two verifiers."""

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from sigstore.errors import VerificationError
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier
from sigstore.verify.policy import Identity

from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.attestation.predicates.vsa import PREDICATE
from sealane.sandbox.running import Running
from support.attacks import Shell
from support.evidence import PUBLISHER, Signer, beside
from support.world import ambient_github, ambient_gitlab

WHO = ("--verifier-id", "https://verifier.example.org/v1")
CHECKER = {"project": "acme/checker", "ref": "main", "ref_type": "branch"}
IDENTITY = "https://gitlab.com/acme/checker//.gitlab-ci.yml@refs/heads/main"
ISSUER = "https://gitlab.com"


@pytest.fixture
def job(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """The environment, without the CI that runs these tests."""
    for name in ("GITLAB_CI", "GITHUB_ACTIONS", "SIGSTORE_ID_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    return monkeypatch


def enter(job: pytest.MonkeyPatch, environ: Mapping[str, str]) -> None:
    for name, value in environ.items():
        job.setenv(name, value)


def emit(shell: Shell, file: Path, name: str = ".vsa.json") -> tuple[int, str]:
    emitted = ("--emit-vsa", beside(file, name), "--sign", "keyless", *WHO)
    return shell.verify(file, "--publisher", PUBLISHER, *emitted)


def predicate(bundle: Path) -> dict[str, Any]:
    envelope = json.loads(bundle.read_bytes())["dsseEnvelope"]
    found: dict[str, Any] = json.loads(base64.b64decode(envelope["payload"]))
    assert found["predicateType"] == PREDICATE
    return dict(found["predicate"])


def test_a_summary_of_a_rehearsal_is_stamped_and_verified_by_two(
    running_sandbox: Running, signer: Signer, shell: Shell, dist: Path, job: pytest.MonkeyPatch
) -> None:
    file = signer.attested(dist, content=f"a wheel in {dist}".encode())
    enter(job, ambient_gitlab(running_sandbox, **CHECKER))
    code, said = emit(shell, file)
    assert code == 0, said
    assert "in the sandbox's log" in said
    summary = beside(file, ".vsa.json")
    found = predicate(summary)
    assert (found["verificationResult"], found[SANDBOX]) == ("PASSED", True)
    assert found["verifier"]["id"] == "sandbox+https://verifier.example.org/v1"

    root = TrustedRoot.from_file(str(running_sandbox.directory / "trusted_root.json"))
    verifier, bundle = Verifier(trusted_root=root), Bundle.from_json(summary.read_text())
    _, payload = verifier.verify_dsse(bundle, Identity(identity=IDENTITY, issuer=ISSUER))
    assert json.loads(payload)["predicate"] == found
    with pytest.raises(VerificationError):
        verifier.verify_dsse(bundle, Identity(identity=IDENTITY + "x", issuer=ISSUER))

    beside(file).unlink()
    policy = dist.parent / "p.toml"
    policy.write_text(POLICY)
    code, said = shell.verify(file, "--policy", policy)
    assert code == 0, said
    policy.write_text(POLICY.replace("acme/checker", "acme/other"))
    code, _ = shell.verify(file, "--policy", policy)
    assert code == 1


POLICY = f"""schema = "sealane.policy/1"
id = "acme"
[publisher.checker]
kind = "gitlab"
issuer = "{ISSUER}"
project = "acme/checker"
config = ".gitlab-ci.yml"
ref = "refs/heads/main"
[[rule]]
match = ["*"]
require = [
  {{ predicate = "vsa", by = "checker", verifier = "sandbox+https://verifier.example.org/v1" }},
]
"""


def test_a_github_job_signs_its_summaries_too(
    running_sandbox: Running, signer: Signer, shell: Shell, dist: Path, job: pytest.MonkeyPatch
) -> None:
    file = signer.attested(dist, content=f"another wheel in {dist}".encode())
    enter(job, ambient_github(running_sandbox, repository="acme/checker", ref="v1"))
    code, said = emit(shell, file)
    assert code == 0, said
    assert predicate(beside(file, ".vsa.json"))["verificationResult"] == "PASSED"


def test_a_token_of_another_world_is_not_shown_to_the_sandbox(
    running: Running, signer: Signer, shell: Shell, dist: Path, job: pytest.MonkeyPatch
) -> None:
    file = signer.attested(dist, content=f"one more wheel in {dist}".encode())
    enter(job, ambient_gitlab(running, **CHECKER))
    code, said = emit(shell, file)
    assert (code, "not a token of the named sandbox" in said) == (3, True)
    assert not beside(file, ".vsa.json").exists()
