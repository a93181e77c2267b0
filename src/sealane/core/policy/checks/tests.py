"""Whether a test result is the success that is demanded."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.attestation.members import Members
from sealane.core.attestation.predicates.test_result import Result, TestResult
from sealane.core.policy.checks.interface import Question, parsed
from sealane.core.policy.identity import NOTHING, Difference
from sealane.core.policy.needs import TestDemand

_CODE = "SL-REQ-016"


def check_tests(question: Question) -> Iterator[Difference]:
    """The run passed, and every configuration that has to be tested was.

    Spec: in-toto attestation, spec/predicates/test-result.md.
    """
    wanted, found = question.requirement.tests or TestDemand(), parsed(question.fact)
    statement = question.fact.statement
    if not isinstance(found, TestResult) or statement is None:
        actual = f"a statement of kind {question.kind}"
        yield Difference(_CODE, "predicate", "a test result", actual)
        return
    accepted = (Result.PASSED, Result.WARNED) if wanted.warned else (Result.PASSED,)
    if found.result not in accepted:
        yield Difference(_CODE, "result", " or ".join(accepted), found.result)
    listed = Members(statement.predicate, "test result").each("configuration")
    tested = [one.text_or_empty("uri") for one in listed]
    for uri in wanted.configurations:
        if uri not in tested:
            actual = ", ".join(one for one in tested if one) or NOTHING
            yield Difference(_CODE, "configuration", uri, actual)
