"""Many artifacts at once: several processes, one order, and nothing lost.

1. What is named is cut into chunks; files that share a signing certificate stay together, for what
   is known of a certificate is known in one process only.
2. Each chunk is read and judged by the same code as a single file, here or in a worker.
3. The results are put back into the order of the inputs, whatever order they came in.
4. Every input has exactly one result; a worker that was lost is an internal error, never a pass.
5. What asks for the other files of its release is decided last, here, where all of them are known.

A worker's result carries no evidence: what a report shows is kept, what it was proven from is not,
so that memory does not grow with the size of what was read.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.appraise.appraise import check_ready, complete, judge_first
from sealane.appraise.collect import Case, Sources, collect
from sealane.appraise.complete import Undecided, without_evidence
from sealane.appraise.setup import Setup
from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence, EvidenceForm, with_digests
from sealane.core.model.fact import Fact
from sealane.core.model.identity import Identity
from sealane.core.model.statement import Statement
from sealane.core.model.values import dataclass, replace
from sealane.core.model.verdict import Appraisal, Problem, Verdict
from sealane.errors import SealaneError
from sealane.io.evidence.sidecar import first_certificate

if TYPE_CHECKING:
    from concurrent.futures import ProcessPoolExecutor

# Below this many a second process costs more than it saves.
SERIAL = 32
_LARGEST_CHUNK, _SMALLEST_CHUNK, _CHUNKS_A_JOB = 64, 8, 4
Result = Verdict | Problem | Undecided


@dataclass(frozen=True, slots=True)
class Run:
    """What every chunk of one run is judged by.

    Attributes:
        setup: Policy, trust and engine.
        sources: Where evidence is looked for.
        at: When, aware, UTC.
        lean: Whether of what was proven no more is kept than that it was: the rest fills a
            kilobyte a file, and most reports do not show it.
    """

    setup: Setup
    sources: Sources
    at: datetime
    lean: bool = False


def appraise_named(named: Sequence[Path | Artifact], run: Run, jobs: int) -> Appraisal:
    """A verdict, or a problem, on everything that was named.

    Args:
        named: Files and bare digests; at least one.
        run: What they are judged by.
        jobs: How many processes may be used.

    Raises:
        EvidenceError: Nothing was named.
        PolicyError: The policy has expired.
        SealaneError: A worker was lost (internal error).
    """
    check_ready(named, run.setup, run.at)
    # An index is asked from one process: its answers are kept there, and nobody is flooded.
    alone = jobs < 2 or len(named) <= SERIAL or run.sources.index is not None
    first = _serial(named, run) if alone else _parallel(named, run, jobs)
    results = _complete(first, run)
    return Appraisal(
        verdicts=tuple(one for one in results if isinstance(one, Verdict)),
        based_on=run.setup.based_on,
        at=run.at,
        sandbox=run.setup.trust.sandbox,
        problems=tuple(one for one in results if isinstance(one, Problem)),
    )


def judge_named(named: Path | Artifact, run: Run) -> Result:
    """The verdict on one file or digest, why there is none, or what it will be decided by."""
    case = collect(named, run.sources)
    if isinstance(case, Problem):
        return case
    judged = judge_first(case, run.setup, run.at)
    if isinstance(judged, Undecided):
        return without_evidence(judged, digests=run.setup.detailed)
    return _shown(judged, case, run)


def _complete(results: Sequence[Result], run: Run) -> list[Verdict | Problem]:
    """The same results, in the same order, each of them decided."""
    # The evidence of what was undecided is gone by now, and its digests are known.
    return [
        _shown(last, first.case, run, known=True)
        if isinstance(first, Undecided) and isinstance(last, Verdict)
        else last
        for first, last in zip(results, complete(results, run.setup, run.at), strict=True)
    ]


def _shown(judged: Verdict, case: Case, run: Run, *, known: bool = False) -> Verdict:
    """What a report shows of a verdict, with what the wheel carries inside.

    Args:
        judged: The verdict.
        case: What it is about.
        run: What it was judged by.
        known: Whether digests of the evidence were computed before.
    """
    verdict = _without_evidence(judged, run, digests=run.setup.detailed and not known)
    if case.path is None or case.path.suffix != ".whl":
        return verdict
    from sealane.appraise.enclosed import with_enclosed

    return with_enclosed(verdict, case)


def available_processors() -> int:
    """How many processors this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _serial(named: Sequence[Path | Artifact], run: Run) -> list[Result]:
    return [judge_named(one, run) for one in named]


