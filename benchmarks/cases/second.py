"""Logs of the second generation, whose times are signed by a time-stamp authority; and other forms.

Printed without a goal: most of the time is that of the library that checks the time-stamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers, sealane
from benchmarks.corpus import Recipe, checked_corpus
from benchmarks.measure import Row, Said, pair


def measure(folder: Path) -> Iterator[Row | Said]:
    """Each further kind of evidence against the library."""
    for kind in ("v2", "message", "pep740"):
        corpus = checked_corpus(folder / kind, Recipe(200, kind=kind))
        yield pair(sealane.quick(corpus), peers.library_loop(corpus), pairs=3)
