"""Logs of signatures, of both generations: promises, inclusion proofs, signed checkpoints."""

import json
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ed25519

from sealane.sandbox.note import NoteSigner, note_key_id
from sealane.sandbox.pki import key_id
from support.maker.bodies import b64
from support.maker.keys import PrivateKey, sign
from support.maker.tree import Proof, placed

Json = dict[str, Any]
_OF_SHARDS_BEFORE = 4000


@dataclass(frozen=True, slots=True)
class Log:
    """A log of signatures.

    Attributes:
        name: What its checkpoints are signed as.
        key: ECDSA for the first generation, Ed25519 for the second.
    """

    name: str
    key: PrivateKey

    @property
    def second(self) -> bool:
        """Whether it is of the second generation, which tells no times."""
        return isinstance(self.key, ed25519.Ed25519PrivateKey)

    @property
    def log_id(self) -> bytes:
        """How evidence names it."""
        public = self.key.public_key()
        if isinstance(public, ed25519.Ed25519PublicKey):
            return note_key_id(self.name, public)
        return key_id(public)

    @property
    def origin(self) -> str:
        """First line of its checkpoints; the first generation adds the number of the tree."""
        tree = int.from_bytes(self.log_id[:8], "big") >> 1
        return self.name if self.second else f"{self.name} - {tree}"

    def checkpoint(self, size: int, root: bytes) -> str:
        """A signed note over a tree."""
        return self.noted().checkpoint(size, root)

    def noted(self) -> NoteSigner:
        """Who signs its checkpoints."""
        return NoteSigner(
            self.origin, self.name, self.log_id[:4], lambda text: sign(self.key, text)
        )

    def promise(self, body: bytes, at: datetime, index: int) -> bytes:
        """The signed entry timestamp: the canonical JSON of what is promised, signed."""
        promised = {
            "body": b64(body),
            "integratedTime": int(at.timestamp()),
            "logID": self.log_id.hex(),
            "logIndex": index,
        }
        return sign(self.key, json.dumps(promised, separators=(",", ":")).encode())

    def proof(self, body: bytes, size: int) -> Proof:
        """Somewhere in a tree of some size."""
        return placed(body, secrets.randbelow(size), size)


def entry_of(
    log: Log,
    kind: tuple[str, str],
    body: bytes,
    at: datetime,
    *,
    size: int,
    promise: bool,
    proof: bool,
) -> Json:
    """A log entry as bundles have it: ProtoJSON, whole numbers as text.

    Args:
        log: Which log.
        kind: Kind and version of the body.
        body: The body.
        at: When it was logged; a log of the second generation does not say it.
        size: Number of entries of the tree.
        promise: Whether there is a signed entry timestamp.
        proof: Whether there is an inclusion proof with a checkpoint.
    """
    found = log.proof(body, size)
    # A log of the first generation counts over all its shards, but a proof within one.
    index = found.index if log.second else found.index + _OF_SHARDS_BEFORE
    entry: Json = {
        "logIndex": str(index),
        "logId": {"keyId": b64(log.log_id)},
        "kindVersion": {"kind": kind[0], "version": kind[1]},
        "canonicalizedBody": b64(body),
    }
    if promise:
        entry["integratedTime"] = str(int(at.timestamp()))
        promised = b64(log.promise(body, at, index))
        entry["inclusionPromise"] = {"signedEntryTimestamp": promised}
    if proof:
        entry["inclusionProof"] = proof_of(log, found)
    return entry


def proof_of(log: Log, proof: Proof) -> Json:
    """An inclusion proof with its checkpoint."""
    return {
        "logIndex": str(proof.index),
        "rootHash": b64(proof.root),
        "treeSize": str(proof.size),
        "hashes": [b64(one) for one in proof.hashes],
        "checkpoint": {"envelope": log.checkpoint(proof.size, proof.root)},
    }
