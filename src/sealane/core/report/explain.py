"""A verdict in plain words: what was checked, step by step, what failed, and what to do about it.

What is shown of evidence is a stranger's text, and escaped. Nothing here is a command that names
the signer who was found: after a mismatch it would be an instruction how to pass.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.model.codes import code_of
from sealane.core.model.evidence import EvidenceForm
from sealane.core.model.explanation import Step
from sealane.core.model.explanations import explanation_of
from sealane.core.model.fact import Fact
from sealane.core.model.shown import shown
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict

_WIDTH = 96
_ENDS = {
    Outcome.PASS: "So it passed: all that is required holds.",
    Outcome.FAIL: "So it failed. Do not use it before what failed is explained.",
    Outcome.MISSING: "So nobody can tell: there is not enough to judge it by. That is no pass.",
    Outcome.WARN: "So it is a warning: rules that only warn do not hold. That is no pass.",
    Outcome.NOTE: "",  # never a verdict's own outcome
}
_STEPS = {
    Step.COLLECT: "while evidence was collected",
    Step.OPINION: "by the second opinion",
    Step.POLICY: "by the policy",
    Step.PINS: "by the pins",
    Step.ADVISORY: "by a check of the advisory",
}
_BY_LIBRARY = (EvidenceForm.IN_TOTO_LAYOUT, EvidenceForm.OPENPGP_SIGNATURE)


def render_explained(appraisal: Appraisal) -> str:
    """The verdicts in plain words."""
    lines = ["", "in plain words; docs/explanation/how-a-verdict-is-made.md has the numbered steps"]
    for verdict in appraisal.verdicts:
        lines += ["", *_verdict(verdict)]
    for problem in appraisal.problems:
        lines += ["", f"Not judged: {shown(problem.message)}"]
        lines += _wrapped(f"What to do: {shown(problem.hint)}", "  ") if problem.hint else []
    return "\n".join(lines) + "\n"


def _verdict(verdict: Verdict) -> Iterator[str]:
    yield shown(verdict.artifact.name)
    if verdict.facts:
        yield from _facts(verdict.facts)
    else:
        yield "  Collected: no evidence that holds."
    kept = [one for one in verdict.findings if one.outcome is Outcome.PASS]
    for finding in kept:
        yield from _wrapped(f"Required, and found: {shown(finding.actual)}.", "  ")
    for finding in _different(verdict.findings):
        yield from _finding(finding)
    yield f"  {_ENDS[verdict.outcome]}"


def _facts(facts: Sequence[Fact]) -> Iterator[str]:
    for fact in facts:
        yield f"  Evidence {shown(fact.evidence.origin)} holds:"
        for line in _proof(fact):
            yield from _wrapped(line, "    ", "       ")


def _proof(fact: Fact) -> Iterator[str]:
    """What each step found, for evidence that went through all of them."""
    signer = f"{shown(fact.signer.subject)} ({shown(fact.signer.issuer)})"
    yield "1. It can be read, and has all that its form demands."
    if fact.evidence.form in _BY_LIBRARY:
        # These forms have a library of their own, and neither certificate nor log.
        yield f"2. to 8. Somebody whom you named signed it: {signer}."
        yield from _about(fact)
        return
    yield f"2. It was judged by the trust root {shown(fact.trust)}."
    when = fact.signed_at.isoformat() if fact.signed_at else ""
    yield f"3. It was signed at {when}." if when else "3. Nothing proves when it was signed."
    if fact.certificate:
        yield f"4. An authority of that root issued the certificate, to {signer}."
        yield "5. As many logs of certificates as are demanded promised to show it."
    else:
        yield f"4. A key that you named signed it: {signer}."
        yield "5. There is no certificate, so none had to be logged."
    if fact.log_index is None:
        yield "6. It is in no log, and need not be."
        yield "7. That key signed exactly this content."
        yield "8. There is no log entry that could be about something else."
    else:
        yield f"6. Entry {fact.log_index} of a log that the root knows holds."
        yield "7. That key signed exactly this content."
        yield "8. The log entry is about this signature, and no other."
    yield from _about(fact)


def _about(fact: Fact) -> Iterator[str]:
    digest = fact.artifact.digests[0]
    if fact.statement is None:
        yield f"9. It is over this very file, {digest}."
        return
    kind = by_uri(fact.statement.predicate_type)
    name = kind.name if kind else fact.statement.predicate_type
    yield f"9. It is about this very file, {digest}, and states: {shown(name)}."


def _different(findings: Sequence[Finding]) -> list[Finding]:
    """All that did not hold, each once, what counts before what is only noted."""
    told = [one for one in findings if one.outcome is not Outcome.PASS]
    told.sort(key=lambda one: one.outcome is Outcome.NOTE)
    return list(dict.fromkeys(told))


def _finding(finding: Finding) -> Iterator[str]:
    code, explained = code_of(finding.code), explanation_of(finding.code)
    where = _STEPS.get(explained.step) or f"at step {explained.step.value}"
    noted = finding.outcome is Outcome.NOTE
    word = "Noted" if noted else "Found"
    yield from _wrapped(f"{word} {where}: {code.label}. {code.meaning}", "  ", "    ")
    if finding.place:
        yield f"    where: {shown(finding.place)}"
    if finding.expected:
        yield f"    demanded: {shown(finding.expected)}"
    if finding.actual:
        yield f"    found: {shown(finding.actual)}"
    if noted:
        return
    yield from _wrapped(f"What it means: {explained.text}", "    ")
    yield from _wrapped(f"What to do: {shown(finding.hint or code.hint)}.", "    ")


def _wrapped(text: str, first: str, rest: str = "") -> list[str]:
    """A paragraph; long words, such as addresses, stay whole."""
    return textwrap.wrap(
        text,
        _WIDTH,
        initial_indent=first,
        subsequent_indent=rest or f"{first}  ",
        break_long_words=False,
        break_on_hyphens=False,
    )
