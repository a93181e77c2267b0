"""What a policy answered to its cases: as text, JSON, and JUnit's XML.

A policy that refuses everything, or nothing, answers half of any cases as expected; so a test needs
cases of both kinds.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from html import escape
from typing import TypeAlias

from sealane.core.model.code import Code
from sealane.core.model.codes import code_of
from sealane.core.model.shown import shown
from sealane.core.model.values import dataclass
from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.cases import Cases, PolicyCase
from sealane.core.policy.schema import Policy

RESULTS_SCHEMA = "sealane.policy-test/1"

Json: TypeAlias = "dict[str, Json] | list[Json] | str | int | bool | None"


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, and the verdict it got."""

    case: PolicyCase
    verdict: Verdict

    @property
    def missing(self) -> tuple[str, ...]:
        """Codes that had to be among the answers and are not."""
        found = {code_of(one.code).code for one in self.verdict.findings}
        return tuple(code for code in self.case.codes if code not in found)

    @property
    def expected(self) -> bool:
        """Whether the verdict, and the reasons for it, are what was expected."""
        return self.verdict.outcome is self.case.expect and not self.missing


@dataclass(frozen=True, slots=True)
class TestedPolicy:
    """All cases of one file.

    Attributes:
        cases: The file.
        policy: What they were judged by.
        results: One a case, in the file's order.
    """

    __test__ = False  # it is none of pytest's

    cases: Cases
    policy: Policy
    results: tuple[CaseResult, ...]

    @property
    def lacks(self) -> str:
        """Which kind of case there is none of; "" where there are both."""
        passing = [one for one in self.results if one.case.expect is Outcome.PASS]
        if not passing:
            return "no case expects a pass: a policy that refuses everything would do"
        if len(passing) == len(self.results):
            return "every case expects a pass: a policy that refuses nothing would do"
        return ""

    @property
    def expected(self) -> bool:
        """Whether every case, of both kinds, was answered as expected."""
        return not self.lacks and all(one.expected for one in self.results)


def render_text(tests: Sequence[TestedPolicy]) -> str:
    """One line a case, and what was found where it is not what was expected."""
    return "".join(f"{line}\n" for test in tests for line in _text(test))


def render_json(tests: Sequence[TestedPolicy]) -> str:
    """The same as JSON, schema `sealane.policy-test/1`."""
    document: Json = {
        "schema": RESULTS_SCHEMA,
        "expected": bool(tests) and all(one.expected for one in tests),
        "tests": [
            {
                "cases": test.cases.origin,
                "policy": {
                    "id": test.policy.id,
                    "origin": test.policy.origin,
                    "sha256": test.policy.sha256,
                },
                "expected": test.expected,
                "lacks": test.lacks,
                "results": [_result(one) for one in test.results],
            }
            for test in tests
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def render_junit(tests: Sequence[TestedPolicy]) -> str:
    """The same as JUnit's XML: one suite a file of cases."""
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="sealane policy test">']
    for test in tests:
        lines += _suite(test)
    return "\n".join([*lines, "</testsuites>"]) + "\n"


RENDERERS = {"text": render_text, "json": render_json, "junit": render_junit}


def _text(test: TestedPolicy) -> Iterator[str]:
    policy = test.policy
    yield shown(f"{test.cases.origin}: policy {policy.id}, {policy.origin}")
    yield f"  sha256: {policy.sha256}"
    for one in test.results:
        yield f"  {'PASS' if one.expected else 'FAIL'}  {shown(one.case.name)}: {shown(_said(one))}"
        if not one.expected:
            for finding in one.verdict.findings:
                yield f"          {shown(_found(finding))}"
    right = sum(one.expected for one in test.results)
    passes = sum(one.case.expect is Outcome.PASS for one in test.results)
    total = len(test.results)
    yield f"  {right} of {total} as expected; {passes} to pass, {total - passes} not to"
    if test.lacks:
        yield f"  FAIL  {test.lacks}"


def _said(one: CaseResult) -> str:
    """The answer beside what was expected."""
    if one.expected:
        return " ".join((one.verdict.outcome, *one.case.codes))
    wanted = " with ".join(
        (one.case.expect, *((", ".join(one.case.codes),) * bool(one.case.codes)))
    )
    codes = dict.fromkeys(code_of(each.code).code for each in one.verdict.findings)
    return f"expected {wanted}, got {one.verdict.outcome} with {', '.join(codes)}"


def _found(finding: Finding) -> str:
    parts = (("at", finding.place), ("expected", finding.expected), ("actual", finding.actual))
    said = "; ".join(f"{word} {text}" for word, text in parts if text)
    return f"{finding.outcome} {finding.code}: {said}"


def _result(one: CaseResult) -> Json:
    return {
        "name": one.case.name,
        "expected": one.expected,
        "expect": one.case.expect.value,
        "outcome": one.verdict.outcome.value,
        "codes": list(one.case.codes),
        "findings": [_finding(finding) for finding in one.verdict.findings],
    }


def _finding(finding: Finding) -> Json:
    code: Code = code_of(finding.code)
    return {
        "code": code.code,
        "name": code.name,
        "outcome": finding.outcome.value,
        "place": finding.place,
        "expected": finding.expected,
        "actual": finding.actual,
    }


def _suite(test: TestedPolicy) -> Iterator[str]:
    wrong = sum(not one.expected for one in test.results) + bool(test.lacks)
    name, total = test.cases.origin, len(test.results) + bool(test.lacks)
    yield f'<testsuite{_attribute("name", name)} tests="{total}" failures="{wrong}" errors="0">'
    for one in test.results:
        yield f"<testcase{_attribute('classname', name)}{_attribute('name', one.case.name)}>"
        if not one.expected:
            told = "\n".join(_escaped(_found(finding)) for finding in one.verdict.findings)
            yield f"<failure{_attribute('message', _said(one))}>{told}</failure>"
        yield "</testcase>"
    if test.lacks:
        yield f'<testcase{_attribute("classname", name)} name="cases of both kinds">'
        yield f"<failure{_attribute('message', test.lacks)}></failure>"
        yield "</testcase>"
    yield "</testsuite>"


def _attribute(name: str, value: str) -> str:
    return f' {name}="{_escaped(value)}"'


def _escaped(text: str) -> str:
    """One line as text of XML 1.0, which has no way to write most control characters."""
    return escape(shown(text))
