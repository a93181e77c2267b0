"""A database has taken a record in where it says the same, whatever it filled in."""

from datetime import timedelta
from typing import Any

import pytest

from sealane.core.advisory.record import Severity
from sealane.core.advisory.taken_in import concerns_the_same, is_taken_in, is_unassigned
from sealane.core.model.values import replace
from support.records import AT, entry_of, record_of

OURS = record_of(id="PYSEC-0000-acme", aliases=("CVE-2026-10001",))
LATER = AT + timedelta(hours=1)


def test_a_record_that_was_filled_in_is_ours() -> None:
    theirs = replace(
        OURS,
        id="PYSEC-2026-7",
        aliases=("CVE-2026-10001", "GHSA-2222-3333-4444"),
        modified=LATER,
        published=LATER,
        schema_version="",
        affected=(entry_of(versions=("0.9", "1.0", "1.1")),),
    )
    assert is_taken_in(OURS, theirs)
    assert is_taken_in(OURS, OURS)


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"summary": "Acme is fine"}, id="summary"),
        pytest.param({"aliases": ()}, id="alias-lost"),
        pytest.param({"affected": ()}, id="entry-lost"),
        pytest.param({"affected": (entry_of(), entry_of("other"))}, id="entry-added"),
        pytest.param({"affected": (entry_of(versions=("1.0",)),)}, id="version-lost"),
        pytest.param({"affected": (entry_of(events="0 <1.3"),)}, id="other-range"),
        pytest.param(
            {"affected": (entry_of(severity=(Severity("CVSS_V3", "x"),)),)}, id="rated-package"
        ),
        pytest.param({"withdrawn": LATER}, id="withdrawn"),
    ],
)
def test_one_that_says_something_else_is_not(changes: dict[str, Any]) -> None:
    assert not is_taken_in(OURS, replace(OURS, id="PYSEC-2026-7", **changes))


def test_an_id_that_is_not_a_placeholder_stays() -> None:
    assigned = replace(OURS, id="PYSEC-2026-7")
    assert not is_taken_in(assigned, replace(OURS, id="PYSEC-2026-8"))
    assert is_unassigned("PYSEC-0000-acme")
    assert not is_unassigned("PYSEC-2026-7")


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        pytest.param({"id": "PYSEC-2026-7"}, True, id="alias-shared"),
        pytest.param({"aliases": ()}, True, id="id-shared"),
        pytest.param({"id": "CVE-2026-10001", "aliases": ()}, True, id="alias-is-their-id"),
        pytest.param({"id": "PYSEC-2026-7", "aliases": ()}, False, id="nothing-shared"),
        pytest.param({"id": "PYSEC-2026-7", "aliases": ("CVE-2026-2",)}, False, id="other-cve"),
    ],
)
def test_records_that_share_an_identifier_concern_the_same(
    changes: dict[str, Any], *, same: bool
) -> None:
    assert concerns_the_same(OURS, replace(OURS, **changes)) is same


def test_an_alias_that_is_no_cve_and_no_ghsa_id_proves_nothing() -> None:
    ours = replace(OURS, aliases=("ACME-1",))
    assert not concerns_the_same(ours, replace(ours, id="PYSEC-2026-7"))
