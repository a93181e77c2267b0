"""The trust files: what clients of the sandbox trust, and where they find its services."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.x509.oid import NameOID

from sealane.sandbox.addresses import REKOR1, REKOR2, REKOR2_PREFIX, TSA_PATH
from sealane.sandbox.note import note_key_id
from sealane.sandbox.pki import ORGANIZATION, Keys, key_id, spki

_TYPES = "application/vnd.dev.sigstore"
_OPERATOR = "sealane.invalid"


def trusted_root(keys: Keys, *, base: str) -> dict[str, Any]:
    """The trusted root; everything in it is valid from the keys' making on.

    Args:
        keys: The sandbox's keys.
        base: Origin of its services.
    """
    rekor1, rekor2, ct = keys.rekor1.public_key(), keys.rekor2.public_key(), keys.ct.public_key()
    issuing = (keys.authority.intermediate, keys.authority.root)
    stamping = (keys.tsa.leaf, keys.tsa.root)
    return {
        "mediaType": f"{_TYPES}.trustedroot+json;version=0.1",
        "tlogs": [
            _log(rekor1, key_id(rekor1), f"https://{REKOR1}", keys.created),
            _log(rekor2, note_key_id(REKOR2, rekor2), f"https://{REKOR2}", keys.created),
        ],
        "certificateAuthorities": [_authority(issuing, base, keys.created)],
        "ctlogs": [_log(ct, key_id(ct), f"{base}/ct", keys.created)],
        "timestampAuthorities": [_authority(stamping, f"{base}{TSA_PATH}", keys.created)],
    }


def signing_config(keys: Keys, *, base: str) -> dict[str, Any]:
    """Where to sign: Fulcio, the issuer, both logs and the time-stamp authority.

    One operator has both logs, so that a client takes one of them: v2, unless it is told.
    """

    def service(url: str, version: int = 1) -> dict[str, Any]:
        start = {"start": _time(keys.created)}
        return {"url": url, "majorApiVersion": version, "validFor": start, "operator": _OPERATOR}

    return {
        "mediaType": f"{_TYPES}.signingconfig.v0.2+json",
        "caUrls": [service(base)],
        "oidcUrls": [service(f"{base}/auth")],
        "rekorTlogUrls": [service(base), service(f"{base}{REKOR2_PREFIX}", 2)],
        "rekorTlogConfig": {"selector": "ANY"},
        "tsaUrls": [service(f"{base}{TSA_PATH}")],
        "tsaConfig": {"selector": "ANY"},
    }


def trust_config(root: Mapping[str, Any], signing: Mapping[str, Any]) -> dict[str, Any]:
    """Both in one file, as the Python client wants it."""
    media_type = f"{_TYPES}.clienttrustconfig.v0.1+json"
    return {"mediaType": media_type, "trustedRoot": dict(root), "signingConfig": dict(signing)}


def _log(
    key: ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey,
    log_id: bytes,
    url: str,
    start: datetime,
) -> dict[str, Any]:
    ed25519_key = isinstance(key, ed25519.Ed25519PublicKey)
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": _base64(spki(key)),
            "keyDetails": "PKIX_ED25519" if ed25519_key else "PKIX_ECDSA_P256_SHA_256",
            "validFor": {"start": _time(start)},
        },
        "logId": {"keyId": _base64(log_id)},
    }


def _authority(chain: Sequence[x509.Certificate], url: str, start: datetime) -> dict[str, Any]:
    """An authority whose root stands last in its chain."""
    return {
        "subject": {"organization": ORGANIZATION, "commonName": _common_name(chain[-1])},
        "uri": url,
        "certChain": {"certificates": [{"rawBytes": _der(one)} for one in chain]},
        "validFor": {"start": _time(start)},
    }


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _der(certificate: x509.Certificate) -> str:
    return _base64(certificate.public_bytes(serialization.Encoding.DER))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
