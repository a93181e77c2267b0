"""A root that is too old judges nothing; one that is getting old is said."""

from datetime import UTC, datetime, timedelta

import pytest

from sealane.core.verify.root_age import age_days, check_age
from sealane.errors import TrustError

AT = datetime(2026, 11, 25, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def days(number: int) -> datetime:
    return AT - timedelta(days=number)


@pytest.mark.parametrize(
    ("obtained", "most"),
    [
        (AT, None), (days(90) + SECOND, None), (days(1), 1), (days(89), 400),
        (AT + timedelta(days=1), None),
    ],
)  # fmt: skip
def test_a_young_root_needs_no_word(obtained: datetime, most: int | None) -> None:
    assert check_age("x", obtained, AT, max_age_days=most) == ""


@pytest.mark.parametrize(
    ("obtained", "most"), [(days(90), None), (days(400), None), (days(399), 400), (days(90), 90)]
)
def test_from_90_days_on_the_age_is_said_with_what_to_do(
    obtained: datetime, most: int | None
) -> None:
    note = check_age("x", obtained, AT, max_age_days=most)
    assert note.startswith(f"trust root 'x' is {age_days(obtained, AT)} days old")
    assert "sealane trust update" in note


@pytest.mark.parametrize(
    ("obtained", "most", "limit"),
    [
        (days(400) - SECOND, None, 400), (days(401), None, 400), (days(30) - SECOND, 30, 30),
        (days(2), 1, 1),
        # A policy may be stricter, never laxer.
        (days(401), 4000, 400),
    ],
)  # fmt: skip
def test_a_root_that_is_too_old_is_refused(
    obtained: datetime, most: int | None, limit: int
) -> None:
    with pytest.raises(TrustError, match=f"age of at most {limit} days") as caught:
        check_age("x", obtained, AT, max_age_days=most)
    assert "trust update" in caught.value.hint
    assert "trust export" in caught.value.hint
    assert "trust pin" in caught.value.hint


def test_a_root_from_the_future_is_refused() -> None:
    with pytest.raises(TrustError, match="yet to come") as caught:
        check_age("x", AT + timedelta(days=1) + SECOND, AT, max_age_days=None)
    assert "clock" in caught.value.hint


def test_an_unknown_age_is_said_and_refused_where_a_policy_asks() -> None:
    assert "unknown" in check_age("x", None, AT, max_age_days=None)
    with pytest.raises(TrustError, match="nobody knows how old") as caught:
        check_age("x", None, AT, max_age_days=400)
    assert "trust pin" in caught.value.hint
