"""An appraisal as JUnit's XML, for what shows tests: one test case an artifact.

Nothing but a pass looks like one: what only warnings speak of is told as skipped, what could not be
judged as an error, and a run that judged nothing holds an error too.

Spec: the form that Jenkins and GitLab read; there is no standard of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from sealane import __version__
from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Problem, Verdict
from sealane.core.report.interface import NOTHING, WORDS, answers, stamps, summary

_TAGS = {
    Outcome.PASS: "",
    Outcome.FAIL: "failure",
    Outcome.MISSING: "failure",
    Outcome.WARN: "skipped",
    # No verdict is a note; were one, it would be no pass.
    Outcome.NOTE: "error",
}


@dataclass(frozen=True, slots=True)
class _Case:
    """One test case.

    Attributes:
        name: What it is called.
        tag: "failure", "error" or "skipped"; "" for a pass.
        type: What kind of answer it is.
        message: The answer in one line.
        told: All of it, a line each.
    """

    name: str
    tag: str
    type: str
    message: str
    told: tuple[str, ...]


def render_junit(appraisal: Appraisal) -> str:
    """The report as one suite of tests; its name says where the verdicts do not count."""
    cases = (*_judged(appraisal.verdicts), *(_problem(one) for one in appraisal.problems))
    if not appraisal.verdicts:
        cases = (*cases, _Case("artifacts", "error", "SL-EV-001", NOTHING, ()))
    tags = Counter(case.tag for case in cases)
    counts = {"tests": len(cases), "failures": tags["failure"], "errors": tags["error"]}
    counted = "".join(_attribute(name, str(count)) for name, count in counts.items())
    counted += _attribute("skipped", str(tags["skipped"]))
    name = "sealane" + "".join(f" [{text.partition(':')[0]}]" for text in stamps(appraisal))
    # Without a zone, which readers of this form do not expect; it is UTC.
    moment = appraisal.at.replace(microsecond=0, tzinfo=None).isoformat()
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f"<testsuites{_attribute('name', name)}{counted}>",
        f"<testsuite{_attribute('name', name)}{counted}{_attribute('timestamp', moment)}>",
        *_properties(appraisal),
        *(line for case in cases for line in _lines(case, name)),
        f"<system-out>{_text(summary(appraisal))}</system-out>",
        "</testsuite>",
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _judged(verdicts: Sequence[Verdict]) -> Iterator[_Case]:
    names = Counter(verdict.artifact.name for verdict in verdicts)
    for verdict in verdicts:
        artifact, findings = verdict.artifact, answers(verdict)
        digest = shown(str(artifact.digests[0]))
        # Two files of one name would be one test to most readers, and one verdict would be lost.
        name = artifact.name if names[artifact.name] == 1 else f"{artifact.name[:400]} {digest}"
        reasons = [one for one in findings if one.outcome is verdict.outcome]
        told = tuple(line for one in findings for line in _told(one))
        yield _Case(
            shown(name),
            _TAGS[verdict.outcome],
            reasons[0].code,
            _reason(reasons[0]),
            (digest, *told),
        )


def _problem(problem: Problem) -> _Case:
    told = (f"hint: {shown(problem.hint)}",) if problem.hint else ()
    message = shown(problem.message)
    return _Case(message, "error", f"exit code {problem.exit_code}", message, told)


def _reason(finding: Finding) -> str:
    parts = (("expected", finding.expected), ("actual", finding.actual))
    said = "; ".join(f"{word} {shown(text)}" for word, text in parts if text)
    return f"{finding.code}: {said}" if said else finding.code


def _told(finding: Finding) -> Iterator[str]:
    yield f"{WORDS[finding.outcome]} {finding.code}"
    parts = (
        ("at", finding.place),
        ("expected", finding.expected),
        ("actual", finding.actual),
        ("hint", finding.hint),
    )
    for word, text in parts:
        if text:
            yield f"  {word}: {shown(text)}"


def _properties(appraisal: Appraisal) -> Iterator[str]:
    said = [
        ("sealane.version", __version__),
        ("sandbox", str(appraisal.sandbox).lower()),
        ("enforced", str(appraisal.enforced).lower()),
        *(("basis", f"{one.kind}: {one.name}") for one in appraisal.based_on),
        *(("basis.sha256", one.sha256) for one in appraisal.based_on if one.sha256),
        *(("asked", one) for one in appraisal.hosts),
        *(("note", one) for one in (*stamps(appraisal), *appraisal.notes)),
    ]
    yield "<properties>"
    for name, value in said:
        yield f"<property{_attribute('name', name)}{_attribute('value', shown(value))}/>"
    yield "</properties>"


def _lines(case: _Case, suite: str) -> Iterator[str]:
    yield f"<testcase{_attribute('classname', suite)}{_attribute('name', case.name)}>"
    told = "\n".join(_text(line) for line in case.told)
    if case.tag:
        about = _attribute("type", case.type) + _attribute("message", case.message)
        yield f"<{case.tag}{about}>{told}</{case.tag}>"
    else:
        yield f"<system-out>{told}</system-out>"
    yield "</testcase>"


def _attribute(name: str, value: str) -> str:
    return f' {name}="{_text(value)}"'


def _text(line: str) -> str:
    """One line as text of XML 1.0, which has no way to write most control characters."""
    return escape(line)
