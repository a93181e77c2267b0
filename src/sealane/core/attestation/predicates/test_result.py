"""The result of a run of tests.

Spec: in-toto attestation, spec/predicates/test-result.md, 0.1.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/test-result/v0.1"


class Result(StrEnum):
    """How the run ended."""

    PASSED = "PASSED"
    WARNED = "WARNED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class TestResult:
    """One run.

    Attributes:
        result: How it ended.
        configuration: What each file that steered the run is called; "" for one without a name.
        url: Where the run can be seen; "" where nowhere.
        passed: Names of tests that passed.
        warned: Names of tests that passed with a warning.
        failed: Names of tests that failed.
    """

    result: Result
    configuration: tuple[str, ...]
    url: str
    passed: tuple[str, ...]
    warned: tuple[str, ...]
    failed: tuple[str, ...]


def parse_test_result(predicate: Mapping[str, JsonValue]) -> TestResult:
    """Read a result, whatever it is.

    Raises:
        InputError: A required member is missing, one is of another type, or tests failed in a run
            that says it passed.
    """
    members = Members(predicate, "test result")
    written = members.text("result")
    if written not in set(Result):
        raise InputError(f"test result: result: expected {', '.join(Result)}, got {written[:40]!r}")
    found = TestResult(
        result=Result(written),
        configuration=tuple(
            one.text_or_empty("name") or one.text_or_empty("uri")
            for one in members.each("configuration")
        ),
        url=members.text_or_empty("url"),
        passed=members.texts_or_none("passedTests"),
        warned=members.texts_or_none("warnedTests"),
        failed=members.texts_or_none("failedTests"),
    )
    if found.failed and found.result is not Result.FAILED:
        raise InputError(f"test result: {len(found.failed)} failed tests beside {written}")
    return found


def check_test_result(predicate: Mapping[str, JsonValue]) -> TestResult:
    """Read a result that has to be a success; warnings are one.

    Raises:
        InputError: As `parse_test_result`, or the run failed.
    """
    found = parse_test_result(predicate)
    if found.result is Result.FAILED:
        names = ", ".join(found.failed[:3]) or "it names none"
        raise InputError(
            f"test result: tests of the artifact FAILED: {names[:200]}",
            hint="do not use the artifact before its publisher has explained it",
        )
    return found
