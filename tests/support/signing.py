"""What a client sends to Fulcio and Rekor, made by hand."""

import base64
import hashlib
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes

PRIVATE_KEY = ec.generate_private_key(ec.SECP256R1())


def b64(content: bytes) -> str:
    """Base64 as text."""
    return base64.b64encode(content).decode()


def pem_of(key: CertificatePublicKeyTypes) -> bytes:
    """PEM of a public key."""
    return key.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def csr(key: ec.EllipticCurvePrivateKey = PRIVATE_KEY) -> bytes:
    """A certificate signing request as the Python client makes it, DER."""
    constraints = x509.BasicConstraints(ca=False, path_length=None)
    return (
        x509.CertificateSigningRequestBuilder(x509.Name([]))
        .add_extension(constraints, critical=True)
        .sign(key, hashes.SHA256())
        .public_bytes(serialization.Encoding.DER)
    )


def csr_pem(der: bytes) -> bytes:
    """PEM around a signing request's DER."""
    body = "\n".join(base64.encodebytes(der).decode().split())
    label = "CERTIFICATE REQUEST"
    return f"-----BEGIN {label}-----\n{body}\n-----END {label}-----\n".encode()


def csr_form(der: bytes | None = None) -> dict[str, Any]:
    """The request of the Python client."""
    return {"certificateSigningRequest": b64(csr_pem(csr() if der is None else der))}


def key_form(
    token: str, identity: str, key: ec.EllipticCurvePrivateKey = PRIVATE_KEY
) -> dict[str, Any]:
    """The request of the JavaScript client."""
    proof = PRIVATE_KEY.sign(identity.encode(), ec.ECDSA(hashes.SHA256()))
    public = {"algorithm": "ECDSA", "content": pem_of(PRIVATE_KEY.public_key()).decode()}
    return {
        "credentials": {"oidcIdentityToken": token},
        "publicKeyRequest": {"publicKey": public, "proofOfPossession": b64(proof)},
    }


def hashedrekord(content: bytes = b"artifact") -> dict[str, Any]:
    """A proposed entry for a signature over `content`."""
    signature = PRIVATE_KEY.sign(content, ec.ECDSA(hashes.SHA256()))
    digest = {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}
    key = {"content": b64(pem_of(PRIVATE_KEY.public_key()))}
    spec = {"data": {"hash": digest}, "signature": {"content": b64(signature), "publicKey": key}}
    return {"apiVersion": "0.0.1", "kind": "hashedrekord", "spec": spec}


def pre_authentication(kind: str, payload: bytes) -> bytes:
    """What a DSSE signature is over."""
    return b" ".join([b"DSSEv1", b"%d" % len(kind), kind.encode(), b"%d" % len(payload), payload])


def sign_dsse(payload: bytes, kind: str = "text/x") -> bytes:
    """A DSSE signature by `PRIVATE_KEY`."""
    return PRIVATE_KEY.sign(pre_authentication(kind, payload), ec.ECDSA(hashes.SHA256()))


def dsse_spec(envelope: str, *keys: CertificatePublicKeyTypes) -> dict[str, Any]:
    """A proposed DSSE entry."""
    verifiers = [b64(pem_of(key)) for key in keys or (PRIVATE_KEY.public_key(),)]
    spec = {"proposedContent": {"envelope": envelope, "verifiers": verifiers}}
    return {"apiVersion": "0.0.1", "kind": "dsse", "spec": spec}
