"""How a bundle is to be made."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from support.maker.content import ARTIFACT, PAYLOAD_TYPE
from support.maker.keys import PrivateKey
from support.maker.leaf import Leaf

# Depth 10: a proof of ten hashes, as long as a tree of 1024 entries is high.
SIZE = 1024


@dataclass(frozen=True, slots=True)
class Plan:
    """What a bundle is made of; each default is what is usual today.

    Attributes:
        kind: "dsse" for an envelope, "message" for a signature over the file.
        entry: Kind and version of log entries; the usual one of the log where none is given.
        version: 1, 2 or 3 for 0.1 to 0.3.
        log: "v1", "v2", or several, or none of them.
        content: The file.
        statement: What the envelope says; a statement about the file where it is not given.
        payload_type: Type of the payload.
        algorithm: Hash that is signed; the usual one of the key where none is given.
        pss: Whether an RSA key pads with PSS.
        identity: Who signs, for a new certificate.
        at: When; at the world's time where it is not said.
        leaf: Certificate and key to sign with; a new one where neither this nor a managed key is
            given.
        managed: Key to sign with, in place of a certificate.
        hint: What the bundle says of that key.
        chain: Certificates in the chain of a version below 0.3, leaf included.
        timestamps: How many; by default one where a certificate signs and no log tells the time.
        promise: Whether logs promise; those of the first generation do by default.
        proof: Whether there is an inclusion proof.
        size: Number of entries of a log's tree.
    """

    kind: str = "dsse"
    entry: tuple[str, str] | None = None
    version: int = 3
    log: str | Sequence[str] = "v1"
    content: bytes = ARTIFACT
    statement: dict[str, Any] | bytes | None = None
    payload_type: str = PAYLOAD_TYPE
    algorithm: str = ""
    pss: bool = False
    identity: str = "gitlab"
    at: datetime | None = None
    leaf: Leaf | None = None
    managed: PrivateKey | None = None
    hint: str = ""
    chain: int = 1
    timestamps: int | None = None
    promise: bool | None = None
    proof: bool = True
    size: int = SIZE

    @property
    def logs(self) -> Sequence[str]:
        """The logs."""
        return [self.log] if isinstance(self.log, str) else self.log
