"""Whether a schedule keeps the rules of time, and whether a clock may be believed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from types import MappingProxyType

from sealane.core.embargo.case import EmbargoManifest, Schedule, Waiver
from sealane.core.embargo.profiles import Profile
from sealane.core.model.moment import rfc3339
from sealane.core.model.values import dataclass
from sealane.errors import EmbargoError, InputError

SHORTEST_REASON = 10  # characters
MOST_CLOCK_DRIFT = timedelta(seconds=60)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Weight(StrEnum):
    """What a breach of a rule does."""

    HARD = "hard"  # it holds, whatever anybody says
    WAIVABLE = "waivable"  # it holds unless somebody said why it need not
    WARNING = "warning"  # it is said


class TimeRule(StrEnum):
    """The rules of time; a waiver names one of them."""

    ORDER = "order"
    PAST = "past"
    RECIPIENTS = "recipients"
    PREDISCLOSURE_HARD_MAX = "predisclosure-hard-max"
    PREDISCLOSURE_MAX = "predisclosure-max"
    PREDISCLOSURE_MIN = "predisclosure-min"
    HEADS_UP = "heads-up"
    LIFT_WEEKDAY = "lift-weekday"
    LIFT_HOURS = "lift-hours"
    LIFT_HOLIDAY = "lift-holiday"
    NOTICE = "notice"
    TOTAL_AGE = "total-age"
    RECIPIENT_KEY = "recipient-key"
    RECIPIENT_DAYS = "recipient-days"


_WEIGHTS: Mapping[TimeRule, Weight] = MappingProxyType(
    dict.fromkeys(TimeRule, Weight.WAIVABLE)
    | {TimeRule.TOTAL_AGE: Weight.WARNING}
    # A list's own limit is theirs to waive, and a key that is over is nobody's.
    | dict.fromkeys(
        (
            TimeRule.ORDER,
            TimeRule.PAST,
            TimeRule.RECIPIENTS,
            TimeRule.PREDISCLOSURE_HARD_MAX,
            TimeRule.RECIPIENT_KEY,
            TimeRule.RECIPIENT_DAYS,
        ),
        Weight.HARD,
    )
)


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule of time that a schedule does not keep.

    Attributes:
        rule: Which.
        weight: What it does.
        expected: What would have kept it, in words.
        actual: What the schedule says, in words.
        waived: Why it is set aside; "" where it is not.
    """

    rule: TimeRule
    weight: Weight
    expected: str
    actual: str
    waived: str = ""

    @property
    def holds(self) -> bool:
        """Whether nothing may go on because of it."""
        return self.weight is not Weight.WARNING and not self.waived

    @property
    def words(self) -> str:
        """The breach in one line."""
        return f"{self.rule}: expected {self.expected}, got {self.actual}"


_Found = tuple[TimeRule, str, str]


def check_schedule(manifest: EmbargoManifest, profile: Profile, at: datetime) -> tuple[Breach, ...]:
    """Every rule of time that a manifest does not keep.

    1. All times are UTC, whole seconds; their order is that of what happens. 2. Pre-disclosure is
    neither too early nor too late, and somebody gets it. 3. The date is announced in time. 4. The
    lift begins on a day and at an hour of the profile. 5. It is neither over nor too soon. 6. The
    case is not too old. 7. Every recipient's key, and rule, reaches to the lift.

    Args:
        manifest: Whose schedule it is.
        profile: The rules; the one that the schedule names.
        at: Now, aware, UTC.

    Raises:
        InputError: A time is not UTC in whole seconds, the profile is another one, or a waiver
            names no rule, names one twice, or gives no reason.
        EmbargoError: A waiver names a rule that cannot be set aside.

    Spec: reference "Embargoed releases", section 7, "Timing rules as policy data".
    """
    schedule = manifest.schedule
    if schedule.profile != profile.name:
        raise InputError(
            f"schedule: profile: expected {profile.name!r}, got {schedule.profile[:60]!r}",
            hint="judge a schedule by the profile that it names",
        )
    check_utc(at, "now")
    waived = check_waivers(schedule.waivers)
    found = (
        *_order(schedule),  # 1
        *_predisclosure(manifest, profile),  # 2
        *_heads_up(schedule, profile),  # 3
        *_lift_moment(profile, schedule.not_before),  # 4
        *_now(schedule, profile, at),  # 5, 6
        *_recipients(manifest, profile),  # 7
    )
    return _weighed(found, waived)


def check_lift_moment(schedule: Schedule, profile: Profile, at: datetime) -> tuple[Breach, ...]:
    """Every rule about days and hours that a lift would not keep if it began now.

    A schedule may allow days between its two ends that the profile does not.

    Args:
        schedule: The manifest's.
        profile: The rules.
        at: Now, aware, UTC.

    Raises:
        InputError: `at` is not UTC, or a waiver cannot be read.
        EmbargoError: A waiver names a rule that cannot be set aside.
    """
    check_utc(at, "now")
    return _weighed(_lift_moment(profile, at), check_waivers(schedule.waivers))


