"""Rules of time as data: how long before, on which days, at which hours.

Projects and lists disagree about every number in here, some with themselves, so none stands in the
code that judges a schedule.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from types import MappingProxyType

from sealane.core.model.values import dataclass, replace
from sealane.errors import EmbargoError, InputError

REHEARSAL = "rehearsal"
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
# Bounds of what a profile may say: an embargo of more than a year is none that anybody keeps.
_MOST_DAYS = 366
_HINT = "the page on schedule profiles lists all keys, with their units and bounds"


@dataclass(frozen=True, slots=True)
class ListLimit:
    """The rule of a recipient that no manifest can set aside: told at most so many days before."""

    org: str
    max_days: int


@dataclass(frozen=True, slots=True)
class Profile:
    """The rules of time of one project.

    Attributes:
        name: What a manifest names it by.
        max_days: Pre-disclosure is at most so many days before the lift.
        hard_max_days: The same, and no waiver sets it aside.
        min_days: Pre-disclosure is at least so many days before the lift.
        heads_up_hours: The date is announced at least so many hours before; 0 where it need not be.
        weekdays: Days of a lift, 1 for Monday to 7 for Sunday.
        from_hour: A lift begins at this hour or later, 0 to 23, UTC.
        to_hour: A lift begins before this hour, 1 to 24, UTC.
        holidays: Days without a lift.
        notice_hours: A date is agreed on at least so many hours before it.
        total_age_days: A case that is older is warned of, for it may be known elsewhere by then.
        business: Days of pre-disclosure are Monday to Friday without the holidays.
        lists: Limits of recipients, by their names.
        sandbox_only: Whether it holds with the trust root of a sandbox alone.
    """

    name: str
    max_days: int
    hard_max_days: int
    min_days: int
    heads_up_hours: int
    weekdays: frozenset[int]
    from_hour: int
    to_hour: int
    holidays: frozenset[date]
    notice_hours: int
    total_age_days: int
    business: bool = False
    lists: tuple[ListLimit, ...] = ()
    sandbox_only: bool = False


_DEFAULT = Profile(
    name="default",
    max_days=7,
    hard_max_days=14,
    min_days=1,
    heads_up_hours=24,
    weekdays=frozenset({1, 2, 3, 4}),
    from_hour=14,
    to_hour=17,
    holidays=frozenset(),
    notice_hours=24,
    total_age_days=90,
    lists=(ListLimit("linux-distros", 14),),
)
# Where a project's own text says nothing, the default holds.
_BUILT_IN = (
    _DEFAULT,
    # The list announces no date of its own. Spec: openwall, linux-distros list policy.
    replace(_DEFAULT, name="linux-distros", heads_up_hours=0),
    # One to four weeks, 16:00 UTC, never a Friday. Spec: security-release-process.md.
    replace(
        _DEFAULT,
        name="kubernetes",
        max_days=28,
        hard_max_days=28,
        min_days=7,
        from_hour=16,
    ),
    # One week before, a day more or less. Spec: howto-release-django.
    replace(_DEFAULT, name="django", max_days=8, min_days=6),
    # Three to five business days, 15:00 UTC, no Monday, Friday or holiday; ten business days are
    # the fourteen of the list. Spec: vmt-process.rst.
    replace(
        _DEFAULT,
        name="openstack",
        max_days=5,
        hard_max_days=10,
        min_days=3,
        weekdays=frozenset({2, 3, 4}),
        from_hour=15,
        to_hour=16,
        business=True,
    ),
    # At most seven days, and the date of a release is public. Spec: VULN-DISCLOSURE-POLICY.md.
    replace(_DEFAULT, name="curl", hard_max_days=7),
    replace(
        _DEFAULT,
        name=REHEARSAL,
        min_days=0,
        heads_up_hours=0,
        weekdays=frozenset(range(1, 8)),
        from_hour=0,
        to_hour=24,
        notice_hours=0,
        sandbox_only=True,
    ),
)
PROFILES: Mapping[str, Profile] = MappingProxyType({one.name: one for one in _BUILT_IN})


def choose_profile(name: str, own: Collection[Profile] = (), *, sandbox: bool) -> Profile:
    """The profile that a manifest names.

    Args:
        name: What the manifest's schedule says.
        own: Profiles of the project.
        sandbox: Whether the trust root is a sandbox's.

    Raises:
        InputError: There is none of that name.
        EmbargoError: It has no delays, and the trust root is a real one.
    """
    known = {**{one.name: one for one in own}, **PROFILES}
    if name not in known:
        raise InputError(
            f"schedule: profile: expected one of {', '.join(sorted(known))}, got {name[:60]!r}",
            hint="correct the name, or describe the profile in the project's configuration",
        )
    if known[name].sandbox_only and not sandbox:
        raise EmbargoError(
            f"schedule: profile: {name!r} has no delays, and the trust root is not a sandbox's",
            hint="use another profile for a real case, or run it in a sandbox",
        )
    return known[name]


def parse_profile(mapping: Mapping[str, object]) -> Profile:
    """Read a project's own profile from a TOML table; what it leaves out is as in "default".

    Args:
        mapping: The table: "name", the fields of `Profile` by their names, "weekdays" as "mon" to
            "sun", "holidays" as local dates, and "lists" as a table of days by recipient.

    Raises:
        InputError: A key is unknown or no profile may set it, a value is of another type or out of
            its bounds, or the limits contradict each other.
    """
    name = mapping.get("name")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise _wrong("profile: name", "a word of lower-case letters, digits and hyphens", name)
    place = f"profile {name}"
    if name in PROFILES:
        raise InputError(
            f"{place}: expected a name of its own, got that of a built-in profile",
            hint="choose another name: a case that names a profile means always the same one",
        )
    unknown = mapping.keys() - {"name", *_NUMBERS, "weekdays", "holidays", "business", "lists"}
    if unknown:
        raise InputError(f"{place}: unknown key {min(unknown)[:60]!r}", hint=_HINT)
    number = {key: _number(mapping, key, place) for key in _NUMBERS}
    profile = Profile(
        name=name,
        max_days=number["max_days"],
        hard_max_days=number["hard_max_days"],
        min_days=number["min_days"],
        heads_up_hours=number["heads_up_hours"],
        weekdays=_weekdays(mapping, place),
        from_hour=number["from_hour"],
        to_hour=number["to_hour"],
        holidays=_holidays(mapping, place),
        notice_hours=number["notice_hours"],
        total_age_days=number["total_age_days"],
        business=_flag(mapping, "business", place),
        lists=_lists(mapping, place),
    )
    _check_limits(profile, place)
    return profile


_NUMBERS = {
    "max_days": (1, _MOST_DAYS),
    "hard_max_days": (1, _MOST_DAYS),
    "min_days": (0, _MOST_DAYS),
    "heads_up_hours": (0, 24 * _MOST_DAYS),
    "from_hour": (0, 23),
    "to_hour": (1, 24),
    "notice_hours": (0, 24 * _MOST_DAYS),
    "total_age_days": (1, 10 * _MOST_DAYS),
}


def _number(mapping: Mapping[str, object], key: str, place: str) -> int:
    least, most = _NUMBERS[key]
    return _whole(mapping.get(key, getattr(_DEFAULT, key)), least, most, f"{place}: {key}")


def _whole(value: object, least: int, most: int, place: str) -> int:
    # True is an int to Python, and no number of days.
    if type(value) is not int or not least <= value <= most:
        raise _wrong(place, f"a whole number from {least} to {most}", value)
    return value


def _flag(mapping: Mapping[str, object], key: str, place: str) -> bool:
    value = mapping.get(key, False)
    if not isinstance(value, bool):
        raise _wrong(f"{place}: {key}", "true or false", value)
    return value


def _weekdays(mapping: Mapping[str, object], place: str) -> frozenset[int]:
    value = mapping.get("weekdays")
    if value is None:
        return _DEFAULT.weekdays
    known = isinstance(value, list) and bool(value) and all(day in _DAYS for day in value)
    if not isinstance(value, list) or not known or len(set(value)) < len(value):
        raise _wrong(f"{place}: weekdays", f"some of {', '.join(_DAYS)}, each once", value)
    return frozenset(_DAYS.index(day) + 1 for day in value)


def _holidays(mapping: Mapping[str, object], place: str) -> frozenset[date]:
    value = mapping.get("holidays", [])
    if not isinstance(value, list):
        raise _wrong(f"{place}: holidays", "a list of dates", value)
    for day in value:
        # A moment is a date to Python, too, and would never equal a day.
        if not isinstance(day, date) or isinstance(day, datetime):
            raise _wrong(f"{place}: holidays", "dates as 2026-12-24, without quotes", day)
    return frozenset(value)


def _lists(mapping: Mapping[str, object], place: str) -> tuple[ListLimit, ...]:
    """The default's limits and the profile's own; where both name a list, the shorter one."""
    value = mapping.get("lists", {})
    if not isinstance(value, Mapping):
        raise _wrong(f"{place}: lists", "a table of days by recipient", value)
    limits = {one.org: one.max_days for one in _DEFAULT.lists}
    for org, days in value.items():
        own = _whole(days, 1, _MOST_DAYS, f"{place}: lists: {org[:60]}")
        limits[org] = min(own, limits.get(org, own))
    return tuple(ListLimit(org, days) for org, days in sorted(limits.items()))


def _check_limits(profile: Profile, place: str) -> None:
    days = (profile.min_days, profile.max_days, profile.hard_max_days)
    if not days[0] <= days[1] <= days[2]:
        raise _wrong(place, "min_days <= max_days <= hard_max_days", days)
    if profile.from_hour >= profile.to_hour:
        raise _wrong(place, "from_hour < to_hour", (profile.from_hour, profile.to_hour))


def _wrong(place: str, expected: str, actual: object) -> InputError:
    return InputError(f"{place}: expected {expected}, got {actual!r:.60}", hint=_HINT)
