"""Every check is asked, and nothing that keeps one from being asked is a pass."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.advisory.checks.interface import Case, Seen, SeenAnswer
from sealane.core.advisory.checks.registry import CHECKS
from sealane.core.advisory.examine import examine
from sealane.core.advisory.listing import ListedRelease
from sealane.core.advisory.record import Record
from sealane.core.model.codes import code_of
from sealane.core.model.examination import Examination
from sealane.core.model.values import replace
from sealane.core.model.verdict import Finding, Outcome
from sealane.errors import InputError
from support.cases import (
    COMMIT,
    acme,
    draft,
    of_entries,
    published,
    saying,
)
from support.records import AT, entry_of, listed

CODES = [check.code for check in CHECKS]
LATE = [check.code for check in CHECKS if check.published]
DAYS = timedelta(days=2)


def by_code(case: Case) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding in examine(case):
        found.setdefault(code_of(finding.code).code, []).append(finding)
    return found


def outcome_of(case: Case) -> Outcome:
    return Examination("x", "x", "", examine(case), (), case.at).outcome


def test_what_holds_passes_in_every_check_in_their_order() -> None:
    for case in (published(), draft()):
        assert list(by_code(case)) == CODES
        assert outcome_of(case) is Outcome.PASS
    (schema, *rest) = [found[0].outcome for found in by_code(published()).values()]
    assert (schema, {*rest}) == (Outcome.WARN, {Outcome.PASS})


@pytest.mark.parametrize("code", LATE)
def test_what_can_only_be_seen_once_it_is_public_is_not_asked_of_a_draft(code: str) -> None:
    (only,) = by_code(draft())[code]
    assert only.outcome is Outcome.NOTE
    assert "not asked of a draft" in only.actual


@pytest.mark.parametrize("code", CODES)
def test_a_check_that_is_left_out_says_so_and_passes_nothing(code: str) -> None:
    wrong = saying(published(seen=Seen(), listings=()), of_entries(modified=AT + DAYS))
    (only,) = by_code(replace(wrong, left_out=frozenset({code})))[code]
    assert (only.outcome, only.actual) == (Outcome.NOTE, "left out on request")


def test_an_advisory_of_which_everything_is_left_out_has_not_passed() -> None:
    assert outcome_of(published(left_out=frozenset(CODES))) is Outcome.MISSING


@pytest.mark.parametrize("code", ["SL-ADV-026", "ADV01", "SL-POL-001", ""])
def test_a_check_that_is_none_cannot_be_left_out(code: str) -> None:
    with pytest.raises(InputError, match="is no check"):
        examine(published(left_out=frozenset({code, "SL-ADV-001"})))


@pytest.mark.parametrize("record", [of_entries(), acme("0 <next")], ids=["nothing", "unreadable"])
def test_what_cannot_be_asked_of_a_record_is_missing(record: Record) -> None:
    found = by_code(saying(published(), record))
    for code in ("SL-ADV-006", "SL-ADV-007", "SL-ADV-008", "SL-ADV-009", "SL-ADV-010",
                 "SL-ADV-011", "SL-ADV-012", "SL-ADV-021", "SL-ADV-022", "SL-ADV-023"):  # fmt: skip
        outcomes = {one.outcome for one in found[code]}
        assert Outcome.MISSING in outcomes
        assert Outcome.PASS not in outcomes
    assert outcome_of(saying(published(), record)) is Outcome.FAIL


def test_what_was_found_before_a_check_could_not_go_on_is_told() -> None:
    record = of_entries(entry_of("acme", "0 <1.2", ("9.9",)), entry_of("core", "0 <next"))
    case = saying(draft(), record)
    found = by_code(case)["SL-ADV-009"]
    assert {Outcome.FAIL, Outcome.MISSING} <= {one.outcome for one in found}


@pytest.mark.parametrize("code", ["SL-ADV-016", "SL-ADV-021", "SL-ADV-022", "SL-ADV-024",
                                  "SL-ADV-025", "SL-ADV-019", "SL-ADV-020"])  # fmt: skip
def test_what_nobody_looked_at_is_missing_once_it_is_public(code: str) -> None:
    for at in (AT, AT + 2 * DAYS):
        found = by_code(published(seen=Seen(), at=at))[code]
        assert {one.outcome for one in found} == {Outcome.MISSING}


@pytest.mark.parametrize(
    ("code", "seen", "due"),
    [
        ("SL-ADV-019", Seen(tree=()), "2026-11-01T12:15:00Z"),
        ("SL-ADV-020", Seen(asked_cve=True), "2026-11-01T12:15:00Z"),
        ("SL-ADV-021", Seen(osv=(SeenAnswer("acme", "1.2rc1", ()),)), "2026-11-03T12:00:00Z"),
    ],
)
def test_what_does_not_hold_yet_is_missing_until_its_deadline(
    code: str, seen: Seen, due: str
) -> None:
    check = next(one for one in CHECKS if one.code == code)
    last = AT + timedelta(seconds=check.deadline_s)
    early = by_code(published(seen=seen, at=last - timedelta(seconds=1)))[code]
    assert {one.outcome for one in early} == {Outcome.MISSING}
    assert any(one.hint == f"not yet, due by {due}" for one in early)
    late = by_code(published(seen=seen, at=last))[code]
    assert Outcome.FAIL in {one.outcome for one in late}
    assert not any("not yet" in one.hint for one in late)


def test_nothing_waits_for_a_deadline_where_nobody_says_when_the_lift_was() -> None:
    found = by_code(published(seen=Seen(asked_cve=True), lifted=None, at=AT))["SL-ADV-020"]
    assert {one.outcome for one in found} == {Outcome.FAIL}


def test_what_is_untrue_at_once_waits_for_no_deadline() -> None:
    case = published(at=AT, listings=(listed("acme", ["1.0", "1.1"]),))
    assert Outcome.FAIL in {one.outcome for one in by_code(case)["SL-ADV-006"]}


# Ways to spoil a case, each of which leaves what was wrong with it before as it is.
_DEFECTS: dict[str, Callable[[Case], Case]] = {
    "another-schema": lambda case: saying(case, replace(case.record, schema_version="2.0")),
    "placeholder": lambda case: saying(case, replace(case.record, aliases=("CVE-2026-XXXX",))),
    "another-package": lambda case: saying(case, of_entries(entry_of("other"))),
    "second-entry": lambda case: saying(
        case, replace(case.record, affected=(*case.record.affected, entry_of("acme", "7 <8")))
    ),
    "nothing-affected": lambda case: saying(case, replace(case.record, affected=())),
    "no-index": lambda case: replace(case, listings=()),
    "yanked": lambda case: replace(
        case,
        listings=tuple(
            replace(one, releases=tuple(_yanked(release) for release in one.releases))
            for one in case.listings
        ),
    ),
    "no-documents": lambda case: replace(case, documents=()),
    "withdrawn": lambda case: saying(case, replace(case.record, withdrawn=AT)),
    "nothing-seen": lambda case: replace(case, seen=Seen()),
    "a-version-more": lambda case: replace(
        case, listings=tuple(listed(one.project, [*one.versions, "1.1.9"]) for one in case.listings)
    ),
    "no-vector": lambda case: saying(case, replace(case.record, rating="Unknown")),
    "series": lambda case: replace(case, supported=(*case.supported, "7")),
    "weakness": lambda case: saying(case, replace(case.record, weaknesses=("CWE-0",))),
    "link": lambda case: saying(case, replace(case.record, related=(COMMIT,))),
}
# Nobody looks for a draft in the world.
_HARMLESS = {("nothing-seen", False)}


def _yanked(release: ListedRelease) -> ListedRelease:
    return replace(release, files=tuple(replace(one, yanked=True) for one in release.files))


@given(
    st.sampled_from(sorted(_DEFECTS)),
    st.sets(st.sampled_from(sorted(_DEFECTS)), max_size=3),
    st.booleans(),
)
@settings(max_examples=40)
def test_a_defect_more_never_makes_a_pass(first: str, more: set[str], public: bool) -> None:
    case = _DEFECTS[first](published(at=AT + DAYS) if public else draft())
    before = outcome_of(case)
    assert (before is Outcome.PASS) is ((first, public) in _HARMLESS)
    for name in sorted(more):
        case = _DEFECTS[name](case)
    if before is not Outcome.PASS:
        assert outcome_of(case) is not Outcome.PASS


def test_a_lift_that_is_still_to_come_excuses_nothing() -> None:
    never = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    found = by_code(published(seen=Seen(asked_cve=True), lifted=never))["SL-ADV-020"]
    assert [one.outcome for one in found] == [Outcome.FAIL]
