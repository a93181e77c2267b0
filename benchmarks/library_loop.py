"""The peer of a batch: a loop over the `sigstore` library, one verifier for all files.

    python library_loop.py FOLDER ROOT IDENTITY ISSUER KIND

It answers what sealane answers: each artifact in the folder has evidence beside it, signed by that
identity, about this very file. It prints how many are, and how many are not.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path

from sigstore.errors import VerificationError
from sigstore.models import Bundle, TrustedRoot
from sigstore.verify import Verifier, policy


def main(folder: str, root: str, subject: str, issuer: str, kind: str) -> None:
    """Print `PASSED FAILED`."""
    verifier = Verifier(trusted_root=TrustedRoot.from_file(root))
    identity = policy.Identity(identity=subject, issuer=issuer)
    holds = _holds_message if kind == "message" else _holds_envelope
    counts = {True: 0, False: 0}
    for artifact in sorted(Path(folder).glob("*.whl")):
        counts[holds(verifier, artifact, identity)] += 1
    print(counts[True], counts[False])


def _holds_message(verifier: Verifier, artifact: Path, identity: policy.Identity) -> bool:
    try:
        verifier.verify_artifact(artifact.read_bytes(), _bundle(artifact), identity)
    except VerificationError:
        return False
    return True


def _holds_envelope(verifier: Verifier, artifact: Path, identity: policy.Identity) -> bool:
    try:
        _, payload = verifier.verify_dsse(_bundle(artifact), identity)
    except VerificationError:
        return False
    with artifact.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return any(one["digest"]["sha256"] == digest for one in json.loads(payload)["subject"])


def _bundle(artifact: Path) -> Bundle:
    hosted = artifact.with_name(f"{artifact.name}.publish.attestation")
    if hosted.exists():
        from pypi_attestations import Attestation

        return Attestation.model_validate_json(hosted.read_bytes()).to_bundle()
    return Bundle.from_json(artifact.with_name(f"{artifact.name}.sigstore.json").read_bytes())


if __name__ == "__main__":
    main(*sys.argv[1:])
