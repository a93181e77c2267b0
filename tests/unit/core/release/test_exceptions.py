"""An exception of a project has an end that is near, and something that needs it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from sealane.core.release.exceptions import exception_problems
from sealane.core.release.project import Project, RuleException
from sealane.core.release.project_parse import parse_project

TODAY = date(2026, 11, 20)
PROJECT = parse_project(
    b'schema = "sealane.release/1"\n[project]\nname = "hello"\n[forge]\nkind = "gitlab"\n'
    b'project = "acme/hello"\n[[channel]]\nname = "index"\nkind = "pypi"\n'
)
OPEN = replace(PROJECT, environment="")


def entry(rule: str = "no-environment", expires: date = TODAY) -> RuleException:
    return RuleException(rule, "index", "there is one maintainer", expires)


def having(project: Project, *entries: RuleException) -> Project:
    return replace(project, exceptions=entries)


def test_a_protected_environment_needs_no_exception() -> None:
    assert exception_problems(PROJECT, TODAY) == ()


@pytest.mark.parametrize("ahead", [0, 1, 366])
def test_an_exception_that_is_needed_holds_to_its_last_day(ahead: int) -> None:
    held = having(OPEN, entry(expires=TODAY + timedelta(days=ahead)))
    assert exception_problems(held, TODAY) == ()


@pytest.mark.parametrize(
    ("project", "why"),
    [
        pytest.param(OPEN, ["an [[exception]] with rule 'no-environment' is needed"], id="none"),
        pytest.param(
            having(OPEN, entry("single-build")), ["nothing needs it", "is needed"],
            id="another-rule",
        ),
        pytest.param(having(PROJECT, entry()), ["nothing needs it"], id="not-needed"),
        pytest.param(
            having(OPEN, entry(expires=TODAY - timedelta(days=1))), ["expired on 2026-11-19"],
            id="expired",
        ),
        pytest.param(
            having(OPEN, entry(expires=TODAY + timedelta(days=367))), ["at most 366 days ahead"],
            id="without-an-end-in-sight",
        ),
        pytest.param(
            having(PROJECT, entry(expires=TODAY - timedelta(days=1))),
            ["nothing needs it", "expired"], id="expired-and-not-needed",
        ),
    ],
)  # fmt: skip
def test_an_exception_that_is_missing_unneeded_or_endless_is_a_problem(
    project: Project, why: list[str]
) -> None:
    found = exception_problems(project, TODAY)
    assert len(found) == len(why)
    for problem, words in zip(found, why, strict=True):
        assert words in problem
