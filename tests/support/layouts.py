"""in-toto layouts and links, made and signed by the library's own means."""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from in_toto.models.layout import Inspection, Layout, Step  # type: ignore[import-untyped]
from in_toto.models.link import Link  # type: ignore[import-untyped]
from in_toto.models.metadata import Envelope, Metablock  # type: ignore[import-untyped]
from securesystemslib.signer import CryptoSigner

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.verify.interface import Proven
from sealane.core.verify.keys import TrustedKey, spki_of
from sealane.errors import VerificationError
from sealane.io.adapters.in_toto_check import LayoutChecker

ARTIFACT = b"foo.tar.gz, all of it"
RUN = Inspection(name="untar", run=["touch", "in-toto-was-here"])


@dataclass(frozen=True)
class Person:
    """Somebody with a key."""

    signer: Any = field(default_factory=CryptoSigner.generate_ed25519)

    @property
    def key_id(self) -> str:
        return str(self.signer.public_key.keyid)

    @property
    def key(self) -> dict[str, Any]:
        """The key as layouts list it."""
        return {**self.signer.public_key.to_dict(), "keyid": self.key_id}

    def trusted(self, details: str = "") -> TrustedKey:
        """The key as sealane trusts it."""
        public = self.key["keyval"]["public"]
        if self.key["keytype"] == "ed25519":
            loaded: object = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public))
        else:
            loaded = load_pem_public_key(public.encode())
        return TrustedKey("owner", spki_of(loaded), details)

    def sign(self, signable: object, *, dsse: bool = False) -> bytes:
        """A signed layout or link."""
        made = Envelope.from_signable(signable) if dsse else Metablock(signed=signable)
        made.create_signature(self.signer)
        return json.dumps(made.to_dict()).encode()


OWNER, WRITER, PACKER, STRANGER = Person(), Person(), Person(), Person()


def digest(content: bytes) -> dict[str, str]:
    return {"sha256": hashlib.sha256(content).hexdigest()}


def step(name: str, *people: Person, threshold: int = 1, **rules: Any) -> Step:  # noqa: ANN401
    keys = [person.key_id for person in people]
    return Step(name=name, pubkeys=keys, threshold=threshold, **rules)


WRITE = step("write-code", WRITER, expected_products=[["CREATE", "foo.py"]])
PACK = step(
    "package",
    PACKER,
    expected_command=["tar", "zcvf", "foo.tar.gz", "foo.py"],
    expected_materials=[
        ["MATCH", "foo.py", "WITH", "PRODUCTS", "FROM", "write-code"],
        ["DISALLOW", "*"],
    ],
    expected_products=[["CREATE", "foo.tar.gz"], ["ALLOW", "foo.py"], ["DISALLOW", "*"]],
)


def layout(*steps: Step, expires: str = "2100-01-01T00:00:00Z", **more: Any) -> Layout:  # noqa: ANN401
    """A layout; without steps, one that writes and packs."""
    people = more.pop("people", (WRITER, PACKER))
    keys = {person.key_id: person.key for person in people}
    return Layout(steps=list(steps or (WRITE, PACK)), keys=keys, expires=expires, **more)


def wrote(name: str = "write-code") -> Link:
    return Link(name=name, products={"foo.py": digest(b"foo")})


def packed(content: bytes = ARTIFACT, name: str = "package", **more: Any) -> Link:  # noqa: ANN401
    materials = {"foo.py": digest(b"foo")}
    return Link(name=name, materials=materials, products={"foo.tar.gz": digest(content)}, **more)


def part(
    person: Person, signable: Link, *, folder: str = "", dsse: bool = False
) -> tuple[str, bytes]:
    """A link under the name the library looks for."""
    return named(person, signable.name, signable, folder=folder, dsse=dsse)


def named(
    person: Person, name: str, signable: object, *, folder: str = "", dsse: bool = False
) -> tuple[str, bytes]:
    """A layout or link of a step under the name the library looks for."""
    return f"{folder}{name}.{person.key_id[:8]}.link", person.sign(signable, dsse=dsse)


def below(person: Person, name: str, outer: str = "") -> str:
    """The folder of the links of a step that has a layout of its own."""
    return f"{outer}{name}.{person.key_id[:8]}/"


def evidence(content: bytes, *parts: tuple[str, bytes]) -> Evidence:
    """A layout with its links."""
    return Evidence(EvidenceForm.IN_TOTO_LAYOUT, content, "root.layout", parts)


def good(*, dsse: bool = False, by: Person = OWNER) -> Evidence:
    """A layout that holds for the artifact."""
    links = part(WRITER, wrote(), dsse=dsse), part(PACKER, packed(), dsse=dsse)
    return evidence(by.sign(layout(), dsse=dsse), *links)


AT = datetime(2026, 11, 25, tzinfo=UTC)
FOO = Artifact("foo.tar.gz", (Digest("sha256", digest(ARTIFACT)["sha256"]),), len(ARTIFACT))
LINKS = (part(WRITER, wrote()), part(PACKER, packed()))


def prove(
    found: Evidence, *keys: TrustedKey, artifact: Artifact = FOO, at: datetime = AT
) -> Proven:
    """What a layout proves of the artifact; the owner is trusted unless keys are given."""
    return LayoutChecker().prove_layout(found, artifact, keys or (OWNER.trusted(),), at)


def refused(
    found: Evidence,
    match: str,
    *keys: TrustedKey,
    artifact: Artifact = FOO,
    at: datetime = AT,
) -> VerificationError:
    """The refusal of a layout that proves nothing."""
    with pytest.raises(VerificationError, match=match) as caught:
        prove(found, *keys, artifact=artifact, at=at)
    return caught.value
