"""Reads what is to be judged, and everything that was found about it, one artifact at a time.

A batch reads in its workers: what is named is small and is handed to them, what it holds is not.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.core.attestation.algorithms import algorithms_in
from sealane.core.model.artifact import Artifact
from sealane.core.model.evidence import Evidence
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome, Problem
from sealane.core.policy.answers import finding
from sealane.errors import InputError, NetworkError, SealaneError
from sealane.io.evidence.interface import Collected, read_evidence
from sealane.io.evidence.sidecar import Folders, Pile, evidence_files, is_beside
from sealane.io.inputs.paths import Named, read_artifact

if TYPE_CHECKING:
    from sealane.io.evidence.integrity_api import IndexEvidence


_NOT_LISTED = Folders()


@dataclass(frozen=True, slots=True)
class Case:
    """An artifact, and everything that was found about it.

    Attributes:
        artifact: What is judged.
        evidence: What was found, untrusted.
        findings: Why something that was found is no evidence, e.g. a broken file.
        path: The file; None for a bare digest.
    """

    artifact: Artifact
    evidence: tuple[Evidence, ...]
    findings: tuple[Finding, ...] = ()
    path: Path | None = None


@dataclass(frozen=True, slots=True)
class Sources:
    """Where evidence is looked for besides the files beside an artifact.

    Attributes:
        pile: Files that were named apart.
        index: An index that may be asked; None offline.
        folders: What lies in the folders of the artifacts.
    """

    pile: Pile
    index: IndexEvidence | None = None
    folders: Folders = _NOT_LISTED


def pile_of(named: Named, apart: Sequence[str]) -> Pile:
    """The evidence that was named apart from artifacts, without what lies beside one of them.

    Args:
        named: What the paths of a command hold.
        apart: Further files and folders of evidence.

    Raises:
        InputError: One of these cannot be read.
    """
    files = {os.path.abspath(one): one for one in (*named.evidence, *evidence_files(apart))}
    judged = {os.path.abspath(one) for one in named.artifacts if isinstance(one, Path)}
    names = [one.name for one in named.artifacts]
    return Pile([file for name, file in files.items() if not is_beside(name, judged)], names)


def collect(named: Path | Artifact, sources: Sources) -> Case | Problem:
    """Everything about one artifact, or why it cannot be judged.

    The evidence is read first: it tells which digests of the file are needed, so that the file is
    read once.
    """
    try:
        beside = _beside(named, sources.folders)
        artifact = named if isinstance(named, Artifact) else _read(named, beside, sources.pile)
        collected = beside + sources.pile.about(artifact)
        if sources.index is not None:
            collected += sources.index.about(artifact)
    except (InputError, NetworkError) as error:
        return as_problem(error)
    broken = tuple(
        finding("SL-SIG-002", Outcome.FAIL, origin, "", reason)
        for origin, reason in collected.broken
    )
    path = named if isinstance(named, Path) else None
    return Case(artifact, collected.evidence, broken, path)


def as_problem(error: SealaneError) -> Problem:
    """An error that concerns one of several inputs, for the report."""
    return Problem(int(error.exit_code), error.message, error.hint)


def _beside(named: Path | Artifact, folders: Folders) -> Collected:
    if isinstance(named, Artifact):
        return Collected()
    found = [read_evidence(file) for file in folders.beside(named)]
    return found[0] if len(found) == 1 else sum(found, Collected())


def _read(path: Path, beside: Collected, pile: Pile) -> Artifact:
    wanted = {name for one in beside.evidence for name in algorithms_in(one)}
    return read_artifact(path, sorted({*wanted, *pile.algorithms}))
