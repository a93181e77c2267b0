"""What is read out of the smaller predicates, and what in them contradicts itself."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, TypeAlias

import pytest

from sealane.core.attestation.predicates import (
    cosign,
    link,
    npm_publish,
    openvex,
    provenance,
    reference,
    release,
    runtime_trace,
    scai,
    svr,
    test_result,
    vulns,
)
from sealane.core.model.artifact import Digest
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError
from support.predicates import LATER, SHA, TIME, good

Parse: TypeAlias = Callable[[Mapping[str, JsonValue]], object]
DIGESTS = (Digest("sha256", SHA),)
START = datetime(2026, 11, 25, 12, tzinfo=UTC)
END = datetime(2026, 11, 25, 12, 5, 0, 500_000, tzinfo=UTC)


def test_both_versions_of_a_verification_result_are_one_value() -> None:
    old = svr.parse_svr_v01(good(svr.PREDICATE_V01))
    assert old == svr.parse_svr(good(svr.PREDICATE))
    assert old.policies == (svr.AppliedPolicy("p", DIGESTS),)
    bare = good(svr.PREDICATE_V01) | {"verifier": {"id": "v"}}
    assert svr.parse_svr_v01(bare).policies == ()


def test_both_versions_of_a_scan_are_one_value() -> None:
    scan = vulns.parse_scan(good(vulns.PREDICATE))
    assert scan == vulns.parse_scan_v01(good(vulns.PREDICATE_V01))
    assert scan == vulns.parse_scan_v01(good(vulns.PREDICATE))
    assert (scan.started, scan.finished, scan.database_updated) == (START, END, START)
    assert scan.found == (vulns.Vulnerability("CVE-2026-1", (("nvd", "5.2"),)),)


@pytest.mark.parametrize(
    ("uri", "parse"), [(vulns.PREDICATE, vulns.parse_scan), (cosign.VULN, cosign.parse_vuln)]
)
def test_a_scan_that_ended_before_it_started_is_refused(uri: str, parse: Parse) -> None:
    changed = good(uri) | {"metadata": {"scanStartedOn": LATER, "scanFinishedOn": TIME}}
    with pytest.raises(InputError, match="before it started"):
        parse(changed)


def test_tests_that_failed_are_read_and_are_no_evidence() -> None:
    failed = good(test_result.PREDICATE) | {"result": "FAILED", "failedTests": ["c"]}
    assert test_result.parse_test_result(failed).failed == ("c",)
    with pytest.raises(InputError, match="FAILED: c"):
        test_result.check_test_result(failed)
    with pytest.raises(InputError, match="it names none"):
        test_result.check_test_result(failed | {"failedTests": None})
    assert test_result.check_test_result(good(test_result.PREDICATE)).configuration == (
        "ci.yml", "u",
    )  # fmt: skip


@pytest.mark.parametrize(
    "changed", [{"failedTests": ["c"]}, {"result": "passed"}, {"result": "SKIPPED"}]
)
def test_a_result_that_contradicts_itself_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        test_result.parse_test_result(good(test_result.PREDICATE) | changed)


def test_a_release_names_its_package() -> None:
    assert release.parse_release(good(release.PREDICATE)) == release.Release("pkg:pypi/x@1.0", "7")
    assert release.parse_release(good(release.PREDICATE_V02)).package_id == "7"
    assert release.parse_release({"purl": "pkg:oci/i@sha256%3Aab?tag=v1"}).package_id == ""


@pytest.mark.parametrize(
    "purl",
    [
        "pkg:pypi/x", "pkg:npm/@acme/x", "pypi/x@1", "pkg:pypi/x@", "pkg:pypi/@1", "pkg:/x@1",
        "https://example.org/x@1", "pkg:pypi/x@1\n", "pkg:pypi/x?a=b@1", "pkg:pypi/x#@1", "pkg:",
    ],
)  # fmt: skip
def test_a_release_without_a_version_is_refused(purl: str) -> None:
    with pytest.raises(InputError, match="with a version"):
        release.parse_release({"purl": purl})


def test_links_of_all_versions_say_the_same() -> None:
    new = link.parse_link(good(link.PREDICATE))
    assert new == link.parse_old_link(good(link.OLD[0]))
    assert new == link.Link("package", ("tar",), (link.Material("foo.py", DIGESTS),))
    assert link.parse_link({"name": "x"}) == link.parse_old_link({"name": "x"})
    listed = good(link.OLD[0]) | {"command": ["tar", "x"]}
    assert link.parse_old_link(listed).command == ("tar", "x")


@pytest.mark.parametrize(
    "changed",
    [
        {"materials": [{"name": "f", "digest": {"sha256": SHA}}] * 2}, {"materials": {}},
        {"command": "tar"}, {"byproducts": []}, {"environment": "x"},
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_compared_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        link.parse_link(good(link.PREDICATE) | changed)


def test_an_old_provenance_is_the_same_value_as_a_new_one() -> None:
    old = provenance.parse_provenance_v02(good(provenance.PREDICATE_V02))
    assert (old.build_type, old.builder) == (
        "https://example.org/build/v0",
        "https://example.org/b",
    )
    assert old.external["parameters"] == {"a": 1}
    assert old.internal == {"environment": {"os": "linux"}, "buildConfig": {"steps": []}}
    assert (old.invocation, old.dependencies[0].digests) == ("7", (Digest("sha1", "b" * 40),))
    other = good(provenance.PREDICATE_V02) | {"metadata": {"buildInvocationID": "8"}}
    assert provenance.parse_provenance_v02(other).invocation == "8"
    bare: dict[str, Any] = {"builder": {"id": "b"}, "buildType": "t"}
    assert provenance.parse_provenance_v02(bare).dependencies == ()


def test_the_oldest_provenance_is_the_same_value_too() -> None:
    oldest = provenance.parse_provenance_v01(good(provenance.PREDICATE_V01))
    assert (oldest.build_type, oldest.invocation) == ("https://example.org/r", "7")
    assert oldest.external == {"entryPoint": "x", "arguments": {"a": 1}}
    assert provenance.parse_provenance_v01({"builder": {"id": "b"}}).build_type == ""
    with pytest.raises(InputError):
        provenance.parse_provenance_v01({"builder": {"id": "b"}, "recipe": {"x": 1}})


def test_the_other_types_are_read() -> None:
    document = reference.Document("https://example.org/s", "x/y", DIGESTS)
    assert reference.parse_reference(good(reference.PREDICATE)).documents == (document,)
    assert scai.parse_scai(good(scai.PREDICATE)) == scai.Report(("REPRODUCIBLE",), "gcc")
    assert scai.parse_scai({"attributes": [{"attribute": "A"}]}).producer == ""
    assert runtime_trace.parse_trace(good(runtime_trace.PREDICATE)).logs == ("network",)
    assert openvex.parse_vex(good(openvex.PREDICATE)).statuses == ("not_affected",)
    assert npm_publish.parse_npm_publish(good(npm_publish.PREDICATE)).version == "1"
    assert cosign.parse_vuln(good(cosign.VULN)).finished == END


@pytest.mark.parametrize(
    ("parse", "predicate"),
    [
        (scai.parse_scai, {"attributes": []}),
        (scai.parse_scai, {"attributes": [{"attribute": "A", "evidence": 1}]}),
        (runtime_trace.parse_trace, good(runtime_trace.PREDICATE) | {"monitorLog": {}}),
        (cosign.parse_custom, {"Data": 1, "Timestamp": "now"}),
    ],
)
def test_what_says_nothing_is_refused(parse: Parse, predicate: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        parse(predicate)
