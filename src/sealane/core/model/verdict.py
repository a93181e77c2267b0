"""A rule's answer, all answers on one artifact, and what a report shows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass

_NOTHING_ENFORCED = "SL-POL-002 nothing-enforced"


class Outcome(StrEnum):
    """How a question was answered; everything but PASS keeps an artifact from passing."""

    PASS = "pass"
    FAIL = "fail"
    MISSING = "missing"  # nothing to judge: exit 3, where no artifact failed
    WARN = "warn"  # it does not hold, and the policy wants to be told only
    NOTE = "note"  # worth knowing, changes nothing, e.g. a refused bundle beside a good one


@dataclass(frozen=True, slots=True)
class Compared:
    """One claim of a signer beside what the policy demands of it.

    Attributes:
        claim: What it is called, e.g. "source repository ref".
        demanded: What the policy wants; "" where it does not ask.
        actual: What the certificate says; "" where it says nothing.
        held: Whether that is enough.
    """

    claim: str
    demanded: str
    actual: str
    held: bool


@dataclass(frozen=True, slots=True)
class Basis:
    """One thing that was judged by.

    Attributes:
        kind: "policy", "trust root", "pins".
        name: What it is called, and where it came from.
        sha256: Its digest, lower-case hex; "" where nobody was named to trust.
        id: What a policy calls itself; "" for what has no such name.
    """

    kind: str
    name: str
    sha256: str
    id: str = ""

    def __str__(self) -> str:
        """`trust root: embedded (sha256:6494…)`, for the report."""
        return f"{self.kind}: {self.name}" + (f" (sha256:{self.sha256})" if self.sha256 else "")


@dataclass(frozen=True, slots=True)
class Finding:
    """The answer of one rule on one artifact.

    Attributes:
        code: Stable code and name, e.g. "SL-ID-004 ref-mismatch".
        outcome: Whether the rule held.
        place: Where: a file, a certificate claim, a URL.
        expected: What the policy demands.
        actual: What was found.
        hint: What to do about it.
        compared: The signer's claims beside the policy's demands; empty where a run was not asked
            for details.
        level: SLSA build level that was demanded and proven; 0 where none was.
    """

    code: str
    outcome: Outcome
    place: str = ""
    expected: str = ""
    actual: str = ""
    hint: str = ""
    compared: tuple[Compared, ...] = ()
    level: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """All findings on one artifact; passing needs at least one that passed.

    Attributes:
        artifact: What was judged.
        findings: The answers of all rules.
        facts: What was proven about it.
    """

    artifact: Artifact
    findings: tuple[Finding, ...]
    facts: tuple[Fact, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """PASS only with a proven fact, a passing finding, and none that fails or misses.

        WARN where only rules are about it that do not keep it from anything, and none of them
        holds: that is no pass, and the exit code does not tell of it. The policy says so; a warning
        beside an enforced rule that was only left aside says nothing of the kind. A fact about
        another artifact is none about this one, and keeps it from passing.
        """
        outcomes = {finding.outcome for finding in self.findings} - {Outcome.NOTE}
        if Outcome.FAIL in outcomes:
            return Outcome.FAIL
        if Outcome.MISSING in outcomes:
            return Outcome.MISSING
        if outcomes == {Outcome.WARN} and any(
            finding.code == _NOTHING_ENFORCED for finding in self.findings
        ):
            return Outcome.WARN
        proven = bool(self.facts) and all(fact.artifact == self.artifact for fact in self.facts)
        return Outcome.PASS if proven and Outcome.PASS in outcomes else Outcome.MISSING

    def __bool__(self) -> NoReturn:
        """Refuse `if verdict:`, which would be true for a failure."""
        raise TypeError("a Verdict has no truth value; read .outcome")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that was asked for and could not be judged; it hides none of the others.

    Attributes:
        exit_code: What a run with nothing worse in it ends with.
        message: What is wrong, with its place.
        hint: What to do about it.
    """

    exit_code: int
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Appraisal:
    """The only thing a report shows.

    Attributes:
        verdicts: One an artifact, in the order of the inputs.
        based_on: What was judged by: policy, trust roots, pins, with their digests.
        at: When, aware, UTC.
        hosts: Hosts that were asked; empty offline.
        sandbox: True when a sandbox's trust root was used; every output is stamped with it.
        notes: What concerns no single artifact.
        enforced: False where the exit code was asked not to tell.
        problems: What was asked for and could not be judged.
    """

    verdicts: tuple[Verdict, ...]
    based_on: tuple[Basis, ...]
    at: datetime
    hosts: tuple[str, ...] = ()
    sandbox: bool = False
    notes: tuple[str, ...] = ()
    enforced: bool = True
    problems: tuple[Problem, ...] = ()
