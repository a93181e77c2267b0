"""Evidence of every form, of which nothing but the form is right."""

import base64
import json
from typing import Any

from sealane.core.attestation.envelope import PAYLOAD_TYPE

BUNDLE_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"
# A version 4 signature over binary data, as its frame alone: header, version, kind, algorithms.
OPENPGP = bytes([0xC2, 10, 4, 0, 22, 10, 0, 0, 0, 0, 0, 0])
ARMOURED = (
    b"-----BEGIN PGP SIGNATURE-----\nVersion: x\n\n"
    + base64.b64encode(OPENPGP)
    + b"\n=abcd\n-----END PGP SIGNATURE-----\n"
)


def b64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def statement(*digests: str, algorithm: str = "sha256") -> bytes:
    """A statement about files without names."""
    document = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"digest": {algorithm: digest}} for digest in digests],
        "predicateType": "x",
    }
    return json.dumps(document).encode()


def envelope(*digests: str) -> dict[str, Any]:
    """A plain DSSE envelope."""
    payload = b64(statement(*digests))
    return {"payload": payload, "payloadType": PAYLOAD_TYPE, "signatures": [{"sig": "AAE="}]}


def bundle(*digests: str) -> dict[str, Any]:
    """A Sigstore bundle without material."""
    return {"mediaType": BUNDLE_TYPE, "dsseEnvelope": envelope(*digests)}


def key(public: str = "00", key_id: str = "ab" * 32) -> dict[str, Any]:
    """A functionary's key as layouts list it."""
    return {
        "keyid": key_id,
        "keytype": "ed25519",
        "scheme": "ed25519",
        "keyval": {"public": public},
    }


def layout(**changed: Any) -> dict[str, Any]:  # noqa: ANN401  broken on purpose
    """The signed part of a layout with one step."""
    step = {"_type": "step", "name": "package", "pubkeys": ["ab" * 32], "threshold": 1}
    rules: dict[str, Any] = {
        "expected_materials": [],
        "expected_products": [],
        "expected_command": [],
    }
    return {
        "_type": "layout",
        "expires": "2100-01-01T00:00:00Z",
        "inspect": [],
        "keys": {"ab" * 32: key()},
        "readme": "",
        "steps": [step | rules],
        **changed,
    }


def link(**changed: Any) -> dict[str, Any]:  # noqa: ANN401  broken on purpose
    """The signed part of a link."""
    return {
        "_type": "link",
        "name": "package",
        "command": [],
        "materials": {},
        "products": {"f": {"sha256": "a" * 64, "md5": "00"}},
        "byproducts": {},
        "environment": {},
        **changed,
    }


def metablock(signed: object) -> bytes:
    """A layout or link in the classic format."""
    signatures = [{"keyid": "cd" * 32, "sig": "00"}]
    return json.dumps({"signed": signed, "signatures": signatures}).encode()


def enveloped(signed: object, payload_type: str = PAYLOAD_TYPE) -> bytes:
    """The same in an envelope."""
    payload = b64(json.dumps(signed).encode())
    signatures = [{"keyid": "cd" * 32, "sig": "AAE="}]
    document = {"payload": payload, "payloadType": payload_type, "signatures": signatures}
    return json.dumps(document).encode()
