"""Certificates, names and JSON that were made to stop the reader, and text to mislead a person."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from sealane.core.attestation.pep740 import attestation_from_bundle
from sealane.io.adapters.clock import now
from support.attacks import SECONDS, Shell
from support.evidence import PUBLISHER, WHEEL, Signer, beside, provenance, statement

GOOD, OTHER = b"a wheel", b"malware"


def certificates() -> dict[str, bytes]:
    """Certificates nobody trusts, each of which another part of a parser refuses."""
    key = ec.generate_private_key(ec.SECP256R1())
    at = now().replace(microsecond=0)
    base = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([]))
        .issuer_name(x509.Name([]))
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(at)
        .not_valid_after(at + timedelta(days=1))
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"x"), False)
        .add_extension(x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.6"), b"x"), False)
    )  # fmt: skip

    def signed(builder: x509.CertificateBuilder) -> bytes:
        return builder.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    def with_extension(oid: x509.ObjectIdentifier, value: bytes) -> bytes:
        return signed(base.add_extension(x509.UnrecognizedExtension(oid, value), False))

    plain = signed(base)
    twice = bytes.fromhex("06042a030406"), bytes.fromhex("06042a030405")
    version = bytes.fromhex("a003020102"), bytes.fromhex("a003020107")
    algorithm = bytes.fromhex("2a8648ce3d0201"), bytes.fromhex("2a8648ce3d0209")
    curve = bytes.fromhex("2a8648ce3d030107"), bytes.fromhex("2a8648ce3d030177")
    name = ExtensionOID.SUBJECT_ALTERNATIVE_NAME
    assert all(old in plain for old, _ in (twice, version, algorithm, curve))
    return {
        "one-extension-twice": plain.replace(*twice),
        "version-7": plain.replace(*version),
        "unknown-key": plain.replace(*algorithm),
        "unknown-curve": plain.replace(*curve),
        "x400-name": with_extension(name, bytes.fromhex("3003a30100")),
        "broken-name": with_extension(name, bytes.fromhex("30048202ff")),
        "broken-usage": with_extension(ExtensionOID.KEY_USAGE, b"\x04\x01x"),
        "broken-constraints": with_extension(ExtensionOID.BASIC_CONSTRAINTS, b"\x04\x01x"),
        "no-usage": plain,
        "empty": b"",
        "garbage": bytes.fromhex("3080"),
    }


@pytest.mark.parametrize("name", list(certificates()))
@pytest.mark.parametrize("media", ["v0.3", "v0.2"])
def test_no_certificate_stops_the_run_or_hides_another_artifact(
    signer: Signer, shell: Shell, dist: Path, name: str, media: str
) -> None:
    signer.attested(dist)
    path = dist / "hello_lane-1.2.3.tar.gz"
    path.write_bytes(b"an sdist")
    bundle: dict[str, Any] = json.loads(signer.bundle(statement(b"an sdist", path.name)))
    leaf = {"rawBytes": base64.b64encode(certificates()[name]).decode()}
    material = bundle["verificationMaterial"]
    material["certificate"] = leaf
    if media == "v0.2":
        bundle["mediaType"] = "application/vnd.dev.sigstore.bundle+json;version=0.2"
        del material["certificate"]
        material["x509CertificateChain"] = {"certificates": [leaf]}
    beside(path, ".sigstore.json").write_text(json.dumps(bundle))
    code, output = shell.verify(dist, "--publisher", PUBLISHER)
    reason = "SL-SIG-002" if name == "empty" else "SL-CRT-00"
    assert (code, "1 passed, 1 failed" in output, reason in output) == (1, True, True), output


def many(letter: str) -> str:
    return ".".join(f"{letter}{number}" for number in range(400))


@pytest.mark.parametrize(
    "name",
    [
        f"x-1.0-{many('a')}-{many('b')}-{many('c')}.whl",
        f"hello-{'9' * 5000}.tar.gz",
        f"hello-1.0-{'9' * 5000}-py3-none-any.whl",
        "a" * 1_000_000 + "-1.0.zip",
        "../../hello_lane-1.2.3-py3-none-any.whl",
        "hello_lane-1.2.3-py3-none-any.whl\0",
    ],
    ids=["tags", "digits", "build", "long", "path", "nul"],
)
@pytest.mark.parametrize("kind", ["attestation", "bundle"])
def test_no_name_in_a_statement_stops_the_run(
    signer: Signer, shell: Shell, dist: Path, name: str, kind: str
) -> None:
    path = dist / WHEEL
    path.write_bytes(GOOD)
    bundle = signer.bundle(statement(GOOD, name))
    if kind == "bundle":
        beside(path, ".sigstore.json").write_bytes(bundle)
    else:
        beside(path).write_bytes(attestation_from_bundle(bundle))
    start = time.monotonic()
    code, output = shell.verify(path, "--publisher", PUBLISHER)
    assert time.monotonic() - start < SECONDS
    assert (code, "SL-S" in output) == (1, True), output


HUGE = {
    "deep": b"[" * 1_000_000 + b"]" * 1_000_000,
    "deep-behind-a-string": b'{"a":"' + b"]" * 5000 + b'","b":' + b"[" * 5000 + b"]" * 5000 + b"}",
    "deep-objects": b'{"a":' * 3000 + b"1" + b"}" * 3000,
    "one-key-twice": b"{" + b",".join(b'"%d":0' % n for n in range(200_000)) + b',"199999":0}',
    "long-number": b'{"version": ' + b"9" * 100_000 + b"}",
    "exponent": b'{"version": 1e999, "attestation_bundles": []}',
    "open-string": b'{"' + b'\\"' * 1_000_000,
    "nothing-but-bundles": json.dumps(
        {"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": []}] * 100_000}
    ).encode(),
    "very-many": json.dumps(
        {"version": 1, "attestation_bundles": [{"publisher": {}, "attestations": [{}] * 100_000}]}
    ).encode(),
}


@pytest.mark.parametrize("name", list(HUGE))
def test_no_json_stops_the_run(shell: Shell, dist: Path, name: str) -> None:
    path = dist / WHEEL
    path.write_bytes(GOOD)
    beside(path, ".provenance").write_bytes(HUGE[name])
    start = time.monotonic()
    code, _ = shell.verify(path, "--publisher", PUBLISHER)
    assert time.monotonic() - start < SECONDS
    assert code in {1, 3}


EVIL = "\x1b[2J\x1b]0;x\x07\u202e\u2066\u200b\u3164\r\nPASS     other.whl  sha256:0\n\0\ud800"


def test_what_an_index_claims_reaches_no_terminal_and_no_parser(
    signer: Signer, shell: Shell, dist: Path
) -> None:
    path = signer.attested(dist)
    found = json.loads(provenance(beside(path).read_bytes()))
    found["attestation_bundles"][0]["publisher"] = {"kind": EVIL, EVIL: '"passed": true'}
    beside(path, ".provenance").write_text(json.dumps(found))
    beside(path).unlink()
    code, output = shell.verify(path)
    assert code == 3
    assert not any(line.startswith("PASS") for line in output.splitlines())
    assert "\u3164" not in output
    code, output = shell.verify(path, "--publisher", "gitlab:a/b", "--format", "json")
    assert code == 1
    report = json.loads(output)
    assert (report["passed"], report["verdicts"][0]["outcome"]) == (False, "fail")


def test_one_signer_of_several_pieces_of_evidence_is_shown_once(
    signer: Signer, shell: Shell, dist: Path
) -> None:
    path = signer.attested(dist)
    shutil.copy(beside(path), beside(path, ".slsa.attestation"))
    found = provenance(beside(path).read_bytes(), beside(path).read_bytes())
    beside(path, ".provenance").write_bytes(found)
    code, output = shell.verify(path)
    assert code == 3
    assert output.count("--cert-identity") == 1
    assert output.count("SL-ID-011 nobody-named") == 1
    for suffix in (".publish.attestation", ".slsa.attestation", ".provenance"):
        assert f"proven by {beside(path, suffix)}, signed " in output
        assert f"at: {beside(path, suffix)}\n" in output
    # Somebody else among them is not lost.
    other = signer.bundle(statement(GOOD), project="somebody/else")
    beside(path, ".slsa.attestation").write_bytes(attestation_from_bundle(other))
    _, output = shell.verify(path)
    assert output.count("--cert-identity") == 2
    assert "gitlab.com/somebody/else//" in output


def test_warn_only_never_says_that_it_passed(signer: Signer, shell: Shell, dist: Path) -> None:
    path = signer.attested(dist)
    path.write_bytes(OTHER)
    arguments = (path, "--publisher", PUBLISHER, "--warn-only")
    code, output = shell.verify(*arguments, "--format", "json")
    report = json.loads(output)
    assert (code, report["enforced"], report["passed"]) == (0, False, False)
    code, output = shell.verify(*arguments)
    assert "not enforced: the exit code does not tell what was found" in output
    assert "0 passed, 1 failed" in output


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "utf-8"])
def test_a_terminal_without_the_letters_of_a_name_ends_no_run(
    shell: Shell, dist: Path, encoding: str
) -> None:
    path = dist / "h\u00e9llo-\u4f60\u597d.bin"
    path.write_bytes(GOOD)
    result = subprocess.run(
        [sys.executable, "-m", "sealane", "verify", path, "--publisher", PUBLISHER],
        env={"PATH": os.environ["PATH"], "PYTHONIOENCODING": encoding},
        capture_output=True, check=False,
    )  # fmt: skip
    assert result.returncode == 3, result.stderr
    assert b"1 artifact: 0 passed" in result.stdout
