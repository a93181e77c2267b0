"""What was tampered with fails, each with its exit code and its reason."""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from sealane.cli.main import run
from sealane.core.attestation.pep740 import attestation_from_bundle
from sealane.sandbox.running import Running
from support.evidence import PROJECT, PUBLISHER, WHEEL, Signer, beside, provenance, statement

FILE = ".gitlab-ci.yml"
EXACT = f"{PUBLISHER}//{FILE}@refs/tags/v{{pep440}}"


@pytest.fixture
def signer(running_sandbox: Running) -> Signer:
    return Signer(running_sandbox)


class Shell:
    """Runs `sealane --sandbox DIR verify …` in this process."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self._directory = directory
        self._capsys = capsys

    def verify(self, *arguments: object, sandbox: bool = True) -> tuple[int, str]:
        named = ["--sandbox", str(self._directory)] if sandbox else []
        code = run([*named, "verify", *map(str, arguments)])
        captured = self._capsys.readouterr()
        return code, captured.out + captured.err


@pytest.fixture
def shell(running_sandbox: Running, capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(running_sandbox.directory, capsys)


@pytest.mark.parametrize("publisher", [PUBLISHER, EXACT, f"{PUBLISHER}@v1.2.3"])
def test_a_good_file_passes_and_the_report_says_it_was_a_rehearsal(
    signer: Signer, shell: Shell, tmp_path: Path, publisher: str
) -> None:
    path = signer.attested(tmp_path)
    code, output = shell.verify(path, "--publisher", publisher)
    assert code == 0, output
    assert output.startswith("[sandbox] judged by policy: quick")
    assert "sandbox: these verdicts are of a rehearsal" in output
    assert "SL-REQ-001 requirement-met" in output


def test_a_good_file_beside_a_tampered_one_does_not_hide_it(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    signer.attested(tmp_path)
    other = signer.attested(tmp_path, "hello_lane-1.2.3.tar.gz", b"an sdist")
    other.write_bytes(b"an sdisT")
    code, output = shell.verify(tmp_path, "--publisher", PUBLISHER)
    assert code == 1
    assert "2 artifacts: 1 passed, 1 failed" in output


def test_one_bit_of_the_wheel_fails(signer: Signer, shell: Shell, tmp_path: Path) -> None:
    path = signer.attested(tmp_path)
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-SUB-001 subject-mismatch" in output) == (1, True), output


def test_the_attestation_of_another_file_fails(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path)
    other = signer.attested(tmp_path, "other-1.2.3-py3-none-any.whl", b"another wheel")
    beside(path).write_bytes(beside(other).read_bytes())
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-SUB-001 subject-mismatch" in output) == (1, True), output


def test_the_attestation_of_the_same_bytes_under_another_name_fails(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path)
    renamed = path.rename(tmp_path / "hello_lane-1.2.4-py3-none-any.whl")
    beside(path).rename(beside(renamed))
    code, output = shell.verify(renamed, "--publisher", f"{PUBLISHER}@v1.2.3")
    assert (code, "SL-SUB-003 subject-name" in output) == (1, True), output


def test_an_attestation_about_two_files_fails(signer: Signer, shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    second: dict[str, object] = {"name": "more", "digest": {"sha256": "0" * 64}}
    bundle = signer.bundle(statement(b"a wheel", more=(second,)))
    beside(path).write_bytes(attestation_from_bundle(bundle))
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-SUB-002 subject-count" in output) == (1, True), output


@pytest.mark.parametrize(
    ("content", "code", "reason"),
    [
        ({"version": 1, "attestation_bundles": []}, 3, "SL-EV-002 evidence-empty"),
        (
            {"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": []}]},
            3,
            "SL-EV-002 evidence-empty",
        ),
        ({"version": 2, "attestation_bundles": []}, 1, "SL-SIG-002 evidence-unreadable"),
        ({"version": 1, "attestation_bundles": [{}]}, 1, "SL-SIG-002 evidence-unreadable"),
    ],
    ids=["empty-list", "bundle-without-attestations", "version", "broken"],
)
def test_a_provenance_object_without_attestations_is_no_evidence(
    shell: Shell, tmp_path: Path, content: object, code: int, reason: str
) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    beside(path, ".provenance").write_text(json.dumps(content))
    found, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (found, reason in output) == (code, True), output


OTHERS = [
    pytest.param(PUBLISHER, {"project": "acme/hello-lane2"}, "SL-ID-003", id="project"),
    pytest.param(PUBLISHER, {"project": "acme/Hello-lane"}, "SL-ID-003", id="project-case"),
    pytest.param(EXACT, {"file": "ci/other.yml"}, "SL-ID-005", id="pipeline-file"),
    pytest.param(EXACT, {"ref": "v1.2.4"}, "SL-ID-004", id="another-tag"),
    pytest.param(EXACT, {"ref": "v1.2.3", "ref_type": "branch"}, "SL-ID-004", id="a-branch"),
    pytest.param(PUBLISHER, {"ref": "v11.2.3"}, "SL-ID-004", id="longer-version"),
    pytest.param(PUBLISHER, {"host": "gitlab.archlinux.org"}, "SL-ID-002", id="other-instance"),
    pytest.param("github:acme/hello-lane", {}, "SL-ID-002", id="other-forge"),
    pytest.param("email:a@example.org,https://gitlab.com", {}, "SL-ID-009", id="a-person"),
]


@pytest.mark.parametrize(("publisher", "claims", "reason"), OTHERS)
def test_what_somebody_else_signed_fails_and_names_the_difference(
    signer: Signer,
    shell: Shell,
    tmp_path: Path,
    *,
    publisher: str,
    claims: dict[str, Any],
    reason: str,
) -> None:
    path = signer.attested(tmp_path, **claims)
    code, output = shell.verify(path, "--publisher", publisher)
    assert (code, reason in output) == (1, True), output
    # Nothing is shown to be copied: the command line that would pass is not ours to write.
    assert "--cert-identity" not in output


def test_another_gitlab_of_the_same_path_passes_under_its_own_name_only(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path, host="gitlab.archlinux.org")
    own = f"gitlab+https://gitlab.archlinux.org/{PROJECT}"
    assert shell.verify(path, "--publisher", own)[0] == 0
    code, output = shell.verify(path, "--publisher", f"gitlab+https://gitlab.example.org/{PROJECT}")
    assert (code, "SL-ID-002 issuer-mismatch" in output) == (1, True), output


POLICY = f"""
schema = "sealane.policy/1"
id = "acme"
[publisher.ci]
kind = "gitlab"
issuer = "https://gitlab.com"
project = "{PROJECT}"
config = "{FILE}"
ref = "refs/tags/v{{pep440}}"
environment = "release"
[[rule]]
match = ["pkg:pypi/hello-lane@*"]
require = [{{ predicate = "publish", by = "ci" }}]
"""


@pytest.mark.parametrize(
    ("environment", "code"), [("release", 0), ("Release", 1), ("", 1), ("staging", 1)]
)
def test_the_environment_of_a_policy_is_exact(
    signer: Signer, shell: Shell, tmp_path: Path, environment: str, code: int
) -> None:
    policy = tmp_path / "policy.toml"
    policy.write_text(POLICY)
    folder = tmp_path / "dist"
    folder.mkdir()
    claims: dict[str, Any] = {"environment": environment} if environment else {}
    path = signer.attested(folder, **claims)
    found, output = shell.verify(path, "--policy", policy)
    assert found == code, output
    assert ("SL-ID-006 environment-mismatch" in output) == (code == 1)
    assert hashlib.sha256(POLICY.encode()).hexdigest() in output.splitlines()[0]


def test_a_production_root_refuses_what_a_sandbox_signed(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path)
    code, output = shell.verify(path, "--publisher", PUBLISHER, sandbox=False)
    assert (code, "SL-CRT-002 certificate-untrusted" in output) == (1, True), output
    code, output = shell.verify(path, "--publisher", PUBLISHER, "--trust", "embedded")
    assert (code, "SL-CRT-002 certificate-untrusted" in output) == (1, True), output


@pytest.mark.parametrize("file", ["trusted_root.json", "trust_config.json"])
def test_a_sandbox_root_is_refused_unless_a_sandbox_is_named(
    signer: Signer, shell: Shell, tmp_path: Path, running_sandbox: Running, file: str
) -> None:
    path = signer.attested(tmp_path)
    root = running_sandbox.directory / file
    code, output = shell.verify(path, "--publisher", PUBLISHER, "--trust", root, sandbox=False)
    assert (code, "it is a sandbox's" in output) == (4, True), output
    assert "PASS" not in output


def test_a_refused_bundle_beside_a_good_one_is_a_note(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path)
    beside(path, ".slsa.attestation").write_text("{broken")
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "note    SL-SIG-002" in output) == (0, True), output


def test_what_the_index_says_of_the_publisher_is_a_note_and_decides_nothing(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = signer.attested(tmp_path)
    content = provenance(beside(path).read_bytes())
    beside(path).unlink()
    beside(path, ".provenance").write_bytes(content)
    assert shell.verify(path, "--publisher", PUBLISHER)[0] == 0
    assert shell.verify(path, "--publisher", "gitlab:somebody/else")[0] == 1
    code, output = shell.verify(path)
    assert (code, "somebody/else" in output, "that is not proven" in output) == (3, True, True)


def test_a_statement_that_is_not_a_publication_is_not_enough(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    kind = "https://in-toto.io/attestation/test-result/v0.1"
    predicate = {"result": "PASSED", "configuration": []}
    bundle = signer.bundle(statement(b"a wheel", predicate_type=kind, predicate=predicate))
    beside(path, ".sigstore.json").write_bytes(bundle)
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-PRE-001 predicate-missing" in output) == (3, True), output


def test_a_publish_statement_that_says_something_is_refused(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    bundle = signer.bundle(statement(b"a wheel", predicate={"approved": True}))
    beside(path, ".sigstore.json").write_bytes(bundle)
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, "SL-PRE-002 predicate-invalid" in output) == (1, True), output


@pytest.mark.parametrize(
    ("place", "reason"),
    [
        ("signature", "SL-SIG-004"), ("payload", "SL-SIG-004"), ("certificate", "SL-CRT-00"),
        ("body", "SL-LOG-007"), ("promise", "SL-LOG-007"),
    ],
)  # fmt: skip
def test_one_bit_anywhere_in_a_bundle_fails(
    signer: Signer, shell: Shell, tmp_path: Path, place: str, reason: str
) -> None:
    path = tmp_path / WHEEL
    path.write_bytes(b"a wheel")
    bundle = json.loads(signer.bundle(statement(b"a wheel")))
    material, envelope = bundle["verificationMaterial"], bundle["dsseEnvelope"]
    holder, key = {
        "signature": (envelope["signatures"][0], "sig"),
        "payload": (envelope, "payload"),
        "certificate": (material["certificate"], "rawBytes"),
        "body": (material["tlogEntries"][0], "canonicalizedBody"),
        "promise": (material["tlogEntries"][0]["inclusionPromise"], "signedEntryTimestamp"),
    }[place]
    text = holder[key]
    # In the middle, and of a character whose neighbour decodes to other bits.
    middle = len(text) // 2
    holder[key] = text[:middle] + ("B" if text[middle] != "B" else "C") + text[middle + 1 :]
    beside(path, ".sigstore.json").write_text(json.dumps(bundle))
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert (code, reason in output) == (1, True), output


def test_a_certificate_name_with_escapes_does_not_reach_the_terminal(
    signer: Signer, shell: Shell, tmp_path: Path
) -> None:
    name = "evil\x1b[2K\n\u202epass-1.2.3-py3-none-any.whl"
    path = tmp_path / name
    path.write_bytes(b"a wheel")
    kind = "https://in-toto.io/attestation/test-result/v0.1"
    predicate = {"result": "PASSED", "configuration": []}
    bundle = signer.bundle(statement(b"a wheel", name, predicate_type=kind, predicate=predicate))
    beside(path, ".sigstore.json").write_bytes(bundle)
    code, output = shell.verify(path)
    assert code == 3
    assert "\x1b" not in output
    assert "\u202e" not in output
    assert all(not line.startswith("pass-") for line in output.splitlines())
