"""What every part of the lane works with: the project, and the folder stages share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sealane.core.model.values import dataclass
from sealane.core.release.project import Project
from sealane.io.stores.interface import NamedSandbox


@dataclass(frozen=True, slots=True)
class WorkFolder:
    """Where stages leave what the next ones need; the declared artifacts of CI jobs."""

    root: Path

    @property
    def plan(self) -> Path:
        """`plan.json`, by preflight."""
        return self.root / "plan.json"

    @property
    def audit(self) -> Path:
        """`audit.json`, by audit."""
        return self.root / "audit.json"

    def build(self, letter: str) -> Path:
        """`build-a` or `build-b`: `dist/` and `record.json`."""
        return self.root / f"build-{letter}"

    @property
    def comparison(self) -> Path:
        """`compare.json`, by compare."""
        return self.root / "compare.json"

    @property
    def dist(self) -> Path:
        """`dist/`, frozen by compare: wheels and sdists, nothing else."""
        return self.root / "dist"

    @property
    def evidence(self) -> Path:
        """`evidence/`, by attest: `<file>.publish.attestation`, `<file>.slsa.attestation`."""
        return self.root / "evidence"

    @property
    def manifest(self) -> Path:
        """`release-manifest.sigstore.json`, by attest: the signed release manifest."""
        return self.root / "release-manifest.sigstore.json"

    @property
    def journal(self) -> Path:
        """`journal.jsonl`, by publish: append-only."""
        return self.root / "journal.jsonl"

    @property
    def confirmed(self) -> Path:
        """`confirm.json`, by confirm."""
        return self.root / "confirm.json"


@dataclass(frozen=True, slots=True)
class Context:
    """What a stage works with.

    Attributes:
        directory: Root of the project, where `sealane.toml` lies; a git work tree.
        work: Where stages leave their results.
        project: The configuration.
        tag: The tag named on the command line or by the CI; None: the one tag at HEAD.
        sandbox: The sandbox of a rehearsal; None in the world.
        say: Shows one line of progress; never gets a secret.
    """

    directory: Path
    work: WorkFolder
    project: Project
    tag: str | None
    sandbox: NamedSandbox | None
    say: Callable[[str], None]
