"""What goes into Rekor v1: proposed entries, checked and in canonical form.

A log that takes anything proves nothing: every signature is verified before the entry is logged,
as the real service does. This is the sandbox's own code, apart from the verifier's on purpose.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

import rfc8785
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from sealane.errors import InputError
from sealane.sandbox.signatures import PublicKey, verify_signature

_HASHES: Mapping[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
_MOST_SIGNATURES = 16
_CERTIFICATE = b"-----BEGIN CERTIFICATE-----"


def canonical_body(proposed: object) -> bytes:
    """The bytes a proposed entry is logged as.

    Raises:
        InputError: Malformed, of an unknown kind, or a signature in it does not hold.
    """
    try:
        return _canonical(proposed)
    except (
        AttributeError,
        LookupError,
        RecursionError,
        TypeError,
        ValueError,
        UnsupportedAlgorithm,
        rfc8785.CanonicalizationError,
    ) as error:
        raise InputError(f"malformed entry: {type(error).__name__}") from error


def _canonical(proposed: Any) -> bytes:  # noqa: ANN401 - parsed JSON; every shape is checked below
    kind, version, spec = proposed["kind"], proposed["apiVersion"], proposed["spec"]
    if not isinstance(spec, dict):
        raise InputError("malformed entry: spec is not an object")
    canonicalize = _KINDS.get((kind, version))
    if canonicalize is None:
        raise InputError(f"unknown entry kind {str(kind)[:20]!r} {str(version)[:10]!r}")
    return rfc8785.dumps({"apiVersion": version, "kind": kind, "spec": canonicalize(spec)})


def _hashedrekord(spec: Mapping[str, Any]) -> dict[str, Any]:
    algorithm, value = spec["data"]["hash"]["algorithm"], spec["data"]["hash"]["value"]
    if algorithm not in _HASHES:
        raise InputError(f"unknown hash algorithm {str(algorithm)[:20]!r}")
    digest = bytes.fromhex(value)
    signature = spec["signature"]["content"]
    key, pem = _read_key(spec["signature"]["publicKey"]["content"])
    verify_signature(key, _decode(signature), digest, _HASHES[algorithm])
    return {
        "data": {"hash": {"algorithm": algorithm, "value": digest.hex()}},
        "signature": {"content": signature, "publicKey": {"content": pem}},
    }


def _dsse(spec: Mapping[str, Any]) -> dict[str, Any]:
    text = spec["proposedContent"]["envelope"]
    envelope = json.loads(text)
    keys = [_read_key(one) for one in spec["proposedContent"]["verifiers"]]
    payload = _decode(envelope["payload"])
    digest = hashlib.sha256(_pre_authentication(envelope["payloadType"], payload)).digest()
    found, used = [], set()
    for one in _signatures(envelope["signatures"], len(keys)):
        pem = _verifier_of(keys, _decode(one["sig"]), digest)
        used.add(pem)
        found.append({"signature": one["sig"], "verifier": pem})
    if used != {pem for _, pem in keys}:
        raise InputError("a verifier has signed nothing")
    return {
        "envelopeHash": _sha256(text.encode()),
        "payloadHash": _sha256(payload),
        "signatures": sorted(found, key=lambda one: str(one["signature"])),
    }


def _intoto(spec: Mapping[str, Any]) -> dict[str, Any]:
    content = spec["content"]
    envelope = content["envelope"]
    # This kind wraps payload and signatures in base64 twice.
    payload = _decode(_decode(envelope["payload"]))
    kind = envelope["payloadType"]
    digest = hashlib.sha256(_pre_authentication(kind, payload)).digest()
    found = []
    for one in _signatures(envelope["signatures"], 1):
        key, pem = _read_key(one["publicKey"])
        verify_signature(key, _decode(_decode(one["sig"])), digest, _HASHES["sha256"])
        found.append({"publicKey": pem, "sig": one["sig"]})
    payload_hash = _sha256(payload)
    if content.get("payloadHash", payload_hash) != payload_hash:
        raise InputError("payloadHash is not that of the payload")
    if (
        content["hash"]["algorithm"] != "sha256"
        or len(bytes.fromhex(content["hash"]["value"])) != 32
    ):
        raise InputError("hash is not a SHA-256")
    return {
        "content": {
            "envelope": {"payloadType": kind, "signatures": found},
            "hash": {"algorithm": "sha256", "value": content["hash"]["value"]},
            "payloadHash": payload_hash,
        }
    }


_KINDS: Mapping[tuple[object, object], Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    ("hashedrekord", "0.0.1"): _hashedrekord,
    ("dsse", "0.0.1"): _dsse,
    ("intoto", "0.0.2"): _intoto,
}


def _decode(text: str | bytes) -> bytes:
    return base64.b64decode(text, validate=True)


def _sha256(content: bytes) -> dict[str, str]:
    return {"algorithm": "sha256", "value": hashlib.sha256(content).hexdigest()}


def _pre_authentication(kind: str, payload: bytes) -> bytes:
    """What a DSSE signature is over. Spec: DSSE v1, protocol.md."""
    name = kind.encode()
    return b"DSSEv1 %d %b %d %b" % (len(name), name, len(payload), payload)


def _signatures(listed: Any, keys: int) -> list[Mapping[str, Any]]:  # noqa: ANN401 - parsed JSON
    if not isinstance(listed, list) or not 1 <= len(listed) <= _MOST_SIGNATURES:
        raise InputError(f"expected 1 to {_MOST_SIGNATURES} signatures")
    if not 1 <= keys <= _MOST_SIGNATURES:
        raise InputError(f"expected 1 to {_MOST_SIGNATURES} verifiers")
    return listed


def _read_key(encoded: str) -> tuple[PublicKey, str]:
    """A key from the base64 of a PEM certificate or public key.

    Returns:
        The key, and the base64 of its PEM as this library writes it, so that the same key
        wrapped in other bytes is not another entry.
    """
    pem = _decode(encoded)
    if pem.lstrip().startswith(_CERTIFICATE):
        certificate = x509.load_pem_x509_certificate(pem)
        key: object = certificate.public_key()
        canonical = certificate.public_bytes(serialization.Encoding.PEM)
    else:
        loaded = serialization.load_pem_public_key(pem)
        key = loaded
        canonical = loaded.public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise InputError(f"key is neither EC nor RSA: {type(key).__name__}")
    return key, base64.b64encode(canonical).decode()


def _verifier_of(keys: list[tuple[PublicKey, str]], signature: bytes, digest: bytes) -> str:
    for key, pem in keys:
        try:
            verify_signature(key, signature, digest, _HASHES["sha256"])
        except InputError:
            continue
        return pem
    raise InputError("a signature is of none of the verifiers")
