"""`cosign` and sealane accept what the other signed in the sandbox, and refuse the same things."""

import subprocess
import sys
from pathlib import Path

import pytest

from sealane.core.attestation.predicates.release_manifest import PREDICATE
from sealane.sandbox.launch import Running

ROOT = Path(__file__).parents[2]
COSIGN = ROOT / ".interop" / "bin" / "cosign"
IDENTITY = "https://gitlab.com/acme/hello-lane//.gitlab-ci.yml@refs/tags/v0.1.0"
ISSUER = "https://gitlab.com"
NAMED = ("--certificate-identity", IDENTITY, "--certificate-oidc-issuer", ISSUER)
pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    # A missing peer is a failure here, never a skip.
    return subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, timeout=120
    )


def sealane(sandbox: Path, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return run(sys.executable, "-m", "sealane", "--sandbox", sandbox, *arguments)


def cosign_signs(running: Running, file: Path) -> Path:
    """A bundle that cosign made for a file, as a GitLab job of the example."""
    token = running.mint("gitlab", "sigstore", project="acme/hello-lane", ref="v0.1.0")
    bundle = file.with_name(f"{file.name}.sigstore.json")
    signed = run(
        COSIGN, "sign-blob", "--yes", "--identity-token", token, "--bundle", bundle,
        "--signing-config", running.directory / "signing_config.json",
        "--trusted-root", running.directory / "trusted_root.json", file,
    )  # fmt: skip
    assert signed.returncode == 0, signed.stderr
    return bundle


def test_sealane_accepts_what_cosign_signed(running_sandbox: Running, tmp_path: Path) -> None:
    file = tmp_path / "notes-1.0.txt"
    file.write_text("released\n")
    cosign_signs(running_sandbox, file)
    named = ("--cert-identity", IDENTITY, "--cert-oidc-issuer", ISSUER)
    assert sealane(running_sandbox.directory, "verify", file, *named).returncode == 0
    file.write_text("changed\n")
    assert sealane(running_sandbox.directory, "verify", file, *named).returncode == 1


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rehearsal") / "kept"
    done = run(
        sys.executable, "-m", "sealane", "rehearse", ROOT / "examples/hello-lane", "--keep", folder
    )
    assert done.returncode == 0, done.stderr
    return folder


def cosign_verifies(rehearsal: Path, file: Path, *named: str) -> int:
    work = rehearsal / "project" / ".sealane-work"
    return run(
        COSIGN, "verify-blob-attestation", "--bundle", work / "release-manifest.sigstore.json",
        "--trusted-root", rehearsal / "sandbox" / "trusted_root.json", "--type", PREDICATE,
        *named, file,
    ).returncode  # fmt: skip


def test_cosign_accepts_the_release_manifest(rehearsal: Path) -> None:
    for file in (rehearsal / "project" / ".sealane-work" / "dist").iterdir():
        assert cosign_verifies(rehearsal, file, *NAMED) == 0


def test_cosign_refuses_a_changed_file_and_another_identity(
    rehearsal: Path, tmp_path: Path
) -> None:
    wheel = next((rehearsal / "project" / ".sealane-work" / "dist").glob("*.whl"))
    changed = tmp_path / wheel.name
    changed.write_bytes(wheel.read_bytes() + b"x")
    assert cosign_verifies(rehearsal, changed, *NAMED) != 0
    other = [text.replace("acme", "other") for text in NAMED]
    assert cosign_verifies(rehearsal, wheel, *other) != 0
