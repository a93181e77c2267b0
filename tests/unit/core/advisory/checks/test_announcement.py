"""ADV24: the announcement names the versions and identifiers of the record, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.checks.interface import Seen
from sealane.core.model.verdict import Outcome
from support.cases import (
    acme,
    announcement_of,
    documents_of,
    draft,
    failures,
    lacks,
    outcomes,
    published,
    saying,
)
from support.records import listed

GOOD = "PYSEC-2026-1, CVE-2026-10001, GHSA-2222-3333-4444. Upgrade to 1.2 or 2.1."


def told(text: str) -> str:
    return failures("ADV24", published(seen=Seen(announcement=text)))


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        f"{GOOD} Users of 1.1 and 2.0.post1 are affected, also those of v1.0.",
        f"{GOOD} Rated 7.5 (CVSS:3.1/AV:N/AC:L). Needs Python 3.11. Found on 2026-11-01.",
        f"{GOOD} The 1.2 series gets fixes, 2.2.1.7 is nothing of ours; see https://a.example/1.3.9",
        f"{GOOD} Fixed in: 1.2 and 2.1. It was fixed in version 2.1, and by 1.2.0.",
        f"{GOOD} CVSS 3.1 score of 7.5; the bug came in 2.0.",
        announcement_of(acme()),
        documents_of(acme())[-1].content.decode(),
    ],
)
def test_a_text_that_says_what_the_record_says_holds(text: str) -> None:
    assert told(text) == ""


@pytest.mark.parametrize("lost", ["PYSEC-2026-1", "CVE-2026-10001", "GHSA-2222-3333-4444"])
def test_an_identifier_that_is_left_out_fails(lost: str) -> None:
    assert f"announcement: expected {lost}, got not named" in told(GOOD.replace(lost, ""))
    assert f"announcement: expected {lost}, got not named" in told(GOOD.replace(lost, f"{lost}1"))


@pytest.mark.parametrize("foreign", ["CVE-2026-10002", "GHSA-2222-3333-5555", "PYSEC-2026-2"])
def test_an_identifier_of_another_advisory_fails(foreign: str) -> None:
    assert f"got {foreign}" in told(f"{GOOD} See {foreign}.")


def test_an_identifier_that_was_not_assigned_yet_is_read_whole() -> None:
    record = acme(id="PYSEC-0000-acme-two-colons")
    text = GOOD.replace("PYSEC-2026-1", "PYSEC-0000-acme-two-colons")
    assert failures("ADV24", saying(published(seen=Seen(announcement=text)), record)) == ""


def test_identifiers_that_the_record_relates_to_may_be_named() -> None:
    record = acme(related=("CVE-2020-1234",), upstream=("GHSA-2222-3333-5555",))
    text = f"{GOOD} See CVE-2020-1234 and GHSA-2222-3333-5555."
    assert failures("ADV24", saying(published(seen=Seen(announcement=text)), record)) == ""


@pytest.mark.parametrize("lost", ["1.2", "2.1"])
def test_a_fix_that_is_left_out_fails(lost: str) -> None:
    text = "PYSEC-2026-1, CVE-2026-10001, GHSA-2222-3333-4444: fixed in " + (
        "2.1" if lost == "1.2" else "1.2"
    )
    assert f"announcement: expected fixed in {lost}, got not named" in told(text)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("Also fixed in 1.1.", "1.1"),
        ("Please upgrade to 1.3.", "1.3"),
        ("Please upgrade to acme 2.0 at once.", "2.0"),
        ("It is patched by v1.2.1 as well.", "1.2.1"),
        ("Solved in 1.2, 2.1, and 3.0.", "3.0"),
        ("Resolved with version 2.1 or 2.2rc1", "2.2rc1"),
        ("Update to the releases 1.2 and\n1.4!", "1.4"),
    ],
)
def test_another_version_that_is_said_to_fix_it_fails(text: str, wrong: str) -> None:
    found = told(f"{GOOD} {text}")
    assert f"announcement: expected fixed in 1.2, 2.1, got fixed in {wrong}" in found


@pytest.mark.parametrize("slip", ["1.2.3", "2.1.1", "2.2.0rc1", "2.1.post1"])
def test_a_version_of_a_series_with_a_fix_that_is_neither_affected_nor_fixes_it_fails(
    slip: str,
) -> None:
    listing = listed("acme", ["1.0", "1.2", "2.0", "2.1", "2.2.0rc1"])
    text = f"{GOOD} Take {slip}."
    case = published(seen=Seen(announcement=text), listings=(listing,))
    assert f"got {slip}" in failures("ADV24", case)


@pytest.mark.parametrize("text", ["1.0ab", "1.2a.post", "1." + "9" * 5000, "1.0" + "a." * 99])
def test_what_only_looks_like_a_version_is_none(text: str) -> None:
    assert told(f"{GOOD} See {text}!") == ""


@given(st.text("1.2!abcrdevpost-_ v,fixedinupgradeto\n:/CVE", max_size=400))
def test_any_text_is_read(text: str) -> None:
    told(text)


def test_a_record_without_a_fix_names_none() -> None:
    text = "PYSEC-2026-1, CVE-2026-10001, GHSA-2222-3333-4444. Fixed in 1.2."
    case = saying(published(seen=Seen(announcement=text)), acme("0"))
    assert "expected fixed in nothing, got fixed in 1.2" in failures("ADV24", case)


def test_an_index_that_was_not_read_makes_no_other_text_right() -> None:
    case = published(seen=Seen(announcement=f"{GOOD} Take 2.1.1."), listings=())
    assert "got 2.1.1" in failures("ADV24", case)


def test_a_text_that_is_not_there_is_missing_once_it_is_public() -> None:
    assert outcomes("ADV24", draft()) == [Outcome.NOTE]
    assert "its text" in lacks("ADV24", published(seen=Seen()))


def test_a_text_that_is_at_hand_before_the_lift_is_asked_then() -> None:
    assert outcomes("ADV24", draft(seen=Seen(announcement=GOOD))) == []
    assert failures("ADV24", draft(seen=Seen(announcement="Soon.")))
