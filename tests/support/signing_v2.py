"""What a client sends to Rekor v2, and what a monitor reads from it."""

import base64
import copy
import hashlib
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from support.sandbox_parts import Parts, document
from support.signing import PRIVATE_KEY, b64

TILE = 256
ENTRIES = "/rekor2/api/v2/log/entries"
TYPE = "hashedRekordRequestV002"


def hashedrekord_v2(
    content: bytes = b"artifact", key: ec.EllipticCurvePrivateKey = PRIVATE_KEY
) -> dict[str, Any]:
    """A request to log a signature over `content`, by a P-256 key."""
    signature = key.sign(content, ec.ECDSA(hashes.SHA256()))
    raw = key.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    verifier = {"keyDetails": "PKIX_ECDSA_P256_SHA_256", "publicKey": {"rawBytes": b64(raw)}}
    return {
        TYPE: {
            "digest": b64(hashlib.sha256(content).digest()),
            "signature": {"content": b64(signature), "verifier": verifier},
        }
    }


def changed(entry: dict[str, Any], path: str, value: object) -> dict[str, Any]:
    """A copy in which the member at a dotted path is another one; None removes it."""
    made = copy.deepcopy(entry)
    place: Any = made
    *parents, last = path.split(".")
    for name in parents:
        place = place[name]
    if value is None:
        del place[last]
    else:
        place[last] = value
    return made


def asked(path: str, value: object, content: bytes = b"artifact") -> dict[str, Any]:
    """A request with one member of the entry changed."""
    return changed(hashedrekord_v2(content), f"{TYPE}.{path}", value)


def logged(parts: Parts, proposed: object) -> dict[str, Any]:
    """The log's answer to a request that holds."""
    response = parts.call("POST", ENTRIES, proposed)
    assert response.status == 201, response.body
    entry: dict[str, Any] = document(response)
    return entry


def body_of(entry: dict[str, Any]) -> bytes:
    """What the log hashed."""
    return base64.b64decode(entry["canonicalizedBody"])


def parse_checkpoint(text: str) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint whose signature nobody looks at here."""
    origin, size, root = text.split("\n\n", maxsplit=1)[0].split("\n")
    return origin, int(size), base64.b64decode(root)


def read_bodies(get: Callable[[str], bytes], size: int) -> list[bytes]:
    """The bodies of all entries, from the bundles they are served in."""
    bodies: list[bytes] = []
    for start in range(0, size, TILE):
        data = get(_path("entries", start // TILE, min(TILE, size - start)))
        while data:
            length = int.from_bytes(data[:2], "big")
            bodies.append(data[2 : 2 + length])
            data = data[2 + length :]
    return bodies


def read_hashes(get: Callable[[str], bytes], level: int, count: int) -> list[bytes]:
    """The first `count` hashes at a level of tiles."""
    found: list[bytes] = []
    for start in range(0, count, TILE):
        data = get(_path(str(level), start // TILE, min(TILE, count - start)))
        found += [data[at : at + 32] for at in range(0, len(data), 32)]
    return found


def _path(level: str, tile: int, width: int) -> str:
    return f"/tile/{level}/{tile:03d}" + (f".p/{width}" if width < TILE else "")


def naive_root(hashes_: list[bytes]) -> bytes:
    """The root over leaf hashes. Spec: RFC 6962 section 2.1."""
    if len(hashes_) < 2:
        return hashes_[0] if hashes_ else hashlib.sha256(b"").digest()
    half = _half(len(hashes_))
    return _node(naive_root(hashes_[:half]), naive_root(hashes_[half:]))


def naive_path(index: int, hashes_: list[bytes]) -> list[bytes]:
    """Proof that a leaf is among others, lowest first. Spec: RFC 6962 section 2.1.1."""
    if len(hashes_) == 1:
        return []
    half = _half(len(hashes_))
    if index < half:
        return [*naive_path(index, hashes_[:half]), naive_root(hashes_[half:])]
    return [*naive_path(index - half, hashes_[half:]), naive_root(hashes_[:half])]


def _half(count: int) -> int:
    half = 1
    while half * 2 < count:
        half *= 2
    return half


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()
