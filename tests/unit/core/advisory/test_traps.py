"""Each shape of a record that `pip-audit` takes wrongly, or not at all, is caught before it does.

Reference: embargo and advisories, 2.7, where each was tried.
"""

import json

import pytest

from sealane.core.advisory.checks.interface import Case
from sealane.core.advisory.examine import examine
from sealane.core.advisory.record import Affected
from sealane.core.advisory.record_render import render_record
from sealane.core.model.codes import code_of
from sealane.core.model.values import replace
from sealane.core.model.verdict import Outcome
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.cases import VERSIONS, acme, draft, of_entries, published, saying
from support.records import AT, entry_of, events_of

BOTH = (
    VersionRange("ECOSYSTEM", events_of("0 <1.2")),
    VersionRange("ECOSYSTEM", events_of("2.0 <2.1")),
)
SEMVER = (VersionRange("SEMVER", events_of("0 <1.2 2.0 <2.1")),)


def entry(name: str, *ranges: VersionRange) -> Affected:
    return Affected(AffectedPackage("PyPI", name, f"pkg:pypi/{name.lower()}", VERSIONS, ranges))


def failing(case: Case) -> set[str]:
    found = examine(case)
    return {code_of(one.code).code[-3:] for one in found if one.outcome is Outcome.FAIL}


def without(name: str) -> bytes:
    document = json.loads(render_record(acme()))
    del document[name]
    return json.dumps(document).encode()


def with_date() -> bytes:
    return json.dumps({**json.loads(render_record(acme())), "published": "2026-11-01"}).encode()


@pytest.mark.parametrize("case", [draft(), published()], ids=["draft", "published"])
def test_one_range_with_all_events_is_what_it_takes(case: Case) -> None:
    assert failing(case) == set()


@pytest.mark.parametrize("case", [draft(), published()], ids=["draft", "published"])
@pytest.mark.parametrize(
    ("record", "code"),
    [
        pytest.param(of_entries(entry("acme", *BOTH)), "005", id="two-ranges"),
        pytest.param(
            of_entries(entry("acme", BOTH[0]), entry("acme", BOTH[1])), "005", id="two-entries"
        ),
        pytest.param(acme("0 <1.2-final 2.0 <2.1"), "004", id="fixed-is-no-version"),
        pytest.param(of_entries(entry("acme", *SEMVER)), "005", id="semver"),
        pytest.param(of_entries(entry_of("Acme", versions=VERSIONS)), "003", id="name"),
        pytest.param(of_entries(has_affected=False), "005", id="no-affected"),
        pytest.param(acme(schema_version="2.0.0"), "001", id="schema-2"),
    ],
)
def test_a_trap_is_caught_by_a_named_check(case: Case, record: object, code: str) -> None:
    assert code in failing(saying(case, record))  # type: ignore[arg-type]  # a record


@pytest.mark.parametrize("code", ["001", "017"])
def test_a_time_without_its_clock_is_caught(code: str) -> None:
    assert code in failing(replace(draft(), content=with_date()))


def test_a_member_that_is_missing_is_caught() -> None:
    assert "001" in failing(replace(draft(), content=without("modified")))


def test_a_record_that_is_withdrawn_is_caught_before_it_is_sent_and_told_afterwards() -> None:
    record = acme(withdrawn=AT)
    assert "017" in failing(saying(draft(), record))
    told = [one for one in examine(saying(published(), record)) if one.outcome is Outcome.WARN]
    assert "SL-ADV-017 times" in {one.code for one in told}
