"""An examination of an advisory, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from sealane.core.model.codes import code_of
from sealane.core.model.examination import Examination
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
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
    (Outcome.PASS, "hold"),
    (Outcome.FAIL, "do not"),
    (Outcome.MISSING, "cannot be answered"),
    (Outcome.WARN, "warn"),
    (Outcome.NOTE, "are only noted"),
)


def render_examination_text(examination: Examination) -> str:
    """The report; what holds stands in one line, what does not is told with its place."""
    lines = [f"held against {shown_fully(str(one))}" for one in examination.based_on]
    lines = lines or ["held against nothing but its own rules"]
    if examination.sandbox:
        lines = [f"[sandbox] {lines[0]}", *lines[1:], SANDBOX]
    stage = f" ({examination.stage})" if examination.stage else ""
    word = WORDS[examination.outcome]
    where = f"{shown(examination.place)} sha256:{examination.sha256}"
    lines.append(f"{word:<7}  {shown(examination.subject)}{stage}  {where}")
    held = [one for one in examination.findings if one.outcome is Outcome.PASS]
    if held:
        lines.append(f"  {WORDS[Outcome.PASS]:<7} {_numbers(held)}")
    lines += finding_lines([one for one in examination.findings if one.outcome is not Outcome.PASS])
    lines += [f"note: {shown(note)}" for note in examination.notes]
    if examination.hosts:
        lines.append("asked: " + ", ".join(shown(host) for host in examination.hosts))
    lines.append(told(examination) + (" [sandbox]" if examination.sandbox else ""))
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
    parts = [f"{outcomes[outcome]} {words}" for outcome, words in _TOLD if outcomes[outcome]]
    return f"{len(examination.findings)} answers: {', '.join(parts) or 'and that is no pass'}"


def _numbers(held: Sequence[Finding]) -> str:
    """The codes of what holds, each once, without their names."""
    return ", ".join(dict.fromkeys(code_of(one.code).code for one in held))
