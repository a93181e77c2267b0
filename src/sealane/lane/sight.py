"""Looks at a channel: which bytes it shows under a name, and whether their provenance holds."""

from __future__ import annotations

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    parse_sdist_filename,
    parse_wheel_filename,
)

from sealane.core.attestation.predicates.release_manifest import ManifestArtifact, ReleaseManifest
from sealane.core.model.evidence import Evidence, EvidenceForm
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.channels.interface import ChannelClient, ShownFile
from sealane.lane.judge import Judge
from sealane.lane.resume import Proof, Sight


@dataclass(frozen=True, slots=True)
class Eyes:
    """Looks at one channel, and lets a judge say what its provenance is worth.

    Attributes:
        client: The channel.
        judge: Applies the policy.
        manifest: The proven manifest.
    """

    client: ChannelClient
    judge: Judge
    manifest: ReleaseManifest

    def shown(self, artifact: ManifestArtifact) -> ShownFile | None:
        """What the channel shows under an artifact's name; None where it shows nothing.

        Raises:
            NetworkError: The channel does not answer as it should.
        """
        package, version = coordinates(artifact.name)
        listed = self.client.observe(package, version)
        return next((one for one in listed if one.name == artifact.name), None)

    def look(self, artifact: ManifestArtifact) -> Sight:
        """What the channel shows of an artifact now.

        Raises:
            NetworkError: The channel does not answer as it should.
        """
        shown = self.shown(artifact)
        if shown is None:
            return Sight(None)
        if shown.sha256 != artifact.sha256:
            return Sight(shown.sha256)
        return Sight(shown.sha256, self.proof(artifact, shown))

    def proof(self, artifact: ManifestArtifact, shown: ShownFile) -> Proof:
        """What the provenance shown for an artifact's own bytes is worth.

        Raises:
            NetworkError: The channel does not answer as it should.
        """
        provenance = self.client.provenance(shown)
        if provenance is None:
            return Proof.MISSING
        evidence = Evidence(EvidenceForm.PEP740_PROVENANCE, provenance, shown.provenance)
        holds = self.judge.holds(artifact, (evidence,))
        return Proof.VERIFIED if holds else Proof.UNTRUSTED


def coordinates(name: str) -> tuple[str, str]:
    """Normalised package and version of a distribution's file name.

    Raises:
        InputError: It is no wheel's and no sdist's name.
    """
    try:
        if name.endswith(".whl"):
            package, version, _, _ = parse_wheel_filename(name)
        else:
            package, version = parse_sdist_filename(name)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise InputError(f"{name[:120]!r}: {error}") from error
    return str(package), str(version)
