"""The trust files: what clients of the sandbox trust, and where they find its services."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sealane.sandbox.pki import ORGANIZATION, Keys, key_id, spki

_TYPES = "application/vnd.dev.sigstore"
_OPERATOR = "sealane.invalid"


def trusted_root(keys: Keys, *, base: str, rekor1_name: str) -> dict[str, Any]:
    """The trusted root; everything in it is valid from the keys' making on.

    Args:
        keys: The sandbox's keys.
        base: Origin of its services.
        rekor1_name: Name of the log, which does not hold the port.
    """
    chain = (keys.authority.intermediate, keys.authority.root)
    authority = {
        "subject": {"organization": ORGANIZATION, "commonName": _common_name(chain[1])},
        "uri": base,
        "certChain": {"certificates": [{"rawBytes": _der(one)} for one in chain]},
        "validFor": {"start": _time(keys.created)},
    }
    return {
        "mediaType": f"{_TYPES}.trustedroot+json;version=0.1",
        "tlogs": [_log(keys.rekor1.public_key(), f"https://{rekor1_name}", keys.created)],
        "certificateAuthorities": [authority],
        "ctlogs": [_log(keys.ct.public_key(), f"{base}/ct", keys.created)],
        "timestampAuthorities": [],
    }


def signing_config(keys: Keys, *, base: str) -> dict[str, Any]:
    """Where to sign: Fulcio, the issuer and Rekor v1; there is no time-stamp authority yet."""

    def service(url: str) -> dict[str, Any]:
        start = {"start": _time(keys.created)}
        return {"url": url, "majorApiVersion": 1, "validFor": start, "operator": _OPERATOR}

    return {
        "mediaType": f"{_TYPES}.signingconfig.v0.2+json",
        "caUrls": [service(base)],
        "oidcUrls": [service(f"{base}/auth")],
        "rekorTlogUrls": [service(base)],
        "rekorTlogConfig": {"selector": "ANY"},
        "tsaUrls": [],
        "tsaConfig": {"selector": "ANY"},
    }


def trust_config(root: Mapping[str, Any], signing: Mapping[str, Any]) -> dict[str, Any]:
    """Both in one file, as the Python client wants it."""
    media_type = f"{_TYPES}.clienttrustconfig.v0.1+json"
    return {"mediaType": media_type, "trustedRoot": dict(root), "signingConfig": dict(signing)}


def _log(key: ec.EllipticCurvePublicKey, url: str, start: datetime) -> dict[str, Any]:
    return {
        "baseUrl": url,
        "hashAlgorithm": "SHA2_256",
        "publicKey": {
            "rawBytes": _base64(spki(key)),
            "keyDetails": "PKIX_ECDSA_P256_SHA_256",
            "validFor": {"start": _time(start)},
        },
        "logId": {"keyId": _base64(key_id(key))},
    }


def _common_name(certificate: x509.Certificate) -> str:
    return str(certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _der(certificate: x509.Certificate) -> str:
    return _base64(certificate.public_bytes(serialization.Encoding.DER))


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _time(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
