"""Made bundles before the verifier: how they are changed, and what it says."""

import base64
import copy
import hashlib
import json
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands, Proven
from sealane.core.verify.keys import ALWAYS, TrustedKey, Window
from sealane.core.verify.reason import Reason
from sealane.core.verify.root import parse_root
from sealane.errors import VerificationError
from sealane.sandbox.pki import spki
from support.maker.content import ARTIFACT, NAME
from support.maker.keys import PrivateKey
from support.maker.world import World

Json = dict[str, Any]
WORLD = World()
SECOND = timedelta(seconds=1)
DEFAULTS = Demands()

MATERIAL = "verificationMaterial"
CERTIFICATE = f"{MATERIAL}.certificate.rawBytes"
ENTRY = f"{MATERIAL}.tlogEntries.0"
BODY = f"{ENTRY}.canonicalizedBody"
PROMISE = f"{ENTRY}.inclusionPromise.signedEntryTimestamp"
PROOF = f"{ENTRY}.inclusionProof"
CHECKPOINT = f"{PROOF}.checkpoint.envelope"
STAMP = f"{MATERIAL}.timestampVerificationData.rfc3161Timestamps.0.signedTimestamp"
PAYLOAD = "dsseEnvelope.payload"
SIGNATURE = "dsseEnvelope.signatures.0.sig"


def artifact_of(content: bytes = ARTIFACT, *algorithms: str) -> Artifact:
    """A file by its content; by all digests where none is named."""
    names = algorithms or ("sha256", "sha384", "sha512")
    digests = tuple(Digest(name, hashlib.new(name, content).hexdigest()) for name in names)
    return Artifact(NAME, digests, len(content))


FILE = artifact_of()


def trusted(key: PrivateKey, window: Window = ALWAYS, details: str = "") -> TrustedKey:
    """A managed key that is trusted."""
    return TrustedKey("release key", spki(key.public_key()), details, window)


def engine_of(
    world: World = WORLD,
    *,
    root: Json | None = None,
    keys: Sequence[TrustedKey] = (),
    demands: Demands = DEFAULTS,
) -> SealaneEngine:
    """The engine for a world, or for a root that was changed."""
    content = world.root_json() if root is None else json.dumps(root).encode()
    return SealaneEngine(parse_root(content), keys, demands)


ENGINE = engine_of()


def prove(bundle: Json, engine: SealaneEngine = ENGINE, artifact: Artifact = FILE) -> Proven:
    """What the engine proves of a bundle."""
    return engine.prove(json.dumps(bundle).encode(), artifact)


def reason_of(
    bundle: Json | bytes, engine: SealaneEngine = ENGINE, artifact: Artifact = FILE
) -> Reason:
    """Why the engine refuses a bundle; an assertion fails if it does not."""
    content = bundle if isinstance(bundle, bytes) else json.dumps(bundle).encode()
    with pytest.raises(VerificationError) as raised:
        engine.prove(content, artifact)
    assert raised.value.message
    return Reason(raised.value.code)


def edited(bundle: Json, path: str, change: Any) -> Json:  # noqa: ANN401 - JSON, or a function
    """A copy in which the member at a dotted path is another one.

    Args:
        bundle: What is copied.
        path: Names and positions, e.g. "a.0.b".
        change: The new value, or what makes it of the old one.
    """
    made = copy.deepcopy(bundle)
    place, last = _place(made, path)
    place[last] = change(place[last]) if callable(change) else change
    return made


def without(bundle: Json, path: str) -> Json:
    """A copy that lacks the member at a dotted path."""
    made = copy.deepcopy(bundle)
    place, last = _place(made, path)
    del place[last]
    return made


def at(bundle: Json, path: str) -> Any:  # noqa: ANN401 - JSON
    """The member at a dotted path."""
    place, last = _place(bundle, path)
    return place[last]


def flipped(bit: int = 0) -> Callable[[str], str]:
    """What flips one bit of bytes in base64; negative numbers count from the end."""

    def flip(text: str) -> str:
        content = bytearray(base64.b64decode(text))
        number = bit % (8 * len(content))
        content[number // 8] ^= 1 << number % 8
        return base64.b64encode(content).decode()

    return flip


def added(number: int) -> Callable[[str], str]:
    """What adds to a whole number in text."""
    return lambda text: str(int(text) + number)


def raw(bundle: Json, path: str) -> bytes:
    """The bytes at a dotted path."""
    return base64.b64decode(at(bundle, path))


def _place(document: Any, path: str) -> tuple[Any, Any]:  # noqa: ANN401 - JSON
    *above, last = [int(name) if name.isdigit() else name for name in path.split(".")]
    for name in above:
        document = document[name]
    return document, last