def check_waivers(waivers: Iterable[Waiver]) -> Mapping[TimeRule, str]:
    """The reasons by rule.

    Raises:
        InputError: A waiver names no rule, names one twice, or gives no reason.
        EmbargoError: A waiver names a rule that cannot be set aside.
    """
    reasons: dict[TimeRule, str] = {}
    for waiver in waivers:
        place = f"schedule: waivers: {waiver.rule[:60]}"
        if waiver.rule not in set(TimeRule):
            known = ", ".join(rule for rule in TimeRule if _WEIGHTS[rule] is not Weight.HARD)
            raise InputError(f"{place}: there is no such rule", hint=f"known are {known}")
        rule = TimeRule(waiver.rule)
        if _WEIGHTS[rule] is Weight.HARD:
            raise EmbargoError(f"{place}: no waiver sets it aside", hint="change the dates instead")
        if len(waiver.reason.strip()) < SHORTEST_REASON:
            raise InputError(
                f"{place}: expected a reason of at least {SHORTEST_REASON} characters, "
                f"got {waiver.reason!r:.30}",
                hint="write down who agreed to it, and why",
            )
        if rule in reasons:
            raise InputError(f"{place}: expected once, got it twice", hint="keep one of them")
        reasons[rule] = waiver.reason
    return MappingProxyType(reasons)


def check_clock(system: datetime, token_time: datetime, *, nonce_ok: bool) -> None:
    """Hold the clock of this machine against a time-stamp authority's.

    Args:
        system: What the machine says, aware, UTC.
        token_time: The time in the authority's token, aware, UTC.
        nonce_ok: Whether the token answers the nonce that was just drawn; otherwise it may be an
            old one, played back to make the lift come late or early.

    Raises:
        InputError: One of the times is not UTC.
        EmbargoError: The token is not fresh, or the two are more than 60 s apart.

    Spec: RFC 3161, section 2.4.2, "nonce".
    """
    for moment, place in ((system, "system clock"), (token_time, "time-stamp token")):
        if moment.utcoffset() != timedelta():
            raise InputError(f"{place}: expected a time in UTC, got {moment.isoformat()}")
    if not nonce_ok:
        raise EmbargoError(
            "time-stamp token: expected the nonce that was sent, got another or none",
            hint="ask the time-stamp authority again; an old token proves nothing about now",
        )
    apart = abs(system - token_time)
    if apart > MOST_CLOCK_DRIFT:
        raise EmbargoError(
            f"clock: expected {rfc3339(token_time)} give or take "
            f"{MOST_CLOCK_DRIFT.seconds} s, as the time-stamp authority says, "
            f"got {rfc3339(system)}, {apart.total_seconds():.0f} s apart",
            hint="set this machine's clock; the lift is bound to the real time",
        )


def check_utc(moment: datetime, place: str) -> datetime:
    """A time that is one everywhere.

    Raises:
        InputError: It has no zone, or another one.
    """
    if moment.utcoffset() != timedelta():
        raise InputError(
            f"{place}: expected a time in UTC, got {moment.isoformat()}",
            hint='write UTC with a "Z", e.g. 2026-11-24T15:00:00Z',
        )
    return moment


def _weighed(found: Iterable[_Found], waived: Mapping[TimeRule, str]) -> tuple[Breach, ...]:
    return tuple(
        Breach(rule, _WEIGHTS[rule], expected, actual, waived.get(rule, ""))
        for rule, expected, actual in found
    )


def _order(schedule: Schedule) -> Iterator[_Found]:
    named = (
        ("opened", schedule.opened),
        ("predisclosure", schedule.predisclosure),
        ("heads_up", schedule.heads_up),
        ("not_before", schedule.not_before),
        ("expires", schedule.expires),
    )
    times = {name: moment for name, moment in named if moment is not None}
    for name, moment in times.items():
        if check_utc(moment, f"schedule: {name}").microsecond:
            raise InputError(f"schedule: {name}: expected whole seconds, got {moment.isoformat()}")
    early = [name for name in ("predisclosure", "heads_up") if name in times]
    pairs = [("opened", name) for name in early] + [(name, "not_before") for name in early]
    for first, second in (*pairs, ("opened", "not_before"), ("not_before", "expires")):
        # A case may be opened and told of in the same second; nothing else is at once.
        late = times[first] > times[second]
        if late or (times[first] == times[second] and second not in early):
            yield TimeRule.ORDER, f"{first} before {second}", _both(times[first], times[second])


def _both(first: datetime, second: datetime) -> str:
    return f"{rfc3339(first)} and {rfc3339(second)}"


