"""What all forms of report say in the same words."""

from dataclasses import replace

import pytest

from sealane.core.model.verdict import Outcome, Verdict
from sealane.core.report.interface import (
    SANDBOX,
    UNENFORCED,
    answers,
    nobody_named,
    stamps,
    summary,
)
from support import appraisals as made


def test_a_summary_counts_every_outcome_and_every_problem() -> None:
    assert summary(made.EVERYTHING) == (
        "5 artifacts: 1 passed, 1 failed, 2 without enough evidence, "
        "1 with a warning and no pass; 2 could not be judged"
    )
    assert summary(made.appraisal(made.PASSED)) == (
        "1 artifact: 1 passed, 0 failed, 0 without enough evidence"
    )


def test_only_a_run_that_counts_has_no_stamp() -> None:
    run = made.appraisal(made.PASSED)
    assert stamps(run) == ()
    assert stamps(replace(run, sandbox=True)) == (SANDBOX,)
    assert stamps(replace(run, enforced=False)) == (UNENFORCED,)


@pytest.mark.parametrize(
    "verdict",
    [made.SILENT, Verdict(made.WHEEL, ()), Verdict(made.WHEEL, (made.MET,))],
    ids=["a note only", "no finding", "no fact"],
)
def test_a_verdict_that_is_no_pass_says_why(verdict: Verdict) -> None:
    *others, reason = answers(verdict)
    assert tuple(others) == verdict.findings
    assert reason.outcome is verdict.outcome is Outcome.MISSING


@pytest.mark.parametrize("verdict", [made.PASSED, made.FAILED, made.ONLY_WARNED, made.WITHOUT])
def test_nothing_is_added_to_findings_that_say_why(verdict: Verdict) -> None:
    assert answers(verdict) == verdict.findings


def test_a_signer_is_offered_only_where_nobody_was_named() -> None:
    offered = [one for one in (*made.EVERYTHING.verdicts, made.UNDECIDED) if nobody_named(one)]
    assert offered == [made.UNDECIDED]
