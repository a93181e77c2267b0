"""Evidence made in a sandbox: real certificates, log entries and signatures for any file."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from sealane.core.attestation.pep740 import attestation_from_bundle
from sealane.core.attestation.predicates.publish import PUBLISH_V1
from sealane.io.adapters.secret import Secret
from sealane.io.adapters.sigstore_sign import open_signer
from sealane.sandbox.running import Running

WHEEL = "hello_lane-1.2.3-py3-none-any.whl"
PROJECT = "acme/hello-lane"
PUBLISHER = f"gitlab:{PROJECT}"


def statement(
    content: bytes,
    name: str = WHEEL,
    predicate_type: str = PUBLISH_V1,
    predicate: object = None,
    more: tuple[dict[str, object], ...] = (),
) -> bytes:
    """An in-toto statement about some bytes."""
    subject = {"name": name, "digest": {"sha256": hashlib.sha256(content).hexdigest()}}
    document = {
        "_type": "https://in-toto.io/Statement/v1",
        "subject": [subject, *more],
        "predicateType": predicate_type,
        "predicate": predicate,
    }
    return json.dumps(document).encode()


@dataclass(frozen=True)
class Signer:
    """Signs in a sandbox, as whoever a test wants."""

    running: Running

    def bundle(self, document: bytes, kind: str = "gitlab", **claims: object) -> bytes:
        """A Sigstore bundle over a statement."""
        wanted: dict[str, object] = {"project": PROJECT, "ref": "v1.2.3", **claims}
        token = Secret(self.running.mint(kind, "sigstore", **wanted))
        config = (self.running.directory / "trust_config.json").read_bytes()
        return open_signer(trust_config=config, token=token).sign(document)

    def attested(
        self, folder: Path, name: str = WHEEL, content: bytes = b"a wheel", **claims: object
    ) -> Path:
        """A file with a publish attestation beside it."""
        path = folder / name
        path.write_bytes(content)
        bundle = self.bundle(statement(content, name), "gitlab", **claims)
        beside(path).write_bytes(attestation_from_bundle(bundle))
        return path


def beside(path: Path, suffix: str = ".publish.attestation") -> Path:
    """Where the evidence about a file lies."""
    return path.with_name(path.name + suffix)


def provenance(*attestations: bytes) -> bytes:
    """A provenance object, as an index serves it."""
    publisher = {"kind": "GitLab", "repository": "somebody/else", "workflow_filepath": "x.yml"}
    listed = [json.loads(one) for one in attestations]
    bundles = [{"publisher": publisher, "attestations": listed}]
    return json.dumps({"version": 1, "attestation_bundles": bundles}).encode()
