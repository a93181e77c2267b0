"""Whether a file agrees with the advisory that it is said to answer.

It is asked by whoever names an advisory, and by rules that want one named. No answer ever makes an
artifact pass; for each advisory:
1. One that is withdrawn says nothing any more, so nothing can agree with it.
2. It has to be about the artifact's package, and the version must not be affected.
3. Where it lists the files of that version, the artifact has to be one of them.

Spec: OSV schema 1.7, "Evaluation"; PEP 440.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from packaging.version import Version

from sealane.core.model.artifact import Artifact
from sealane.core.model.project_name import normal_name
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.policy.answers import finding, in_mode, is_about
from sealane.core.policy.schema import Policy
from sealane.core.release.affected import (
    Advisory,
    AffectedPackage,
    entries_about,
    fixed_versions,
    is_affected,
)

_AGREES, _UNNAMED, _WITHDRAWN = "SL-AGR-001", "SL-AGR-002", "SL-AGR-003"
_UNRELATED, _AFFECTED, _UNKNOWN = "SL-AGR-004", "SL-AGR-005", "SL-AGR-006"
_UNLISTED = "SL-AGR-007"
_PYPI = "pkg:pypi/"


@dataclass(frozen=True, slots=True)
class ListedFile:
    """One file of a fixed release, as an advisory lists it; its digest is in lower-case hex."""

    project: str
    version: str
    sha256: str


@dataclass(frozen=True, slots=True)
class NamedAdvisory:
    """An advisory that artifacts have to agree with.

    Attributes:
        origin: Path or URL, for the report.
        sha256: Digest of the record, lower-case hex.
        record: What it says of versions.
        files: What it says of files; () where it lists none.
    """

    origin: str
    sha256: str
    record: Advisory
    files: tuple[ListedFile, ...] = ()

    def digests_of(self, project: str, version: str) -> frozenset[str]:
        """The SHA-256 of every file it lists of a version, however that is written."""
        return frozenset(
            one.sha256
            for one in self.files
            if normal_name(one.project) == project and _same(one.version, version)
        )


def check_agreement(
    advisories: Sequence[NamedAdvisory], policy: Policy | None, artifact: Artifact, at: datetime
) -> tuple[Finding, ...]:
    """The answers on one artifact.

    Args:
        advisories: Those that were named; () for none.
        policy: Whose rules may want one named; None where nobody was named to trust.
        artifact: What is judged.
        at: When, aware, UTC.
    """
    if advisories:
        # Whoever names one wants to know, whatever a rule would make of the answer.
        return tuple(one for named in advisories for one in _answers(named, artifact, at))
    rules = () if policy is None else policy.rules
    asked = [rule.mode for rule in rules if rule.advisory and is_about(rule, artifact)]
    missing = finding(
        _UNNAMED, Outcome.MISSING, artifact.name, "an advisory, named with --advisory", "none"
    )
    return tuple(dict.fromkeys(in_mode(missing, mode) for mode in asked))


def _answers(named: NamedAdvisory, artifact: Artifact, at: datetime) -> Iterator[Finding]:
    record, place = named.record, named.origin
    if record.withdrawn is not None and record.withdrawn <= at:  # 1
        said = f"{record.id} was withdrawn at {record.withdrawn.isoformat()}"
        yield finding(_WITHDRAWN, Outcome.FAIL, place, "an advisory that holds", said)
        return
    package = _package(artifact)
    if package is None:
        said = "its name tells no package and version"
        yield finding(_UNKNOWN, Outcome.MISSING, artifact.name, "a package and its version", said)
        return
    entries = entries_about(record, package[0])
    if not entries:  # 2
        said = f"{record.id} is not about {package[0]}"
        yield finding(_UNRELATED, Outcome.FAIL, place, f"an advisory about {package[0]}", said)
        return
    digests = named.digests_of(*package)
    found = (
        *_by_version(named, artifact, entries, at),
        *_by_files(named, artifact, digests),
    )
    if not found:
        version, fixes = package[1], _fixes(entries)
        told = "fixes it" if any(_same(one, version) for one in fixes) else "is not affected"
        listed = ", and this file is listed" if digests else "; it lists no files of it"
        said = f"{record.id}: {version} {told}{listed}"
        yield finding(_AGREES, Outcome.NOTE, place, "no contradiction", said)
    yield from found


def _by_version(
    named: NamedAdvisory, artifact: Artifact, entries: Sequence[AffectedPackage], at: datetime
) -> Iterator[Finding]:
    identifier, version = named.record.id, artifact.version
    affected = is_affected(named.record, artifact.purl, version, at)
    if affected is None:
        said = f"{identifier} leaves open whether {version} is affected"
        yield finding(_UNKNOWN, Outcome.MISSING, named.origin, "an answer for this version", said)
    elif affected:
        fixes = ", ".join(_fixes(entries)) or "none that it names"
        said = f"{version}, which {identifier} says is affected"
        yield finding(_AFFECTED, Outcome.FAIL, artifact.name, f"a fixed version: {fixes}", said)


def _by_files(
    named: NamedAdvisory, artifact: Artifact, digests: frozenset[str]
) -> Iterator[Finding]:
    if digests and artifact.digest("sha256") not in digests:  # 3
        said = f"sha256:{artifact.digest('sha256') or 'unknown'}"
        expected = f"one of the {len(digests)} files of this version that {named.record.id} lists"
        yield finding(_UNLISTED, Outcome.FAIL, artifact.name, expected, said)


def _package(artifact: Artifact) -> tuple[str, str] | None:
    """Project and version; None where the file name tells none, or of another ecosystem."""
    project, separator, version = (artifact.purl or "").removeprefix(_PYPI).rpartition("@")
    is_ours = (artifact.purl or "").startswith(_PYPI) and separator and project
    return (project, version) if is_ours else None


def _fixes(entries: Sequence[AffectedPackage]) -> list[str]:
    return [text for entry in entries for text in fixed_versions(entry)]


def _same(one: str, other: str) -> bool:
    """Whether two texts are the same version: 1.0 and 1.0.0 are; what is none is like no other."""
    try:
        return Version(one) == Version(other)
    except ValueError:
        return False
