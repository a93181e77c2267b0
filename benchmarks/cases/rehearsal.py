"""What a downstream user of a rehearsed release does, against `sigstore` on the same wheel."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers, sealane
from benchmarks.corpus import ROOT
from benchmarks.measure import Command, Goal, Row, Said, pair

_IDENTITY = (
    "https://gitlab.com/acme/hello-lane//.gitlab-ci.yml@refs/tags/v0.1.0",
    "https://gitlab.com",
)


def measure(folder: Path) -> Iterator[Row | Said]:
    """One wheel by the signed release manifest, of a sandbox that is stopped again."""
    kept = folder / "kept"
    command = [sys.executable, "-m", "sealane", "rehearse", "examples/hello-lane", "--keep"]
    subprocess.run([*command, str(kept)], cwd=ROOT, check=True, capture_output=True)
    work, sandbox = kept / "project" / ".sealane-work", kept / "sandbox"
    wheel, manifest = next((work / "dist").glob("*.whl")), work / "release-manifest.sigstore.json"
    ours = Command(
        "sealane --sandbox … verify, one wheel",
        [
            str(sealane.PROGRAM), "--sandbox", str(sandbox), "verify", str(wheel), "--evidence",
            str(manifest), "--cert-identity", _IDENTITY[0], "--cert-oidc-issuer", _IDENTITY[1],
        ],
        says="1 artifact: 1 passed",
    )  # fmt: skip
    theirs = peers.sigstore_cli(manifest, [wheel], _IDENTITY, sandbox / "trust_config.json")
    yield pair(ours, theirs, Goal(wall=0.40))
