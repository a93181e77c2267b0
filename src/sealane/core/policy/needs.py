"""What a rule of a policy can demand of an artifact's evidence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sealane.core.model.values import dataclass, replace
from sealane.core.policy.people import Publisher


class Severity(StrEnum):
    """How grave a vulnerability is, the least grave first (CVSS v3.1, section 5)."""

    NONE = "none"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class SbomDemand:
    """What a bill of materials has to hold.

    Attributes:
        components: How many components it lists at least.
        describes: Whether the statement's bill has to name the artifact's package.
    """

    components: int = 1
    describes: bool = False


@dataclass(frozen=True, slots=True)
class ScanDemand:
    """What a vulnerability scan may have found.

    Attributes:
        worst: The gravest severity that is accepted; one that is unknown counts as critical.
        allowed: Ids that are accepted whatever their severity, e.g. "CVE-2026-1".
        scanners: URIs of scanners that count; empty for any.
        max_age_days: How old the scan may be when the artifact is judged; None for any age.
    """

    worst: Severity = Severity.NONE
    allowed: tuple[str, ...] = ()
    scanners: tuple[str, ...] = ()
    max_age_days: int | None = None


@dataclass(frozen=True, slots=True)
class TestDemand:
    """What a test result has to say.

    Attributes:
        warned: Whether "WARNED" is accepted beside "PASSED".
        configurations: URIs of configurations that have to be among those tested.
    """

    __test__ = False  # it is none of pytest's

    warned: bool = False
    configurations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Requirement:
    """One statement that has to be there.

    Attributes:
        predicates: Short names of predicate types; one of them has to be met.
        by: Publishers; each signer that counts has to be one of them.
        threshold: How many distinct principals have to have signed it (issuer and identity).
        trust: Name of the `[trust.NAME]` it has to be proven with; "" where there is only one.
        source: URL of the repository that statement and certificate have to name; "" for any.
        builder: The builder's id a provenance has to name; "" for any.
        level: SLSA build level that has to be reached; 0 for none.
        not_before: Earliest moment of signing, aware, UTC; None for any.
        max_age_days: How old the signature may be when the artifact is judged; None for any age.
        complete: Whether the statement has to list exactly the files of the version judged.
        only_if: Name of a condition; unless it is known not to hold, this is required. "" for
            always.
        when: An expression in CEL on `predicate`; "" for none.
        sbom: What a bill of materials has to hold.
        scan: What a vulnerability scan may have found.
        tests: What a test result has to say.
        verifier: URI of the verifier that a summary has to be by; a summary counts for no other, so
            "" makes every summary fail.
        resource: URI that a verification summary has to name, "{name}" and "{version}" in it for
            those of the artifact; "" for the artifact's package URL.
        properties: Labels that a summary has to list, e.g. "SEALANE_POLICY_PASSED".
    """

    predicates: tuple[str, ...]
    by: tuple[Publisher, ...]
    threshold: int = 1
    trust: str = ""
    source: str = ""
    builder: str = ""
    level: int = 0
    not_before: datetime | None = None
    max_age_days: int | None = None
    complete: bool = False
    only_if: str = ""
    when: str = ""
    sbom: SbomDemand | None = None
    scan: ScanDemand | None = None
    tests: TestDemand | None = None
    verifier: str = ""
    resource: str = ""
    properties: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        # A requirement of nothing, or of nobody, could only be met by mistake.
        if not self.predicates or not self.by or self.threshold < 1:
            raise ValueError("a requirement needs a predicate and a publisher")


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Needs of which one has to hold.

    Attributes:
        needs: At least one.
        only_if: As in `Requirement`.
    """

    needs: tuple[Need, ...]
    only_if: str = ""

    def __post_init__(self) -> None:
        if not self.needs:
            raise ValueError("a choice needs something to choose from")


@dataclass(frozen=True, slots=True)
class AllOf:
    """Needs that all have to hold.

    Attributes:
        needs: At least one.
        only_if: As in `Requirement`.
    """

    needs: tuple[Need, ...]
    only_if: str = ""

    def __post_init__(self) -> None:
        if not self.needs:
            raise ValueError("a conjunction needs something that has to hold")


Need: TypeAlias = Requirement | AnyOf | AllOf


def requirements_in(need: Need) -> Iterator[Requirement]:
    """Every requirement in a need, however deep, in order."""
    if isinstance(need, Requirement):
        yield need
        return
    for one in need.needs:
        yield from requirements_in(one)


def with_publishers(need: Need, others: Mapping[Publisher, Publisher]) -> Need:
    """A copy of a need in which publishers are replaced by others."""
    if isinstance(need, Requirement):
        return replace(need, by=tuple(others.get(one, one) for one in need.by))
    return replace(need, needs=tuple(with_publishers(one, others) for one in need.needs))
