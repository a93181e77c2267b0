"""An appraisal for people: what was judged by, one line an artifact, and reasons.

Everything that comes from certificates, evidence or file names is a stranger's text: it is escaped,
and quoted for the shell where it is shown to be copied.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.shown import quoted, shown
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Problem, Verdict
from sealane.core.report.interface import (
    COMPARE,
    SANDBOX,
    UNENFORCED,
    WORDS,
    nobody_named,
    summary,
)

# What holds, or is only told, needs nothing to be done about it.
_HINTED = {Outcome.FAIL, Outcome.MISSING, Outcome.WARN}
_CLAIMS = (
    Claim.SOURCE_REPOSITORY_URI,
    Claim.BUILD_CONFIG_URI,
    Claim.SOURCE_REPOSITORY_REF,
    Claim.SOURCE_REPOSITORY_DIGEST,
    Claim.DEPLOYMENT_ENVIRONMENT,
    Claim.RUNNER_ENVIRONMENT,
)


def render_text(appraisal: Appraisal) -> str:
    """The report; its first line names what was judged by."""
    lines = ["judged by " + "; ".join(shown_fully(str(one)) for one in appraisal.based_on)]
    if appraisal.sandbox:
        lines[0] = f"[sandbox] {lines[0]}"
        lines.append(SANDBOX)
    if not appraisal.enforced:
        lines.append(UNENFORCED)
    for verdict in appraisal.verdicts:
        lines += _verdict(verdict)
    for problem in appraisal.problems:
        lines += _problem(problem)
    lines += [f"note: {shown(note)}" for note in appraisal.notes]
    if appraisal.hosts:
        lines.append("asked: " + ", ".join(shown(host) for host in appraisal.hosts))
    lines.append(summary(appraisal) + (" [sandbox]" if appraisal.sandbox else ""))
    return "\n".join(lines) + "\n"


def shown_fully(text: str) -> str:
    """A text on one line, escaped, however long: a digest at its end must be seen."""
    return "".join(shown(text[start : start + 500]) for start in range(0, len(text), 500))


def _verdict(verdict: Verdict) -> Iterator[str]:
    artifact = verdict.artifact
    digest = str(artifact.digests[0])
    name = "" if artifact.name == digest else f"{shown(artifact.name)}  "
    yield f"{WORDS[verdict.outcome]:<7}  {name}{digest}"
    for alike in _alike(verdict.findings):
        yield from _finding(alike)
    if nobody_named(verdict):
        yield from _proven(verdict)


def _problem(problem: Problem) -> Iterator[str]:
    yield f"ERROR    {shown(problem.message)}"
    if problem.hint:
        yield f"        hint: {shown(problem.hint)}"


def _alike(findings: Sequence[Finding]) -> Iterable[list[Finding]]:
    """Findings that differ in their place only, together."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        same = (finding.code, finding.outcome, finding.expected, finding.actual, finding.hint)
        groups.setdefault(same, []).append(finding)
    return groups.values()


def _finding(alike: Sequence[Finding]) -> Iterator[str]:
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


def _proven(verdict: Verdict) -> Iterator[str]:
    """What certificates say, for somebody who has still to decide whom to trust.

    Shown only where nobody was named: after a mismatch it would be an instruction how to pass.
    """
    signers: dict[tuple[str, ...], list[Fact]] = {}
    for fact in verdict.facts:
        signers.setdefault(tuple(_signer(fact.signer)), []).append(fact)
    for lines, facts in signers.items():
        for fact in facts:
            when = f"signed {fact.signed_at.isoformat()}" if fact.signed_at else "at no proven time"
            yield f"  proven by {shown(fact.evidence.origin)}, {when}"
        yield from lines
        for note in dict.fromkeys(note for fact in facts for note in fact.notes):
            yield f"    note: {shown(note)}"
    yield f"  {COMPARE}"


def _signer(signer: Identity) -> Iterator[str]:
    yield f"    --cert-identity {quoted(signer.subject)}"
    yield f"    --cert-oidc-issuer {quoted(signer.issuer)}"
    for claim in _CLAIMS:
        text = signer.claim(claim)
        if text:
            yield f"    {claim.name.lower().replace('_', ' ')}: {quoted(text)}"
