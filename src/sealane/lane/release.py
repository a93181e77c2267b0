"""The signed release: what every job after attest trusts, and nothing beside it."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Sequence
from pathlib import Path

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.predicates.release_manifest import (
    ManifestArtifact,
    ReleaseManifest,
    manifest_of,
)
from sealane.core.attestation.statement import parse_statement
from sealane.core.attestation.strict_json import as_object, as_text, parse_object
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.values import dataclass
from sealane.errors import EvidenceError, InputError
from sealane.lane.folder import check_folder, read_result
from sealane.lane.work import Context, WorkFolder


@dataclass(frozen=True, slots=True)
class SignedRelease:
    """A signed manifest as it was found; proven only once a judge has accepted it.

    Attributes:
        manifest: What it says.
        id: Release id: SHA-256 of the signed payload, lower-case hex.
        evidence: The bundle, for the judge.
    """

    manifest: ReleaseManifest
    id: str
    evidence: Evidence


def parse_signed_release(bundle: bytes, origin: str) -> SignedRelease:
    """Read what a signed manifest says, before anybody has proven it.

    Raises:
        InputError: Not a Sigstore bundle with a release manifest in it.
    """
    envelope = as_object(parse_object(bundle, origin).get("dsseEnvelope"), f"{origin}: envelope")
    try:
        payload = base64.b64decode(as_text(envelope.get("payload"), f"{origin}: payload"))
    except (binascii.Error, ValueError) as error:
        raise InputError(f"{origin}: payload: not base64") from error
    if envelope.get("payloadType") != PAYLOAD_TYPE:
        raise InputError(f"{origin}: expected payload type {PAYLOAD_TYPE}")
    statement = parse_statement(PAYLOAD_TYPE, payload)
    evidence = Evidence(EvidenceForm.SIGSTORE_BUNDLE, bundle, origin)
    return SignedRelease(manifest_of(statement), statement.digest, evidence)


def load_signed_release(work: WorkFolder) -> SignedRelease:
    """The signed manifest in the work folder; not yet proven.

    Raises:
        EvidenceError: There is none.
        InputError: It cannot be read.
    """
    if not os.path.lexists(work.manifest):
        raise EvidenceError(
            f"{work.manifest}: missing",
            hint="run sealane lane attest, or declare it as an artifact of that job",
        )
    content = read_result(work.manifest, what="release manifest", stage="attest")
    try:
        return parse_signed_release(content, work.manifest.name)
    except InputError as error:
        hint = error.hint or "take the file that sealane lane attest wrote, as it wrote it"
        raise InputError(error.message, hint=hint) from error


def check_files(work: WorkFolder, manifest: ReleaseManifest) -> None:
    """Check that `dist/` and `evidence/` hold exactly what the manifest names, byte for byte.

    Raises:
        InputError: A file is missing, unknown, or another one.
    """
    check_folder(work.dist, expected_files(manifest))
    check_folder(work.evidence, expected_attestations(manifest))


def expected_files(manifest: ReleaseManifest) -> dict[str, str]:
    """SHA-256 of each artifact by its file name."""
    return {one.name: one.sha256 for one in manifest.artifacts}


def expected_attestations(manifest: ReleaseManifest) -> dict[str, str]:
    """SHA-256 of each attestation by its file name."""
    return {one.file: one.sha256 for one in manifest.attestations}


def check_tag(context: Context, manifest: ReleaseManifest) -> None:
    """Check that a manifest is of the tag this job runs for, where that is known.

    A release that was signed and published before would hold in every other respect.

    Raises:
        InputError: It is of another tag.
    """
    if context.tag is not None and manifest.tag != context.tag:
        raise InputError(
            f"release manifest: expected tag {context.tag}, got {manifest.tag}",
            hint="it was made for another release; find out how it came here",
        )


def attestation_paths(
    folder: Path, manifest: ReleaseManifest, artifact: ManifestArtifact
) -> tuple[Path, ...]:
    """The attestations of one file that go to a channel with it.

    Raises:
        InputError: There is none: they cannot be sent later.
    """
    paths = tuple(
        folder / one.file for one in manifest.attestations if one.artifact == artifact.name
    )
    if not paths:
        raise InputError(f"{artifact.name}: the manifest names no attestation of it")
    return paths


def as_evidence(contents: Sequence[bytes], artifact: str) -> tuple[Evidence, ...]:
    """PEP 740 attestations of one artifact, for the judge."""
    return tuple(
        Evidence(EvidenceForm.PEP740_ATTESTATION, content, f"attestation {number} of {artifact}")
        for number, content in enumerate(contents, start=1)
    )
