"""A rule's answer, all answers on one artifact, and what a report shows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import NoReturn

from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.values import dataclass


class Outcome(StrEnum):
    """How a question was answered; everything but PASS keeps an artifact from passing."""

    PASS = "pass"
    FAIL = "fail"
    MISSING = "missing"  # nothing to judge: exit 3, where no artifact failed
    NOTE = "note"  # worth knowing, changes nothing, e.g. a refused bundle beside a good one


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
    """

    code: str
    outcome: Outcome
    place: str = ""
    expected: str = ""
    actual: str = ""
    hint: str = ""


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

        A fact about another artifact is none about this one, and keeps it from passing.
        """
        outcomes = {finding.outcome for finding in self.findings} - {Outcome.NOTE}
        if Outcome.FAIL in outcomes:
            return Outcome.FAIL
        proven = bool(self.facts) and all(fact.artifact == self.artifact for fact in self.facts)
        held = proven and outcomes == {Outcome.PASS}
        return Outcome.PASS if held else Outcome.MISSING

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
        based_on: What was judged by, one line each: policy, trust root, their digests.
        at: When, aware, UTC.
        hosts: Hosts that were asked; empty offline.
        sandbox: True when a sandbox's trust root was used; every output is stamped with it.
        notes: What concerns no single artifact.
        enforced: False where the exit code was asked not to tell.
        problems: What was asked for and could not be judged.
    """

    verdicts: tuple[Verdict, ...]
    based_on: tuple[str, ...]
    at: datetime
    hosts: tuple[str, ...] = ()
    sandbox: bool = False
    notes: tuple[str, ...] = ()
    enforced: bool = True
    problems: tuple[Problem, ...] = ()
