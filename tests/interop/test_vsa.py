"""`cosign` accepts the summaries that sealane signs, by key and by identity, and no other."""

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from sealane.core.attestation.predicates import svr, vsa
from sealane.sandbox.running import Running
from support.evidence import PUBLISHER, Signer
from support.world import ambient_gitlab

ROOT = Path(__file__).parents[2]
COSIGN = ROOT / ".interop" / "bin" / "cosign"
IDENTITY = "https://gitlab.com/acme/checker//.gitlab-ci.yml@refs/heads/main"
NAMED = ("--certificate-identity", IDENTITY, "--certificate-oidc-issuer", "https://gitlab.com")
BY_KEY = ("--key", "key.pub", "--insecure-ignore-tlog")
KINDS = {
    "p256": ("ec", "prime256v1"),
    "p384": ("ec", "secp384r1"),
    "p521": ("ec", "secp521r1"),
    "rsa": ("rsa", "3072"),
    "ed25519": ("ed25519", ""),
}
pytestmark = [pytest.mark.interop, pytest.mark.timeout(600)]


@pytest.fixture
def work(running_sandbox: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory: two files, of which one has evidence by a job of the sandbox."""
    monkeypatch.chdir(tmp_path)
    Signer(running_sandbox).attested(tmp_path, "hello_lane-1.2.3.tar.gz", str(tmp_path).encode())
    (tmp_path / "other.bin").write_bytes(b"other")
    return tmp_path


def run(
    *command: str | Path, environ: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    # A missing peer is a failure here, never a skip.
    return subprocess.run(
        [str(part) for part in command], env=os.environ | (environ or {}),
        capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def emit(running: Running, *how: str | Path, environ: dict[str, str] | None = None) -> None:
    done = run(
        sys.executable, "-m", "sealane", "--sandbox", running.directory,
        "verify", "hello_lane-1.2.3.tar.gz", "--publisher", PUBLISHER, *how,
        "--verifier-id", "https://verifier.example.org", "--emit-vsa", "v.vsa.json",
        "--emit-svr", "s.svr.json", environ=environ,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def cosign(
    bundle: str, predicate: str, *by: str | Path, file: str = "hello_lane-1.2.3.tar.gz"
) -> int:
    verify = (COSIGN, "verify-blob-attestation", "--bundle", bundle, "--type", predicate)
    return run(*verify, *by, file).returncode


def make_key(kind: str) -> None:
    """A key by openssl, as somebody without sealane would make one."""
    algorithm, detail = KINDS[kind]
    option = {"ec": "ec_paramgen_curve", "rsa": "rsa_keygen_bits"}.get(algorithm)
    more = ("-pkeyopt", f"{option}:{detail}") if option else ()
    for command in (
        ("openssl", "genpkey", "-algorithm", algorithm, *more, "-out", "key.pem"),
        ("openssl", "pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"),
    ):
        made = run(*command)
        assert made.returncode == 0, made.stderr


@pytest.mark.parametrize("kind", ["p256", "rsa", "ed25519"])
def test_cosign_accepts_what_a_key_signed(running_sandbox: Running, work: Path, kind: str) -> None:
    make_key(kind)
    emit(running_sandbox, "--sign", "key:key.pem")
    assert cosign("v.vsa.json", vsa.PREDICATE, *BY_KEY) == 0
    assert cosign("s.svr.json", svr.PREDICATE, *BY_KEY) == 0
    assert cosign("v.vsa.json", svr.PREDICATE, *BY_KEY) != 0
    assert cosign("v.vsa.json", vsa.PREDICATE, *BY_KEY, file="other.bin") != 0
    # Without leave to do so a signature that is in no log counts for nothing there.
    assert cosign("v.vsa.json", vsa.PREDICATE, "--key", "key.pub") != 0


@pytest.mark.parametrize("kind", ["p384", "p521"])
def test_of_larger_curves_cosign_does_not_take_the_hash_that_belongs_to_them(
    running_sandbox: Running, work: Path, kind: str
) -> None:
    # By --key it tries SHA-256 only; the guide says so. The signature holds.
    make_key(kind)
    emit(running_sandbox, "--sign", "key:key.pem")
    assert cosign("v.vsa.json", vsa.PREDICATE, *BY_KEY) != 0
    signed = json.loads((work / "v.vsa.json").read_bytes())["dsseEnvelope"]
    payload = base64.b64decode(signed["payload"])
    (work / "signed").write_bytes(pre_authentication_encoding(PAYLOAD_TYPE, payload))
    (work / "signature").write_bytes(base64.b64decode(signed["signatures"][0]["sig"]))
    hash_of = {"p384": "-sha384", "p521": "-sha512"}[kind]
    checked = run(
        "openssl", "dgst", hash_of, "-verify", "key.pub", "-signature", "signature", "signed"
    )
    assert checked.returncode == 0, checked.stderr


def test_cosign_refuses_another_key_and_a_changed_summary(
    running_sandbox: Running, work: Path
) -> None:
    make_key("p256")
    emit(running_sandbox, "--sign", "key:key.pem")
    bundle = json.loads((work / "v.vsa.json").read_bytes())
    payload = bundle["dsseEnvelope"]["payload"]
    bundle["dsseEnvelope"]["payload"] = payload[:-8] + payload[-8:].swapcase()
    (work / "changed.json").write_text(json.dumps(bundle))
    assert cosign("changed.json", vsa.PREDICATE, *BY_KEY) != 0
    make_key("p256")
    assert cosign("v.vsa.json", vsa.PREDICATE, *BY_KEY) != 0


def test_cosign_accepts_what_an_identity_signed(running_sandbox: Running, work: Path) -> None:
    job = ambient_gitlab(running_sandbox, project="acme/checker", ref="main", ref_type="branch")
    emit(running_sandbox, "--sign", "keyless", environ=job)
    root = ("--trusted-root", running_sandbox.directory / "trusted_root.json")
    assert cosign("v.vsa.json", vsa.PREDICATE, *root, *NAMED) == 0
    assert cosign("s.svr.json", svr.PREDICATE, *root, *NAMED) == 0
    assert cosign("v.vsa.json", vsa.PREDICATE, *root, *NAMED, file="other.bin") != 0
    other = [text.replace("acme", "other") for text in NAMED]
    assert cosign("v.vsa.json", vsa.PREDICATE, *root, *other) != 0
