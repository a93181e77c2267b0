"""The least that a batch could take: the bare operations, on the bytes of a corpus, and no more.

    python -m benchmarks.calibrate CORPUS

Each operation is timed by itself, here and now; a limit is the sum of those that one file needs,
times the number of files. It leaves out reading of policies, rules and reports, and the start of a
process, so it cannot be reached; how far off sealane is says how much of its time is its own.
"""

from __future__ import annotations

import base64
import hashlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

_ROUNDS = 5
_TIMES = 60
_MESSAGE = b"m" * 400


def seconds_for(operation: Callable[[], object]) -> float:
    """Seconds of one operation: the median of a few rounds of many."""
    rounds = []
    for _ in range(_ROUNDS):
        start = time.perf_counter()
        for _ in range(_TIMES):
            operation()
        rounds.append((time.perf_counter() - start) / _TIMES)
    return statistics.median(rounds)


def signatures() -> dict[str, float]:
    """Seconds to verify one signature of each kind of key that evidence has."""
    p256, p384 = ec.ECDSA(hashes.SHA256()), ec.ECDSA(hashes.SHA384())
    small = ec.generate_private_key(ec.SECP256R1())
    large = ec.generate_private_key(ec.SECP384R1())
    edwards = ed25519.Ed25519PrivateKey.generate()
    by_small, by_large = small.sign(_MESSAGE, p256), large.sign(_MESSAGE, p384)
    by_edwards = edwards.sign(_MESSAGE)
    one, two, three = small.public_key(), large.public_key(), edwards.public_key()
    return {
        "p256": seconds_for(lambda: one.verify(by_small, _MESSAGE, p256)),
        "p384": seconds_for(lambda: two.verify(by_large, _MESSAGE, p384)),
        "ed25519": seconds_for(lambda: three.verify(by_edwards, _MESSAGE)),
    }


def reading(bundle: Path, artifact: Path) -> dict[str, float]:
    """Seconds to read one bundle, its certificate, and its artifact."""
    content = bundle.read_bytes()
    members = json.loads(content)
    material = members["verificationMaterial"]
    der = base64.b64decode(material["certificate"]["rawBytes"])
    body = base64.b64decode(material["tlogEntries"][0]["canonicalizedBody"])
    payload = base64.b64decode(members["dsseEnvelope"]["payload"])
    return {
        "files": seconds_for(lambda: (bundle.read_bytes(), _hashed(artifact))),
        "json": seconds_for(lambda: (json.loads(content), json.loads(body), json.loads(payload))),
        "certificate": seconds_for(lambda: _certificate(der)),
        "path": seconds_for(lambda: _path(body)),
    }


def _hashed(artifact: Path) -> str:
    with artifact.open("rb", buffering=0) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _certificate(der: bytes) -> tuple[object, ...]:
    found = x509.load_der_x509_certificate(der)
    return found.public_key(), list(found.extensions), found.tbs_precertificate_bytes


def _path(body: bytes) -> bytes:
    current = hashlib.sha256(b"\0" + body).digest()
    for _ in range(10):
        current = hashlib.sha256(b"\1" + current + current).digest()
    return current


def limit(figures: dict[str, float], files: int, leaves: int) -> float:
    """Seconds of a batch of envelopes logged in Rekor v1, on one processor.

    A file needs three signatures on P-256: the log's promise, its checkpoint, the envelope's. A
    certificate needs one on P-384, of its authority, and one on P-256, of the log that promised it.
    """
    file = 3 * figures["p256"] + figures["files"] + figures["json"] + figures["path"]
    leaf = figures["p384"] + figures["p256"] + figures["certificate"]
    return files * file + leaves * leaf


def main(folder: str, files_per_leaf: str, processors: str) -> None:
    """Print the figures and the limit as JSON."""
    artifacts = sorted((Path(folder) / "files").glob("*.whl"))
    first = artifacts[0]
    figures = signatures() | reading(first.with_name(f"{first.name}.sigstore.json"), first)
    leaves = -(-len(artifacts) // int(files_per_leaf))
    seconds = limit(figures, len(artifacts), leaves) / int(processors)
    json.dump({"limit": seconds, "seconds": figures}, sys.stdout)


def limit_in(output: str) -> float:
    """The limit in what `main` printed, seconds."""
    found: dict[str, Any] = json.loads(output)
    return float(found["limit"])


if __name__ == "__main__":
    main(*sys.argv[1:])
