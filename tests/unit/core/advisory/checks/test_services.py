"""ADV21 and ADV22: whoever asks about a release is told the truth."""

from typing import Any

import pytest

from sealane.core.advisory.checks.interface import Case, Seen, SeenAnswer, SeenAudit
from sealane.core.model.values import replace
from support.cases import (
    INDEX,
    VERSIONS,
    acme,
    failures,
    lacks,
    of_entries,
    outcomes,
    published,
    saying,
    seen_of,
)
from support.records import AT, listed

SEEN = published().seen
OWN = ("PYSEC-2026-1", "CVE-2026-10001", "GHSA-2222-3333-4444")


def answering(version: str, *ids: str) -> Case:
    """The published case in which the OSV service answers otherwise for one version."""
    answers = tuple(
        replace(one, ids=ids) if one.version == version else one for one in SEEN.osv or ()
    )
    return published(seen=replace(SEEN, osv=answers))


def auditing(version: str, service: str = "", **changes: Any) -> Case:  # noqa: ANN401 - any field
    """The published case in which `pip-audit` says something else of one version."""
    audits = tuple(
        replace(one, **changes)
        if one.version == version and one.service.startswith(service)
        else one
        for one in SEEN.audits or ()
    )
    return published(seen=replace(SEEN, audits=audits))


def test_the_last_affected_and_the_fixed_version_of_each_interval_are_asked_about() -> None:
    assert [one.version for one in SEEN.osv or ()] == ["1.2rc1", "1.2", "2.0.post1", "2.1"]


@pytest.mark.parametrize("version", ["1.2rc1", "2.0.post1"])
@pytest.mark.parametrize("ids", [(), ("CVE-2020-1",)], ids=["silent", "another"])
def test_a_vulnerable_version_that_is_not_named_fails(version: str, ids: tuple[str, ...]) -> None:
    place = f"acme {version}: expected one of CVE-2026-10001"
    assert f"OSV service: {place}" in failures("ADV21", answering(version, *ids))
    told = failures("ADV22", auditing(version, ids=ids))
    assert f"pip-audit by index: {place}" in told
    assert f"pip-audit by osv: {place}" in told


@pytest.mark.parametrize("version", ["1.2", "2.1"])
@pytest.mark.parametrize("own", OWN)
def test_a_fix_that_is_named_fails(version: str, own: str) -> None:
    place = f"acme {version}: expected no advisory of ours, got {own}"
    assert f"OSV service: {place}" in failures("ADV21", answering(version, own, "CVE-2020-1"))
    assert f"pip-audit by osv: {place}" in failures("ADV22", auditing(version, "osv", ids=(own,)))


@pytest.mark.parametrize("own", OWN)
def test_any_identifier_of_the_advisory_names_it(own: str) -> None:
    assert outcomes("ADV21", answering("1.2rc1", own)) == []
    assert outcomes("ADV22", auditing("1.2rc1", ids=(own,))) == []


def test_another_advisory_about_the_fix_is_no_concern() -> None:
    assert outcomes("ADV21", answering("1.2", "CVE-2020-1")) == []


@pytest.mark.parametrize(
    ("version", "fixes"),
    [
        ("1.2rc1", ("1.2",)),
        ("1.2rc1", ("2.1", "1.2.0")),
        ("2.0.post1", ("2.1",)),
        ("2.0.post1", ("1.2", "2.1")),
    ],
)
def test_the_fix_of_the_series_or_all_of_them_are_right(
    version: str, fixes: tuple[str, ...]
) -> None:
    assert outcomes("ADV22", auditing(version, fixes=fixes)) == []


@pytest.mark.parametrize(
    ("version", "fixes", "told"),
    [
        ("2.0.post1", ("1.2",), "expected fix 2.1, got fix 1.2"),
        ("1.2rc1", ("2.1",), "expected fix 1.2, got fix 2.1"),
        ("1.2rc1", (), "expected fix 1.2, got fix none"),
        ("1.2rc1", ("1.2", "2.1", "2.2"), "expected fix 1.2, got fix 1.2, 2.1, 2.2"),
        ("1.2rc1", ("next",), "expected fix 1.2, got fix next"),
    ],
)
@pytest.mark.parametrize("service", ["index", "osv"])
def test_the_wrong_fix_fails(version: str, fixes: tuple[str, ...], told: str, service: str) -> None:
    found = failures("ADV22", auditing(version, service, fixes=fixes))
    assert f"pip-audit by {service}: acme {version}: {told}" in found


def test_a_record_without_a_fix_shows_none() -> None:
    record = acme("0 <=1.1", ("1.0", "1.1"))
    listing = published().listings[0]
    case = saying(published(seen=seen_of(record, listing)), record)
    assert outcomes("ADV22", case) == []
    audits = tuple(replace(one, fixes=("1.2",)) for one in case.seen.audits or ())
    wrong = replace(case, seen=replace(case.seen, audits=audits))
    assert "expected fix no fix" not in failures("ADV22", wrong)
    assert "expected no fix, got fix 1.2" in failures("ADV22", wrong)


@pytest.mark.parametrize("code", ["ADV21", "ADV22"])
def test_what_nobody_asked_is_missing(code: str) -> None:
    assert lacks(code, published(seen=Seen())).count("got nobody asked") in (4, 8)
    assert "index of acme" in lacks(code, published(listings=()))


def test_both_services_have_to_be_asked() -> None:
    audits = tuple(one for one in SEEN.audits or () if one.service == "osv")
    told = lacks("ADV22", published(seen=replace(SEEN, audits=audits)))
    assert told.count("pip-audit by index") == 4
    assert "by osv" not in told


def test_an_answer_about_another_package_or_version_is_none() -> None:
    seen = Seen(
        osv=(SeenAnswer("acme-core", "1.2", ()), SeenAnswer("acme", "1.1", OWN)),
        audits=(SeenAudit("else", "acme", "1.2", (), ()),),
    )
    assert lacks("ADV21", published(seen=seen)).count("nobody asked") == 4
    assert lacks("ADV22", published(seen=seen)).count("nobody asked") == 8


@pytest.mark.parametrize("code", ["ADV21", "ADV22"])
def test_an_index_without_a_vulnerable_version_leaves_nothing_to_ask(code: str) -> None:
    case = published(listings=(listed("acme", ["1.2", "2.1"]),))
    assert "expected a vulnerable version to ask about" in lacks(code, case)


@pytest.mark.parametrize("code", ["ADV21", "ADV22"])
def test_a_withdrawn_advisory_may_be_named_for_no_version(code: str) -> None:
    case = saying(published(), acme(withdrawn=AT))
    assert "acme 1.2rc1: expected no advisory of ours" in failures(code, case)
    silent = Seen(
        osv=tuple(replace(one, ids=()) for one in SEEN.osv or ()),
        audits=tuple(replace(one, ids=(), fixes=()) for one in SEEN.audits or ()),
    )
    assert outcomes(code, replace(case, seen=silent)) == []


def test_listed_versions_outside_every_range_are_asked_about_too() -> None:
    record = acme(versions=(*VERSIONS, "1.3"))
    case = saying(published(), record)
    assert "OSV service: acme 1.3: expected an answer" in lacks("ADV21", case)
    asked = replace(case, seen=seen_of(record, listed("acme", INDEX)))
    assert outcomes("ADV21", asked) == []


def test_a_record_without_a_package_cannot_be_asked_about() -> None:
    case = saying(published(), of_entries())
    with pytest.raises(Exception, match="expected a package, got none"):
        outcomes("ADV21", case)
