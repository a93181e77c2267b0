"""What the lane published is accepted by clients that share no code with it."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pypi_attestations import Attestation, AttestationType, Distribution, Provenance
from sigstore.models import TrustedRoot
from sigstore.verify import Verifier, policy

ROOT = Path(__file__).parents[2]
IDENTITY = "https://gitlab.com/acme/hello-lane//.gitlab-ci.yml@refs/tags/v0.1.0"
ISSUER = "https://gitlab.com"
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]


@dataclass(frozen=True)
class Published:
    """A finished rehearsal that was kept."""

    folder: Path

    @property
    def work(self) -> Path:
        return self.folder / "project" / ".sealane-work"

    @property
    def files(self) -> list[Path]:
        return sorted((self.work / "dist").iterdir())

    @property
    def trust_config(self) -> Path:
        return self.folder / "sandbox" / "trust_config.json"

    def attestation(self, file: Path, kind: str) -> Attestation:
        path = self.work / "evidence" / f"{file.name}.{kind}.attestation"
        return Attestation.model_validate_json(path.read_bytes())


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    folder = tmp_path_factory.mktemp("rehearsal") / "kept"
    command = [sys.executable, "-m", "sealane", "rehearse", "examples/hello-lane", "--keep"]
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True, timeout=300)
    return Published(folder)


def verifier(published: Published) -> Verifier:
    root = published.folder / "sandbox" / "trusted_root.json"
    return Verifier(trusted_root=TrustedRoot.from_file(str(root)))


@pytest.mark.parametrize("kind", ["publish", "slsa"])
def test_the_models_of_the_index_accept_each_attestation(published: Published, kind: str) -> None:
    identity = policy.Identity(identity=IDENTITY, issuer=ISSUER)
    for file in published.files:
        attestation = published.attestation(file, kind)
        payload_type, payload = verifier(published).verify_dsse(attestation.to_bundle(), identity)
        assert payload_type == "application/vnd.in-toto+json"
        subject = json.loads(payload)["subject"]
        assert subject == [
            {"name": file.name, "digest": {"sha256": Distribution.from_file(file).digest}}
        ]
        expected = {
            "publish": AttestationType.PYPI_PUBLISH_V1,
            "slsa": AttestationType.SLSA_PROVENANCE_V1,
        }
        assert attestation.statement["predicateType"] == expected[kind]


def test_a_provenance_object_of_them_is_one_of_the_models(published: Published) -> None:
    file = published.files[0]
    document = {
        "version": 1,
        "attestation_bundles": [
            {
                "publisher": {
                    "kind": "GitLab",
                    "repository": "acme/hello-lane",
                    "workflow_filepath": ".gitlab-ci.yml",
                    "environment": "release",
                },
                "attestations": [
                    json.loads(published.attestation(file, kind).model_dump_json())
                    for kind in ("publish", "slsa")
                ],
            }
        ],
    }
    provenance = Provenance.model_validate_json(json.dumps(document))
    assert len(provenance.attestation_bundles[0].attestations) == 2


def sigstore(published: Published, identity: str) -> subprocess.CompletedProcess[str]:
    """Verify every file with `sigstore`'s own command line against the signed manifest."""
    manifest = published.work / "release-manifest.sigstore.json"
    return subprocess.run(
        [
            Path(sys.prefix) / "bin" / "sigstore", "--trust-config", published.trust_config,
            "verify", "identity", "--offline", "--bundle", manifest,
            "--cert-identity", identity, "--cert-oidc-issuer", ISSUER, published.files[0],
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_manifest_verifies_with_sigstore_s_own_command_line(published: Published) -> None:
    result = sigstore(published, IDENTITY)
    assert result.returncode == 0, result.stderr
    assert "OK" in result.stdout + result.stderr


def test_sigstore_s_own_command_line_refuses_another_identity(published: Published) -> None:
    assert sigstore(published, IDENTITY.replace("acme", "other")).returncode == 1


def test_the_sandbox_s_root_does_not_pass_without_its_name(published: Published) -> None:
    root = published.folder / "sandbox" / "trusted_root.json"
    result = subprocess.run(
        [
            sys.executable, "-m", "sealane", "verify", *published.files, "--trust", root,
            "--evidence", published.work / "evidence", "--publisher", "gitlab:acme/hello-lane",
        ],
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip
    assert result.returncode == 4
    assert "it is a sandbox's, and proves nothing about the world" in result.stderr