def _parallel(named: Sequence[Path | Artifact], run: Run, jobs: int) -> list[Result]:
    from concurrent.futures import as_completed
    from concurrent.futures.process import BrokenProcessPool

    results: list[Result | None] = [None] * len(named)
    chunks = list(_chunks(named, run, jobs))
    try:
        with _pool(run, min(jobs, len(chunks))) as pool:
            futures = {
                pool.submit(_judge_chunk, [named[index] for index in chunk]): chunk
                for chunk in chunks
            }
            for future in as_completed(futures):
                for index, result in zip(futures.pop(future), future.result(), strict=True):
                    results[index] = result
    except BrokenProcessPool as error:
        raise SealaneError(
            "a worker process was lost, so nothing is known of its files",
            hint="run again with -j 1; if it stays so, look for the kernel's out-of-memory killer",
        ) from error
    found = [one for one in results if one is not None]
    if len(found) != len(named):
        raise SealaneError(f"{len(named)} inputs and {len(found)} verdicts: one was lost")
    return found


def _chunks(named: Sequence[Path | Artifact], run: Run, jobs: int) -> Iterator[list[int]]:
    """Positions of the inputs, those that share a certificate beside each other."""
    keys = [
        first_certificate(one, run.sources.folders) if isinstance(one, Path) else b""
        for one in named
    ]
    order = sorted(range(len(named)), key=lambda index: (keys[index], index))
    even = -(-len(order) // (jobs * _CHUNKS_A_JOB))
    size = max(_SMALLEST_CHUNK, min(_LARGEST_CHUNK, even))
    for start in range(0, len(order), size):
        yield order[start : start + size]


_run: Run | None = None


def _pool(run: Run, workers: int) -> ProcessPoolExecutor:
    """Workers that have what they judge by: inherited where a process can be forked, else sent."""
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    methods = multiprocessing.get_all_start_methods()
    wanted = os.environ.get("SEALANE_START_METHOD", "fork")
    context = multiprocessing.get_context(wanted if wanted in methods else "spawn")
    return ProcessPoolExecutor(workers, context, _begin, (run,))


def _begin(run: Run) -> None:
    global _run  # noqa: PLW0603 - set once in each worker, before its first chunk
    _run = run


def _judge_chunk(named: Sequence[Path | Artifact]) -> list[Result]:
    if _run is None:
        raise SealaneError("a worker was not told what to judge by")
    return _serial(named, _run)


def _without_evidence(verdict: Verdict, run: Run, *, digests: bool) -> Verdict:
    facts = tuple([_slim(fact, run, digests=digests) for fact in verdict.facts])
    return Verdict(verdict.artifact, verdict.findings, facts)


def _slim(fact: Fact, run: Run, *, digests: bool) -> Fact:
    """A fact without the bytes it was proven from, and without what no report shows."""
    if run.lean:
        signer = _name_of(fact.signer.issuer, fact.signer.subject)
        return Fact(fact.artifact, None, signer, None, fact.trust, _NOT_KEPT)
    held, found = fact.statement, fact.evidence
    if digests:
        found = with_digests(found)
    evidence = Evidence(found.form, b"", found.origin, (), found.sha256, found.part_digests)
    statement = Statement((), held.predicate_type, {}, held.digest) if held else None
    return replace(fact, evidence=evidence, statement=statement)


_NOT_KEPT = Evidence(EvidenceForm.SIGSTORE_BUNDLE, b"", "")


@lru_cache(maxsize=64)
def _name_of(issuer: str, subject: str) -> Identity:
    """One value for all files of one signer."""
    return Identity(issuer, subject)
