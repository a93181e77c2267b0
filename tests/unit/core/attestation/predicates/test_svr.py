"""Simple verification results: both versions are read, the newer is written."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.attestation.predicates.svr import (
    PREDICATE,
    PREDICATE_V01,
    AppliedPolicy,
    Svr,
    parse_svr,
    parse_svr_v01,
    render_svr,
)
from sealane.core.model.artifact import Digest
from sealane.errors import InputError
from support.predicates import SHA, good

POLICY = AppliedPolicy("p", (Digest("sha256", SHA),))
READ = Svr("https://example.org/v", (POLICY,), datetime(2026, 11, 25, 12, tzinfo=UTC), ("ACME_OK",))


def test_both_versions_are_read_as_the_same() -> None:
    assert parse_svr(good(PREDICATE)) == READ
    assert parse_svr_v01(good(PREDICATE_V01)) == READ


@pytest.mark.parametrize(
    "svr",
    [
        READ,
        Svr("v:1", (), READ.created, ()),
        Svr("v:1", (AppliedPolicy("", ()), AppliedPolicy("p", ())), READ.created, ("A", "B"), True),
    ],
    ids=["usual", "empty", "sandbox"],
)
def test_what_is_rendered_is_read_as_the_same(svr: Svr) -> None:
    assert parse_svr(render_svr(svr)) == svr
    assert (SANDBOX in render_svr(svr)) is svr.sandbox


def test_the_older_version_may_name_no_policy_and_the_newer_a_list() -> None:
    verifier: dict[str, Any] = {"verifier": {"id": "v:1"}}
    assert parse_svr_v01(good(PREDICATE_V01) | verifier).policies == ()
    with pytest.raises(InputError, match="policies"):
        parse_svr(good(PREDICATE) | verifier)


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"verifier": {"id": "", "policies": []}}, id="nobody"),
        pytest.param({"verifier": None}, id="no-verifier"),
        pytest.param({"timeCreated": None}, id="no-time"),
        pytest.param({"timeCreated": "2026-11-25"}, id="a-day"),
        pytest.param({"properties": None}, id="no-properties"),
        pytest.param({"properties": "ACME_OK"}, id="no-list"),
        pytest.param({"properties": [1]}, id="a-number"),
    ],
)
def test_a_result_of_another_form_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse_svr(good(PREDICATE) | changed)
