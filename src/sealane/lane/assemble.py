"""What attest signs: statements made of plan, records and files; nothing is read here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sealane.core.attestation.predicates import provenance, publish
from sealane.core.attestation.predicates.provenance import Provenance, Resource
from sealane.core.attestation.predicates.release_manifest import (
    STATEMENT,
    ManifestArtifact,
    ManifestAttestation,
    ManifestChannel,
    ManifestInput,
    ManifestPackage,
    ReleaseManifest,
)
from sealane.core.model.artifact import Digest
from sealane.core.model.chain import canonical
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.release.project import Forge, Project
from sealane.core.release.record import BuildRecord
from sealane.core.release.version import VersionForm, parse_version
from sealane.lane.plan import Plan
from sealane.lane.publisher import builder_id, invocation

# The middle of the name is free; clients pick up whatever ends in ".attestation".
SUFFIXES = {publish.PREDICATE: ".publish.attestation", provenance.PREDICATE: ".slsa.attestation"}
_HOSTED = ("gitlab-hosted", "github-hosted")


@dataclass(frozen=True, slots=True)
class Made:
    """Everything that was made before attest.

    Attributes:
        plan: What is released.
        project: The configuration.
        records: Records of both builds.
        artifacts: The frozen files.
        locks: Hash-locked requirements with their digests.
        inputs: Plan, audit, records, comparison, with their digests.
        tools: (name, version) of what runs now.
        claims: What the identity token says of this job; the certificate will prove it.
    """

    plan: Plan
    project: Project
    records: tuple[BuildRecord, BuildRecord]
    artifacts: tuple[ManifestArtifact, ...]
    locks: tuple[ManifestInput, ...]
    inputs: tuple[ManifestInput, ...]
    tools: tuple[tuple[str, str], ...]
    claims: Mapping[str, object]


def publish_statement(artifact: ManifestArtifact) -> bytes:
    """The PEP 740 publish attestation of one file, unsigned: it promises nothing but its subject.

    Spec: PyPA specifications, index-hosted attestations.
    """
    return _statement(artifact, publish.PREDICATE, {})


def provenance_statement(artifact: ManifestArtifact, made: Made) -> bytes:
    """The SLSA provenance of one file, unsigned."""
    predicate = provenance.render_provenance(provenance_of(made))
    return _statement(artifact, provenance.PREDICATE, predicate)


def _statement(
    artifact: ManifestArtifact, predicate_type: str, predicate: dict[str, JsonValue]
) -> bytes:
    # Exactly one subject, named as the file: indexes compare both.
    subject: JsonValue = {"name": artifact.name, "digest": {"sha256": artifact.sha256}}
    return canonical(
        {
            "_type": STATEMENT,
            "subject": [subject],
            "predicateType": predicate_type,
            "predicate": predicate,
        }
    )


def provenance_of(made: Made) -> Provenance:
    """How the files were built; the same for all files of a release."""
    plan, first = made.plan, made.records[0]
    source = f"git+{_repository(made.project.forge)}@refs/tags/{plan.tag}"
    return Provenance(
        build_type=provenance.BUILD_TYPE,
        external={
            "source": source,
            "tag": plan.tag,
            "configuration": made.project.digest,
            "packages": [f"{one.name}=={one.version}" for one in plan.releases],
        },
        internal={
            "isolation": isolation_of(made.records),
            "sourceDateEpoch": plan.epoch,
            "python": first.python,
            "platform": first.platform,
            "sandbox": plan.sandbox,
        },
        dependencies=(
            Resource("source", source, (Digest("gitCommit", plan.commit),)),
            *(Resource(one.name, "", (Digest("sha256", one.sha256),)) for one in made.locks),
        ),
        builder=builder_id(made.claims),
        invocation=invocation(made.claims),
        byproducts=tuple(
            Resource(one.name, "", (Digest("sha256", one.sha256),)) for one in made.inputs
        ),
    )


def manifest_of_release(made: Made, attestations: Sequence[ManifestAttestation]) -> ReleaseManifest:
    """The release manifest, unsigned."""
    plan, channels = made.plan, {one.name: one for one in made.project.channels}
    level, reason = slsa_level(made)
    return ReleaseManifest(
        project=plan.project,
        packages=tuple(_package(one.name, one.version) for one in plan.releases),
        tag=plan.tag,
        tag_object=plan.tag_object,
        commit=plan.commit,
        tree=plan.tree,
        epoch=plan.epoch,
        configuration=plan.configuration,
        changelog=plan.changelog,
        locks=made.locks,
        records=made.inputs,
        isolation=isolation_of(made.records),
        artifacts=made.artifacts,
        attestations=tuple(attestations),
        channels=tuple(
            ManifestChannel(name, channels[name].kind.value, channels[name].repository)
            for name in plan.channels
        ),
        sandbox=plan.sandbox,
        tools=made.tools,
        slsa_level=level,
        slsa_reason=reason,
    )


def isolation_of(records: Sequence[BuildRecord]) -> str:
    """How both builds were isolated; "none" as soon as one was not."""
    levels = {record.isolation for record in records}
    return levels.pop() if len(levels) == 1 else "none"


def slsa_level(made: Made) -> tuple[int, str]:
    """The SLSA Build level that can honestly be claimed, and why not a higher one."""
    if made.plan.sandbox:
        return 0, "a rehearsal; nothing was built on a hosted platform"
    if made.claims.get("runner_environment") not in _HOSTED:
        return 1, "the runner is not one that the forge hosts"
    return 2, (
        "signed by a job of the project's own pipeline; level 3 needs a builder that the project "
        "cannot change"
    )


def _package(name: str, version: str) -> ManifestPackage:
    return ManifestPackage(name, version, parse_version(version, VersionForm.PEP440).semver or "")


def _repository(forge: Forge) -> str:
    return f"https://{forge.host}/{forge.project}"