def _predisclosure(manifest: EmbargoManifest, profile: Profile) -> Iterator[_Found]:
    told, lift = manifest.schedule.predisclosure, manifest.schedule.not_before
    if told is None:
        if manifest.recipients:
            yield TimeRule.RECIPIENTS, "a time of predisclosure", "recipients, and none"
        return
    if not manifest.recipients:
        yield TimeRule.RECIPIENTS, "a recipient", "a time of predisclosure, and nobody to tell"
    kind = "business days" if profile.business else "days"
    lasted = _length(told, lift, profile)
    limits = (
        (TimeRule.PREDISCLOSURE_HARD_MAX, profile.hard_max_days),
        (TimeRule.PREDISCLOSURE_MAX, profile.max_days),
    )
    for rule, most in limits:
        if lasted > timedelta(days=most):
            yield rule, f"at most {most} {kind} before the lift", _days(lasted, kind)
    if lasted < timedelta(days=profile.min_days):
        least = f"at least {profile.min_days} {kind} before the lift"
        yield TimeRule.PREDISCLOSURE_MIN, least, _days(lasted, kind)


def _days(lasted: timedelta, kind: str) -> str:
    # Rounded down, a second too much would read as what is allowed.
    return f"{lasted / timedelta(days=1):.5g} {kind} ({lasted})"


def _length(first: datetime, last: datetime, profile: Profile) -> timedelta:
    """How long from one moment to another; days that do not count are taken out whole."""
    lasted = last - first
    if not profile.business or lasted < timedelta():
        return lasted
    counted = timedelta()
    start = first
    while start < last:
        left = timedelta(days=1) - (start - datetime.combine(start.date(), time.min, UTC))
        end = min(last - start, left) + start
        if start.isoweekday() <= 5 and start.date() not in profile.holidays:
            counted += end - start
        start = end
    return counted


def _heads_up(schedule: Schedule, profile: Profile) -> Iterator[_Found]:
    if not profile.heads_up_hours:
        return
    expected = f"the date announced at least {profile.heads_up_hours} h before the lift"
    if schedule.heads_up is None:
        yield TimeRule.HEADS_UP, expected, "no heads-up"
    elif schedule.not_before - schedule.heads_up < timedelta(hours=profile.heads_up_hours):
        yield TimeRule.HEADS_UP, expected, f"{schedule.not_before - schedule.heads_up} before"


def _lift_moment(profile: Profile, lift: datetime) -> Iterator[_Found]:
    if lift.isoweekday() not in profile.weekdays:
        allowed = ", ".join(_WEEKDAYS[day - 1] for day in sorted(profile.weekdays))
        actual = f"{rfc3339(lift)}, a {_WEEKDAYS[lift.weekday()]}"
        yield TimeRule.LIFT_WEEKDAY, f"a lift on {allowed}", actual
    if not profile.from_hour <= lift.hour < profile.to_hour:
        hours = f"from {profile.from_hour:02}:00 to before {profile.to_hour:02}:00 UTC"
        yield TimeRule.LIFT_HOURS, f"a lift {hours}", rfc3339(lift)
    if lift.date() in profile.holidays:
        yield TimeRule.LIFT_HOLIDAY, "a lift on no holiday", rfc3339(lift)


def _now(schedule: Schedule, profile: Profile, at: datetime) -> Iterator[_Found]:
    if at >= schedule.expires:
        yield TimeRule.PAST, f"a lift that ends after {rfc3339(at)}", rfc3339(schedule.expires)
    elif schedule.not_before - at < timedelta(hours=profile.notice_hours):
        expected = f"a date at least {profile.notice_hours} h after {rfc3339(at)}"
        yield TimeRule.NOTICE, expected, rfc3339(schedule.not_before)
    # What counts is how old the case will be when it becomes public.
    age = max(at, schedule.not_before) - schedule.opened
    if age > timedelta(days=profile.total_age_days):
        expected = f"a case that is public after at most {profile.total_age_days} days"
        yield TimeRule.TOTAL_AGE, expected, _days(age, "days")


def _recipients(manifest: EmbargoManifest, profile: Profile) -> Iterator[_Found]:
    told, lift = manifest.schedule.predisclosure, manifest.schedule.not_before
    limits = {one.org.casefold(): one.max_days for one in profile.lists}
    for one in manifest.recipients:
        ends = check_utc(one.key.not_after, f"recipients: {one.org}: key: not_after")
        if ends < lift:
            expected = f"a key of {one.org} that lasts until the lift, {rfc3339(lift)}"
            yield TimeRule.RECIPIENT_KEY, expected, rfc3339(ends)
        most = limits.get(one.org.casefold())
        if told is not None and most is not None and lift - told > timedelta(days=most):
            expected = f"{one.org} told at most {most} days before the lift"
            yield TimeRule.RECIPIENT_DAYS, expected, _days(lift - told, "days")
