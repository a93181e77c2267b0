"""An appraisal as Markdown, for the summary page of a CI job.

What strangers wrote stands in code spans only: nothing in those is a link, a mention, a picture or
HTML, and the span's fence is longer than any row of back-ticks in it.

Spec: GitHub Flavored Markdown 0.29, sections 4.10 (tables), 6.3 (code spans), 4.6 (HTML blocks).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from sealane.core.model.shown import shown
from sealane.core.model.verdict import Appraisal, Compared, Finding, Outcome, Problem, Verdict
from sealane.core.report.interface import (
    COMPARE,
    NOTHING,
    WORDS,
    answers,
    nobody_named,
    stamps,
    summary,
)

# The word says it; the sign only helps to find it.
_SIGNS = {
    Outcome.PASS: "✅",
    Outcome.FAIL: "❌",
    Outcome.MISSING: "❓",
    Outcome.WARN: "⚠️",
    Outcome.NOTE: "💬",
}


def render_markdown(appraisal: Appraisal) -> str:
    """The report: a table of all artifacts, then what is to be known of each that did not pass."""
    stamp = "".join(f"[{text.partition(':')[0]}] " for text in stamps(appraisal))
    blocks = [f"## {stamp}sealane: {summary(appraisal)}"]
    blocks += [f"> **{text}**" for text in stamps(appraisal)]
    blocks.append("\n".join(_table(appraisal)) if appraisal.verdicts else f"**ERROR** {NOTHING}")
    for verdict in appraisal.verdicts:
        if any(one.outcome is not Outcome.PASS for one in answers(verdict)):
            blocks.append("\n".join(_details(verdict)))
    blocks += [_problem(one) for one in appraisal.problems]
    blocks.append("\n".join(_about(appraisal)))
    return "\n\n".join(blocks) + "\n"


def _table(appraisal: Appraisal) -> Iterator[str]:
    yield "| verdict | artifact | digest |"
    yield "|---|---|---|"
    for verdict in appraisal.verdicts:
        artifact = verdict.artifact
        digest = str(artifact.digests[0])
        yield f"| {_word(verdict.outcome)} | {_cell(artifact.name)} | {_cell(digest)} |"


def _details(verdict: Verdict) -> Iterator[str]:
    """Findings in a part that opens; within its first lines HTML counts, and no Markdown."""
    opened = "" if verdict.outcome is Outcome.PASS else " open"
    name = escape(shown(verdict.artifact.name))
    yield f"<details{opened}>"
    yield f"<summary>{_word(verdict.outcome)} <code>{name}</code></summary>"
    yield ""
    for finding in answers(verdict):
        yield from _finding(finding)
    if nobody_named(verdict):
        yield from _signers(verdict)
    yield "</details>"


def _finding(finding: Finding) -> Iterator[str]:
    yield f"- {_word(finding.outcome)} {finding.code}"
    parts = (
        ("at", finding.place),
        ("expected", finding.expected),
        ("actual", finding.actual),
        ("hint", "" if finding.outcome is Outcome.PASS else finding.hint),
    )
    for word, text in parts:
        if text:
            yield f"  - {word}: {_code(text)}"
    yield ""
    if finding.compared:
        yield "| claim | the policy demands | the certificate says | enough |"
        yield "|---|---|---|---|"
        yield from (_compared(one) for one in finding.compared)
        yield ""


def _compared(one: Compared) -> str:
    demanded = _cell(one.demanded) if one.demanded else "not asked"
    actual = _cell(one.actual) if one.actual else "nothing"
    held = ("yes" if one.demanded else "not judged") if one.held else "**no**"
    return f"| {_cell(one.claim)} | {demanded} | {actual} | {held} |"


def _signers(verdict: Verdict) -> Iterator[str]:
    yield "| signed by | of the login | evidence |"
    yield "|---|---|---|"
    for fact in verdict.facts:
        cells = (fact.signer.subject, fact.signer.issuer, fact.evidence.origin)
        yield f"| {' | '.join(_cell(one) for one in cells)} |"
    yield ""
    yield f"**{COMPARE}**"
    yield ""


def _problem(problem: Problem) -> str:
    hint = f"  \nhint: {_code(problem.hint)}" if problem.hint else ""
    return f"**ERROR** {_code(problem.message)}{hint}"


def _about(appraisal: Appraisal) -> Iterator[str]:
    for one in appraisal.based_on:
        digest = f" ({_code(f'sha256:{one.sha256}')})" if one.sha256 else ""
        yield f"- judged by {_code(one.kind)}: {_code(one.name)}{digest}"
    yield from (f"- note: {_code(note)}" for note in appraisal.notes)
    if appraisal.hosts:
        yield "- asked: " + ", ".join(_code(host) for host in appraisal.hosts)
    yield f"- judged at {appraisal.at.isoformat().replace('+00:00', 'Z')}"


def _word(outcome: Outcome) -> str:
    return f"{_SIGNS[outcome]} {WORDS[outcome]}"


def _cell(text: str) -> str:
    """A code span in a table, where a bar would end the cell."""
    return _code(text).replace("|", "\\|")


def _code(text: str) -> str:
    """A text as a code span on one line."""
    line = shown(text)
    if not line.strip(" "):
        # A span of blanks is shown as nothing by some, and an empty one is no span.
        return "(blank)"
    longest = max((len(row) for row in re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    # One blank on either side is taken off again; without it a back-tick would join the fence.
    gap = " " if line[0] in "` " or line[-1] in "` " else ""
    return f"{fence}{gap}{line}{gap}{fence}"
