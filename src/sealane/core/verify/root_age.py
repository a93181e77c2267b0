"""How old a trust root may be: a key that was withdrawn stays trusted by whoever never looks again.

The age counts from when the root was last known to be the current one, not from what is in it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sealane.errors import TrustError

WARN_DAYS = 90
MOST_DAYS = 400
# Clocks differ; one that is further behind would make every root young.
_LEEWAY = timedelta(days=1)
_HINT = (
    "run: sealane trust update; for a machine without a network: sealane trust export NAME FILE on "
    "one that has it, then sealane trust pin NAME FILE here"
)


def age_days(obtained_at: datetime, at: datetime) -> int:
    """Whole days between two times, aware."""
    return (at - obtained_at).days


def check_age(
    name: str, obtained_at: datetime | None, at: datetime, *, max_age_days: int | None
) -> str:
    """Check that a trust root is young enough to judge by.

    Args:
        name: Name of the root, for errors.
        obtained_at: When it was known to be current, aware, UTC; None where nobody knows.
        at: Now, aware, UTC.
        max_age_days: What the policy allows, in days; None leaves it at `MOST_DAYS`.

    Returns:
        What is to be said about the age; "" where nothing is.

    Raises:
        TrustError: It is too old, from the future, or of unknown age although the policy asks.
    """
    if obtained_at is None:
        if max_age_days is None:
            return f"the age of trust root {name!r} is unknown; to keep track: sealane trust pin"
        raise TrustError(
            f"trust root {name!r}: expected an age of at most {max_age_days} days, and nobody "
            "knows how old it is",
            hint="store it under a name: sealane trust pin NAME FILE; then name it by that",
        )
    if obtained_at > at + _LEEWAY:
        raise TrustError(
            f"trust root {name!r}: obtained at {obtained_at.isoformat()}, which is yet to come; "
            f"this machine says it is {at.isoformat()}",
            hint="set the clock; by a wrong one nothing can be judged",
        )
    age = age_days(obtained_at, at)
    most = MOST_DAYS if max_age_days is None else min(max_age_days, MOST_DAYS)
    if at - obtained_at > timedelta(days=most):
        raise TrustError(
            f"trust root {name!r}: expected an age of at most {most} days, got {age} (obtained at "
            f"{obtained_at.isoformat()})",
            hint=_HINT,
        )
    if age >= WARN_DAYS:
        return f"trust root {name!r} is {age} days old; {_HINT}"
    return ""
