"""A schedule keeps the rules of time, or somebody said why it need not."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from sealane.core.embargo.case import EmbargoManifest, Waiver
from sealane.core.embargo.profiles import PROFILES, parse_profile
from sealane.core.embargo.terms import (
    TimeRule,
    Weight,
    check_clock,
    check_lift_moment,
    check_schedule,
    check_waivers,
)
from sealane.core.model.values import replace
from sealane.errors import EmbargoError, InputError
from support.embargo_case import (
    ALONE,
    DAY,
    DEFAULT,
    EXPIRES,
    LIFT,
    MANIFEST,
    OPENED,
    SCHEDULE,
    SECOND,
    TOLD,
)

HOUR = timedelta(hours=1)
REASON = "agreed with all recipients"
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)


def moved(manifest: EmbargoManifest = MANIFEST, /, **times: object) -> EmbargoManifest:
    return replace(manifest, schedule=replace(manifest.schedule, **times))  # type: ignore[arg-type]  # by name


def broken(
    manifest: EmbargoManifest, at: datetime = TOLD, profile: str = "default"
) -> set[TimeRule]:
    named = moved(manifest, profile=profile)
    return {one.rule for one in check_schedule(named, PROFILES[profile], at) if one.holds}


@pytest.mark.parametrize("manifest", [MANIFEST, ALONE], ids=["recipients", "nobody-told"])
def test_a_schedule_that_keeps_every_rule_breaks_none(manifest: EmbargoManifest) -> None:
    assert check_schedule(manifest, DEFAULT, TOLD) == ()


@pytest.mark.parametrize(
    ("times", "rules"),
    [
        pytest.param({"predisclosure": TOLD}, set(), id="seven-days"),
        pytest.param({"predisclosure": TOLD - SECOND}, {"predisclosure-max"}, id="a-second-more"),
        pytest.param(
            {"opened": LIFT - 20 * DAY, "predisclosure": LIFT - 14 * DAY},
            {"predisclosure-max"},
            id="fourteen-days",
        ),
        pytest.param(
            {"opened": LIFT - 20 * DAY, "predisclosure": LIFT - 14 * DAY - SECOND},
            {"predisclosure-max", "predisclosure-hard-max", "recipient-days"},
            id="above-the-hard-limit",
        ),
        pytest.param({"predisclosure": LIFT - DAY}, set(), id="one-day"),
        pytest.param({"predisclosure": LIFT - DAY + SECOND}, {"predisclosure-min"}, id="too-late"),
        pytest.param({"heads_up": LIFT - DAY}, set(), id="announced-a-day-before"),
        pytest.param({"heads_up": LIFT - DAY + SECOND}, {"heads-up"}, id="announced-too-late"),
        pytest.param({"heads_up": None}, {"heads-up"}, id="not-announced"),
        pytest.param({"predisclosure": None}, {"recipients"}, id="nobody-knows-when"),
        pytest.param({"expires": LIFT}, {"order"}, id="expires-at-the-lift"),
        pytest.param({"expires": LIFT - SECOND}, {"order"}, id="expires-before-the-lift"),
        pytest.param({"opened": TOLD}, set(), id="told-at-once"),
        pytest.param({"opened": TOLD + SECOND}, {"order"}, id="told-before-it-was-opened"),
        pytest.param({"heads_up": LIFT + SECOND}, {"order", "heads-up"}, id="announced-after"),
        pytest.param(
            {"predisclosure": LIFT + DAY}, {"order", "predisclosure-min"}, id="told-after-the-lift"
        ),
    ],
)
def test_each_date_has_its_limits(times: dict[str, datetime | None], rules: set[str]) -> None:
    assert broken(moved(**times)) == rules


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        pytest.param(datetime(2026, 11, 23, 14, 0, tzinfo=UTC), set(), id="monday"),
        pytest.param(datetime(2026, 11, 26, 16, 59, 59, tzinfo=UTC), set(), id="thursday"),
        pytest.param(datetime(2026, 11, 27, 15, 0, tzinfo=UTC), {"lift-weekday"}, id="friday"),
        pytest.param(datetime(2026, 11, 22, 15, 0, tzinfo=UTC), {"lift-weekday"}, id="sunday"),
        pytest.param(MIDNIGHT + 14 * HOUR - SECOND, {"lift-hours"}, id="too-early"),
        pytest.param(MIDNIGHT + 17 * HOUR, {"lift-hours"}, id="too-late"),
    ],
)
def test_a_lift_has_its_days_and_hours(at: datetime, rules: set[str]) -> None:
    planned = moved(ALONE, not_before=at, expires=at + DAY, heads_up=at - 2 * DAY)
    assert broken(planned) == rules
    assert {one.rule for one in check_lift_moment(SCHEDULE, DEFAULT, at)} == rules


@pytest.mark.parametrize(
    ("profile", "told", "lift", "rules"),
    [
        pytest.param("linux-distros", 7, LIFT, set(), id="distros"),
        pytest.param("linux-distros", 14, LIFT, {"predisclosure-max"}, id="distros-two-weeks"),
        pytest.param("kubernetes", 7, LIFT + HOUR, set(), id="kubernetes"),
        pytest.param("kubernetes", 7, LIFT, {"lift-hours"}, id="kubernetes-hour"),
        pytest.param(
            "kubernetes", 6, LIFT + HOUR, {"predisclosure-min"}, id="kubernetes-short-notice"
        ),
        pytest.param(
            "kubernetes", 15, LIFT + HOUR, {"recipient-days"}, id="kubernetes-and-the-list"
        ),
        pytest.param("django", 7, LIFT, set(), id="django"),
        pytest.param("django", 5, LIFT, {"predisclosure-min"}, id="django-five-days"),
        pytest.param("openstack", 7, LIFT, set(), id="openstack-five-business-days"),
        pytest.param("openstack", 8, LIFT, {"predisclosure-max"}, id="openstack-six-of-them"),
        pytest.param("openstack", 4, LIFT, {"predisclosure-min"}, id="openstack-two-of-them"),
        pytest.param("openstack", 6, LIFT - DAY, {"lift-weekday"}, id="openstack-monday"),
        pytest.param("openstack", 5, LIFT + HOUR, {"lift-hours"}, id="openstack-hour"),
        pytest.param("curl", 7, LIFT, set(), id="curl"),
        pytest.param(
            "curl", 8, LIFT, {"predisclosure-max", "predisclosure-hard-max"}, id="curl-eight-days"
        ),
        pytest.param("rehearsal", 0, LIFT + 3 * DAY + 8 * HOUR, set(), id="rehearsal"),
    ],
)
def test_each_project_has_its_own_rules(
    profile: str, told: int, lift: datetime, rules: set[str]
) -> None:
    planned = moved(
        opened=lift - 40 * DAY,
        predisclosure=lift - told * DAY - (SECOND if told == 0 else timedelta()),
        heads_up=lift - 2 * DAY,
        not_before=lift,
        expires=lift + DAY,
    )
    assert broken(planned, lift - 3 * DAY, profile) == rules


def test_a_breach_says_what_would_have_kept_the_rule() -> None:
    friday = datetime(2026, 11, 27, 17, 0, tzinfo=UTC)
    days = "Monday, Tuesday, Wednesday, Thursday"
    assert [one.words for one in check_lift_moment(SCHEDULE, DEFAULT, friday)] == [
        f"lift-weekday: expected a lift on {days}, got 2026-11-27T17:00:00Z, a Friday",
        "lift-hours: expected a lift from 14:00 to before 17:00 UTC, got 2026-11-27T17:00:00Z",
    ]


def test_holidays_are_no_days_of_a_lift_and_no_business_days() -> None:
    table = {
        "name": "ours",
        "min_days": 5,
        "business": True,
        "holidays": [date(2026, 11, 24), date(2026, 11, 18)],
    }
    found = check_schedule(moved(profile="ours"), parse_profile(table), TOLD)
    assert {one.rule for one in found} == {"lift-holiday", "predisclosure-min"}
    assert "3.375 business days" in found[0].words


def test_the_end_of_the_calendar_is_a_time_like_any_other() -> None:
    end = datetime(9999, 12, 31, 15, 0, tzinfo=UTC)  # a Friday
    late = moved(
        profile="openstack",
        not_before=end,
        expires=end + HOUR,
        predisclosure=end - 2 * DAY,
        heads_up=end - 2 * DAY,
    )
    found = broken(late, end - 2 * DAY, "openstack")
    assert {"lift-weekday", "predisclosure-min"} <= found


@pytest.mark.parametrize(
    ("at", "rules"),
    [
        pytest.param(LIFT - DAY, set(), id="in-time"),
        pytest.param(LIFT - DAY + SECOND, {"notice"}, id="on-short-notice"),
        pytest.param(EXPIRES - SECOND, {"notice"}, id="just-before-the-end"),
        pytest.param(EXPIRES, {"past"}, id="over"),
    ],
)
def test_a_date_is_agreed_on_before_it(at: datetime, rules: set[str]) -> None:
    assert broken(MANIFEST, at) == rules


def test_an_old_case_is_warned_of_and_goes_on() -> None:
    old = moved(opened=LIFT - 91 * DAY)
    (breach,) = check_schedule(old, DEFAULT, TOLD)
    assert (breach.rule, breach.weight) == (TimeRule.TOTAL_AGE, Weight.WARNING)
    assert not breach.holds
    assert check_schedule(moved(opened=LIFT - 90 * DAY), DEFAULT, TOLD) == ()


def test_a_recipients_key_has_to_last_until_the_lift() -> None:
    first, *others = MANIFEST.recipients
    for ends, rules in ((LIFT, set()), (LIFT - SECOND, {"recipient-key"})):
        told = replace(first, key=replace(first.key, not_after=ends))
        assert broken(replace(MANIFEST, recipients=(told, *others))) == rules


def test_somebody_is_told_where_there_is_a_time_for_it() -> None:
    assert broken(replace(MANIFEST, recipients=())) == {"recipients"}


def test_a_waiver_sets_a_rule_aside_with_its_reason() -> None:
    early = moved(predisclosure=TOLD - DAY, waivers=(Waiver("predisclosure-max", REASON),))
    (breach,) = check_schedule(early, DEFAULT, TOLD)
    assert (breach.rule, breach.waived, breach.holds) == ("predisclosure-max", REASON, False)
    other = moved(predisclosure=TOLD - DAY, waivers=(Waiver("heads-up", REASON),))
    assert broken(other) == {"predisclosure-max"}


@pytest.mark.parametrize(
    "rule",
    [
        "order", "past", "recipients", "predisclosure-hard-max", "recipient-key", "recipient-days",
    ],
)  # fmt: skip
def test_a_hard_limit_cannot_be_waived(rule: str) -> None:
    with pytest.raises(EmbargoError, match=f"{rule}: no waiver sets it aside"):
        check_schedule(moved(waivers=(Waiver(rule, REASON),)), DEFAULT, TOLD)


@pytest.mark.parametrize(
    ("waivers", "message"),
    [
        pytest.param([Waiver("weekday", REASON)], "no such rule", id="unknown-rule"),
        pytest.param([Waiver("lift-hours", "too short")], "at least 10", id="nine-characters"),
        pytest.param([Waiver("lift-hours", " " * 20)], "at least 10", id="blanks"),
        pytest.param([Waiver("lift-hours", REASON)] * 2, "got it twice", id="twice"),
    ],
)
def test_a_waiver_without_rule_or_reason_is_refused(waivers: list[Waiver], message: str) -> None:
    with pytest.raises(InputError, match=message):
        check_waivers(waivers)


def test_a_schedule_is_judged_by_the_profile_that_it_names() -> None:
    with pytest.raises(InputError, match="expected 'curl', got 'default'"):
        check_schedule(MANIFEST, PROFILES["curl"], TOLD)


ELSEWHERE = timezone(timedelta(hours=2))


@pytest.mark.parametrize(
    "times",
    [
        pytest.param({"not_before": LIFT.replace(tzinfo=None)}, id="no-zone"),
        pytest.param({"expires": EXPIRES.astimezone(ELSEWHERE)}, id="other-zone"),
        pytest.param({"opened": OPENED.astimezone(ELSEWHERE)}, id="other-zone-same-moment"),
        pytest.param({"heads_up": SCHEDULE.not_before.replace(microsecond=1)}, id="microsecond"),
    ],
)
def test_a_local_time_is_refused(times: dict[str, datetime]) -> None:
    with pytest.raises(InputError, match=r"expected (a time in UTC|whole seconds)"):
        check_schedule(moved(**times), DEFAULT, TOLD)


def test_now_is_in_utc() -> None:
    with pytest.raises(InputError, match="now: expected a time in UTC"):
        check_schedule(MANIFEST, DEFAULT, TOLD.replace(tzinfo=None))
    with pytest.raises(InputError, match="now: expected a time in UTC"):
        check_lift_moment(SCHEDULE, DEFAULT, TOLD.astimezone(ELSEWHERE))


def test_a_key_ends_in_utc() -> None:
    first, *others = MANIFEST.recipients
    local = replace(first, key=replace(first.key, not_after=EXPIRES.replace(tzinfo=None)))
    with pytest.raises(InputError, match="Acme: key: not_after: expected a time in UTC"):
        check_schedule(replace(MANIFEST, recipients=(local, *others)), DEFAULT, TOLD)


@pytest.mark.parametrize("seconds", [-60, 0, 60])
def test_clocks_that_agree_are_believed(seconds: int) -> None:
    check_clock(LIFT, LIFT + seconds * SECOND, nonce_ok=True)


@pytest.mark.parametrize("seconds", [-300, -61, 61, 300, 3600])
def test_clocks_that_differ_are_not_believed(seconds: int) -> None:
    with pytest.raises(EmbargoError, match=f"{abs(seconds)} s apart"):
        check_clock(LIFT, LIFT + seconds * SECOND, nonce_ok=True)


def test_an_old_token_says_nothing_about_now() -> None:
    with pytest.raises(EmbargoError, match="expected the nonce"):
        check_clock(LIFT, LIFT, nonce_ok=False)


@pytest.mark.parametrize("local", [LIFT.replace(tzinfo=None), LIFT.astimezone(ELSEWHERE)])
def test_a_clock_in_local_time_is_refused(local: datetime) -> None:
    with pytest.raises(InputError, match="system clock: expected a time in UTC"):
        check_clock(local, LIFT, nonce_ok=True)
    with pytest.raises(InputError, match="time-stamp token: expected a time in UTC"):
        check_clock(LIFT, local, nonce_ok=True)
