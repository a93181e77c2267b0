"""What of the world an advisory is to be held against, with what it is asked, what was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sealane.core.advisory.checks.interface import Seen
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record import Record
from sealane.core.model.values import dataclass, replace
from sealane.core.model.verdict import Basis
from sealane.errors import UsageError

if TYPE_CHECKING:
    from sealane.io.adapters.http import Web
    from sealane.io.stores.trust.load import TrustMaterial

AUDIT_SERVICES = ("index", "osv")


class Kind(StrEnum):
    """One thing that is looked at by itself; who waits looks again at what is not there yet."""

    INDEX = "index"
    REFERENCES = "references"
    FIXES = "fixes"
    TREE = "csaf"
    CVE = "cve"
    OSV = "osv"
    AUDITS = "pip-audit"
    ANNOUNCEMENT = "announcement"
    LOGS = "logs"


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be asked; nothing else is, and "" or None asks nobody.

    Attributes:
        index: URL of the simple API of the index.
        references: Whether the record's links are followed.
        repository: A local clone of the project. No network is used: it knows what was fetched.
        remote: The remote whose branches are public; "" for a mirror, whose own branches are.
        tree: Folder, or https URL, of the published CSAF documents.
        cve: Base URL of CVE Services, before "/cve-id".
        osv: Base URL of an OSV service, before "/v1".
        audits: Services that pip-audit asks: "index", "osv"; the latter is the one at `osv`.
        announcement: The text that announces the advisory.
        evidence: Signed evidence about the files: bundles, attestations, provenance.
        trust: Trust root that proves the times of the evidence; None where none was named.
    """

    index: str = ""
    references: bool = False
    repository: Path | None = None
    remote: str = "origin"
    tree: str = ""
    cve: str = ""
    osv: str = ""
    audits: frozenset[str] = frozenset()
    announcement: Path | None = None
    evidence: tuple[Path, ...] = ()
    trust: TrustMaterial | None = None

    @property
    def kinds(self) -> frozenset[Kind]:
        """What is asked for."""
        wanted = {
            Kind.INDEX: bool(self.index),
            Kind.REFERENCES: self.references,
            Kind.FIXES: self.repository is not None,
            Kind.TREE: bool(self.tree),
            Kind.CVE: bool(self.cve),
            Kind.OSV: bool(self.osv),
            Kind.AUDITS: bool(self.audits),
            Kind.ANNOUNCEMENT: self.announcement is not None,
            Kind.LOGS: bool(self.evidence),
        }
        return frozenset(kind for kind, asked in wanted.items() if asked)


@dataclass(frozen=True, slots=True)
class Means:
    """With what the world is asked.

    Attributes:
        web: Sends requests; None where nobody may be asked over the network.
        environment: How `pip-audit` reaches the network: proxies and CA files of it are passed on.
    """

    web: Web | None
    environment: Mapping[str, str]

    def network(self, kind: Kind) -> Web:
        """What sends requests.

        Raises:
            UsageError: Nobody may be asked.
        """
        if self.web is None:
            raise UsageError(
                f"{kind.value}: asks over the network, and nobody may be asked",
                hint="allow it by naming what may be asked, or do not ask for it",
            )
        return self.web


@dataclass(frozen=True, slots=True)
class About:
    """What is looked for.

    Attributes:
        record: The advisory.
        files: SHA-256 of every file of the releases that fix it, lower-case hex.
        lifted: When it became public, UTC; None for a draft.
    """

    record: Record
    files: frozenset[str] = frozenset()
    lifted: datetime | None = None

    @property
    def ids(self) -> tuple[str, ...]:
        """Every identifier of the vulnerability."""
        return tuple(dict.fromkeys((self.record.id, *self.record.aliases)))


@dataclass(frozen=True, slots=True)
class Observed:
    """What was seen, all of it.

    Attributes:
        seen: Answers, for the checks.
        listings: The index of each package, as it is now.
        notes: What could not be asked, or is worth knowing, by what was asked.
        based_on: What was read, with digests, by what was asked.
        hosts: Hosts that programs of others asked; the client knows its own.
    """

    seen: Seen = Seen()
    listings: tuple[Listing, ...] = ()
    notes: tuple[tuple[Kind, str], ...] = ()
    based_on: tuple[tuple[Kind, Basis], ...] = ()
    hosts: tuple[str, ...] = ()

    def noting(self, kind: Kind, *notes: str) -> Observed:
        """The same with more notes on one thing."""
        return replace(self, notes=(*self.notes, *((kind, note) for note in notes)))

    def basing(self, kind: Kind, *read: Basis) -> Observed:
        """The same with more that was read of one thing."""
        return replace(self, based_on=(*self.based_on, *((kind, one) for one in read)))
