"""What a vulnerability scanner found, and how fresh what it knew was.

Spec: in-toto attestation, spec/predicates/vulns_02.md, 0.2; in 0.1 a finding may stand one object
deeper, under "vulnerability".
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/vulns/v0.2"
PREDICATE_V01 = "https://in-toto.io/attestation/vulns/v0.1"


@dataclass(frozen=True, slots=True)
class Vulnerability:
    """One finding: its id, and (method, score) of each severity."""

    id: str
    severities: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Scan:
    """One scan.

    Attributes:
        scanner: URI of the scanner.
        version: Of the scanner; "" where it is not said.
        database_updated: When the scanner's database was last updated, aware, UTC.
        found: What it found; empty for nothing.
        started: When it started, aware, UTC.
        finished: When it ended, aware, UTC.
    """

    scanner: str
    version: str
    database_updated: datetime
    found: tuple[Vulnerability, ...]
    started: datetime
    finished: datetime


def parse_scan(predicate: Mapping[str, JsonValue]) -> Scan:
    """Read a scan of version 0.2.

    Raises:
        InputError: A required member is missing, one is of another type, or the scan ended before
            it started.
    """
    members = Members(predicate, "vulns")
    return _scan(members, members.inner("scanner").each("result"))


def parse_scan_v01(predicate: Mapping[str, JsonValue]) -> Scan:
    """Read a scan of version 0.1.

    Raises:
        InputError: A required member is missing, one is of another type, or the scan ended before
            it started.
    """
    members = Members(predicate, "vulns")
    listed = members.inner("scanner").each("result")
    inner = (one.inner("vulnerability") if one.has("vulnerability") else one for one in listed)
    return _scan(members, tuple(inner))


def _scan(members: Members, listed: tuple[Members, ...]) -> Scan:
    scanner, metadata = members.inner("scanner"), members.inner("metadata")
    started, finished = metadata.moment("scanStartedOn"), metadata.moment("scanFinishedOn")
    if finished < started:
        raise InputError("vulns: metadata: the scan ended before it started")
    return Scan(
        scanner=scanner.text("uri"),
        version=scanner.text_or_empty("version"),
        database_updated=scanner.inner("db").moment("lastUpdate"),
        found=tuple(_vulnerability(one) for one in listed),
        started=started,
        finished=finished,
    )


def _vulnerability(members: Members) -> Vulnerability:
    severities = members.each("severity")
    return Vulnerability(
        members.text("id"), tuple((one.text("method"), one.text("score")) for one in severities)
    )
