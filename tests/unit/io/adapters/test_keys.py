"""Signing keys in files: every kind signs as verifiers expect it, and what is none is refused."""

import os
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import dsa, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)

from sealane.core.attestation.bundle import Envelope, parse_bundle
from sealane.core.attestation.envelope import PAYLOAD_TYPE, pre_authentication_encoding
from sealane.core.verify.keys import TrustedKey, spki_of, verify_message
from sealane.errors import InputError
from sealane.io.adapters.keys import PASSWORD, load_signing_key
from support.maker.keys import KINDS, PrivateKey, key_named
from support.signing import pem_of

STATEMENT = b'{"_type":"x"}'


def written(
    folder: Path,
    key: PrivateKey | dsa.DSAPrivateKey,
    form: PrivateFormat = PrivateFormat.PKCS8,
    password: bytes = b"",
) -> Path:
    file = folder / "key.pem"
    sealing = BestAvailableEncryption(password) if password else NoEncryption()
    file.write_bytes(key.private_bytes(Encoding.PEM, form, sealing))
    return file


def check(file: Path, key: PrivateKey, environ: dict[str, str] | None = None) -> None:
    signer = load_signing_key(file, environ or {})
    public = TrustedKey("own", spki_of(key.public_key()))
    assert signer.digest == public.digest
    content = parse_bundle(signer.sign(STATEMENT)).content
    assert isinstance(content, Envelope)
    assert content.payload == STATEMENT
    (signature,) = content.signatures
    verify_message(public, signature, pre_authentication_encoding(PAYLOAD_TYPE, STATEMENT))
    with pytest.raises(InvalidSignature):
        verify_message(public, signature, STATEMENT)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_key_signs_what_its_public_half_verifies(tmp_path: Path, kind: str) -> None:
    key = key_named("signer", kind)
    check(written(tmp_path, key), key)


def test_older_forms_are_read(tmp_path: Path) -> None:
    key = key_named("signer")
    check(written(tmp_path, key, PrivateFormat.TraditionalOpenSSL), key)


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_an_encrypted_key_needs_its_password(tmp_path: Path, form: PrivateFormat) -> None:
    key = key_named("signer")
    file = written(tmp_path, key, form, b"open")
    check(file, key, {PASSWORD: "open"})
    with pytest.raises(InputError, match="encrypted") as missing:
        load_signing_key(file, {PASSWORD: ""})
    assert PASSWORD in missing.value.hint
    with pytest.raises(InputError, match="not with this password"):
        load_signing_key(file, {PASSWORD: "shut"})


def test_a_password_counts_as_the_bytes_that_it_is(tmp_path: Path) -> None:
    key = key_named("signer")
    file = written(tmp_path, key, password=b"\xff\xe9")
    check(file, key, {PASSWORD: os.fsdecode(b"\xff\xe9")})
    for wrong in (os.fsdecode(b"\xff"), "x" * 5000):
        with pytest.raises(InputError, match="not with this password") as refused:
            load_signing_key(file, {PASSWORD: wrong})
        assert wrong not in refused.value.message + refused.value.hint


def test_a_password_is_not_needed_for_a_key_that_has_none(tmp_path: Path) -> None:
    key = key_named("signer")
    check(written(tmp_path, key), key, {PASSWORD: "open"})


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"key", id="no-pem"),
        pytest.param(pem_of(key_named("signer").public_key()), id="public"),
        pytest.param(
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", id="broken"
        ),
        pytest.param(
            b"-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\ne30=\n"
            b"-----END ENCRYPTED SIGSTORE PRIVATE KEY-----\n",
            id="of-cosign",
        ),
        pytest.param(b"-" * (64 * 1024 + 1), id="oversized"),
    ],
)
def test_what_is_no_private_key_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "key.pem"
    file.write_bytes(content)
    with pytest.raises(InputError, match="signing key") as refused:
        load_signing_key(file, {PASSWORD: "x"})
    assert refused.value.hint


def test_a_key_that_no_verifier_takes_is_refused(tmp_path: Path) -> None:
    for key in (key_named("signer", "k256"), rsa.generate_private_key(65537, 1024)):
        with pytest.raises(InputError, match="signing key"):
            load_signing_key(written(tmp_path, key), {})
    with pytest.raises(InputError, match="is not supported"):
        load_signing_key(written(tmp_path, dsa.generate_private_key(2048)), {})
    with pytest.raises(InputError, match="signing key"):
        load_signing_key(tmp_path / "none.pem", {})
