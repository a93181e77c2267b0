"""What was found decides the exit code, and of several the gravest."""

from dataclasses import replace

import pytest

from sealane.core.model.ending import exit_code
from sealane.core.model.verdict import Problem, Verdict
from support import appraisals as made


@pytest.mark.parametrize(
    ("verdicts", "code"),
    [
        ((made.PASSED,), 0),
        ((made.PASSED, made.ONLY_WARNED), 0),
        ((made.PASSED, made.FAILED, made.WITHOUT), 1),
        ((made.PASSED, made.WITHOUT), 3),
        ((made.SILENT,), 3),
        ((), 3),
    ],
)
def test_verdicts_decide_the_exit_code(verdicts: tuple[Verdict, ...], code: int) -> None:
    assert exit_code(made.appraisal(*verdicts)) == code


@pytest.mark.parametrize(
    ("codes", "ended"), [((5,), 5), ((6,), 6), ((6, 5), 5), ((4, 6), 4), ((70, 2), 70)]
)
def test_what_could_not_be_judged_is_graver_than_a_failure(
    codes: tuple[int, ...], ended: int
) -> None:
    problems = tuple(Problem(code, "x") for code in codes)
    assert exit_code(replace(made.appraisal(made.FAILED), problems=problems)) == ended
