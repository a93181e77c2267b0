"""What goes into Rekor v2: a digest, a signature over it, and who signed; checked, canonical."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa

from sealane.errors import InputError
from sealane.sandbox.signatures import PublicKey, verify_signature

KIND, VERSION = "hashedrekord", "0.0.2"
_REQUEST = "hashedRekordRequestV002"


@dataclass(frozen=True, slots=True)
class _Details:
    """What a name of the protocol's PublicKeyDetails says of a key."""

    fits: Callable[[object], bool]
    digest: str
    algorithm: hashes.HashAlgorithm


def _curve(curve: type[ec.EllipticCurve]) -> Callable[[object], bool]:
    def fits(key: object) -> bool:
        return isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, curve)

    return fits


def _rsa(bits: int) -> Callable[[object], bool]:
    def fits(key: object) -> bool:
        return isinstance(key, rsa.RSAPublicKey) and key.key_size == bits

    return fits


_DETAILS: Mapping[str, _Details] = {
    "PKIX_ECDSA_P256_SHA_256": _Details(_curve(ec.SECP256R1), "SHA2_256", hashes.SHA256()),
    "PKIX_ECDSA_P384_SHA_384": _Details(_curve(ec.SECP384R1), "SHA2_384", hashes.SHA384()),
    "PKIX_ECDSA_P521_SHA_512": _Details(_curve(ec.SECP521R1), "SHA2_512", hashes.SHA512()),
    **{
        f"PKIX_RSA_PKCS1V15_{bits}_SHA256": _Details(_rsa(bits), "SHA2_256", hashes.SHA256())
        for bits in (2048, 3072, 4096)
    },
}


def canonical_body_v2(request: bytes) -> bytes:
    """The bytes a request's entry is logged as.

    Args:
        request: JSON, one member: the kind of entry that is asked for.

    Returns:
        The entry's canonical JSON (RFC 8785).

    Raises:
        InputError: Malformed, of an unknown kind, with an unknown member, or the signature in it
            does not hold.
    """
    try:
        return _canonical(json.loads(request))
    except (
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        UnsupportedAlgorithm,
        rfc8785.CanonicalizationError,
    ) as error:
        raise InputError(f"malformed: {type(error).__name__}") from error


def _canonical(request: Any) -> bytes:  # noqa: ANN401 - parsed JSON; every shape is checked below
    asked = _members(_members(request, _REQUEST)[_REQUEST], "digest", "signature")
    signature = _members(asked["signature"], "content", "verifier")
    verifier = _members(signature["verifier"], "keyDetails", "x509Certificate", "publicKey")
    forms = [name for name in ("x509Certificate", "publicKey") if name in verifier]
    if len(forms) != 1:
        raise InputError("expected a certificate or a public key, and not both")
    raw = _decode(_members(verifier[forms[0]], "rawBytes")["rawBytes"])
    details = _details(verifier["keyDetails"])
    key = _known(_certified(raw) if forms[0] == "x509Certificate" else _public(raw))
    if not details.fits(key):
        raise InputError(f"the key is not {verifier['keyDetails']}")
    digest, content = _decode(asked["digest"]), _decode(signature["content"])
    verify_signature(key, content, digest, details.algorithm)
    logged_by = {"keyDetails": verifier["keyDetails"], forms[0]: {"rawBytes": _encode(raw)}}
    spec: dict[str, Any] = {
        "data": {"algorithm": details.digest, "digest": _encode(digest)},
        "signature": {"content": _encode(content), "verifier": logged_by},
    }
    return rfc8785.dumps({"apiVersion": VERSION, "kind": KIND, "spec": {"hashedRekordV002": spec}})


def _members(value: Any, *known: str) -> dict[str, Any]:  # noqa: ANN401 - parsed JSON
    """An object's members that are not null.

    Raises:
        InputError: It is none, or has a member that is not known; the real service takes only
            what its protocol defines, and no kind of entry but one.
    """
    if not isinstance(value, dict):
        raise InputError("expected an object")
    unknown = sorted(value.keys() - set(known))
    if unknown:
        raise InputError(f"unknown member {unknown[0][:40]!r}")
    return {name: inner for name, inner in value.items() if inner is not None}


def _details(name: str) -> _Details:
    if name.startswith("PKIX_ED25519"):
        raise InputError(f"{name[:40]} is not supported: Ed25519 does not sign a digest")
    if name not in _DETAILS:
        raise InputError(f"unknown keyDetails {name[:40]!r}")
    return _DETAILS[name]


def _certified(raw: bytes) -> object:
    return x509.load_der_x509_certificate(raw).public_key()


def _public(raw: bytes) -> object:
    key = serialization.load_der_public_key(raw)
    encoded = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    # The same key in other bytes would be another entry.
    if encoded != raw:
        raise InputError("the public key is not in its shortest form")
    return key


def _known(key: object) -> PublicKey:
    if isinstance(key, ed25519.Ed25519PublicKey):
        raise InputError("the key is Ed25519, which is not supported: it does not sign a digest")
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise InputError(f"the key is neither EC nor RSA: {type(key).__name__}")
    return key


def _decode(text: str) -> bytes:
    return base64.b64decode(text, validate=True)


def _encode(content: bytes) -> str:
    return base64.b64encode(content).decode()
