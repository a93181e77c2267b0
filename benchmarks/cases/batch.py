"""Many files in one run: against the library, against one process a file, and against the limit."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks import peers, sealane
from benchmarks.calibrate import limit_in
from benchmarks.corpus import Corpus, Recipe, checked_corpus
from benchmarks.measure import Command, Goal, Row, Said, pair


def measure(folder: Path) -> Iterator[Row | Said]:
    """A thousand files with a certificate each; then with shared ones; then with bad ones."""
    distinct = checked_corpus(folder / "distinct", Recipe(1000))
    loop = peers.library_loop(distinct)
    yield pair(sealane.quick(distinct), loop, Goal(wall=0.80), pairs=3)
    yield pair(sealane.quick(distinct, jobs=2), loop, Goal(wall=0.45), pairs=3)
    yield pair(sealane.by_policy(distinct), loop, Goal(wall=0.80), pairs=3)
    yield pair(sealane.quick(distinct), _limit(distinct, 1), Goal(wall=1.5), pairs=3)
    yield pair(sealane.quick(distinct, jobs=2), _limit(distinct, 2), Goal(wall=1.7), pairs=3)
    why = peers.absent("cosign")
    if why:
        yield Said(f"cosign left out: {why}")
    else:
        cosign = peers.cosign_loop(distinct)
        goal = Goal(wall=0.03)
        yield pair(sealane.quick(distinct, jobs=2), cosign, goal, pairs=2, warmups=0)
    shared = checked_corpus(folder / "shared", Recipe(1000, files_per_leaf=20))
    yield pair(sealane.quick(shared), peers.library_loop(shared), Goal(wall=0.40), pairs=3)
    yield pair(sealane.quick(shared), _limit(shared, 1), pairs=3)
    bad = checked_corpus(folder / "bad", Recipe(500, bad_every=100))
    yield pair(sealane.quick(bad), peers.library_loop(bad), pairs=3)
    small = checked_corpus(folder / "small", Recipe(100))
    yield pair(sealane.quick(small, jobs=2), peers.library_loop(small), Goal(wall=0.45), pairs=5)


def _limit(corpus: Corpus, processors: int) -> Command:
    recipe = corpus.recipe
    return Command(
        f"limit on {processors} of the machine's processors, {recipe}",
        [
            sys.executable, "-m", "benchmarks.calibrate", str(corpus.folder),
            str(recipe.files_per_leaf), str(processors),
        ],
        seconds=limit_in,
    )  # fmt: skip
