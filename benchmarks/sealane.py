"""The commands of sealane that are measured."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.corpus import Corpus
from benchmarks.measure import Command

PROGRAM = Path(sys.prefix) / "bin" / "sealane"


def quick(corpus: Corpus, *, jobs: int = 1) -> Command:
    """All files of a corpus, by an exact identity."""
    named = ["--cert-identity", corpus.identity, "--cert-oidc-issuer", corpus.issuer]
    return _verify(corpus, named, jobs, "quick")


def by_policy(corpus: Corpus, *, jobs: int = 1) -> Command:
    """All files of a corpus, by its policy."""
    return _verify(corpus, ["--policy", str(corpus.policy)], jobs, "policy")


def one_file(file: Path, judged_by: Sequence[str], name: str) -> Command:
    """One real file, by the embedded root."""
    command = [str(PROGRAM), "verify", str(file), *judged_by]
    return Command(name, command, says="1 artifact: 1 passed, 0 failed, 0 without enough evidence")


def _verify(corpus: Corpus, judged_by: Sequence[str], jobs: int, how: str) -> Command:
    recipe = corpus.recipe
    good = recipe.count - recipe.bad
    plural = "" if recipe.count == 1 else "s"
    return Command(
        f"sealane verify -j {jobs}, {how}, {recipe}",
        [
            str(PROGRAM), "verify", str(corpus.files), "--trust", str(corpus.root), "-j",
            str(jobs), *judged_by,
        ],
        expected=1 if recipe.bad else 0,
        says=f"{recipe.count} artifact{plural}: {good} passed, {recipe.bad} failed, 0 without",
    )  # fmt: skip
