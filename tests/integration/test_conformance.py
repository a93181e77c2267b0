"""The client of the public conformance suite: its arguments, and its answers on real bundles."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sealane.cli.main import run
from sealane.sandbox.running import Running
from support.maker.keys import key_named
from support.maker.world import World
from support.pack import CASES, Case
from support.vectors import PACK, needs_pack

MESSAGES = [case for case in CASES.values() if case["kind"] == "message" and case["artifact"]]
STATEMENTS = [case for case in CASES.values() if case["kind"] == "dsse-slsa"]
PERSON = ("--certificate-identity", "ann@example.org", "--certificate-oidc-issuer")


def verify(case: Case, subject: str | Path, *, wrong: str = "") -> int:
    identity = case["identity"]
    return run([
        "x-conformance", "verify-bundle", "--bundle", str(PACK / case["bundle"]),
        "--certificate-identity", identity["san"] + wrong,
        "--certificate-oidc-issuer", identity["issuer"],
        "--trusted-root", str(PACK / case["trust_root"]), str(subject),
    ])  # fmt: skip


def digest_of(case: Case) -> str:
    ((algorithm, value),) = case["digest"].items()
    return f"{algorithm}:{value}"


@needs_pack
@pytest.mark.parametrize("case", MESSAGES, ids=lambda case: case["id"])
def test_a_message_case_by_path_and_by_digest(case: Case) -> None:
    for subject in (PACK / case["artifact"], digest_of(case)):
        if case["identity"]["san"] is None:
            continue
        assert (verify(case, subject) == 0) == (case["expect"] == "accept")
        assert verify(case, subject, wrong="x") != 0
    other = f"sha256:{'0' * 64}"
    assert case["identity"]["san"] is None or verify(case, other) != 0


@needs_pack
@pytest.mark.parametrize("case", STATEMENTS, ids=lambda case: case["id"])
def test_a_statement_case_by_digest(case: Case) -> None:
    assert verify(case, digest_of(case)) == 0
    assert verify(case, digest_of(case), wrong="x") == 1


@needs_pack
def test_the_packaged_roots_are_used_where_none_is_named(tmp_path: Path) -> None:
    case = CASES["sp/bundle_v3_github.whl"]
    line = ["x-conformance", "verify-bundle"]
    rest = [
        "--bundle", str(PACK / case["bundle"]),
        "--certificate-identity", case["identity"]["san"],
        "--certificate-oidc-issuer", case["identity"]["issuer"], digest_of(case),
    ]  # fmt: skip
    assert run([*line, *rest]) == 0
    assert run([*line, "--staging", *rest]) == 1


@pytest.fixture
def keyed(tmp_path: Path) -> list[str]:
    """A bundle by a managed key, in the log of a world of the test's own."""
    world, content = World("conformance"), b"content"
    key = key_named("conformance managed", "p256")
    (tmp_path / "file").write_bytes(content)
    bundle = world.bundle(kind="message", content=content, managed=key)
    (tmp_path / "bundle.json").write_text(json.dumps(bundle))
    (tmp_path / "root.json").write_bytes(world.root_json())
    for name, which in (("key", key), ("other", key_named("conformance other", "p256"))):
        pem = which.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        (tmp_path / f"{name}.pem").write_bytes(pem)
    return [
        "x-conformance", "verify-bundle", "--bundle", str(tmp_path / "bundle.json"),
        "--trusted-root", str(tmp_path / "root.json"),
    ]  # fmt: skip


def test_a_bundle_by_a_key_holds_for_that_key_alone(keyed: list[str], tmp_path: Path) -> None:
    file = str(tmp_path / "file")
    assert run([*keyed, "--key", str(tmp_path / "key.pem"), file]) == 0
    assert run([*keyed, "--key", str(tmp_path / "other.pem"), file]) == 1
    assert run([*keyed, "--key", str(tmp_path / "none.pem"), file]) == 5
    assert run([*keyed, *PERSON, "https://login.example.org", file]) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (), PERSON[:2], ("--key", "k", "--certificate-identity", "x"),
        ("--certificate-oidc-issuer", "https://x"),
    ],
)  # fmt: skip
def test_nobody_named_is_a_usage_error(
    keyed: list[str], tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    assert run([*keyed, *arguments, str(tmp_path / "file")]) == 2


@pytest.mark.parametrize("generation", [1, 2])
@pytest.mark.parametrize("in_toto", [False, True])
def test_what_it_signs_it_verifies_with_both_generations_of_the_log(
    running_sandbox: Running, tmp_path: Path, generation: int, *, in_toto: bool
) -> None:
    directory = running_sandbox.directory
    signing = json.loads((directory / "signing_config.json").read_bytes())
    logs = signing["rekorTlogUrls"]
    signing["rekorTlogUrls"] = [one for one in logs if one["majorApiVersion"] == generation]
    config, file, out = tmp_path / "signing.json", tmp_path / "file", tmp_path / "bundle.json"
    config.write_text(json.dumps(signing))
    artifact = b"artifact"
    digest = hashlib.sha256(artifact).hexdigest()
    statement = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": "artifact", "digest": {"sha256": digest}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {"buildType": "https://example.org", "externalParameters": {}},
            "runDetails": {"builder": {"id": "https://example.org"}},
        },
    }
    file.write_bytes(json.dumps(statement).encode() if in_toto else artifact)
    token = running_sandbox.mint("email", "sigstore", email="ann@example.org")
    front = ["--sandbox", str(directory), "x-conformance"]
    root = ["--trusted-root", str(directory / "trusted_root.json")]
    sign = [*front, "sign-bundle", *(["--in-toto"] if in_toto else []), "--identity-token", token]
    assert (
        run([*sign, "--bundle", str(out), *root, "--signing-config", str(config), str(file)]) == 0
    )
    bundle = json.loads(out.read_bytes())
    assert bundle["mediaType"].endswith("v0.3+json")
    (entry,) = bundle["verificationMaterial"]["tlogEntries"]
    kind = (entry["kindVersion"]["kind"], entry["kindVersion"]["version"])
    first = ("dsse" if in_toto else "hashedrekord", "0.0.1")
    assert kind == (first if generation == 1 else ("hashedrekord", "0.0.2"))
    issuer = _issuer_in(token)
    check = [*front, "verify-bundle", "--bundle", str(out), *PERSON, issuer, *root]
    assert run([*check, f"sha256:{digest}"]) == 0
    assert run([*check, f"sha256:{'0' * 64}"]) == 1


def _issuer_in(token: str) -> str:
    payload = token.split(".")[1]
    claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    return str(claims["iss"])


def test_a_bundle_that_is_none_is_no_evidence(tmp_path: Path) -> None:
    (tmp_path / "bundle.json").write_text("{}")
    line = ["x-conformance", "verify-bundle", "--bundle", str(tmp_path / "bundle.json"), *PERSON]
    assert run([*line, "https://login.example.org", f"sha256:{'0' * 64}"]) == 3


def test_it_is_listed_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    run(["--help"])
    assert "conformance" not in capsys.readouterr().out
