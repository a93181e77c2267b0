"""What a policy answered to its cases is shown beside what was expected, and nothing is a pass."""

import json
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

import pytest

from sealane.core.model.verdict import Finding, Outcome, Verdict
from sealane.core.policy.answers import finding
from sealane.core.policy.case_results import (
    CaseResult,
    TestedPolicy,
    render_json,
    render_junit,
    render_text,
)
from sealane.core.policy.cases import Cases, PolicyCase, artifact_named
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.schema import Rule, policy_of

AT = datetime(2026, 11, 1, tzinfo=UTC)
FILE = artifact_named("hello-1.0.tar.gz")
POLICY = policy_of(
    "acme",
    "p.toml",
    (Rule(("*",), (Requirement(("publish",), (ExactPublisher("a", "b", "c"),)),)),),
)
NONE = finding("SL-EV-001", Outcome.MISSING, "hello", "publish", "nothing")
REF = finding(
    "SL-ID-004", Outcome.FAIL, "fact 1: ref", "refs/tags/v1.0", "refs/heads/<main>\x1b[31m"
)


def result(name: str, expect: Outcome, *found: Finding, codes: tuple[str, ...] = ()) -> CaseResult:
    case = PolicyCase(name, FILE, (), (), (), AT, expect, codes)
    return CaseResult(case, Verdict(FILE, found))


MISSES = result("none <b>", Outcome.MISSING, NONE, codes=("SL-EV-001",))
FAILS = result("branch", Outcome.FAIL, REF, codes=("SL-ID-004",))
OTHER_REASON = result("branch", Outcome.FAIL, REF, codes=("SL-ID-003",))
# There is no proven fact here, so no verdict is a pass; what passes is shown in tests/cli.
WRONG = result("passes", Outcome.PASS, REF)


def of_cases(*results: CaseResult) -> TestedPolicy:
    cases = Cases("t.toml", "p.toml", tuple(one.case for one in results))
    return TestedPolicy(cases, POLICY, results)


@pytest.mark.parametrize(
    ("one", "expected"),
    [(MISSES, True), (FAILS, True), (OTHER_REASON, False), (WRONG, False)],
    ids=["missing", "fail", "fails-for-another-reason", "another-verdict"],
)
def test_a_case_is_as_expected_by_its_verdict_and_its_reasons(
    one: CaseResult, expected: bool
) -> None:
    assert one.expected is expected


def test_cases_of_one_kind_prove_nothing() -> None:
    assert not of_cases(MISSES, FAILS).expected
    assert "refuses everything" in of_cases(MISSES, FAILS).lacks
    assert not of_cases(WRONG).expected
    assert "refuses nothing" in of_cases(WRONG).lacks
    assert "refuses everything" in of_cases().lacks
    assert of_cases(WRONG, FAILS).lacks == ""
    assert not of_cases(WRONG, FAILS).expected


def test_text_has_one_line_a_case_and_what_was_found_of_a_wrong_one() -> None:
    assert render_text([of_cases(FAILS, OTHER_REASON)]).splitlines() == [
        "t.toml: policy acme, p.toml",
        f"  sha256: {POLICY.sha256}",
        "  PASS  branch: fail SL-ID-004",
        "  FAIL  branch: expected fail with SL-ID-003, got fail with SL-ID-004",
        (
            "          fail SL-ID-004 ref-mismatch: at fact 1: ref; expected refs/tags/v1.0; "
            "actual refs/heads/<main>\\x1b[31m"
        ),
        "  1 of 2 as expected; 0 to pass, 2 not to",
        "  FAIL  no case expects a pass: a policy that refuses everything would do",
    ]
    assert "expected pass, got fail with SL-ID-004" in render_text([of_cases(WRONG, FAILS)])


def test_json_has_all_of_it() -> None:
    document = json.loads(render_json([of_cases(MISSES, WRONG)]))
    assert document["schema"] == "sealane.policy-test/1"
    assert document["expected"] is False
    (test,) = document["tests"]
    assert test["policy"] == {"id": "acme", "origin": "p.toml", "sha256": POLICY.sha256}
    assert (test["cases"], test["lacks"], test["expected"]) == ("t.toml", "", False)
    assert [one["expected"] for one in test["results"]] == [True, False]
    assert test["results"][1]["findings"][0]["code"] == "SL-ID-004"
    assert json.loads(render_json([]))["expected"] is False


def test_junit_counts_what_is_not_as_expected_and_escapes_what_is_shown() -> None:
    report = render_junit([of_cases(MISSES, OTHER_REASON), of_cases(MISSES, WRONG)])
    root = ET.fromstring(report)
    one_kind, both = root.findall("testsuite")
    assert (one_kind.get("tests"), one_kind.get("failures")) == ("3", "2")
    assert (both.get("tests"), both.get("failures")) == ("2", "1")
    names = [case.get("name") for case in one_kind.findall("testcase")]
    assert names == ["none <b>", "branch", "cases of both kinds"]
    failure = both.findall("testcase")[1].find("failure")
    assert failure is not None
    assert "<main>\\x1b" in (failure.text or "")
    assert "\x1b" not in report
