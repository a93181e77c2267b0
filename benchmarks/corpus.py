"""A file with evidence of every form, made by a sandbox that is stopped again."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True)
class Corpus:
    """A kept rehearsal of the example.

    Attributes:
        folder: Where it is.
    """

    folder: Path

    @property
    def work(self) -> Path:
        """The lane's work folder."""
        return self.folder / "project" / ".sealane-work"

    @property
    def wheel(self) -> Path:
        """The published wheel."""
        return next((self.work / "dist").glob("*.whl"))

    @property
    def manifest(self) -> Path:
        """The signed release manifest, a Sigstore bundle over all files."""
        return self.work / "release-manifest.sigstore.json"

    @property
    def sandbox(self) -> Path:
        """The state directory of the sandbox."""
        return self.folder / "sandbox"


def make_corpus(folder: Path) -> Corpus:
    """Rehearse the example into a folder.

    Raises:
        subprocess.CalledProcessError: The rehearsal failed.
    """
    command = [sys.executable, "-m", "sealane", "rehearse", "examples/hello-lane", "--keep"]
    subprocess.run([*command, str(folder)], cwd=ROOT, check=True, capture_output=True)
    return Corpus(folder)
