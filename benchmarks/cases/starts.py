"""Starting up alone: what every command pays before it does anything."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers
from benchmarks.measure import Command, Goal, Row, Said, pair
from benchmarks.sealane import PROGRAM


def measure(folder: Path) -> Iterator[Row | Said]:
    """`--version` and `--help` against peers, and against the least that Python could take."""
    version = Command("sealane --version", [str(PROGRAM), "--version"], says="sealane")
    helped = Command("sealane --help", [str(PROGRAM), "--help"], says="verify")
    click = Command("python -c 'import click'", [sys.executable, "-c", "import click"])
    sigstore = Command("sigstore --version", [str(peers.BIN / "sigstore"), "--version"])
    why = peers.absent("cosign")
    if why:
        yield Said(f"--version against cosign left out: {why}")
    else:
        cosign = Command("cosign version", [str(peers.COSIGN), "version"])
        yield pair(version, cosign, Goal(wall=0.6))
    yield pair(version, sigstore)
    yield pair(helped, click, Goal(wall=1.6))
