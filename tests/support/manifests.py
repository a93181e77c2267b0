"""Release manifests for a test: of files, and of what they are written to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from sealane.core.attestation.predicates.release_manifest import (
    ManifestArtifact,
    ManifestChannel,
    ManifestPackage,
    ReleaseManifest,
    render_manifest_statement,
)
from sealane.core.model.values import replace


def artifact_of(name: str, content: bytes) -> ManifestArtifact:
    """A file of a release, with all its digests."""
    return ManifestArtifact(
        name,
        len(content),
        hashlib.sha256(content).hexdigest(),
        hashlib.sha512(content).hexdigest(),
        hashlib.blake2b(content, digest_size=32).hexdigest(),
    )


def manifest_of_files(
    project: str,
    version: str,
    files: Mapping[str, bytes],
    **changes: Any,  # noqa: ANN401 - any field
) -> ReleaseManifest:
    """The manifest of one release of one package."""
    made = ReleaseManifest(
        project=project,
        packages=(ManifestPackage(project, version, ""),),
        tag=f"v{version}",
        tag_object="1" * 40,
        commit="2" * 40,
        tree="3" * 40,
        epoch=1_700_000_000,
        configuration="dd" * 32,
        changelog="",
        locks=(),
        records=(),
        isolation="namespaces",
        artifacts=tuple(artifact_of(name, content) for name, content in files.items()),
        attestations=(),
        channels=(ManifestChannel("index", "pypi", "pypi"),),
        sandbox=False,
        tools=(("sealane", "0.1.0"),),
        slsa_level=2,
        slsa_reason="signed by a job of the project's own pipeline",
    )
    return replace(made, **changes)


def statement_bytes(manifest: ReleaseManifest) -> bytes:
    """The statement of a manifest, as nobody signed it."""
    return json.dumps(render_manifest_statement(manifest)).encode()
