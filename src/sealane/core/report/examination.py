"""An examination of an advisory, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from sealane.core.model.codes import code_of
from sealane.core.model.examination import Examination
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.core.report.interface import (
    WORDS,
    basis_object,
    finding_lines,
    finding_object,
    shown_fully,
)

SCHEMA = "sealane.examination/1"
SANDBOX = "sandbox: this was held against a rehearsal and proves nothing about the world"
_TOLD = (
    (Outcome.PASS, "holds", "hold"),
    (Outcome.FAIL, "does not", "do not"),
    (Outcome.MISSING, "cannot be answered", "cannot be answered"),
    (Outcome.WARN, "warns", "warn"),
    (Outcome.NOTE, "is only noted", "are only noted"),
)
# The worst comes last: there the reader of a terminal looks first.
_ORDER = (Outcome.WARN, Outcome.MISSING, Outcome.FAIL)
_DOCUMENT = "document"
_MOST_PLACES = 4
_SHORTEST_ROW = 2  # codes; "to" saves nothing between them


def render_examination_text(examination: Examination) -> str:
    """The report; what holds stands in one line, what does not is told with its place."""
    lines = list(_basis(examination))
    if examination.sandbox:
        lines = [f"[sandbox] {lines[0]}", *lines[1:], SANDBOX]
    stage = f" ({examination.stage})" if examination.stage else ""
    word = WORDS[examination.outcome]
    where = f"{shown(examination.place)} sha256:{examination.sha256}"
    lines.append(f"{word:<7}  {shown(examination.subject)}{stage}  {where}")
    held = [one for one in examination.findings if one.outcome is Outcome.PASS]
    if held and not _is_lone(examination):
        lines.append(f"  {WORDS[Outcome.PASS]:<7} {_numbers(held)}")
    lines += _notes([one for one in examination.findings if one.outcome is Outcome.NOTE])
    for outcome in _ORDER:
        lines += finding_lines(_merged(examination.findings, outcome))
    lines += [f"note: {shown(note)}" for note in examination.notes]
    if examination.hosts:
        lines.append("asked: " + ", ".join(shown(host) for host in examination.hosts))
    if not _is_lone(examination) or len(held) < len(examination.findings):
        stamp = " [sandbox]" if examination.sandbox else ""
        lines.append(f"{word}: {told(examination)}{stamp}")
    return "\n".join(lines) + "\n"


def render_examination_json(examination: Examination) -> str:
    """The report as one JSON object, ASCII only, so that no terminal obeys what is in it."""
    document: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "at": rfc3339(examination.at),
        "subject": examination.subject,
        "place": examination.place,
        "sha256": examination.sha256,
        "stage": examination.stage,
        "outcome": examination.outcome.value,
        "exit_code": examination.exit_code.value,
        "sandbox": examination.sandbox,
        "basis": [basis_object(one) for one in examination.based_on],
        "hosts": list(examination.hosts),
        "notes": list(examination.notes),
        "findings": [finding_object(one) for one in examination.findings],
    }
    # Within texts only; what begins so is an order to the runners of CI jobs, see `shown`.
    return json.dumps(document, indent=2, ensure_ascii=True).replace("##", "#\\u0023") + "\n"


def told(examination: Examination) -> str:
    """How many answers there were, and what they are; without a line end."""
    outcomes = Counter(one.outcome for one in examination.findings)
    parts = [
        f"{outcomes[outcome]} {one if outcomes[outcome] == 1 else several}"
        for outcome, one, several in _TOLD
        if outcomes[outcome]
    ]
    count = len(examination.findings)
    noun = "answer" if count == 1 else "answers"
    return f"{count} {noun}: {', '.join(parts) or 'and that is no pass'}"


def _basis(examination: Examination) -> Iterator[str]:
    """By what it was held: each with its digest; of documents their number, for there are many."""
    if not examination.based_on and not _is_lone(examination):
        yield "held against nothing but its own rules"
    documents = [one for one in examination.based_on if one.kind.startswith(_DOCUMENT)]
    for one in examination.based_on:
        if one not in documents:
            yield f"held against {shown_fully(str(one))}"
    for kind, count in Counter(one.kind for one in documents).items():
        noun = kind if count == 1 else kind.replace(_DOCUMENT, f"{_DOCUMENT}s", 1)
        yield f"held against {count} {shown(noun)}"


def _is_lone(examination: Examination) -> bool:
    """Whether it is a document alone, held against the rules of its format and nothing else."""
    return not (examination.stage or examination.based_on) and bool(examination.findings)


def _numbers(held: Sequence[Finding]) -> str:
    """The codes of some findings, each once, without their names; a row of them by its ends."""
    rows: list[list[str]] = []
    for code in dict.fromkeys(code_of(one.code).code for one in held):
        if rows and _is_next(rows[-1][-1], code):
            rows[-1].append(code)
        else:
            rows.append([code])
    return ", ".join(
        f"{row[0]} to {row[-1]}" if len(row) > _SHORTEST_ROW else ", ".join(row) for row in rows
    )


def _is_next(code: str, other: str) -> bool:
    stem, _, number = code.rpartition("-")
    return f"{stem}-{int(number) + 1:0{len(number)}}" == other


def _merged(findings: Sequence[Finding], outcome: Outcome) -> list[Finding]:
    """Findings of one outcome; where several checks found the same, one that names them all."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        if one.outcome is outcome:
            same = (one.place, one.expected, one.actual, one.hint)
            groups.setdefault(same, []).append(one)
    merged = []
    for group in groups.values():
        several = len({one.code for one in group}) > 1
        merged.append(replace(group[0], code=_numbers(group)) if several else group[0])
    return _shortened(merged)


def _shortened(findings: Sequence[Finding]) -> list[Finding]:
    """The same, of many places that have one thing in common the first few, and their number."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for one in findings:
        groups.setdefault((one.code, one.expected, one.actual, one.hint), []).append(one)
    short = []
    for group in groups.values():
        short += group[:_MOST_PLACES]
        if (more := len(group) - _MOST_PLACES) > 0:
            short.append(replace(group[0], place=f"and {more} more; the JSON report has all"))
    return short


def _notes(found: Sequence[Finding]) -> Iterator[str]:
    """What asks for nothing, in a line for each: reasons why nobody asked, once for all of them."""
    asides = [one for one in found if not one.place]
    for reason in dict.fromkeys(one.actual for one in asides):
        same = [one for one in asides if one.actual == reason]
        yield f"  {WORDS[Outcome.NOTE]:<7} {_numbers(same)}: {shown(reason)}"
    for one in found:
        if one.place:
            yield f"  {WORDS[Outcome.NOTE]:<7} {one.code}: {shown(one.place)}: {shown(one.actual)}"
