"""What a check is: a question to one case, answered by findings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from sealane.core.advisory.documents import Document
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.attestation.predicates.release_manifest import ReleaseManifest
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding


class Stage(StrEnum):
    """Whether the releases are public yet."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class SeenReference:
    """What a link of the record answered: an HTTP status; 0 where nobody answered."""

    url: str
    status: int


@dataclass(frozen=True, slots=True)
class SeenFix:
    """A commit that the record names as fix, as the project's repository knows it.

    Attributes:
        commit: Full id, as the reference or the GIT range names it.
        branches: Public branches that contain it.
        tags: Tags that contain it.
    """

    commit: str
    branches: tuple[str, ...]
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenCve:
    """A CVE record: its id, its state ("RESERVED", "PUBLISHED", "REJECTED"), the CNA container."""

    id: str
    state: str
    content: bytes


@dataclass(frozen=True, slots=True)
class SeenAnswer:
    """Which identifiers an OSV service answers for one version of a package."""

    package: str
    version: str
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenAudit:
    """What `pip-audit` says of one version, by the service it asked ("index" or "osv").

    Attributes:
        service: Which service.
        package: Name as PEP 503 writes it.
        version: Its version.
        ids: Identifiers and aliases it was flagged with.
        fixes: Versions shown as fix for this advisory.
    """

    service: str
    package: str
    version: str
    ids: tuple[str, ...]
    fixes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SeenFile:
    """One file of a published CSAF folder, by its path in it."""

    path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Seen:
    """What the world showed, untrusted; None where nobody asked it.

    Attributes:
        references: Answers of the links.
        fixes: What the repository knows of the commits.
        tree: The CSAF folder.
        cve: The CVE record; None also where CVE Services do not know it: then `asked_cve` is true.
        asked_cve: Whether CVE Services were asked.
        osv: Answers of the OSV service.
        audits: Answers of `pip-audit`.
        announcement: The text that announces it.
        logged: Times of the first entries in public logs about the releases, UTC.
    """

    references: tuple[SeenReference, ...] | None = None
    fixes: tuple[SeenFix, ...] | None = None
    tree: tuple[SeenFile, ...] | None = None
    cve: SeenCve | None = None
    asked_cve: bool = False
    osv: tuple[SeenAnswer, ...] | None = None
    audits: tuple[SeenAudit, ...] | None = None
    announcement: str | None = None
    logged: tuple[datetime, ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """All that a record is checked with.

    Attributes:
        record: What is checked.
        content: Its bytes, OSV as JSON in UTF-8.
        stage: Draft or published.
        at: When it is checked, UTC.
        listings: The index of each package: predicted for a draft, real afterwards.
        manifests: Release manifests of the releases that fix it.
        documents: All other formats, rendered or published.
        supported: Series that get fixes, e.g. "1.4", "2.0"; () where the project does not say.
        outlets: Kinds of outlets it is published by, e.g. "csaf-tree", "cve", "osv-git".
        yanks: Whether vulnerable releases have to be yanked.
        lifted: When it became public, UTC; None for a draft.
        weaknesses: Known CWE ids and their names.
        unmappable: Those of them that may not be used to say what a vulnerability is.
        left_out: Codes that are not asked on request, e.g. "SL-ADV-021".
        seen: What the world showed.
    """

    record: Record
    content: bytes
    stage: Stage
    at: datetime
    listings: tuple[Listing, ...] = ()
    manifests: tuple[ReleaseManifest, ...] = ()
    documents: tuple[Document, ...] = ()
    supported: tuple[str, ...] = ()
    outlets: frozenset[str] = frozenset()
    yanks: bool = False
    lifted: datetime | None = None
    weaknesses: tuple[tuple[str, str], ...] = ()
    unmappable: frozenset[str] = frozenset()
    left_out: frozenset[str] = frozenset()
    seen: Seen = Seen()


class Check(Protocol):
    """One check.

    Attributes:
        code: Of its findings, e.g. "SL-ADV-004".
        published: True for one that can only be asked once the advisory is public.
        deadline_s: Seconds after the lift until its answer has to be right; until then what is not
            there yet is MISSING, not FAIL; 0 for at once.
    """

    code: ClassVar[str]
    published: ClassVar[bool]
    deadline_s: ClassVar[int]

    def findings(self, case: Case) -> Iterator[Finding]:
        """What does not hold, each with its place; nothing where everything holds.

        What could not be looked at is a finding with the outcome MISSING.
        """
        ...
