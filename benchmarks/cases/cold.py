"""One real file in a new process, offline, by the embedded root: what a user does after a download.

The files are third-party vectors that are not part of the project; SEALANE_VECTORS says where.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.corpus import ROOT
from benchmarks.measure import Command, Goal, Row, Said, pair
from benchmarks.sealane import one_file

PACK = Path(os.environ.get("SEALANE_VECTORS", ROOT.parent / "shared" / "vectors"))
_ISSUER = "https://token.actions.githubusercontent.com"
_PROJECT = "https://github.com/trailofbits"
_POLICY = f"""schema = "sealane.policy/1"
id = "cold"

[publisher.ci]
kind = "github"
issuer = "{_ISSUER}"
project = "trailofbits/pypi-attestations"
workflow = "release.yml"
ref = "refs/tags/v{{pep440}}"

[[rule]]
match = ["pkg:pypi/pypi-attestations"]
require = [{{ predicate = "publish", by = "ci" }}]
"""
# The peer's own conversion, so that nobody can say we wrote what we read.
_TO_BUNDLE = """
import pathlib, sys
from pypi_attestations import Attestation
content = pathlib.Path(sys.argv[1]).read_bytes()
sys.stdout.write(Attestation.model_validate_json(content).to_bundle().to_json())
"""
# Python's command lines take longest to import; cosign is a compiled program.
_PYTHON, _POLICY_GOAL, _GO = Goal(0.30, 0.6), Goal(wall=0.40), Goal(3.0, 0.65)


@dataclass(frozen=True, slots=True)
class _Real:
    """A real file with its evidence, and who signed it."""

    artifact: str
    bundle: str
    workflow: str

    @property
    def identity(self) -> tuple[str, str]:
        return f"{_PROJECT}/{self.workflow}", _ISSUER


_ENVELOPE = _Real(
    "pep740/pypi_attestations-0.0.19.tar.gz",
    "pep740/pypi_attestations-0.0.19.tar.gz.publish.attestation",
    "pypi-attestations/.github/workflows/release.yml@refs/tags/v0.0.19",
)
_FILE = _Real(
    "pep740/rfc8785-0.1.2-py3-none-any.whl",
    "bundles/sigstore-python/bundle_v3_github.whl.sigstore",
    "rfc8785.py/.github/workflows/release.yml@refs/tags/v0.1.2",
)


def measure(folder: Path) -> Iterator[Row | Said]:
    """Quick mode and a policy, against each peer on the same file."""
    if not (PACK / "MANIFEST.json").is_file():
        yield Said("left out: no third-party vectors; set SEALANE_VECTORS")
        return
    envelope, message = _placed(folder, _ENVELOPE), _placed(folder, _FILE)
    yield from _against_sigstore(envelope, _ENVELOPE, "a bundle around an envelope")
    yield from _against_sigstore(message, _FILE, "a bundle over the file")
    yield from _against_pypi_attestations(folder)
    why = peers.absent("cosign")
    if why:
        yield Said(f"cosign left out: {why}")
        return
    from sealane.core.attestation.predicates.publish import PREDICATE

    root = folder / "root.json"
    root.write_text((PACK / "roots/production.trusted_root.json").read_text().rstrip() + "\n")
    theirs = peers.cosign(envelope, _bundle(envelope), root, _ENVELOPE.identity, PREDICATE)
    cosign = Command("cosign verify-blob-attestation", theirs, says="Verified OK")
    yield pair(_quick(envelope, _ENVELOPE, "a bundle around an envelope"), cosign, _GO)


def _against_sigstore(file: Path, real: _Real, what: str) -> Iterator[Row | Said]:
    why = peers.absent("sigstore")
    if why:
        yield Said(f"sigstore left out: {why}")
        return
    theirs = peers.sigstore_cli(_bundle(file), [file], real.identity)
    yield pair(_quick(file, real, what), theirs, _PYTHON)


def _against_pypi_attestations(folder: Path) -> Iterator[Row | Said]:
    why = peers.absent("pypi-attestations")
    if why:
        yield Said(f"pypi-attestations left out: {why}")
        return
    source = PACK / _ENVELOPE.artifact
    hosted = folder / "hosted" / source.name
    hosted.parent.mkdir()
    shutil.copy(source, hosted)
    provenance = hosted.with_name(f"{hosted.name}.provenance")
    shutil.copy(source.with_name(provenance.name), provenance)
    policy = folder / "policy.toml"
    policy.write_text(_POLICY)
    theirs = peers.pypi_attestations(hosted, provenance, f"{_PROJECT}/pypi-attestations")
    yield pair(_quick(hosted, _ENVELOPE, "PEP 740 provenance"), theirs, _PYTHON)
    ours = one_file(
        hosted, ["--policy", str(policy)], "sealane verify --policy, PEP 740 provenance"
    )
    yield pair(ours, theirs, _POLICY_GOAL)


def _quick(file: Path, real: _Real, what: str) -> Command:
    subject, issuer = real.identity
    judged_by = ["--cert-identity", subject, "--cert-oidc-issuer", issuer]
    return one_file(file, judged_by, f"sealane verify, {what}")


def _placed(folder: Path, real: _Real) -> Path:
    """A copy of the file, with its evidence beside it as a bundle."""
    source, evidence = PACK / real.artifact, PACK / real.bundle
    file = folder / source.stem / source.name
    file.parent.mkdir()
    shutil.copy(source, file)
    if evidence.name.endswith(".attestation"):
        converted = subprocess.run(
            [sys.executable, "-c", _TO_BUNDLE, str(evidence)], check=True, capture_output=True
        )
        _bundle(file).write_bytes(converted.stdout)
    else:
        shutil.copy(evidence, _bundle(file))
    return file


def _bundle(file: Path) -> Path:
    return file.with_name(f"{file.name}.sigstore.json")
