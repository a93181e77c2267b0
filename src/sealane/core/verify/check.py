"""The verifier of our own: proves one bundle against one trust root, step by step.

1. form       The bundle can be read, and has what its version and the policy demand.
2. (root)     Trust material counts only for its own window: each later step asks for it.
3. times      What is proven of when it was signed: time-stamps, and the log's own time.
4. chain      An authority of the trust root issued the certificate, valid at every such time;
              or, for a managed key, one of the trusted keys signed (managed).
5. sct        Logs of certificates promised to log it.
6. log        Logs of signatures hold the entries: promise, inclusion proof, checkpoint.
7. signature  The key signed the envelope, or this very file.
8. body       The log entries are about this signature, key and content.

Then `about` asks whether the statement in it is about the artifact (9). None of the steps can be
left out, and each raises where it does not hold; who signed is judged by the policy alone.

Spec: Sigstore client specification, "Verification".
"""

from __future__ import annotations

from collections.abc import Sequence

from sealane.core.attestation.bundle import Bundle, Envelope
from sealane.core.model.artifact import Artifact
from sealane.core.model.identity import Identity
from sealane.core.verify.body import Signed, check_body
from sealane.core.verify.chain import check_chain_at
from sealane.core.verify.form import read_bundle
from sealane.core.verify.interface import Demands, Proven
from sealane.core.verify.keys import TrustedKey
from sealane.core.verify.leaf import Leaves
from sealane.core.verify.log import check_entries
from sealane.core.verify.managed import signing_key
from sealane.core.verify.root import TrustRoot
from sealane.core.verify.sct import check_promises_at
from sealane.core.verify.signature import check_signature
from sealane.core.verify.times import Times, establish_times

# What only Rekor v2 writes; "intoto" 0.0.2 is of the first generation.
_SECOND = ("hashedrekord", "0.0.2")


class SealaneEngine:
    """Proves bundles; nothing but facts about exact bytes is kept from one to the next.

    Args:
        root: What is trusted.
        keys: Managed keys that are trusted.
        demands: How much proof material has to hold.
    """

    name = "sealane"

    def __init__(
        self,
        root: TrustRoot,
        keys: Sequence[TrustedKey] = (),
        demands: Demands = Demands(),  # noqa: B008 - frozen
    ) -> None:
        self._root = root
        self._keys = tuple(keys)
        self._demands = demands
        self._leaves = Leaves(root)

    def prove(self, bundle: bytes, artifact: Artifact) -> Proven:
        """What a bundle proves.

        Args:
            bundle: A Sigstore bundle as JSON.
            artifact: What a signature over the file itself must be over.

        Raises:
            VerificationError: One of the steps does not hold.
        """
        parsed = read_bundle(bundle, self._demands)  # 1
        times = establish_times(parsed, self._root, self._demands)  # 2, 3
        if parsed.certificates:
            return self._prove_certified(parsed, times, artifact)
        return self._prove_managed(parsed, times, artifact)

    def _prove_certified(self, bundle: Bundle, times: Times, artifact: Artifact) -> Proven:
        leaf = self._leaves.read(bundle.certificates[0])
        check_chain_at(leaf.certificate, leaf.issuers, times.moments)  # 4
        check_promises_at(leaf.promised_by, self._demands.scts, times.moments)  # 5
        index = check_entries(bundle, self._root.logs, times.moments, self._demands)  # 6
        check_signature(bundle, leaf.key, artifact)  # 7
        signed = Signed(bundle, leaf.key, bundle.certificates[0], artifact)
        return _proven(signed, leaf.identity, times, index, leaf.digest)  # 8

    def _prove_managed(self, bundle: Bundle, times: Times, artifact: Artifact) -> Proven:
        key = signing_key(bundle, self._keys, times.moments, artifact)  # 4, 7
        index = check_entries(bundle, self._root.logs, times.moments, self._demands)  # 6
        signed = Signed(bundle, key, b"", artifact)
        return _proven(signed, key.identity, times, index, "")  # 8


def _proven(
    signed: Signed, signer: Identity, times: Times, index: int | None, certificate: str
) -> Proven:
    for entry in signed.bundle.entries:
        check_body(entry, signed)
    content = signed.bundle.content
    envelope = content if isinstance(content, Envelope) else None
    return Proven(
        signer=signer,
        payload_type=envelope.payload_type if envelope else None,
        payload=envelope.payload if envelope else None,
        signed_at=times.signed_at,
        log_index=index,
        certificate=certificate,
        notes=times.notes,
        log_generation=_generation(signed.bundle),
    )


def _generation(bundle: Bundle) -> int:
    """Which generation of logs the first entry is of; its kind has been compared with its body."""
    if not bundle.entries:
        return 0
    return 2 if bundle.entries[0].kind == _SECOND else 1
