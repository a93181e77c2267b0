"""A report has a line for what a finding says, and none for what it does not say."""

from datetime import UTC, datetime

import pytest

from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import code_of
from sealane.core.model.verdict import Appraisal, Basis, Finding, Outcome, Verdict
from sealane.core.report.registry import form

CODE = code_of("SL-ID-004").label
FILE = Artifact("f-1.0.tar.gz", (Digest("sha256", "a" * 64),))


def lines(*findings: Finding) -> list[str]:
    report = form("text")
    assert report is not None
    at = datetime(2026, 1, 1, tzinfo=UTC)
    text = report.render(Appraisal((Verdict(FILE, findings),), (Basis("policy", "acme", ""),), at))
    return [line.strip() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("finding", "label"),
    [
        (Finding(CODE, Outcome.FAIL, place="here"), "at: here"),
        (Finding(CODE, Outcome.FAIL, expected="this"), "expected: this"),
        (Finding(CODE, Outcome.FAIL, actual="that"), "actual: that"),
        (Finding(CODE, Outcome.FAIL, hint="do it"), "hint: do it"),
        (Finding(CODE, Outcome.MISSING, hint="do it"), "hint: do it"),
        (Finding(CODE, Outcome.PASS, hint="do it"), ""),
        (Finding(CODE, Outcome.NOTE, hint="do it"), ""),
        (Finding(CODE, Outcome.FAIL), ""),
    ],
)
def test_a_finding_has_a_line_for_each_thing_it_says(finding: Finding, label: str) -> None:
    labels = ("at: ", "expected: ", "actual: ", "hint: ")
    found = [line for line in lines(finding) if line.startswith(labels)]
    assert found == ([label] if label else [])
