"""Good bundles to start from: one of every form that is read, and those that others made."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sealane.core.attestation.mentions import bundles_in
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.verify.check import SealaneEngine
from sealane.core.verify.interface import Demands
from sealane.core.verify.keys import TrustedKey, spki_of
from sealane.core.verify.root import parse_root
from sealane.io.adapters.sigstore_check import SigstoreEngine
from support.maker.bodies import HASHEDREKORD_2, INTOTO
from support.maker.content import ARTIFACT, NAME
from support.maker.keys import key_named
from support.maker.world import World
from support.pack import CASES, Case, artifact_of, evidence_of, keys_of
from support.vectors import PACK

Json = dict[str, Any]
WORLD = World()
MANAGED = key_named("good", "p256")
FORMS: Mapping[str, Mapping[str, Any]] = {
    "envelope": {},
    "file": {"kind": "message"},
    "envelope-in-intoto": {"entry": INTOTO},
    "envelope-in-hashedrekord-2": {"entry": HASHEDREKORD_2},
    "version-0.1": {"version": 1},
    "version-0.1-promise-alone": {"version": 1, "proof": False},
    "version-0.1-file-whole-chain": {"version": 1, "kind": "message", "chain": 3},
    "version-0.2": {"version": 2, "chain": 2},
    "promise-and-time-stamp": {"timestamps": 1},
    "two-time-stamps": {"log": "v2", "timestamps": 2},
    "second-log": {"log": "v2"},
    "second-log-file": {"log": "v2", "kind": "message"},
    "both-logs": {"log": ("v1", "v2")},
    "one-entry-tree": {"size": 1},
    "uneven-tree": {"size": 1025, "kind": "message"},
    "github": {"identity": "github"},
    "email": {"identity": "email", "kind": "message"},
    "managed-key": {"managed": MANAGED},
    "managed-key-file": {"managed": MANAGED, "kind": "message", "log": "v2"},
}
LARGER = "larger-key"
TWICE_PROMISED = "two-promises"


@dataclass(frozen=True)
class Good:
    """A bundle that is accepted, and what it is judged by.

    Attributes:
        name: Which one.
        document: The bundle.
        artifact: What it is about.
        root: The trust root, JSON.
        keys: Managed keys that are trusted.
        demands: What has to hold: what is usual, but for bundles whose log only promised.
    """

    name: str
    document: Json
    artifact: Artifact
    root: bytes
    keys: tuple[TrustedKey, ...]
    demands: Demands

    @property
    def content(self) -> bytes:
        """The bundle, JSON."""
        return json.dumps(self.document).encode()

    @property
    def own(self) -> SealaneEngine:
        """Our engine."""
        return SealaneEngine(parse_root(self.root), self.keys, self.demands)

    @property
    def second(self) -> SigstoreEngine:
        """The other one."""
        return SigstoreEngine(self.root)


@cache
def made() -> tuple[Good, ...]:
    """One bundle of every form, made in this process."""
    larger = WORLD.leaf(key=key_named("good larger", "p384"))
    promised = WORLD.leaf(cts=("ct", "ct2"))
    plans: dict[str, Mapping[str, Any]] = {
        **FORMS,
        LARGER: {"leaf": larger},
        TWICE_PROMISED: {"leaf": promised},
    }
    return tuple(_made(name, plan) for name, plan in plans.items())


@cache
def real() -> tuple[Good, ...]:
    """Those of the pack that a correct verifier accepts; none where there is no pack."""
    return tuple(good_of(case) for case in CASES.values() if case["expect"] == "accept")


def good_of(case: Case) -> Good:
    """A case of the pack; its first bundle where it holds several."""
    (content, _), *_ = bundles_in(evidence_of(case))
    root = (PACK / case["trust_root"]).read_bytes()
    return _judged(case["id"], json.loads(content), artifact_of(case), root, keys_of(case))


def _made(name: str, plan: Mapping[str, Any]) -> Good:
    digests = (Digest(one, hashlib.new(one, ARTIFACT).hexdigest()) for one in ("sha256", "sha384"))
    artifact = Artifact(NAME, tuple(digests), len(ARTIFACT))
    keys = (TrustedKey("good", spki_of(MANAGED.public_key())),)
    return _judged(name, WORLD.bundle(**plan), artifact, WORLD.root_json(), keys)


def _judged(
    name: str, document: Json, artifact: Artifact, root: bytes, keys: tuple[TrustedKey, ...]
) -> Good:
    entries = document["verificationMaterial"].get("tlogEntries") or [{}]
    # The usual demands, so that a proof that was taken away is missed.
    alone = all(one.get("inclusionProof") is None for one in entries)
    return Good(name, document, artifact, root, keys, Demands(promise_alone=alone))
