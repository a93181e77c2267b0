"""What ten times as many files cost: ten times the time, and hardly more memory."""

from __future__ import annotations

import statistics
from collections.abc import Iterator
from pathlib import Path

from benchmarks import sealane
from benchmarks.corpus import Recipe, make_corpus
from benchmarks.measure import Row, Run, Said, run_once

_COUNTS = (10, 1_000, 10_000)
_ROUNDS = 3


def measure(folder: Path) -> Iterator[Row | Said]:
    """Time for each file and peak of memory, at several sizes measured in turn."""
    corpora = {count: make_corpus(folder / str(count), Recipe(count)) for count in _COUNTS}
    commands = {count: sealane.quick(corpus) for count, corpus in corpora.items()}
    rounds = [{count: run_once(one) for count, one in commands.items()} for _ in range(_ROUNDS)]
    for count in _COUNTS:
        runs = [one[count] for one in rounds]
        each = statistics.median(run.wall for run in runs) / count * 1000
        yield Said(f"{count} files: ms of wall each", each)
        yield Said(f"{count} files: MiB at the peak", max(run.peak for run in runs))
    yield Said("time for each of 10000 against 1000", _growth(rounds), 1.1)
    added = statistics.median(one[10_000].peak - one[10].peak for one in rounds)
    yield Said("MiB more at 10000 than at 10", added, 24)


def _growth(rounds: list[dict[int, Run]]) -> float:
    return statistics.median(one[10_000].wall / (10 * one[1_000].wall) for one in rounds)
