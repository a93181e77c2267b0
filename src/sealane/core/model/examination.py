"""Findings on an advisory: what a report of them shows, and what the process ends with."""

from __future__ import annotations

from datetime import datetime
from typing import NoReturn

from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Basis, Finding, Outcome
from sealane.errors import ExitCode


@dataclass(frozen=True, slots=True)
class Examination:
    """All answers about one advisory; holding needs at least one that passed.

    Attributes:
        subject: What was examined: the identifier of a record, the format of a document.
        place: The file.
        sha256: Its digest, lower-case hex.
        findings: The answers of all checks, also those that passed.
        based_on: What it was held against, with digests: listings, manifests, documents.
        at: When, aware, UTC.
        stage: "draft", "published", or "" for a document alone.
        hosts: Hosts that were asked.
        sandbox: True where it was held against a sandbox.
        notes: What concerns no single check.
    """

    subject: str
    place: str
    sha256: str
    findings: tuple[Finding, ...]
    based_on: tuple[Basis, ...]
    at: datetime
    stage: str = ""
    hosts: tuple[str, ...] = ()
    sandbox: bool = False
    notes: tuple[str, ...] = ()

    @property
    def outcome(self) -> Outcome:
        """PASS only where something passed, and nothing failed or is missing.

        WARN of a finding leaves it as it is: a rule that only warns makes nothing untrue.
        """
        outcomes = {finding.outcome for finding in self.findings}
        if Outcome.FAIL in outcomes:
            return Outcome.FAIL
        if Outcome.MISSING in outcomes or Outcome.PASS not in outcomes:
            return Outcome.MISSING
        return Outcome.PASS

    @property
    def exit_code(self) -> ExitCode:
        """0 where it holds, 1 where something is untrue, 3 where something could not be seen."""
        ends = {Outcome.PASS: ExitCode.PASS, Outcome.FAIL: ExitCode.FAILED}
        return ends.get(self.outcome, ExitCode.EVIDENCE)

    def __bool__(self) -> NoReturn:
        """Refuse `if examination:`, which would be true for a failure."""
        raise TypeError("an Examination has no truth value; read .outcome")
