"""Rules of time are data, and a profile that contradicts itself is none."""

import tomllib
from datetime import date

import pytest

from sealane.core.embargo.profiles import PROFILES, ListLimit, choose_profile, parse_profile
from sealane.errors import EmbargoError, InputError

OWN = """
name = "ours"
max_days = 10
hard_max_days = 12
min_days = 2
heads_up_hours = 48
weekdays = ["wed", "mon"]
from_hour = 9
to_hour = 12
holidays = [2026-12-24]
notice_hours = 12
total_age_days = 60
business = true
lists = { Acme = 5, linux-distros = 30 }
"""


def test_there_is_a_profile_for_every_process_that_was_read() -> None:
    assert set(PROFILES) == {
        "default", "linux-distros", "kubernetes", "django", "openstack", "curl", "rehearsal",
    }  # fmt: skip


@pytest.mark.parametrize("name", PROFILES)
def test_a_built_in_profile_contradicts_nothing(name: str) -> None:
    one = PROFILES[name]
    assert one.min_days <= one.max_days <= one.hard_max_days
    assert 0 <= one.from_hour < one.to_hour <= 24
    assert one.weekdays <= set(range(1, 8))
    assert one.sandbox_only == (name == "rehearsal")
    assert ListLimit("linux-distros", 14) in one.lists


@pytest.mark.parametrize("name", [name for name in PROFILES if name != "rehearsal"])
def test_no_real_profile_lifts_on_a_friday_or_a_weekend(name: str) -> None:
    assert not PROFILES[name].weekdays & {5, 6, 7}


def test_a_profile_is_read_from_a_table() -> None:
    one = parse_profile(tomllib.loads(OWN))
    assert (one.max_days, one.hard_max_days, one.min_days) == (10, 12, 2)
    assert (one.heads_up_hours, one.notice_hours, one.total_age_days) == (48, 12, 60)
    assert one.weekdays == {1, 3}
    assert (one.from_hour, one.to_hour) == (9, 12)
    assert one.holidays == {date(2026, 12, 24)}
    assert one.business
    assert not one.sandbox_only


def test_the_limit_of_a_list_can_be_shortened_and_not_lengthened() -> None:
    longer = parse_profile(tomllib.loads(OWN))
    assert longer.lists == (ListLimit("Acme", 5), ListLimit("linux-distros", 14))
    shorter = parse_profile({"name": "ours", "lists": {"linux-distros": 6}})
    assert shorter.lists == (ListLimit("linux-distros", 6),)


def test_what_a_profile_leaves_out_is_as_in_the_default() -> None:
    one, default = parse_profile({"name": "ours"}), PROFILES["default"]
    assert one.max_days == default.max_days
    assert one.weekdays == default.weekdays
    assert one.lists == default.lists


@pytest.mark.parametrize(
    ("line", "place"),
    [
        pytest.param("max_day = 7", "unknown key 'max_day'", id="unknown-key"),
        pytest.param("sandbox_only = true", "unknown key 'sandbox_only'", id="only-ours"),
        pytest.param("max_days = true", "max_days: expected a whole number", id="true-is-no-1"),
        pytest.param("max_days = 7.0", "max_days: expected a whole number", id="fraction"),
        pytest.param("max_days = '7'", "max_days: expected a whole number", id="text"),
        pytest.param("max_days = 0", "from 1 to 366, got 0", id="zero"),
        pytest.param("hard_max_days = 367", "from 1 to 366, got 367", id="a-year-and-more"),
        pytest.param("min_days = -1", "from 0 to 366, got -1", id="negative"),
        pytest.param("min_days = 8", "min_days <= max_days", id="least-above-most"),
        pytest.param("max_days = 15", "max_days <= hard_max_days", id="most-above-hard"),
        pytest.param("from_hour = 17", "from_hour < to_hour, got (17, 17)", id="no-hour"),
        pytest.param("to_hour = 25", "from 1 to 24, got 25", id="hour-25"),
        pytest.param("weekdays = []", "weekdays: expected some", id="no-day"),
        pytest.param("weekdays = ['Mon']", "weekdays: expected some", id="day-in-capitals"),
        pytest.param("weekdays = ['mon', 'mon']", "each once", id="day-twice"),
        pytest.param("weekdays = 'mon'", "weekdays: expected some", id="days-as-text"),
        pytest.param("holidays = 2026-12-24", "a list of dates", id="holidays-as-date"),
        pytest.param("holidays = ['2026-12-24']", "without quotes", id="holiday-as-text"),
        pytest.param("holidays = [2026-12-24T00:00:00Z]", "without quotes", id="moment"),
        pytest.param("business = 1", "business: expected true or false", id="one-is-no-true"),
        pytest.param("lists = ['Acme']", "a table of days", id="lists-as-list"),
        pytest.param("lists = { Acme = 0 }", "lists: Acme: expected a whole", id="list-zero"),
    ],
)
def test_a_profile_that_cannot_be_meant_is_refused(line: str, place: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_profile({"name": "ours", **tomllib.loads(line)})
    assert place in caught.value.message
    assert caught.value.hint


def test_the_bounds_of_a_profile_are_within_it() -> None:
    one = parse_profile({"name": "ours", "max_days": 1, "min_days": 0, "hard_max_days": 366})
    assert (one.min_days, one.max_days, one.hard_max_days) == (0, 1, 366)
    assert parse_profile({"name": "ours", "from_hour": 0, "to_hour": 24}).to_hour == 24


@pytest.mark.parametrize("name", [None, 1, "", "Ours", "a b"])
def test_a_profile_without_a_plain_name_is_refused(name: object) -> None:
    with pytest.raises(InputError, match="profile: name: expected a word"):
        parse_profile({"name": name})


@pytest.mark.parametrize("name", PROFILES)
def test_a_built_in_profile_cannot_be_replaced(name: str) -> None:
    with pytest.raises(InputError, match="a name of its own"):
        parse_profile({"name": name, "max_days": 1})
    own = (parse_profile({"name": "ours"}), PROFILES["curl"])
    assert choose_profile(name, own, sandbox=True) is PROFILES[name]


def test_a_profile_of_the_project_is_found() -> None:
    own = parse_profile({"name": "ours"})
    assert choose_profile("ours", [own], sandbox=False) is own


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(InputError, match=r"expected one of curl, default.*got 'none'"):
        choose_profile("none", sandbox=True)


def test_a_profile_without_delays_holds_in_a_sandbox_alone() -> None:
    assert choose_profile("rehearsal", sandbox=True).min_days == 0
    with pytest.raises(EmbargoError, match="not a sandbox's"):
        choose_profile("rehearsal", sandbox=False)
