"""JUnit's XML: a test case an artifact, and nothing that is no pass looks like one."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from sealane.core.model.verdict import Appraisal, Verdict
from sealane.core.report.junit import render_junit
from support import appraisals as made


def suite_of(appraisal: Appraisal) -> ET.Element:
    suites = ET.fromstring(render_junit(appraisal))
    (suite,) = suites
    assert (suites.tag, suite.tag) == ("testsuites", "testsuite")
    cases = suite.findall("testcase")
    counted = {
        "tests": len(cases),
        "failures": len(suite.findall("testcase/failure")),
        "errors": len(suite.findall("testcase/error")),
        "skipped": len(suite.findall("testcase/skipped")),
    }
    assert {name: int(suite.attrib[name]) for name in counted} == counted
    assert suites.attrib.items() <= suite.attrib.items()
    return suite


def answer(case: ET.Element) -> str:
    """What became of a case: the name of its element, or "pass"."""
    (found,) = [child.tag for child in case if child.tag != "system-out"] or ["pass"]
    return found


@pytest.mark.parametrize(
    ("verdict", "tag"),
    [
        (made.PASSED, "pass"),
        (made.FAILED, "failure"),
        (made.WITHOUT, "failure"),
        (made.SILENT, "failure"),
        (made.UNDECIDED, "failure"),
        (made.ONLY_WARNED, "skipped"),
        (Verdict(made.WHEEL, (made.MET,)), "failure"),
    ],
)
def test_a_verdict_is_one_case(verdict: Verdict, tag: str) -> None:
    (case,) = suite_of(made.appraisal(verdict)).findall("testcase")
    assert case.attrib["name"] == verdict.artifact.name
    assert answer(case) == tag


def test_a_failure_tells_code_demand_and_what_was_found() -> None:
    (failure,) = suite_of(made.appraisal(made.FAILED)).findall("testcase/failure")
    assert failure.attrib["type"] == made.MISMATCH.code
    for text in (made.MISMATCH.code, "refs/tags/v{pep440}", "refs/heads/main"):
        assert text in failure.attrib["message"]
        assert text in (failure.text or "")
    assert made.MISMATCH.hint in (failure.text or "")


def test_a_finding_that_says_nothing_more_is_named_by_its_code() -> None:
    bare = replace(made.MISMATCH, place="", expected="", actual="", hint="")
    (failure,) = suite_of(made.appraisal(replace(made.FAILED, findings=(bare,)))).iter("failure")
    assert failure.attrib["message"] == made.MISMATCH.code


def test_what_could_not_be_judged_is_an_error() -> None:
    appraisal = replace(made.EVERYTHING, verdicts=(made.PASSED,))
    first, second = suite_of(appraisal).findall("testcase/error")
    assert first.attrib == {"type": "exit code 5", "message": made.PROBLEM.message}
    assert (first.text, second.text) == ("hint: name readable files", None)


def test_a_run_that_judged_nothing_is_no_green_suite() -> None:
    (case,) = suite_of(made.appraisal()).findall("testcase")
    assert answer(case) == "error"


def test_two_files_of_one_name_are_two_cases() -> None:
    other = replace(made.FAILED, artifact=replace(made.SDIST, name=made.WHEEL.name))
    cases = suite_of(made.appraisal(made.PASSED, other)).findall("testcase")
    names = {case.attrib["name"] for case in cases}
    assert names == {f"{made.WHEEL.name} sha256:{letter * 64}" for letter in "ab"}


def test_a_rehearsal_and_an_unenforced_run_are_stamped_on_suite_and_cases() -> None:
    suite = suite_of(replace(made.EVERYTHING, sandbox=True, enforced=False))
    name = "sealane [sandbox] [not enforced]"
    named = [suite.attrib["name"], *(one.attrib["classname"] for one in suite.iter("testcase"))]
    assert set(named) == {name}
    said = {one.attrib["name"]: one.attrib["value"] for one in suite.iter("property")}
    assert (said["sandbox"], said["enforced"]) == ("true", "false")


def test_what_was_judged_by_is_told_with_digests() -> None:
    suite = suite_of(made.EVERYTHING)
    said = [(one.attrib["name"], one.attrib["value"]) for one in suite.iter("property")]
    assert ("basis", "policy: acme-releases, sealane.policy.toml") in said
    assert [name for name, _ in said].count("basis.sha256") == 2
    assert suite.attrib["timestamp"] == "2026-11-25T07:06:13"
