"""What is pinned of packages: who made their evidence, and of which kinds it was.

`pins_parse` reads it from `sealane.pins.toml`, `pins_render` writes it, `pins_check` holds evidence
against it, and `pins_update` learns from evidence.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum

from packaging.version import Version

from sealane.core.model.artifact import Artifact
from sealane.core.model.values import dataclass

PINS_SCHEMA = "sealane.pins/1"
PINS_FILE = "sealane.pins.toml"
# A package URL without version, qualifiers and subpath.
PACKAGE_URL = "pkg:[a-z][a-z0-9.+-]*(/[A-Za-z0-9._~%+-]+)+"
LONGEST_URL = 500
# As long as the longest claim of a certificate that is read.
LONGEST_TEXT = 2048


class LogKind(StrEnum):
    """In which log evidence of a kind was."""

    NONE = "none"
    SOME = "some"  # the engine that proved it does not tell of which generation
    V1 = "v1"
    V2 = "v2"


@dataclass(frozen=True, slots=True)
class Signer:
    """Somebody who makes a package's evidence; what is empty is not asked for.

    Attributes:
        issuer: OIDC issuer, or what stands in its place for a key.
        subject: Subject of the certificate, or the key's digest; "" for a pipeline.
        project: URL of the project whose pipeline it is (claim 12).
        project_id: Immutable id of the project (claim 15).
        owner_id: Immutable id of its owner (claim 17).
        config: The pipeline file (claim 18): a path in the project, or the URL of another's.
        workflow: The reusable workflow that signs in its place (claim 9), written alike.
        refs: Templates of which the ref has to match one, e.g. "refs/tags/v{pep440}".
        environment: Deployment environment (claim 23).
        runner: Runner environment (claim 11).
        signs: Kinds of evidence it has made, sorted.
        until: Its signatures count until then, aware, UTC; None where nobody has replaced it.
    """

    issuer: str
    subject: str = ""
    project: str = ""
    project_id: str = ""
    owner_id: str = ""
    config: str = ""
    workflow: str = ""
    refs: tuple[str, ...] = ()
    environment: str = ""
    runner: str = ""
    signs: tuple[str, ...] = ()
    until: datetime | None = None

    def __post_init__(self) -> None:
        # Whoever has an account at an issuer would be a signer of whom nothing else is said.
        if not self.issuer or not (self.subject or self.config):
            raise ValueError("a pinned signer needs an issuer, and a subject or a pipeline file")

    @property
    def name(self) -> str:
        """What a report calls it."""
        return f"{self.project} {self.config}".strip() if self.config else self.subject


@dataclass(frozen=True, slots=True)
class EvidencePin:
    """A kind of evidence that a version had, and so every later one of its line has to have.

    Attributes:
        kind: Short name of a predicate type, or its URI where it has none; "signature" for one
            over the file itself.
        since: The first version that is known to have it, PEP 440.
        log: In which log it was.
    """

    kind: str
    since: str
    log: LogKind

    @property
    def order(self) -> tuple[str, Version, str]:
        """What lists of them are sorted by."""
        return self.kind, Version(self.since), self.log


@dataclass(frozen=True, slots=True)
class PinExemption:
    """A difference from the pins that is accepted for a while.

    Attributes:
        code: The finding that is accepted, e.g. "SL-PIN-015".
        reason: Why, for the report.
        expires: Until when, aware, UTC.
        version: Of which version alone, PEP 440; "" for all.
    """

    code: str
    reason: str
    expires: datetime
    version: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    """What is pinned of one package.

    Attributes:
        purl: Package URL without a version, e.g. "pkg:pypi/acme".
        signers: At least one.
        evidence: What later versions have to have, sorted.
        since: Versions before this one are not held against the pin; "" for none.
        exemptions: Differences that are accepted for a while.
    """

    purl: str
    signers: tuple[Signer, ...]
    evidence: tuple[EvidencePin, ...] = ()
    since: str = ""
    exemptions: tuple[PinExemption, ...] = ()

    def __post_init__(self) -> None:
        if not self.signers:
            raise ValueError("a pin needs a signer")

    def exempted(self, version: str | None, at: datetime) -> tuple[PinExemption, ...]:
        """The exemptions that hold for a version now.

        Args:
            version: PEP 440; None where it is not known: then only those of all versions hold.
            at: When, aware, UTC.
        """
        versions = {"", version or ""}
        return tuple(one for one in self.exemptions if one.version in versions and at < one.expires)


@dataclass(frozen=True, slots=True)
class Pins:
    """All that is pinned.

    Attributes:
        packages: Sorted by package URL, each once.
        origin: The file they came from, for reports.
        sha256: Its digest, lower-case hex; "" where there is no file yet.
    """

    packages: tuple[Pin, ...] = ()
    origin: str = PINS_FILE
    sha256: str = ""

    def __post_init__(self) -> None:
        names = [one.purl for one in self.packages]
        if names != sorted(set(names)):
            raise ValueError("pins: packages have to be sorted, each once")

    def of(self, purl: str) -> Pin | None:
        """What is pinned of a package; None where nothing is."""
        return next((one for one in self.packages if one.purl == purl), None)


def package_of(artifact: Artifact) -> str:
    """The package URL of an artifact without its version.

    Returns:
        "" where its name tells none, or one that no file of pins can hold.
    """
    found = (artifact.purl or "").rpartition("@")[0]
    usable = len(found) <= LONGEST_URL and re.fullmatch(PACKAGE_URL, found)
    return found if usable else ""


def line_of_version(version: str) -> tuple[int, int]:
    """The release line a version belongs to: its epoch and major number.

    Args:
        version: PEP 440.
    """
    parsed = Version(version)
    return parsed.epoch, parsed.release[0]
