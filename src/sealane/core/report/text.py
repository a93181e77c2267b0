"""An appraisal for people: what was judged by, one line an artifact, and reasons.

Everything that comes from certificates, evidence or file names is a stranger's text: it is escaped,
and quoted for the shell where it is shown to be copied.
"""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim, Identity
from sealane.core.model.shown import quoted, shown
from sealane.core.model.verdict import Appraisal, Problem, Verdict
from sealane.core.report.interface import (
    COMPARE,
    SANDBOX,
    UNENFORCED,
    WORDS,
    finding_lines,
    nobody_named,
    shown_fully,
    summary,
)

_CLAIMS = (
    Claim.SOURCE_REPOSITORY_URI,
    Claim.BUILD_CONFIG_URI,
    Claim.SOURCE_REPOSITORY_REF,
    Claim.SOURCE_REPOSITORY_DIGEST,
    Claim.DEPLOYMENT_ENVIRONMENT,
    Claim.RUNNER_ENVIRONMENT,
)


def text_lines(appraisal: Appraisal) -> Iterator[str]:
    """The report, a line at a time with its end; the first names what was judged by.

    The whole of it is never in memory: of many files that is as much again as their verdicts.
    """
    for line in _lines(appraisal):
        yield f"{line}\n"


def _lines(appraisal: Appraisal) -> Iterator[str]:
    stamp = "[sandbox] " if appraisal.sandbox else ""
    yield f"{stamp}judged by " + "; ".join(shown_fully(str(one)) for one in appraisal.based_on)
    if appraisal.sandbox:
        yield SANDBOX
    if not appraisal.enforced:
        yield UNENFORCED
    for verdict in appraisal.verdicts:
        yield from _verdict(verdict)
    for problem in appraisal.problems:
        yield from _problem(problem)
    for note in appraisal.notes:
        yield f"note: {shown(note)}"
    if appraisal.hosts:
        yield "asked: " + ", ".join(shown(host) for host in appraisal.hosts)
    yield summary(appraisal) + (" [sandbox]" if appraisal.sandbox else "")


def _verdict(verdict: Verdict) -> Iterator[str]:
    artifact = verdict.artifact
    digest = str(artifact.digests[0])
    name = "" if artifact.name == digest else f"{shown(artifact.name)}  "
    yield f"{WORDS[verdict.outcome]:<7}  {name}{digest}"
    yield from finding_lines(verdict.findings)
    if nobody_named(verdict):
        yield from _proven(verdict)


def _problem(problem: Problem) -> Iterator[str]:
    yield f"ERROR    {shown(problem.message)}"
    if problem.hint:
        yield f"        hint: {shown(problem.hint)}"


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
