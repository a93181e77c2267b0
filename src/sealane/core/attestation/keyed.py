"""A Sigstore bundle by a key: a statement in an envelope, without certificate and without log.

Spec: sigstore protobuf-specs, sigstore_bundle.proto, version 0.3; DSSE v1, envelope.md.
"""

from __future__ import annotations

import base64
import hashlib

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.model.chain import canonical

MEDIA_TYPE = "application/vnd.dev.sigstore.bundle.v0.3+json"


def render_keyed_bundle(statement: bytes, signature: bytes, spki: bytes) -> bytes:
    """A bundle as JSON in one line.

    Args:
        statement: The in-toto statement that was signed, byte for byte.
        signature: Over its pre-authentication encoding as `PAYLOAD_TYPE`; ECDSA in DER.
        spki: DER SubjectPublicKeyInfo of the key. The bundle names it by its SHA-256, in base64,
            as other clients do; nobody may believe that hint.
    """
    hint = base64.b64encode(hashlib.sha256(spki).digest()).decode()
    return canonical(
        {
            "mediaType": MEDIA_TYPE,
            "verificationMaterial": {"publicKey": {"hint": hint}},
            "dsseEnvelope": {
                "payload": base64.b64encode(statement).decode(),
                "payloadType": PAYLOAD_TYPE,
                "signatures": [{"sig": base64.b64encode(signature).decode()}],
            },
        }
    )
