"""Bodies of log entries of every kind, canonical as a log writes them."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from sealane.sandbox.pki import spki
from support.maker.keys import PrivateKey, usual_hash

HASHEDREKORD_1 = ("hashedrekord", "0.0.1")
HASHEDREKORD_2 = ("hashedrekord", "0.0.2")
DSSE = ("dsse", "0.0.1")
INTOTO = ("intoto", "0.0.2")
_V2_HASHES = {"sha256": "SHA2_256", "sha384": "SHA2_384", "sha512": "SHA2_512"}


@dataclass(frozen=True, slots=True)
class Content:
    """What was signed, and the signature.

    Attributes:
        signed: What the signature is over: the file, or the envelope's encoding.
        signature: The signature.
        algorithm: Hash it is over.
        payload: The envelope's payload; None for a signature over the file.
        payload_type: The envelope's type.
    """

    signed: bytes
    signature: bytes
    algorithm: str
    payload: bytes | None = None
    payload_type: str = ""


def b64(content: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(content).decode()


def body_of(
    kind: tuple[str, str], content: Content, key: PrivateKey, certificate: x509.Certificate | None
) -> bytes:
    """The body of an entry, RFC 8785 of a document that holds no numbers.

    Args:
        kind: Kind and version.
        content: What it is about.
        key: Who signed.
        certificate: Whom the entry names; the key itself where there is none.
    """
    spec = _SPECS[kind](content, key, certificate)
    document = {"apiVersion": kind[1], "kind": kind[0], "spec": spec}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def _pem(key: PrivateKey, certificate: x509.Certificate | None) -> str:
    if certificate is not None:
        return b64(certificate.public_bytes(Encoding.PEM))
    form = PublicFormat.SubjectPublicKeyInfo
    return b64(key.public_key().public_bytes(Encoding.PEM, form))


def _sha256(content: bytes) -> dict[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}


def _hashedrekord_1(
    content: Content, key: PrivateKey, certificate: x509.Certificate | None
) -> dict[str, Any]:
    value = hashlib.new(content.algorithm, content.signed).hexdigest()
    return {
        "data": {"hash": {"algorithm": content.algorithm, "value": value}},
        "signature": {
            "content": b64(content.signature),
            "publicKey": {"content": _pem(key, certificate)},
        },
    }


def _hashedrekord_2(
    content: Content, key: PrivateKey, certificate: x509.Certificate | None
) -> dict[str, Any]:
    name = "publicKey" if certificate is None else "x509Certificate"
    raw = spki(key.public_key())
    raw = raw if certificate is None else certificate.public_bytes(Encoding.DER)
    digest = hashlib.new(content.algorithm, content.signed).digest()
    details = f"PKIX_ECDSA_P256_{usual_hash(key).upper().replace('SHA', 'SHA_')}"
    verifier = {"keyDetails": details, name: {"rawBytes": b64(raw)}}
    record = {
        "data": {"algorithm": _V2_HASHES[content.algorithm], "digest": b64(digest)},
        "signature": {"content": b64(content.signature), "verifier": verifier},
    }
    return {"hashedRekordV002": record}


def _dsse(
    content: Content, key: PrivateKey, certificate: x509.Certificate | None
) -> dict[str, Any]:
    payload = content.payload or b""
    verifier = {"signature": b64(content.signature), "verifier": _pem(key, certificate)}
    return {
        "envelopeHash": _sha256(payload + content.signature),
        "payloadHash": _sha256(payload),
        "signatures": [verifier],
    }


def _intoto(
    content: Content, key: PrivateKey, certificate: x509.Certificate | None
) -> dict[str, Any]:
    payload = content.payload or b""
    # This kind wraps the signature in base64 twice.
    twice = b64(b64(content.signature).encode())
    signature = {"publicKey": _pem(key, certificate), "sig": twice}
    return {
        "content": {
            "envelope": {"payloadType": content.payload_type, "signatures": [signature]},
            "hash": _sha256(payload + content.signature),
            "payloadHash": _sha256(payload),
        }
    }


_SPECS = {
    HASHEDREKORD_1: _hashedrekord_1,
    HASHEDREKORD_2: _hashedrekord_2,
    DSSE: _dsse,
    INTOTO: _intoto,
}
