"""OpenPGP keys in files: what they sign their public half verifies, and others are refused."""

import hashlib
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sealane.errors import InputError, VerificationError
from sealane.io.adapters.openpgp import OpenPgpChecker
from sealane.io.adapters.openpgp_sign import PASSWORD, load_openpgp_key
from support.pgp import Holder, gpg, holder

ANN = holder()
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
needs_gpg = pytest.mark.skipif(shutil.which("gpg") is None, reason="no gpg installed")


def key_file(folder: Path, content: bytes) -> Path:
    file = folder / "key.asc"
    file.write_bytes(content)
    return file


def secret(of: Holder) -> bytes:
    return bytes(of.key)


@pytest.mark.parametrize("armoured", [False, True])
def test_what_a_key_signs_its_public_half_verifies(tmp_path: Path, armoured: bool) -> None:
    content = str(ANN.key).encode() if armoured else secret(ANN)
    signer = load_openpgp_key(key_file(tmp_path, content), {}, NOW)
    assert signer.fingerprint == ANN.fingerprint.upper()
    assert signer.certificate.startswith(b"-----BEGIN PGP PUBLIC KEY BLOCK-----")
    document = tmp_path / "document"
    document.write_bytes(b"{}\n")
    signature = signer.sign(b"{}\n")
    assert signature.startswith(b"-----BEGIN PGP SIGNATURE-----")
    checker = OpenPgpChecker(NOW)
    sha256 = hashlib.sha256(b"{}\n").hexdigest()
    checker.prove_signature(signature, document, [signer.certificate], sha256=sha256)
    document.write_bytes(b"{} \n")
    with pytest.raises(VerificationError):
        checker.prove_signature(signature, document, [signer.certificate])


def test_the_public_half_holds_nothing_secret(tmp_path: Path) -> None:
    signer = load_openpgp_key(key_file(tmp_path, secret(ANN)), {}, NOW)
    with pytest.raises(InputError, match="no secret part"):
        load_openpgp_key(key_file(tmp_path, signer.certificate), {}, NOW)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        pytest.param(b"", "cannot be read|got 0", id="empty"),
        pytest.param(b"garbage", "cannot be read", id="garbage"),
        pytest.param(secret(ANN)[:40], "cannot be read|it cannot sign", id="cut"),
        pytest.param(ANN.certificate, "no secret part", id="public"),
        pytest.param(secret(ANN) + secret(holder()), "one key, got 2", id="two"),
        pytest.param(
            secret(ANN) + bytes(ANN.key.extract_certificate().revoke(ANN.key.certifier())),
            "revoked", id="revoked",
        ),
    ],
)  # fmt: skip
def test_what_is_no_key_in_force_is_refused(tmp_path: Path, content: bytes, told: str) -> None:
    with pytest.raises(InputError, match=told):
        load_openpgp_key(key_file(tmp_path, content), {}, NOW)


def made_by_gpg(folder: Path, *usage: str, password: str = "", clock: str = "") -> bytes:
    """A secret key of gpg's, of the usage and the validity that are named."""
    home = folder / "gpg"
    home.mkdir(mode=0o700)
    lock = ["--passphrase", password, *(["--faked-system-time", clock] if clock else [])]
    gpg(home, *lock, "--quick-gen-key", "Cy <cy@example.org>", *usage)
    return gpg(home, *lock, "--armor", "--export-secret-keys")


@needs_gpg
def test_a_key_of_gpg_signs_and_gpg_verifies_it(tmp_path: Path) -> None:
    content = made_by_gpg(tmp_path, "rsa3072", "sign", "1y")
    signer = load_openpgp_key(key_file(tmp_path, content), {}, datetime.now(UTC))  # noqa: TID251
    document, signature = tmp_path / "document", tmp_path / "document.asc"
    document.write_bytes(b"{}")
    signature.write_bytes(signer.sign(b"{}"))
    public = tmp_path / "public.asc"
    public.write_bytes(signer.certificate)
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    gpg(other, "--import", str(public))
    gpg(other, "--verify", str(signature), str(document))
    document.write_bytes(b"[]")
    with pytest.raises(subprocess.CalledProcessError):
        gpg(other, "--verify", str(signature), str(document))


@needs_gpg
def test_a_key_is_refused_from_its_expiry_on(tmp_path: Path) -> None:
    file = key_file(tmp_path, made_by_gpg(tmp_path, "ed25519", "sign", "1y"))
    now = datetime.now(UTC)  # noqa: TID251
    load_openpgp_key(file, {}, now)
    with pytest.raises(InputError, match="expired"):
        load_openpgp_key(file, {}, now + timedelta(days=366))


@needs_gpg
def test_a_key_that_had_expired_for_the_machine_too_is_refused(tmp_path: Path) -> None:
    content = made_by_gpg(tmp_path, "ed25519", "sign", "1d", clock="20200101T000000!")
    with pytest.raises(InputError, match="cannot sign"):
        load_openpgp_key(key_file(tmp_path, content), {}, datetime(2020, 1, 1, 12, tzinfo=UTC))


@needs_gpg
def test_a_key_that_only_certifies_is_refused(tmp_path: Path) -> None:
    content = made_by_gpg(tmp_path, "ed25519", "cert", "never")
    with pytest.raises(InputError, match="cannot sign"):
        load_openpgp_key(key_file(tmp_path, content), {}, NOW)


@needs_gpg
def test_a_locked_key_needs_its_password_and_no_error_tells_it(tmp_path: Path) -> None:
    content = made_by_gpg(tmp_path, "ed25519", "sign", "never", password="open sesame")
    file = key_file(tmp_path, content)
    load_openpgp_key(file, {PASSWORD: "open sesame"}, NOW)
    for environ in ({}, {PASSWORD: ""}, {PASSWORD: "close sesame"}):
        with pytest.raises(InputError, match="cannot sign") as caught:
            load_openpgp_key(file, environ, NOW)
        assert "sesame" not in str(caught.value)
        assert caught.value.hint is not None
        assert PASSWORD in caught.value.hint
