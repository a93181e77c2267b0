"""The trusted root of a world, with a window for each of its keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sealane.sandbox.pki import key_id, spki
from support.maker.bodies import b64
from support.maker.keys import PublicKey
from support.maker.logs import Log

Json = dict[str, Any]
# First and last moment, aware; None for an open end.
Span = tuple[datetime | None, datetime | None]
MEDIA_TYPE = "application/vnd.dev.sigstore.trustedroot+json;version=0.1"


def log_entry(log: Log, span: Span) -> Json:
    """A log of signatures."""
    details = "PKIX_ED25519" if log.second else "PKIX_ECDSA_P256_SHA_256"
    return _key_entry(f"https://{log.name}", log.key.public_key(), log.log_id, details, span)


def ct_entry(name: str, key: PublicKey, span: Span) -> Json:
    """A log of certificates."""
    return _key_entry(f"https://{name}", key, key_id(key), "PKIX_ECDSA_P256_SHA_256", span)


def authority_entry(name: str, chain: Sequence[x509.Certificate], span: Span) -> Json:
    """Who issues certificates, or signs times."""
    return {
        "subject": {"organization": "acme", "commonName": name},
        "uri": f"https://{name}",
        "certChain": {
            "certificates": [{"rawBytes": b64(one.public_bytes(Encoding.DER))} for one in chain]
        },
        "validFor": _window(span),
    }


def _key_entry(url: str, key: PublicKey, log_id: bytes, details: str, span: Span) -> Json:
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": b64(spki(key)),
            "keyDetails": details,
            "validFor": _window(span),
        },
        "logId": {"keyId": b64(log_id)},
    }


def _window(span: Span) -> Json:
    named = zip(("start", "end"), span, strict=True)
    return {name: at.isoformat().replace("+00:00", "Z") for name, at in named if at is not None}
