"""A summary that sealane signed is evidence for those who rely on its verifier, and no others."""

import base64
import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from sealane.cli.main import run
from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from support.maker.claims import ISSUERS, SUBJECTS
from support.maker.content import ARTIFACT, NAME
from support.maker.keys import ec_named, sign
from support.maker.world import World
from support.signing import pem_of

WORLD = World()
VERIFIER = "https://verifier.example.org/v1"
BESIDE = f"{NAME}.vsa.json"
RESULT = f"{NAME}.dsse.json"
Verify = Callable[..., tuple[int, str]]


@pytest.fixture
def verify(capsys: pytest.CaptureFixture[str]) -> Verify:
    """Exit code, and all that was said."""

    def run_it(*arguments: str) -> tuple[int, str]:
        code = run(["verify", NAME, *arguments])
        captured = capsys.readouterr()
        assert "internal error" not in captured.err
        return code, captured.out + captured.err

    return run_it


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verify: Verify) -> Path:
    """The working directory: an artifact, two keys, and summaries signed by the first alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    (tmp_path / NAME).write_bytes(ARTIFACT)
    (tmp_path / "root.json").write_bytes(WORLD.root_json())
    for name in ("key", "other"):
        key = ec_named(f"verifier's {name}")
        pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (tmp_path / f"{name}.pem").write_bytes(pem)
        (tmp_path / f"{name}.pub").write_bytes(pem_of(key.public_key()))
    proof = tmp_path / f"{NAME}.sigstore.json"
    proof.write_text(json.dumps(WORLD.bundle()))
    code, said = verify(
        "--cert-identity", SUBJECTS["gitlab"], "--cert-oidc-issuer", ISSUERS["gitlab"],
        "--trust", "./root.json", "--emit-vsa", BESIDE, "--emit-svr", RESULT,
        "--sign", "key:key.pem", "--verifier-id", VERIFIER,
    )  # fmt: skip
    assert code == 0, said
    # From here on there is nothing but the summaries.
    proof.unlink()
    return tmp_path


def policy(
    work: Path, predicate: str = "vsa", key: str = "key", verifier: str = VERIFIER, **more: object
) -> str:
    """A policy that wants a summary by a key and a verifier."""
    digest = sha256((work / f"{key}.pub").read_bytes()).hexdigest()
    named = {"verifier": verifier} if verifier else {}
    wanted = {"predicate": predicate, "by": "v", **named, **more}
    inline = ", ".join(f"{name} = {json.dumps(value)}" for name, value in wanted.items())
    (work / "p.toml").write_text(
        'schema = "sealane.policy/1"\nid = "acme"\n[trust.t]\nroot = "none"\nlog = "none"\n'
        f'[publisher.v]\nkind = "key"\nfile = "{key}.pub"\nsha256 = "{digest}"\n'
        f'[[rule]]\nmatch = ["*"]\nrequire = [{{ {inline} }}]\n'
    )
    return "p.toml"


def signed_anew(work: Path, file: str = BESIDE, key: str = "key", **changed: object) -> None:
    """Replace a summary by one that says something else, signed as the first was."""
    bundle = json.loads((work / file).read_bytes())
    statement: dict[str, Any] = json.loads(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    subject = changed.pop("subject", None)
    statement["subject"] = subject or statement["subject"]
    statement["predicate"] |= changed
    payload = json.dumps(statement).encode()
    private = load_pem_private_key((work / f"{key}.pem").read_bytes(), None)
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    signature = sign(private, pre_authentication_encoding(PAYLOAD_TYPE, payload))
    bundle["dsseEnvelope"] |= {
        "payload": base64.b64encode(payload).decode(),
        "signatures": [{"sig": base64.b64encode(signature).decode()}],
    }
    (work / file).write_text(json.dumps(bundle))


def test_a_passed_summary_is_enough_where_the_policy_says_so(work: Path, verify: Verify) -> None:
    for wanted in ({}, {"resource": "pkg:pypi/acme@{version}"}):
        code, said = verify("--policy", policy(work, **wanted))
        assert code == 0, said
    signed_anew(work, verifiedLevels=["SLSA_BUILD_LEVEL_3"])
    code, said = verify("--policy", policy(work, level=2))
    assert code == 0, said


def test_a_result_is_enough_by_its_properties(work: Path, verify: Verify) -> None:
    passed = ["SEALANE_POLICY_PASSED"]
    code, said = verify("--policy", policy(work, "svr", properties=passed))
    assert code == 0, said
    code, said = verify("--policy", policy(work, "svr", properties=[*passed, "ACME_SCANNED"]))
    assert (code, "SL-SUM-004" in said) == (1, True), said


def test_naming_a_verifiers_key_as_the_publisher_is_not_enough(work: Path, verify: Verify) -> None:
    # Who verified a file does not stand for it; and any verifier could be in it.
    code, said = verify("--publisher", "key:key.pub")
    assert (code, "SL-PRE-001" in said) == (3, True), said


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        pytest.param(
            {"verificationResult": "FAILED", "verifiedLevels": ["FAILED"]}, "SL-PRE-002",
            id="failed",
        ),
        pytest.param({"verifiedLevels": ["FAILED"]}, "SL-PRE-002", id="failed-and-passed"),
        pytest.param(
            {"subject": [{"name": NAME, "digest": {"sha256": "0" * 64}}]}, "SL-SUB-001",
            id="other-subject",
        ),
        pytest.param({"verifier": {"id": f"{VERIFIER}0"}}, "SL-SUM-001", id="other-verifier"),
        pytest.param({"resourceUri": "pkg:pypi/acme@2.0"}, "SL-SUM-002", id="other-resource"),
        pytest.param(
            {"verifiedLevels": ["SLSA_BUILD_LEVEL_1"]}, "SL-SUM-003", id="lower-level"
        ),
        pytest.param({"verifiedLevels": []}, "SL-SUM-003", id="no-level"),
    ],
)  # fmt: skip
def test_a_summary_that_says_anything_else_is_refused(
    work: Path, verify: Verify, changed: dict[str, object], code: str
) -> None:
    said_of: dict[str, Any] = {"verifiedLevels": ["SLSA_BUILD_LEVEL_2"], **changed}
    signed_anew(work, **said_of)
    (work / RESULT).unlink()
    ends, said = verify("--policy", policy(work, level=2))
    assert (ends, code in said) == (1, True), said


def test_a_summary_by_anybody_else_is_refused(work: Path, verify: Verify) -> None:
    (work / RESULT).unlink()
    ends, said = verify("--policy", policy(work, key="other"))
    assert (ends, "SL-SIG-004" in said) == (1, True), said
    signed_anew(work, key="other")
    ends, said = verify("--policy", policy(work))
    assert (ends, "SL-SIG-004" in said) == (1, True), said
    ends, said = verify("--policy", policy(work, verifier="https://other.example.org"))
    assert ends == 1


def test_a_summary_with_one_bit_flipped_is_refused(work: Path, verify: Verify) -> None:
    (work / RESULT).unlink()
    bundle = json.loads((work / BESIDE).read_bytes())
    payload = bytearray(base64.b64decode(bundle["dsseEnvelope"]["payload"]))
    payload[len(payload) // 2] ^= 1
    bundle["dsseEnvelope"]["payload"] = base64.b64encode(bytes(payload)).decode()
    (work / BESIDE).write_text(json.dumps(bundle))
    ends, said = verify("--policy", policy(work))
    assert (ends, "SL-SIG-004" in said) == (1, True), said


def test_a_policy_that_does_not_name_the_verifier_is_refused(work: Path, verify: Verify) -> None:
    for predicate in ("vsa", "svr"):
        ends, said = verify("--policy", policy(work, predicate, verifier=""))
        assert (ends, "verifier" in said) == (5, True), said
