"""What a form of report is, and what all forms say in the same words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

from sealane.core.model.codes import code_of
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Appraisal, Basis, Finding, Outcome, Verdict

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
# What holds, or is only told, needs nothing to be done about it.
_HINTED = {Outcome.FAIL, Outcome.MISSING, Outcome.WARN}
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
        pieces: The report in pieces, the last of them ending in a line end.
        detailed: Whether it shows claims beside demands, which a run has to be asked for.
    """

    name: str
    pieces: Callable[[Appraisal], Iterable[str]]
    detailed: bool = False

    def render(self, appraisal: Appraisal) -> str:
        """The whole report, ending in a line end."""
        return "".join(self.pieces(appraisal))


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


def shown_fully(text: str) -> str:
    """A text on one line, escaped, however long: a digest at its end must be seen."""
    return "".join(shown(text[start : start + 500]) for start in range(0, len(text), 500))


def finding_lines(findings: Sequence[Finding]) -> Iterator[str]:
    """Findings as lines for people; those that differ in their place only stand together."""
    for alike in _alike(findings):
        yield from _lines(alike)


def finding_object(finding: Finding) -> dict[str, JsonValue]:
    """A finding as JSON, without its claims."""
    return {
        "code": finding.code,
        "outcome": finding.outcome.value,
        "place": finding.place,
        "expected": finding.expected,
        "actual": finding.actual,
        "hint": finding.hint,
        "level": finding.level,
    }


def basis_object(basis: Basis) -> JsonValue:
    """What was judged by, as JSON."""
    return {"kind": basis.kind, "name": basis.name, "sha256": basis.sha256, "id": basis.id}


def _alike(findings: Sequence[Finding]) -> Iterable[list[Finding]]:
    """Findings that differ in their place only, together."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        same = (finding.code, finding.outcome, finding.expected, finding.actual, finding.hint)
        groups.setdefault(same, []).append(finding)
    return groups.values()


def _lines(alike: Sequence[Finding]) -> Iterator[str]:
    finding = alike[0]
    if finding.outcome is Outcome.PASS:
        # What holds needs no explaining: who said it, and where.
        yield f"  {WORDS[finding.outcome]:<7} {finding.code}: {shown(finding.actual)}"
        return
    yield f"  {WORDS[finding.outcome]:<7} {finding.code}"
    for place in dict.fromkeys(one.place for one in alike if one.place):
        yield f"          at: {shown(place)}"
    if finding.expected:
        yield f"    expected: {shown(finding.expected)}"
    if finding.actual:
        yield f"      actual: {shown(finding.actual)}"
    if finding.hint and finding.outcome in _HINTED:
        yield f"        hint: {shown(finding.hint)}"
