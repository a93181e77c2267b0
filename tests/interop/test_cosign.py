"""`cosign` and sealane accept what the other signed in the sandbox, and refuse the same things."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sealane.core.attestation.predicates.release_manifest import PREDICATE
from sealane.sandbox.running import Running

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


def signing_config(running: Running, generation: int, folder: Path) -> Path:
    """The sandbox's signing configuration with one generation of the log."""
    config = json.loads((running.directory / "signing_config.json").read_bytes())
    logs = config["rekorTlogUrls"]
    config["rekorTlogUrls"] = [one for one in logs if one["majorApiVersion"] == generation]
    file = folder / f"signing-{generation}.json"
    file.write_text(json.dumps(config))
    return file


def cosign_signs(running: Running, file: Path, generation: int, *what: str | Path) -> None:
    """Let cosign sign, as a GitLab job of the example unless with a key."""
    token = running.mint("gitlab", "sigstore", project="acme/hello-lane", ref="v0.1.0")
    who = () if "--key" in what else ("--identity-token", token)
    signed = run(
        COSIGN, *what, "--yes", *who, "--bundle", file.with_name(f"{file.name}.sigstore.json"),
        "--signing-config", signing_config(running, generation, file.parent),
        "--trusted-root", running.directory / "trusted_root.json", file,
    )  # fmt: skip
    assert signed.returncode == 0, signed.stderr


def judged(running: Running, file: Path, *named: str | Path) -> tuple[int, int]:
    """Exit codes of sealane on a file as it was signed, and after it was changed."""
    signed = sealane(running.directory, "verify", file, *named).returncode
    file.write_text("changed\n")
    return signed, sealane(running.directory, "verify", file, *named).returncode


CERTIFIED = ("--cert-identity", IDENTITY, "--cert-oidc-issuer", ISSUER)


@pytest.mark.parametrize("generation", [1, 2])
def test_sealane_accepts_a_file_that_cosign_signed(
    running_sandbox: Running, tmp_path: Path, generation: int
) -> None:
    file = tmp_path / "notes-1.0.txt"
    file.write_text("released\n")
    cosign_signs(running_sandbox, file, generation, "sign-blob")
    assert judged(running_sandbox, file, *CERTIFIED) == (0, 1)


@pytest.mark.parametrize("generation", [1, 2])
def test_sealane_accepts_a_statement_that_cosign_signed(
    running_sandbox: Running, tmp_path: Path, generation: int
) -> None:
    file, predicate = tmp_path / "notes-1.0.txt", tmp_path / "predicate.json"
    file.write_text("released\n")
    run_details = {"builder": {"id": "https://example.org"}}
    built = {"buildType": "https://example.org", "externalParameters": {}}
    predicate.write_text(json.dumps({"buildDefinition": built, "runDetails": run_details}))
    what = ("attest-blob", "--predicate", predicate, "--type", "slsaprovenance1")
    cosign_signs(running_sandbox, file, generation, *what)
    assert judged(running_sandbox, file, *CERTIFIED) == (0, 1)


@pytest.mark.parametrize("generation", [1, 2])
def test_sealane_accepts_what_cosign_signed_with_a_key(
    running_sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, generation: int
) -> None:
    monkeypatch.setenv("COSIGN_PASSWORD", "")
    for name in ("own", "other"):
        made = run(COSIGN, "generate-key-pair", "--output-key-prefix", tmp_path / name)
        assert made.returncode == 0, made.stderr
    file = tmp_path / "notes-1.0.txt"
    file.write_text("released\n")
    what = ("sign-blob", "--key", tmp_path / "own.key")
    cosign_signs(running_sandbox, file, generation, *what)
    other = f"key:{tmp_path / 'other.pub'}"
    refused = sealane(running_sandbox.directory, "verify", file, "--publisher", other)
    assert refused.returncode == 1
    assert judged(running_sandbox, file, "--publisher", f"key:{tmp_path / 'own.pub'}") == (0, 1)


@pytest.mark.parametrize("generation", [1, 2])
def test_cosign_accepts_a_file_that_sealane_signed(
    running_sandbox: Running, tmp_path: Path, generation: int
) -> None:
    file, bundle = tmp_path / "notes-1.0.txt", tmp_path / "bundle.json"
    file.write_text("released\n")
    token = running_sandbox.mint("gitlab", "sigstore", project="acme/hello-lane", ref="v0.1.0")
    root = running_sandbox.directory / "trusted_root.json"
    config = signing_config(running_sandbox, generation, tmp_path)
    signed = sealane(
        running_sandbox.directory, "x-conformance", "sign-bundle", "--identity-token", token,
        "--bundle", bundle, "--trusted-root", root, "--signing-config", config, file,
    )  # fmt: skip
    assert signed.returncode == 0, signed.stderr
    verify = (COSIGN, "verify-blob", "--bundle", bundle, "--trusted-root", root, *NAMED, file)
    assert run(*verify).returncode == 0
    file.write_text("changed\n")
    assert run(*verify).returncode != 0


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
