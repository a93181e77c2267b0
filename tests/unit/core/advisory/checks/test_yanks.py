"""ADV23: vulnerable releases are yanked, where the project wants it."""

import pytest

from sealane.core.model.verdict import Outcome
from support.cases import INDEX, VERSIONS, acme, failures, lacks, outcomes, published, saying
from support.records import listed


@pytest.mark.parametrize("left", VERSIONS)
def test_a_vulnerable_release_that_is_not_yanked_fails(left: str) -> None:
    yanked = [one for one in VERSIONS if one != left]
    case = published(listings=(listed("acme", INDEX, yanked=yanked),))
    told = failures("ADV23", case)
    assert f"index of acme (a test): expected yanked, got not yanked: {left}" in told


def test_a_listed_version_is_vulnerable_too() -> None:
    case = saying(published(), acme(versions=(*VERSIONS, "1.3")))
    assert "not yanked: 1.3" in failures("ADV23", case)


def test_a_project_that_does_not_yank_is_told_so() -> None:
    case = published(yanks=False, listings=(listed("acme", INDEX),))
    assert outcomes("ADV23", case) == [Outcome.NOTE]


def test_an_index_that_was_not_read_is_missing() -> None:
    assert "index of acme" in lacks("ADV23", published(listings=()))
