"""Verification summaries: a failure is never evidence, labels of SLSA are levels."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.attestation.predicates.vsa import (
    PREDICATE,
    InputAttestation,
    Vsa,
    check_vsa,
    parse_vsa,
    render_vsa,
)
from sealane.core.model.artifact import Digest
from sealane.errors import InputError
from support.predicates import SHA, good

DIGESTS = (Digest("sha256", SHA),)


def vsa(**changed: object) -> dict[str, Any]:
    return good(PREDICATE) | changed


def test_all_that_a_summary_says_is_read() -> None:
    assert parse_vsa(vsa()) == Vsa(
        verifier="https://example.org/v",
        verifier_version=(("sealane", "1"),),
        verified_at=datetime(2026, 11, 25, 12, tzinfo=UTC),
        resource="pkg:pypi/x@1",
        policy="https://example.org/p",
        policy_digests=DIGESTS,
        inputs=(InputAttestation("x", DIGESTS),),
        passed=True,
        levels=("SLSA_BUILD_LEVEL_3", "SLSA_SOURCE_LEVEL_UNEVALUATED", "ACME_OK"),
        dependency_levels=(("SLSA_BUILD_LEVEL_2", 3),),
        slsa_version="1.2",
    )


@pytest.mark.parametrize(
    "left_out",
    [(), ("timeVerified",), ("inputAttestations", "dependencyLevels"), ("slsaVersion",)],
)
def test_what_is_rendered_is_read_as_the_same(left_out: tuple[str, ...]) -> None:
    for extra in ({}, {SANDBOX: True}, {"policy": {"uri": "p"}}):
        read = parse_vsa(vsa(**dict.fromkeys(left_out), **extra))
        assert parse_vsa(render_vsa(read)) == read
        assert not set(left_out) & render_vsa(read).keys()
    failed = parse_vsa(vsa(verificationResult="FAILED", verifiedLevels=["FAILED"]))
    assert parse_vsa(render_vsa(failed)) == failed


def test_an_input_without_a_place_is_rendered_without_one() -> None:
    read = parse_vsa(vsa(inputAttestations=[{"digest": {"sha256": SHA}}]))
    assert render_vsa(read)["inputAttestations"] == [{"digest": {"sha256": SHA}}]


def test_a_summary_of_a_rehearsal_says_so() -> None:
    assert parse_vsa(vsa(**{SANDBOX: True})).sandbox
    assert not parse_vsa(vsa()).sandbox


def test_no_claim_about_dependencies_is_not_the_claim_that_there_are_none() -> None:
    assert parse_vsa(vsa(dependencyLevels={})).dependency_levels == ()
    assert parse_vsa(vsa(dependencyLevels=None)).dependency_levels is None
    assert parse_vsa(vsa(inputAttestations=None)).inputs is None
    assert parse_vsa(vsa(inputAttestations=[])).inputs == ()


def test_a_summary_that_failed_is_read_and_is_no_evidence() -> None:
    failed = vsa(verificationResult="FAILED", verifiedLevels=["FAILED"])
    assert not parse_vsa(failed).passed
    with pytest.raises(InputError, match="it FAILED"):
        check_vsa(failed)
    assert check_vsa(vsa()).passed


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"verificationResult": "passed"}, id="another-case"),
        pytest.param({"verificationResult": "WARNED"}, id="another-result"),
        pytest.param({"verifiedLevels": ["FAILED"]}, id="failed-and-passed"),
        pytest.param({"verifiedLevels": ["SLSA_BUILD_LEVEL_3", "SLSA_BUILD_LEVEL_2"]}, id="twice"),
        pytest.param({"verifiedLevels": ["SLSA_BUILD_LEVEL_3"] * 2}, id="same-level-twice"),
        pytest.param({"verifiedLevels": ["SLSA_MINE"]}, id="own-label-of-slsa"),
        pytest.param({"verifiedLevels": ["SLSA_BUILD_LEVEL_33"]}, id="no-such-level"),
        pytest.param({"verifiedLevels": ["SLSA_BUILD_LEVEL_3\n"]}, id="line-end"),
        pytest.param({"verifiedLevels": ["SLSA_build_LEVEL_3"]}, id="lower-case"),
        pytest.param({"verifiedLevels": "SLSA_BUILD_LEVEL_3"}, id="no-list"),
        pytest.param({"dependencyLevels": {"SLSA_X": 1}}, id="dependency-label"),
        pytest.param({"dependencyLevels": {"SLSA_BUILD_LEVEL_1": -1}}, id="negative"),
        pytest.param({"dependencyLevels": {"SLSA_BUILD_LEVEL_1": True}}, id="no-number"),
        pytest.param({"dependencyLevels": {"SLSA_BUILD_LEVEL_1": "1"}}, id="text"),
        pytest.param({"slsaVersion": "one"}, id="version"),
        pytest.param({"timeVerified": "yesterday"}, id="time"),
        pytest.param({"timeVerified": "2026-11-25T12:00:00"}, id="time-without-zone"),
        pytest.param({"inputAttestations": [{"uri": "x"}]}, id="input-without-digest"),
        pytest.param({"inputAttestations": [{"digest": {}}]}, id="input-with-empty-digest"),
        pytest.param({"policy": {"uri": ""}}, id="policy-without-uri"),
        pytest.param({"policy": {"uri": "p", "digest": {"sha256": "zz"}}}, id="policy-digest"),
    ],
)
def test_a_summary_that_contradicts_itself_or_its_form_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse_vsa(vsa(**changed))
