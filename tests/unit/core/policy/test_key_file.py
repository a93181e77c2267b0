"""A key file holds one public key and nothing else."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.key_file import parse_key_file
from sealane.core.verify.keys import load_public_key
from sealane.errors import InputError
from support.signing import PRIVATE_KEY, pem_of

PEM, DER = serialization.Encoding.PEM, serialization.Encoding.DER
SPKI = serialization.PublicFormat.SubjectPublicKeyInfo
EDWARDS = ed25519.Ed25519PrivateKey.generate()
RSA = rsa.generate_private_key(65537, 2048)
WEAK = rsa.generate_private_key(65537, 1024)
SIGNERS = [PRIVATE_KEY, EDWARDS, RSA]


@pytest.mark.parametrize("signer", SIGNERS, ids=["p-256", "ed25519", "rsa"])
def test_pem_and_der_are_the_same_key(
    signer: ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | rsa.RSAPrivateKey,
) -> None:
    public = signer.public_key()
    pem, der = public.public_bytes(PEM, SPKI), public.public_bytes(DER, SPKI)
    assert parse_key_file(pem) == parse_key_file(der) == der
    assert parse_key_file(b"\n" + pem.replace(b"\n", b"\r\n") + b"\n\n") == der


def test_one_key_has_one_form_however_it_was_encoded() -> None:
    # P-256 in its compressed form: other bytes for the same key.
    point = PRIVATE_KEY.public_key().public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.CompressedPoint
    )
    usual = PRIVATE_KEY.public_key().public_bytes(DER, SPKI)
    algorithm = usual[2:23]
    compressed = bytes([0x30, len(algorithm) + 3 + len(point)]) + algorithm
    compressed += bytes([0x03, len(point) + 1, 0]) + point
    assert load_public_key(compressed)
    assert compressed != usual
    assert parse_key_file(compressed) == usual


def private(encoding: serialization.Encoding) -> bytes:
    return PRIVATE_KEY.private_bytes(
        encoding, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


GOOD = pem_of(PRIVATE_KEY.public_key())
BODY = GOOD.split(b"\n")[1]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(private(PEM), "a private key", id="private"),
        pytest.param(GOOD + private(PEM), "a private key", id="private-after-it"),
        pytest.param(private(DER), "public key", id="private-der"),
        pytest.param(GOOD + GOOD, "expected one PUBLIC KEY", id="two"),
        pytest.param(b"Key of Ann\n" + GOOD, "nothing around it", id="text-before"),
        pytest.param(GOOD + b"x", "nothing around it", id="text-after"),
        pytest.param(GOOD.replace(b"PUBLIC KEY", b"CERTIFICATE"), "'CERTIFICATE'", id="other"),
        pytest.param(
            RSA.public_key().public_bytes(PEM, serialization.PublicFormat.PKCS1),
            "'RSA PUBLIC KEY'", id="pkcs-1",
        ),
        pytest.param(GOOD.replace(BODY, b"A" + BODY), "not base64", id="base64"),
        pytest.param(GOOD.replace(BODY, b"AAAA"), "public key", id="no-key"),
        pytest.param(GOOD.replace(b"-----END", b"----END"), "PUBLIC KEY", id="no-end"),
        pytest.param(b"", "public key", id="empty"),
        pytest.param(b"ssh-ed25519 AAAA ann", "public key", id="ssh"),
        pytest.param(pem_of(WEAK.public_key()), "2048 bits or more", id="weak"),
        pytest.param(
            pem_of(ec.generate_private_key(ec.SECP256K1()).public_key()), "not supported",
            id="curve",
        ),
        pytest.param(
            pem_of(dsa.generate_private_key(2048).public_key()), "not supported", id="dsa"
        ),
    ],
)  # fmt: skip
def test_everything_else_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as raised:
        parse_key_file(content)
    assert message in raised.value.message


@given(st.binary(max_size=200) | st.binary(max_size=80).map(lambda some: GOOD[:40] + some))
def test_no_bytes_raise_anything_else(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_key_file(content)
