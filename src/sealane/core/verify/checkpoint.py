"""Step 6b: the signed note in which a log committed to its size and root.

Spec: C2SP tlog-checkpoint and signed-note; Rekor v1 writes the same with further lines.
"""

from __future__ import annotations

import binascii
import re

from cryptography.exceptions import InvalidSignature

from sealane.core.model.values import dataclass
from sealane.core.verify.keys import TrustedKey, verify_message
from sealane.core.verify.reason import Reason, refusal
from sealane.errors import InputError, VerificationError

_SIZE = re.compile(r"0|[1-9][0-9]{0,18}")
_SIGNATURE = re.compile("\N{EM DASH} ([^ +\n]{1,200}) ([A-Za-z0-9+/=]{8,2000})")
_MOST_SIGNATURES = 32
_HINT = 4
_ROOT = 32


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log committed to.

    Attributes:
        origin: Which tree, in the log's words.
        size: Number of entries.
        root: Root hash, 32 bytes.
        text: What is signed.
        signatures: (name, key hint, signature) of each line; witnesses may have signed too.
    """

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]


def parse_checkpoint(note: str) -> Checkpoint:
    """Read a checkpoint; nothing in it is proven.

    Raises:
        InputError: It is none.
    """
    text, separator, tail = note.partition("\n\n")
    lines = text.split("\n")
    if not separator or len(lines) < 3 or not tail.endswith("\n"):
        raise InputError("checkpoint: expected three lines, a blank one, and signatures")
    origin, size, encoded = lines[:3]
    if not origin or not _SIZE.fullmatch(size):
        raise InputError("checkpoint: expected an origin and a size")
    root = _decoded(encoded)
    if len(root) != _ROOT:
        raise InputError(f"checkpoint: expected a root hash of {_ROOT} bytes, got {len(root)}")
    try:
        signed = f"{text}\n".encode()
    except UnicodeEncodeError as error:
        raise InputError("checkpoint: not text that can be encoded") from error
    found = tail[:-1].split("\n")
    if len(found) > _MOST_SIGNATURES:
        raise InputError(f"checkpoint: more than {_MOST_SIGNATURES} signatures")
    signatures = tuple(_signature(line) for line in found)
    return Checkpoint(origin, int(size), root, signed, signatures)


def check_signed(checkpoint: Checkpoint, log_id: bytes, key: TrustedKey) -> None:
    """Check that a log signed a checkpoint.

    1. A line has the hint of the log's id, and the name that the origin starts with.
    2. Its signature over the text holds.

    Raises:
        VerificationError: None has, or it does not.
    """
    for name, hint, signature in checkpoint.signatures:
        if hint != log_id[:_HINT] or not _is_of(checkpoint.origin, name):  # 1
            continue
        try:
            verify_message(key, signature, checkpoint.text)  # 2
        except (InvalidSignature, InputError) as error:
            raise _invalid(f"signed by {key.name}", "a signature that does not hold") from error
        return
    raise _invalid(f"signed by {key.name}", "by others only")


def _is_of(origin: str, name: str) -> bool:
    """Whether a name is the origin's: Rekor v1 adds the number of the tree to it."""
    return origin == name or origin.startswith(f"{name} - ")


def _signature(line: str) -> tuple[str, bytes, bytes]:
    found = _SIGNATURE.fullmatch(line)
    if found is None:
        raise InputError("checkpoint: a signature line is malformed")
    content = _decoded(found[2])
    if len(content) <= _HINT:
        raise InputError("checkpoint: a signature is too short")
    return found[1], content[:_HINT], content[_HINT:]


def _decoded(text: str) -> bytes:
    try:
        return binascii.a2b_base64(text, strict_mode=True)
    except ValueError as error:
        raise InputError("checkpoint: not base64") from error


def _invalid(expected: str, actual: str) -> VerificationError:
    message = "the log did not sign the checkpoint"
    return refusal(Reason.CHECKPOINT_INVALID, message, expected=expected, actual=actual)
