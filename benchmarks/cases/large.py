"""A file of one GiB: hashing is all that may grow, and nothing of it may stay in memory."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers, sealane
from benchmarks.corpus import Recipe, make_corpus
from benchmarks.measure import Command, Goal, Row, Said, pair, run_once

_SIZE = 1 << 30


def measure(folder: Path) -> Iterator[Row | Said]:
    """Time against OpenSSL's own digest, memory against a small file."""
    large = make_corpus(folder / "large", Recipe(1, size=_SIZE))
    small = make_corpus(folder / "small", Recipe(1))
    ours = sealane.quick(large)
    why = peers.absent("openssl")
    if why:
        yield Said(f"openssl left out: {why}")
    else:
        command = ["openssl", "dgst", "-sha256", str(large.artifacts[0])]
        yield pair(ours, Command("openssl dgst -sha256", command), Goal(wall=1.15), pairs=5)
    few = sealane.quick(small)
    added = [run_once(ours).peak - run_once(few).peak for _ in range(5)]
    yield Said("MiB more for 1 GiB than for 30 kB", statistics.median(added), 4)
