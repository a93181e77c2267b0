"""A certificate's signature, held against the library's own answer."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.core.verify.broken import BROKEN
from sealane.core.verify.issued import check_issued

_NAME = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "acme")])
_BORN = datetime(2026, 1, 1, tzinfo=UTC)
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey
KEYS: dict[str, tuple[_Key, hashes.SHA256 | hashes.SHA384 | hashes.SHA512 | None]] = {
    "p256": (ec.generate_private_key(ec.SECP256R1()), hashes.SHA256()),
    "p384": (ec.generate_private_key(ec.SECP384R1()), hashes.SHA384()),
    "p384-sha256": (ec.generate_private_key(ec.SECP384R1()), hashes.SHA256()),
    "p521": (ec.generate_private_key(ec.SECP521R1()), hashes.SHA512()),
    "rsa": (rsa.generate_private_key(65537, 2048), hashes.SHA256()),
    "ed25519": (ed25519.Ed25519PrivateKey.generate(), None),
}


def made(name: str, serial: int = 7, padding: int = 0) -> x509.Certificate:
    """A certificate that signed itself; `padding` is how long a claim in it is."""
    key, algorithm = KEYS[name]
    builder = (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(_BORN)
        .not_valid_after(_BORN + timedelta(days=1))
    )
    if padding:
        oid = x509.ObjectIdentifier("1.3.6.1.4.1.57264.1.8")
        extension = x509.UnrecognizedExtension(oid, b"x" * padding)
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(key, algorithm)


def asked(certificate: x509.Certificate, issuer: x509.Certificate) -> tuple[bool, bool]:
    """Whether we say that it was issued, and whether the library does."""
    answers = []
    der = certificate.public_bytes(Encoding.DER)
    asks: tuple[Callable[[], None], ...] = (
        lambda: check_issued(certificate, der, issuer),
        lambda: certificate.verify_directly_issued_by(issuer),
    )
    for ask in asks:
        try:
            ask()
        except (InvalidSignature, ValueError, TypeError):
            answers.append(False)
        else:
            answers.append(True)
    return answers[0], answers[1]


@pytest.mark.parametrize("padding", [0, 20, 150, 70_000])
@pytest.mark.parametrize("serial", [1, 127, 128, 2**158 - 1])
@pytest.mark.parametrize("name", KEYS)
def test_what_a_key_signed_was_issued_by_it(name: str, serial: int, padding: int) -> None:
    certificate = made(name, serial, padding)
    assert asked(certificate, certificate) == (True, True)


@pytest.mark.parametrize("issuer", KEYS)
@pytest.mark.parametrize("name", KEYS)
def test_no_other_key_issued_it(name: str, issuer: str) -> None:
    held = name == issuer
    assert asked(made(name), made(issuer, serial=9)) == (held, held)


def test_every_changed_bit_is_noticed_or_breaks_the_certificate() -> None:
    good = made("p384")
    der = bytearray(good.public_bytes(Encoding.DER))
    for position in range(len(der)):
        for bit in (0x01, 0x80):
            changed = bytes(der[:position] + bytes([der[position] ^ bit]) + der[position + 1 :])
            try:
                certificate = x509.load_der_x509_certificate(changed)
                _ = certificate.signature_algorithm_oid
            except BROKEN:
                continue
            assert asked(certificate, good)[0] is False, position


def test_a_signature_that_ends_within_a_byte_is_refused() -> None:
    """Its last bit has to be 0 for the library to read it, which then finds that it holds."""
    while (good := made("p384")).signature[-1] & 1:
        pass
    der = good.public_bytes(Encoding.DER)
    unused = der.rindex(b"\0" + good.signature)
    changed = der[:unused] + b"\1" + der[unused + 1 :]
    certificate = x509.load_der_x509_certificate(changed)
    certificate.verify_directly_issued_by(good)
    with pytest.raises(InvalidSignature):
        check_issued(certificate, changed, good)


def test_another_algorithm_inside_than_outside_is_refused() -> None:
    good = made("p384")
    der = good.public_bytes(Encoding.DER)
    # ecdsa-with-SHA384 becomes ecdsa-with-SHA256, once outside alone, once inside alone.
    oid, other = bytes.fromhex("06082a8648ce3d040303"), bytes.fromhex("06082a8648ce3d040302")
    inside, outside = der.index(oid), der.rindex(oid)
    assert inside != outside
    for place in (inside, outside):
        changed = der[:place] + other + der[place + len(oid) :]
        certificate = x509.load_der_x509_certificate(changed)
        with pytest.raises(InvalidSignature):
            check_issued(certificate, changed, good)
