"""The record of an advisory: OSV is the master, every other format is rendered from it.

A record may be wrong in what it says; the checks tell that. It is only read where its form allows
no reading at all.

Spec: OSV schema 1.7.5.
"""

from __future__ import annotations

from datetime import datetime

from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.release.affected import Advisory, AffectedPackage

SCHEMA_VERSION = "1.7.5"
ECOSYSTEM = "PyPI"


@dataclass(frozen=True, slots=True)
class Severity:
    """One rating: "CVSS_V3", "CVSS_V4" or another type, and its vector."""

    type: str
    score: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A link: "FIX", "ADVISORY", "WEB" or another type, and its URL."""

    type: str
    url: str


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom the advisory thanks: a name, "FINDER" or another type, and how they are reached."""

    name: str
    type: str = ""
    contact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Affected:
    """One entry of `affected`.

    Attributes:
        about: Package, ranges and versions, as they are judged by.
        severity: Ratings of this package alone.
        ecosystem_specific: As JSON; () where there is none.
        database_specific: As JSON; () where there is none.
    """

    about: AffectedPackage
    severity: tuple[Severity, ...] = ()
    ecosystem_specific: tuple[tuple[str, JsonValue], ...] = ()
    database_specific: tuple[tuple[str, JsonValue], ...] = ()


@dataclass(frozen=True, slots=True)
class FixedFile:
    """One file of a release that fixes it; its digest is in lower-case hex."""

    package: str
    version: str
    name: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Revision:
    """One published state of the advisory: "1", "2", ...; when, UTC; what changed."""

    number: str
    at: datetime
    summary: str


@dataclass(frozen=True, slots=True)
class Provenance:
    """What sealane keeps in `database_specific.sealane`.

    Attributes:
        manifests: Digests of the release manifests it was drafted from, lower-case hex SHA-256.
        files: Every file of the releases that fix it.
        unaffected: Series said not to be affected, e.g. "1.3".
        revisions: What was published before and is published now, oldest first.
        sandbox: True where a manifest was made in a rehearsal.
    """

    manifests: tuple[str, ...] = ()
    files: tuple[FixedFile, ...] = ()
    unaffected: tuple[str, ...] = ()
    revisions: tuple[Revision, ...] = ()
    sandbox: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """An OSV record, as it was written.

    Attributes:
        id: E.g. "PYSEC-2026-1".
        modified: UTC.
        published: UTC; None where it does not say.
        withdrawn: UTC; None while it holds.
        schema_version: "" where it does not say, which means 1.0.0.
        summary: One line.
        details: CommonMark.
        aliases: Identifiers of the same vulnerability.
        upstream: Identifiers of vulnerabilities it comes from.
        related: Identifiers of others.
        severity: Ratings of all packages.
        affected: Entries, in the order of the record; none where it does not say.
        references: Links.
        credits: Whom it thanks.
        weaknesses: `database_specific.cwe_ids`, e.g. "CWE-79".
        rating: `database_specific.severity`, e.g. "HIGH"; "" where it does not say.
        provenance: `database_specific.sealane`; None where there is none.
        database_specific: Everything else in it, as JSON.
        unknown: Places of members that the schema does not know.
        has_affected: Whether there is a member `affected` at all.
    """

    id: str
    modified: datetime
    published: datetime | None = None
    withdrawn: datetime | None = None
    schema_version: str = ""
    summary: str = ""
    details: str = ""
    aliases: tuple[str, ...] = ()
    upstream: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    severity: tuple[Severity, ...] = ()
    affected: tuple[Affected, ...] = ()
    references: tuple[Reference, ...] = ()
    credits: tuple[Credit, ...] = ()
    weaknesses: tuple[str, ...] = ()
    rating: str = ""
    provenance: Provenance | None = None
    database_specific: tuple[tuple[str, JsonValue], ...] = ()
    unknown: tuple[str, ...] = ()
    has_affected: bool = True

    @property
    def advisory(self) -> Advisory:
        """What a downstream user's policy judges by."""
        return Advisory(self.id, self.withdrawn, tuple(one.about for one in self.affected))
