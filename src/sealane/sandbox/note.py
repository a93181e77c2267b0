"""Signed notes: the checkpoint in which a log commits to its size and root."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

_ED25519 = b"\x01"


def note_key_id(name: str, key: ed25519.Ed25519PublicKey) -> bytes:
    """What a signed note calls an Ed25519 key; its first 4 bytes are the key hint.

    Returns:
        SHA-256(name ‖ LF ‖ 01 ‖ key), all 32 bytes: the id of a log of Rekor v2.

    Spec: C2SP signed-note, "Signature types".
    """
    raw = key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + raw).digest()


@dataclass(frozen=True, slots=True)
class NoteSigner:
    """Who signs a checkpoint.

    Attributes:
        origin: First line of the text: which tree this is.
        name: Name of the signature; no blanks, no plus sign.
        key_hint: First 4 bytes of the key's id.
        sign: Gives the signature of the text.
    """

    origin: str
    name: str
    key_hint: bytes
    sign: Callable[[bytes], bytes]

    def checkpoint(self, size: int, root: bytes) -> str:
        """A signed note over a tree's size and root hash.

        Spec: C2SP tlog-checkpoint and signed-note.
        """
        text = f"{self.origin}\n{size}\n{base64.b64encode(root).decode()}\n"
        signature = self.key_hint + self.sign(text.encode())
        return f"{text}\n\N{EM DASH} {self.name} {base64.b64encode(signature).decode()}\n"
