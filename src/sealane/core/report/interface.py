"""What a form of report is, and what all forms say in the same words."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sealane.core.model.codes import code_of
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict

WORDS = {
    Outcome.PASS: "PASS",
    Outcome.FAIL: "FAIL",
    Outcome.MISSING: "MISSING",
    Outcome.WARN: "WARN",
    Outcome.NOTE: "note",
}
SANDBOX = "sandbox: these verdicts are of a rehearsal and prove nothing about the world"
UNENFORCED = "not enforced: the exit code does not tell what was found"
NOTHING = "nothing was judged: there was no artifact, and that is no pass"
COMPARE = "compare this with what the project's own page says; evidence cannot vouch for itself"
_NOBODY = "SL-ID-011"
_MISSING = "SL-EV-001"
_TOLD = (
    (Outcome.PASS, "passed"),
    (Outcome.FAIL, "failed"),
    (Outcome.MISSING, "without enough evidence"),
)


@dataclass(frozen=True, slots=True)
class ReportForm:
    """One way to show an appraisal.

    Attributes:
        name: What `--format` calls it.
        render: The whole report, ending in a line end.
        detailed: Whether it shows claims beside demands, which a run has to be asked for.
    """

    name: str
    render: Callable[[Appraisal], str]
    detailed: bool = False


def stamps(appraisal: Appraisal) -> tuple[str, ...]:
    """What nobody may overlook who reads the verdicts; empty for a run that counts."""
    said = ((appraisal.sandbox, SANDBOX), (not appraisal.enforced, UNENFORCED))
    return tuple(text for is_so, text in said if is_so)


def summary(appraisal: Appraisal) -> str:
    """How many artifacts there were, and what became of them; without a line end."""
    outcomes = [verdict.outcome for verdict in appraisal.verdicts]
    told = ", ".join(f"{outcomes.count(outcome)} {words}" for outcome, words in _TOLD)
    if Outcome.WARN in outcomes:
        told += f", {outcomes.count(Outcome.WARN)} with a warning and no pass"
    if appraisal.problems:
        told += f"; {len(appraisal.problems)} could not be judged"
    return f"{len(outcomes)} artifact{'' if len(outcomes) == 1 else 's'}: {told}"


def answers(verdict: Verdict) -> Sequence[Finding]:
    """The findings of a verdict, and one more where none of them says why it is no pass."""
    outcome = verdict.outcome
    if outcome is Outcome.PASS or any(one.outcome is outcome for one in verdict.findings):
        return verdict.findings
    known = code_of(_MISSING)
    reason = Finding(
        known.label,
        outcome,
        verdict.artifact.name,
        "proven evidence, and a rule that holds",
        "not both of them",
        known.hint,
    )
    return (*verdict.findings, reason)


def nobody_named(verdict: Verdict) -> bool:
    """Whether the reader has still to decide whom to trust.

    Only then may a report say how the signer could be named: after a mismatch it would be an
    instruction how to pass.
    """
    return any(code_of(finding.code).code == _NOBODY for finding in verdict.findings)
