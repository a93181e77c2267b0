"""A summary counts for the pair of signer and verifier, the resource, the level that is wanted."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.attestation.predicates import svr, vsa
from sealane.core.attestation.predicates.interface import SANDBOX
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.codes import code_of
from sealane.core.model.statement import Statement, Subject
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import ExactPublisher
from sealane.core.policy.summaries import check_summary, expected_resource
from sealane.errors import InputError
from support.predicates import SHA, good

FILE = Artifact("x-1.0.whl", (Digest("sha256", SHA),), 7, "pkg:pypi/x@1", "1.0")
WHO = ExactPublisher("v", "https://issuer.example", "v@example.org")
VERIFIER = "https://example.org/v"
WANTED = Requirement(("vsa",), (WHO,), level=2, verifier=VERIFIER)
PROPERTY = Requirement(("svr",), (WHO,), verifier=VERIFIER, properties=("ACME_OK",))


def said(predicate: dict[str, Any], uri: str = vsa.PREDICATE) -> Statement:
    return Statement((Subject(FILE.digests),), uri, predicate, SHA)


def codes(requirement: Requirement, statement: Statement, artifact: Artifact = FILE) -> list[str]:
    found = check_summary(requirement, statement, artifact)
    for one in found:
        assert code_of(one.code)
        assert one.place
        assert one.expected != one.actual
    return [one.code for one in found]


def of_vsa(requirement: Requirement = WANTED, **changed: object) -> list[str]:
    return codes(requirement, said(good(vsa.PREDICATE) | changed))


def of_svr(
    requirement: Requirement = PROPERTY, uri: str = svr.PREDICATE, **changed: object
) -> list[str]:
    return codes(requirement, said(good(uri) | changed, uri))


def test_a_summary_of_the_named_verifier_for_this_resource_and_level_counts() -> None:
    assert of_vsa() == []
    assert of_vsa(replace(WANTED, level=3)) == []
    assert of_vsa(replace(WANTED, level=0, properties=("ACME_OK",))) == []
    assert of_vsa(replace(WANTED, resource="pkg:pypi/x@1")) == []


def test_what_is_no_summary_is_not_asked() -> None:
    assert codes(replace(WANTED, verifier=""), said({}, "https://slsa.dev/provenance/v1")) == []
    assert codes(replace(WANTED, verifier=""), said({}, "https://example.org/unknown")) == []


@pytest.mark.parametrize("verifier", ["", "https://example.org/other", f"{VERIFIER}/", "V"])
def test_a_summary_of_any_other_verifier_does_not_count(verifier: str) -> None:
    assert of_vsa(replace(WANTED, verifier=verifier)) == ["SL-SUM-001"]
    assert of_svr(replace(PROPERTY, verifier=verifier)) == ["SL-SUM-001"]


def test_a_rehearsals_summary_counts_only_where_it_is_named_as_one() -> None:
    stamp: dict[str, Any] = {SANDBOX: True}
    assert of_vsa(**stamp) == ["SL-SUM-001"]
    assert of_svr(**stamp) == ["SL-SUM-001"]
    wanted = replace(WANTED, verifier=f"sandbox+{VERIFIER}")
    assert of_vsa(wanted) == ["SL-SUM-001"]
    assert of_vsa(wanted, **stamp, verifier={"id": f"sandbox+{VERIFIER}"}) == []


@pytest.mark.parametrize(
    ("resource", "named"),
    [
        pytest.param("", "pkg:pypi/x@2", id="other-version"),
        pytest.param("", "pkg:pypi/x", id="no-version"),
        pytest.param("https://example.org/x", "pkg:pypi/x@1", id="purl-instead-of-url"),
        pytest.param("https://example.org/x", "https://example.org/x/", id="slash"),
        pytest.param("https://example.org/{name}", "https://example.org/{name}", id="unfilled"),
    ],
)
def test_a_summary_for_another_resource_does_not_count(resource: str, named: str) -> None:
    assert of_vsa(replace(WANTED, resource=resource), resourceUri=named) == ["SL-SUM-002"]


def test_a_resource_can_be_told_by_name_and_version() -> None:
    wanted = replace(WANTED, resource="https://example.org/{version}/{name}")
    assert expected_resource(wanted, FILE) == "https://example.org/1.0/x-1.0.whl"
    assert of_vsa(wanted, resourceUri="https://example.org/1.0/x-1.0.whl") == []
    odd = replace(FILE, name="../{version}")
    assert expected_resource(wanted, odd) == "https://example.org/1.0/..%2F%7Bversion%7D"


def test_what_no_resource_can_be_told_of_does_not_pass() -> None:
    unnamed = replace(FILE, purl=None, version=None)
    statement = said(good(vsa.PREDICATE))
    assert codes(WANTED, statement, unnamed) == ["SL-SUM-002"]
    wanted = replace(WANTED, resource="https://example.org/{version}")
    assert codes(wanted, statement, unnamed) == ["SL-SUM-002"]


def test_a_verifier_that_says_no_is_heard() -> None:
    failed = of_vsa(
        replace(WANTED, level=0), verificationResult="FAILED", verifiedLevels=["FAILED"]
    )
    assert failed == ["SL-SUM-005"]


@pytest.mark.parametrize(
    "levels",
    [
        pytest.param([], id="none"),
        pytest.param(["SLSA_BUILD_LEVEL_1"], id="lower"),
        pytest.param(["SLSA_BUILD_LEVEL_0"], id="zero"),
        pytest.param(["SLSA_BUILD_LEVEL_UNEVALUATED"], id="unevaluated"),
        pytest.param(["SLSA_SOURCE_LEVEL_3"], id="other-track"),
        pytest.param(["slsa_build_level_3"], id="lower-case"),
    ],
)
def test_a_level_that_is_not_listed_was_not_reached(levels: list[str]) -> None:
    assert of_vsa(verifiedLevels=levels) == ["SL-SUM-003"]


def test_every_property_has_to_be_listed() -> None:
    wanted = replace(WANTED, properties=("ACME_OK", "ACME_SCANNED"))
    assert of_vsa(wanted) == ["SL-SUM-004"]


@pytest.mark.parametrize("uri", [svr.PREDICATE, svr.PREDICATE_V01])
def test_a_result_counts_by_its_properties_in_both_versions(uri: str) -> None:
    assert of_svr(uri=uri) == []
    assert of_svr(uri=uri, properties=[]) == ["SL-SUM-004"]
    assert of_svr(replace(PROPERTY, level=2), uri) == ["SL-SUM-003"]
    assert (
        of_svr(replace(PROPERTY, level=2), uri, properties=["ACME_OK", "SLSA_BUILD_LEVEL_3"]) == []
    )


def test_a_result_of_which_nothing_is_wanted_proves_nothing() -> None:
    assert of_svr(replace(PROPERTY, properties=())) == ["SL-SUM-004"]
    assert of_svr(replace(PROPERTY, properties=()), properties=[]) == ["SL-SUM-004"]


def test_a_result_names_no_resource() -> None:
    assert of_svr(replace(PROPERTY, resource="https://example.org/x")) == ["SL-SUM-002"]


def test_all_differences_are_told() -> None:
    wrong = replace(WANTED, verifier="v:other", resource="r:other", properties=("NONE",))
    found = of_vsa(wrong, verifiedLevels=[])
    assert found == ["SL-SUM-001", "SL-SUM-002", "SL-SUM-003", "SL-SUM-004"]


def test_what_is_no_predicate_of_its_type_is_an_error() -> None:
    with pytest.raises(InputError):
        check_summary(WANTED, said({}), FILE)


@given(
    level=st.integers(0, 3),
    properties=st.sampled_from([(), ("ACME_OK",), ("OTHER",)]),
    named=st.sampled_from(["pkg:pypi/x@1", "pkg:pypi/x@2", "https://example.org/x"]),
)
def test_leaving_out_whom_or_what_for_accepts_no_more(
    level: int, properties: tuple[str, ...], named: str
) -> None:
    asked = replace(WANTED, level=level, properties=properties)
    assert "SL-SUM-001" in of_vsa(replace(asked, verifier=""), resourceUri=named)
    without = of_vsa(asked, resourceUri=named)
    assert without == of_vsa(replace(asked, resource=FILE.purl or ""), resourceUri=named)
