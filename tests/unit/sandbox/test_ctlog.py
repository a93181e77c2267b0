import base64
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from sealane.errors import InputError
from sealane.io.adapters import clock
from sealane.sandbox import der, sct
from sealane.sandbox.pki import key_id
from support.sandbox_parts import Parts, document
from support.signing import b64

PATH = "/ct/v1/add-pre-chain"
ISSUER_KEY = ec.generate_private_key(ec.SECP256R1())
NAME = x509.Name.from_rfc4514_string("CN=a foreign authority")


def builder(*, ca: bool) -> x509.CertificateBuilder:
    now = clock.now()
    return (
        x509.CertificateBuilder(NAME, NAME if ca else x509.Name([]), ISSUER_KEY.public_key(), 77)
        .not_valid_before(now)
        .not_valid_after(now + timedelta(minutes=5))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
    )


def certificate(builder: x509.CertificateBuilder) -> bytes:
    return builder.sign(ISSUER_KEY, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def poisoned() -> x509.CertificateBuilder:
    return builder(ca=False).add_extension(x509.PrecertPoison(), critical=True)


def test_a_precertificate_is_promised_without_its_poison(parts: Parts) -> None:
    clean = builder(ca=False)
    body = der.certificate_body(certificate(clean))
    precertificate = certificate(clean.add_extension(x509.PrecertPoison(), critical=True))
    chain = [b64(precertificate), b64(certificate(builder(ca=True)))]
    response = parts.call("POST", PATH, {"chain": chain})
    answer = document(response)
    assert response.status == 200
    assert base64.b64decode(answer["id"]) == parts.ct.log_id
    signature = base64.b64decode(answer["signature"])
    assert signature[:2] == b"\4\3"
    assert int.from_bytes(signature[2:4], "big") == len(signature) - 4
    entry = sct.timestamped_entry(answer["timestamp"], key_id(ISSUER_KEY.public_key()), body)
    signed = sct.signed_bytes(entry)
    parts.keys.ct.public_key().verify(signature[4:], signed, ec.ECDSA(hashes.SHA256()))


def test_every_promise_is_logged(parts: Parts) -> None:
    parts.ct.timestamp(bytes(32), b"one")
    parts.ct.timestamp(bytes(32), b"two")
    parts.ct.timestamp(bytes(32), b"two")
    assert parts.state.read("SELECT count(*) FROM leaf WHERE log = 'ct'") == [(2,)]


def test_the_poison_must_be_there_once() -> None:
    with pytest.raises(InputError, match="exactly one poison"):
        der.without_poison(der.certificate_body(certificate(builder(ca=False))))


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"[" * 100000, {},
        {"chain": []}, {"chain": ["%"]}, {"chain": [7, 7]}, {"chain": ["", ""]},
        {"chain": [b64(b"0"), b64(certificate(builder(ca=True)))]},
        {"chain": [b64(certificate(poisoned()))]},
        {"chain": [b64(certificate(builder(ca=False))), b64(certificate(builder(ca=True)))]},
    ],
)  # fmt: skip
def test_what_is_no_chain_gets_no_promise(parts: Parts, body: object) -> None:
    assert parts.call("POST", PATH, body).status == 400
    assert parts.state.read("SELECT count(*) FROM leaf") == [(0,)]


def test_a_chain_whose_issuer_did_not_issue_gets_no_promise(parts: Parts) -> None:
    forged = bytearray(certificate(poisoned()))
    forged[-1] ^= 1
    chain = [b64(bytes(forged)), b64(certificate(builder(ca=True)))]
    assert parts.call("POST", PATH, {"chain": chain}).status == 400
