"""Versions of documents."""

from itertools import pairwise

import pytest

from sealane.core.advisory.csaf.versions import history, number_of
from support.csaf import document


def test_versions_are_ordered_as_semantic_versioning_orders_them() -> None:
    rising = [
        "0.9.0", "1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-beta", "1.0.0-beta.2",
        "1.0.0-beta.11", "1.0.0-rc.1", "1.0.0", "1.0.1", "1.2.0", "1.10.0", "2", "10",
        "1" * 5000, "2" * 5000,
    ]  # fmt: skip
    numbers = [number_of(one) for one in rising]
    assert all(before.order < after.order for before, after in pairwise(numbers))
    assert number_of("1.0.0+a").order == number_of("1.0.0+b").order == number_of("1").order


@pytest.mark.parametrize(
    ("written", "without_build", "release", "whole"),
    [
        ("1.0.0-rc.1+b-2", "1.0.0-rc.1", "1.0.0", False),
        ("1.0.0+b-2", "1.0.0", "1.0.0", False),
        ("7", "7", "7", True),
    ],
)
def test_parts_of_a_version_are_left_out(
    written: str, without_build: str, release: str, *, whole: bool
) -> None:
    number = number_of(written)
    assert (number.without_build, number.release, number.whole) == (without_build, release, whole)


def test_a_major_version_of_any_length_is_counted_with() -> None:
    assert number_of("12.0.0").major == 12
    assert number_of("9" * 5000).major == 10**18


def test_revisions_are_sorted_by_time_and_not_by_the_text_of_it() -> None:
    made = document("1", "2", "3")
    items = made["document"]["tracking"]["revision_history"]
    items[0]["date"] = "2026-11-25T12:00:00+02:00"
    items[1]["date"] = "2026-11-25T11:00:00Z"
    items[2]["date"] = "2026-11-25T10:00:00.000Z"
    assert [one.number.text for one in history(made)] == ["1", "3", "2"]


def test_a_time_that_is_none_is_no_revision() -> None:
    made = document("1")
    made["document"]["tracking"]["revision_history"][0]["date"] = "yesterday"
    assert history(made) == ()
