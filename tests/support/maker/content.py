"""What bundles hold: a signature over a file, or an envelope around a statement."""

import hashlib
import json
from typing import Any

from support.maker.bodies import Content, b64
from support.maker.keys import PrivateKey, sign, usual_hash

Json = dict[str, Any]
PAYLOAD_TYPE = "application/vnd.in-toto+json"
ARTIFACT = b"acme 1.0"
NAME = "acme-1.0-py3-none-any.whl"
_ALGORITHMS = {"sha256": "SHA2_256", "sha384": "SHA2_384", "sha512": "SHA2_512"}


def statement_about(content: bytes, name: str = NAME) -> Json:
    """An in-toto statement whose subject is a file."""
    return {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [{"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}],
        "predicateType": "https://slsa.dev/provenance/v1",
        "predicate": {
            "buildDefinition": {
                "buildType": "https://build.example.org/v1",
                "externalParameters": {"ref": "refs/tags/v1.0"},
            },
            "runDetails": {"builder": {"id": "https://build.example.org"}},
        },
    }


def encoding(payload_type: str, payload: bytes) -> bytes:
    """What a DSSE signature is over. Spec: DSSE v1, protocol.md."""
    kind = payload_type.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def enveloped(
    key: PrivateKey,
    statement: Json | bytes,
    payload_type: str,
    algorithm: str = "",
    *,
    pss: bool = False,
) -> Content:
    """A signed envelope around a statement."""
    payload = statement if isinstance(statement, bytes) else json.dumps(statement).encode()
    signed = encoding(payload_type, payload)
    signature = sign(key, signed, algorithm, pss=pss)
    return Content(signed, signature, algorithm or usual_hash(key), payload, payload_type)


def signed_file(
    key: PrivateKey, content: bytes, algorithm: str = "", *, pss: bool = False
) -> Content:
    """A signature over a file."""
    signature = sign(key, content, algorithm, pss=pss)
    return Content(content, signature, algorithm or usual_hash(key))


def members_of(content: Content) -> Json:
    """The member of a bundle that holds it."""
    signature = b64(content.signature)
    if content.payload is not None:
        envelope = {
            "payload": b64(content.payload),
            "payloadType": content.payload_type,
            "signatures": [{"sig": signature}],
        }
        return {"dsseEnvelope": envelope}
    digest = hashlib.new(content.algorithm, content.signed).digest()
    named = {"algorithm": _ALGORITHMS[content.algorithm], "digest": b64(digest)}
    return {"messageSignature": {"messageDigest": named, "signature": signature}}
