"""Facts of a package whose publisher is pinned, and what is pinned of it."""

from datetime import UTC, datetime
from typing import Any

from sealane.core.attestation.predicates.provenance import PREDICATE as SLSA
from sealane.core.attestation.predicates.publish import PUBLISH_V1 as PUBLISH
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement, Subject
from sealane.core.policy.pins import EvidencePin, LogKind, Pin, Pins, Signer
from support.histories import GITLAB, Pipeline

AT = datetime(2026, 6, 1, 12, tzinfo=UTC)
PURL = "pkg:pypi/acme"
DIGEST = Digest("sha256", "a" * 64)
CI = Signer(
    "https://gitlab.com", project="https://gitlab.com/group/acme", project_id="4711",
    owner_id="42", config=".gitlab-ci.yml", refs=("refs/tags/v{pep440}",),
    runner="gitlab-hosted", signs=("publish", "slsa-provenance"),
)  # fmt: skip
EVIDENCE = (
    EvidencePin("publish", "1.0", LogKind.V1),
    EvidencePin("slsa-provenance", "1.0", LogKind.V1),
)
PIN = Pin(PURL, (CI,), EVIDENCE)
PINS = Pins((PIN,), "sealane.pins.toml", "c" * 64)


def wheel(version: str | None = "1.1", package: str = "acme") -> Artifact:
    """An artifact; without a version its name tells no package either."""
    if version is None:
        return Artifact("acme.bin", (DIGEST,), 7)
    name = f"{package}-{version}-py3-none-any.whl"
    return Artifact(name, (DIGEST,), 7, f"pkg:pypi/{package}@{version}", version)


def fact(
    kind: str | None = SLSA,
    by: Pipeline | Identity = GITLAB,
    version: str = "1.1",
    *,
    generation: int = 1,
    logged: bool = True,
    at: datetime | None = AT,
    artifact: Artifact | None = None,
) -> Fact:
    """Something proven.

    Args:
        kind: Type of the statement; None for a signature over the file itself.
        by: Who signed.
        version: Of which version.
        generation: Of the log.
        logged: Whether it is in one.
        at: When it was signed.
        artifact: What it is about; the wheel of the version where none is given.
    """
    signer = identity(by.claims(version)) if isinstance(by, Pipeline) else by
    statement = None if kind is None else Statement((Subject((DIGEST,)),), kind, {}, "b" * 64)
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", f"{kind} by {signer.subject}")
    return Fact(
        artifact or wheel(version), statement, signer, at, "root", evidence,
        log_index=5 if logged else None, log_generation=generation,
    )  # fmt: skip


def facts(version: str = "1.1", by: Pipeline | Identity = GITLAB, **more: Any) -> tuple[Fact, ...]:  # noqa: ANN401
    """Provenance and a publish statement, as `fact` makes them."""
    return tuple(fact(kind, by, version, **more) for kind in (SLSA, PUBLISH))


def identity(claims: Any) -> Identity:  # noqa: ANN401 - a mapping of claims
    """Whoever has these claims; the subject is who signed."""
    said = dict(claims)
    return Identity(said[8], said[9], tuple(sorted(said.items())))


ANN = Identity("https://login.example.org", "ann@example.org", ((8, "https://login.example.org"),))
