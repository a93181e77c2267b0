"""Demands on what is stated: bills of materials, scans, tests, expressions, whole releases."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import pytest

from sealane.core.attestation.predicates import cosign, cyclonedx, release_manifest, spdx, vulns
from sealane.core.attestation.predicates import test_result as results
from sealane.core.attestation.predicates.vulns import Vulnerability
from sealane.core.model.artifact import Artifact, Digest
from sealane.core.model.statement import JsonValue, Subject
from sealane.core.policy.checks.scan import severity_of
from sealane.core.policy.evaluate import evaluate
from sealane.core.policy.needs import AnyOf, SbomDemand, ScanDemand, Severity, TestDemand
from sealane.errors import InputError, MissingExtraError
from support.judging import (
    AT,
    RELEASE,
    SDIST,
    SIGNED,
    WHEEL,
    ask,
    fact,
    policy,
    said,
    wants,
)

MET = [("SL-REQ-001", "pass")]
PURL = "pkg:pypi/hello@1.0"
CDX, SPDX = cyclonedx.URIS[0], spdx.URIS[0]
SBOM = ("sbom-cyclonedx", "sbom-spdx")


def fails(*codes: str) -> list[tuple[str, str]]:
    return [(code, "fail") for code in codes]


def bom(purl: str | None = PURL, count: int = 2) -> dict[str, JsonValue]:
    subject: dict[str, JsonValue] = {} if purl is None else {"component": {"purl": purl}}
    listed: list[JsonValue] = [{"name": f"c{n}"} for n in range(count)]
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "metadata": subject,
        "components": listed,
    }


def spdx2(**changed: JsonValue) -> dict[str, JsonValue]:
    def package(name: str, purl: str) -> JsonValue:
        reference: JsonValue = {"referenceType": "purl", "referenceLocator": purl}
        return {"SPDXID": name, "externalRefs": [{"referenceType": "cpe23Type"}, reference]}

    listed = [package("SPDXRef-hello", f"{PURL}?x=y#z"), package("SPDXRef-lib", "pkg:pypi/lib@2")]
    return {"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "packages": listed, **changed}


def related(kind: str, target: str, source: str = "SPDXRef-DOCUMENT") -> JsonValue:
    return [{"spdxElementId": source, "relationshipType": kind, "relatedSpdxElement": target}]


def spdx3(root: str = "p", kind: str = "type") -> dict[str, JsonValue]:
    return {
        "@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld",
        "@graph": [
            {kind: "SpdxDocument", "spdxId": "d", "rootElement": ["s", "d", "gone"]},
            {kind: "software_Sbom", "spdxId": "s", "rootElement": [root, "s"]},
            {kind: "software_Package", "spdxId": "p", "software_packageUrl": PURL},
            {kind: "software_Package", "spdxId": "q", "software_packageUrl": "pkg:pypi/q@1"},
        ],
    }


@pytest.mark.parametrize(
    ("kind", "predicate", "demand", "codes"),
    [
        pytest.param(CDX, bom(), SbomDemand(), [], id="cyclonedx"),
        pytest.param(CDX, bom(count=0), SbomDemand(), ["SL-REQ-013"], id="empty"),
        pytest.param(CDX, bom(count=0), SbomDemand(0), [], id="empty-is-enough"),
        pytest.param(CDX, bom(), SbomDemand(3), ["SL-REQ-013"], id="too-few"),
        pytest.param(CDX, bom(), SbomDemand(2, describes=True), [], id="describes"),
        pytest.param(CDX, bom("pkg:pypi/hello@1.1"), SbomDemand(1, describes=True),
                     ["SL-REQ-013"], id="another-version"),
        pytest.param(CDX, bom(None), SbomDemand(1, describes=True), ["SL-REQ-013"],
                     id="describes-nothing"),
        pytest.param(SPDX, spdx2(relationships=related("DESCRIBES", "SPDXRef-hello")),
                     SbomDemand(2, describes=True), [], id="spdx-2"),
        pytest.param(SPDX, spdx2(documentDescribes=["SPDXRef-hello"]),
                     SbomDemand(1, describes=True), [], id="spdx-2.2"),
        pytest.param(SPDX, spdx2(relationships=related("DESCRIBES", "SPDXRef-lib")),
                     SbomDemand(1, describes=True), ["SL-REQ-013"],
                     id="lists-it-and-is-about-another"),
        pytest.param(SPDX, spdx2(relationships=related("CONTAINS", "SPDXRef-hello")),
                     SbomDemand(1, describes=True), ["SL-REQ-013"], id="another-relationship"),
        pytest.param(SPDX, spdx2(relationships=related("DESCRIBES", "SPDXRef-hello", "SPDXRef-x")),
                     SbomDemand(1, describes=True), ["SL-REQ-013"], id="another-document"),
        pytest.param(SPDX, spdx3(), SbomDemand(2, describes=True), [], id="spdx-3"),
        pytest.param(SPDX, spdx3(kind="@type"), SbomDemand(2, describes=True), [],
                     id="spdx-3-spelt-otherwise"),
        pytest.param(SPDX, spdx3("q"), SbomDemand(2, describes=True), ["SL-REQ-013"],
                     id="spdx-3-about-another"),
        pytest.param(RELEASE, {"purl": PURL}, SbomDemand(0), ["SL-REQ-013"], id="no-bill"),
    ],
)  # fmt: skip
def test_a_bill_of_materials_lists_enough_and_is_about_the_artifact(
    kind: str, predicate: dict[str, JsonValue], demand: SbomDemand, codes: list[str]
) -> None:
    required = wants(*SBOM, "release", sbom=demand)
    found = ask(policy(required), fact(kind, predicate=predicate))
    assert said(found) == (fails(*codes) or MET)


def test_an_artifact_without_a_package_is_described_by_nothing() -> None:
    nameless = replace(WHEEL, purl=None)
    required = wants(*SBOM, sbom=SbomDemand(1, describes=True))
    found = ask(policy(required), fact(CDX, predicate=bom(), about=nameless), artifact=nameless)
    assert said(found) == fails("SL-REQ-013")


LATER = "2026-06-01T00:00:01Z"


def scan(*found: tuple[str, str], finished: str = "2026-04-30T00:00:00Z") -> dict[str, JsonValue]:
    listed: list[JsonValue] = [
        {"id": one, "severity": [{"method": "x", "score": score}]} for one, score in found
    ]
    return {
        "scanner": {"uri": "https://s.example", "db": {"lastUpdate": finished}, "result": listed},
        "metadata": {"scanStartedOn": "2026-04-29T00:00:00Z", "scanFinishedOn": finished},
    }


@pytest.mark.parametrize(
    ("predicate", "demand", "codes"),
    [
        pytest.param(scan(), ScanDemand(), [], id="nothing-found"),
        pytest.param(scan(("CVE-1", "low")), ScanDemand(), ["SL-REQ-014"], id="nothing-accepted"),
        pytest.param(scan(("CVE-1", "low")), ScanDemand(Severity.LOW), [], id="accepted"),
        pytest.param(scan(("CVE-1", "7.0")), ScanDemand(Severity.MEDIUM), ["SL-REQ-014"],
                     id="graver"),
        pytest.param(scan(("CVE-1", "high")), ScanDemand(allowed=("CVE-1",)), [], id="allowed"),
        pytest.param(scan(("CVE-1", "high")), ScanDemand(allowed=("CVE-2",)), ["SL-REQ-014"],
                     id="another-is-allowed"),
        pytest.param(scan(), ScanDemand(scanners=("https://s.example",)), [], id="scanner"),
        pytest.param(scan(), ScanDemand(scanners=("https://t.example", "https://s.example/")),
                     ["SL-REQ-015"], id="another-scanner"),
        pytest.param(scan(), ScanDemand(max_age_days=32), [], id="young-enough"),
        pytest.param(scan(), ScanDemand(max_age_days=31), ["SL-REQ-015"], id="too-old"),
        pytest.param(scan(finished="2027-01-01T00:00:00Z"), ScanDemand(max_age_days=30),
                     ["SL-REQ-015"], id="claims-to-be-younger-than-its-signature"),
        pytest.param(scan(finished="2027-01-01T00:00:00Z"), ScanDemand(max_age_days=31), [],
                     id="as-old-as-its-signature"),
    ],
)  # fmt: skip
def test_a_scan_found_nothing_that_is_not_accepted(
    predicate: dict[str, JsonValue], demand: ScanDemand, codes: list[str]
) -> None:
    found = ask(policy(wants("vulns", scan=demand)), fact(vulns.PREDICATE, predicate=predicate))
    assert said(found) == (fails(*codes) or MET)


def test_of_many_findings_the_first_are_named() -> None:
    predicate = scan(*((f"CVE-{n}", "high") for n in range(7)))
    (found,) = ask(
        policy(wants("vulns", scan=ScanDemand())), fact(vulns.PREDICATE, predicate=predicate)
    )
    assert found.actual.startswith("CVE-0 (high), CVE-1 (high)")
    assert found.actual.endswith("CVE-4 (high) and 2 more")


def test_an_unproven_time_leaves_the_scans_own() -> None:
    required = wants("vulns", scan=ScanDemand(max_age_days=32))
    proven = fact(vulns.PREDICATE, predicate=scan(), signed=None)
    assert said(ask(policy(required), proven)) == MET
    # One that is still to come would stay fresh for ever.
    coming = replace(
        proven, statement=fact(vulns.PREDICATE, predicate=scan(finished=LATER)).statement
    )
    assert said(ask(policy(required), coming)) == fails("SL-REQ-015")
    assert said(ask(policy(wants("vulns", scan=ScanDemand())), coming)) == MET


def test_a_scan_whose_result_is_not_read_proves_nothing() -> None:
    predicate: dict[str, JsonValue] = {
        "scanner": {"uri": "https://s.example", "result": {}},
        "metadata": {
            "scanStartedOn": "2026-04-29T00:00:00Z", "scanFinishedOn": "2026-04-30T00:00:00Z",
        },
    }  # fmt: skip
    required = wants("cosign-vuln", "publish", scan=ScanDemand(Severity.CRITICAL))
    for proven in (fact(cosign.VULN, predicate=predicate), fact()):
        assert said(ask(policy(required), proven)) == fails("SL-REQ-015")


@pytest.mark.parametrize(
    ("scores", "severity"),
    [
        ((), "critical"),
        (("",), "critical"),
        (("unknown",), "critical"),
        (("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N",), "critical"),
        (("10.1",), "critical"),
        (("-1",), "critical"),
        (("nan",), "critical"),
        (("1e0",), "critical"),
        (("٣",), "critical"),
        (("0",), "none"),
        (("0.0",), "none"),
        (("0.1",), "low"),
        (("3.9",), "low"),
        (("4.0",), "medium"),
        (("6.9",), "medium"),
        (("8.9",), "high"),
        (("9.0",), "critical"),
        (("10.0",), "critical"),
        (("Moderate",), "medium"),
        ((" HIGH ",), "high"),
        (("low", "high", "none"), "high"),
        (("low", "unknown"), "critical"),
    ],
)
def test_a_severity_that_is_not_known_is_critical(scores: tuple[str, ...], severity: str) -> None:
    found = Vulnerability("CVE-1", tuple(("x", score) for score in scores))
    assert severity_of(found).value == severity


def run(result: str, *uris: str) -> dict[str, JsonValue]:
    return {"result": result, "configuration": [{"uri": uri, "name": "n"} for uri in uris] or [{}]}


CI = "https://example.org/ci.yml"


@pytest.mark.parametrize(
    ("predicate", "demand", "codes"),
    [
        pytest.param(run("PASSED"), TestDemand(), [], id="passed"),
        pytest.param(run("WARNED"), TestDemand(), ["SL-REQ-016"], id="warned"),
        pytest.param(run("WARNED"), TestDemand(warned=True), [], id="warned-is-enough"),
        pytest.param(run("PASSED", CI, "x"), TestDemand(configurations=(CI,)), [], id="tested"),
        pytest.param(run("PASSED", "x"), TestDemand(configurations=(CI,)), ["SL-REQ-016"],
                     id="something-else-tested"),
        pytest.param(run("PASSED"), TestDemand(configurations=(CI,)), ["SL-REQ-016"],
                     id="nobody-knows-what-was-tested"),
        # A run that failed is refused before anybody asks; here it is read once more.
        pytest.param(run("FAILED"), TestDemand(warned=True), ["SL-PRE-002"], id="failed"),
    ],
)  # fmt: skip
def test_a_test_result_is_the_success_that_is_demanded(
    predicate: dict[str, JsonValue], demand: TestDemand, codes: list[str]
) -> None:
    proven = fact(results.PREDICATE, predicate=predicate)
    found = ask(policy(wants("test-result", tests=demand)), proven)
    assert said(found) == (fails(*codes) or MET)


def test_another_statement_is_no_test_result() -> None:
    assert said(ask(policy(wants(tests=TestDemand())), fact())) == fails("SL-REQ-016")
    signature = wants("signature", tests=TestDemand())
    assert said(ask(policy(signature), fact(None))) == fails("SL-REQ-016")


class Answers:
    """Evaluates expressions in Python; those of policies are CEL (`io/adapters/cel.py`)."""

    def holds(self, expression: str, predicate: Mapping[str, JsonValue]) -> bool:
        if expression == "missing":
            raise MissingExtraError("`when` in a policy", "cel", "cel")
        if expression == "broken":
            raise InputError("expression: broken", hint="mend it")
        return predicate.get("purl") == expression


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("pkg:pypi/hello@1.0", MET),
        ("pkg:pypi/hello@1.1", fails("SL-REQ-010")),
        ("broken", fails("SL-REQ-011")),
        ("missing", fails("SL-REQ-012")),
    ],
)
def test_an_expression_has_to_be_true(expression: str, expected: list[tuple[str, str]]) -> None:
    judged = policy(wants("release", when=expression))
    found = evaluate(
        judged, WHEEL, [fact(RELEASE, predicate={"purl": PURL})], at=AT, expressions=Answers
    )
    assert said(found) == expected
    assert found[0].hint or expected == MET


def test_a_missing_library_names_what_installs_it() -> None:
    judged = policy(wants("release", when="missing"))
    proven = [fact(RELEASE, predicate={"purl": PURL})]
    (found,) = evaluate(judged, WHEEL, proven, at=AT, expressions=Answers)
    assert "sealane[cel]" in found.hint
    (found,) = evaluate(judged, WHEEL, proven, at=AT)
    assert said([found]) == fails("SL-REQ-012")


def test_an_expression_on_a_signature_holds_for_nothing() -> None:
    judged = policy(wants("signature", when="true"))
    (found,) = evaluate(judged, WHEEL, [fact(None)], at=AT, expressions=Answers)
    assert said([found]) == fails("SL-REQ-011")


EXTRA = Artifact("hello-1.0-cp312-win.whl", (Digest("sha256", "9" * 64),), 1, PURL, "1.0")
NEXT = Artifact("hello-1.1.tar.gz", (Digest("sha256", "8" * 64),), 1, "pkg:pypi/hello@1.1", "1.1")
DATA = Artifact("data.bin", (Digest("sha256", "7" * 64),), 1)
WHOLE = wants("release", complete=True)
LISTED = fact(RELEASE, predicate={"purl": PURL}, subjects=(WHEEL, SDIST))


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param((WHEEL, SDIST), MET, id="exactly"),
        pytest.param((WHEEL, SDIST, WHEEL), MET, id="one-named-twice"),
        pytest.param((SDIST, NEXT, WHEEL), MET, id="another-version-beside"),
        pytest.param((SDIST, DATA, WHEEL), MET, id="another-file-beside"),
        pytest.param((WHEEL,), fails("SL-REQ-017"), id="one-missing"),
        pytest.param((WHEEL, SDIST, EXTRA), fails("SL-REQ-017"), id="one-too-many"),
        pytest.param((WHEEL, EXTRA), fails("SL-REQ-017"), id="one-replaced"),
        pytest.param((), fails("SL-REQ-017"), id="none"),
        pytest.param(None, fails("SL-REQ-018"), id="not-known"),
    ],
)
def test_a_release_is_complete_and_nothing_is_beside_it(
    files: tuple[Artifact, ...] | None, expected: list[tuple[str, str]]
) -> None:
    found = evaluate(policy(WHOLE), WHEEL, [LISTED], at=AT, files=files)
    assert said(found)[: len(expected)] == expected
    assert {one[0] for one in said(found)} == {one[0] for one in expected}


def test_a_replaced_file_is_missing_and_too_many() -> None:
    found = evaluate(policy(WHOLE), WHEEL, [LISTED], at=AT, files=(WHEEL, EXTRA))
    assert [(one.expected, one.actual) for one in found] == [
        ("hello-1.0.tar.gz", "not among the files judged"),
        ("no other file of this version", EXTRA.name),
    ]


def test_a_name_does_not_make_a_file_one_of_the_release() -> None:
    renamed = replace(EXTRA, name=SDIST.name)
    found = evaluate(policy(WHOLE), WHEEL, [LISTED], at=AT, files=(WHEEL, renamed))
    assert said(found) == fails("SL-REQ-017", "SL-REQ-017")
    # One digest that agrees is not enough where another one differs.
    sha512 = (Digest("sha512", "0" * 128),)
    statement = LISTED.statement
    assert statement is not None
    named = replace(statement, subjects=(
        Subject(WHEEL.digests), Subject((*SDIST.digests, Digest("sha512", "1" * 128))),
    ))  # fmt: skip
    files = (WHEEL, replace(SDIST, digests=(*SDIST.digests, *sha512)))
    found = evaluate(policy(WHOLE), WHEEL, [replace(LISTED, statement=named)], at=AT, files=files)
    assert said(found) == fails("SL-REQ-017", "SL-REQ-017")
    assert found[0].expected == f"sha256:{'b' * 64}"


def test_files_whose_names_tell_no_version_have_to_be_listed_all() -> None:
    lone = fact(RELEASE, predicate={"purl": PURL}, about=DATA)
    for files, met in (((DATA,), True), ((DATA, WHEEL), False)):
        found = evaluate(policy(WHOLE), DATA, [lone], at=AT, files=files)
        assert (said(found) == MET) is met


def test_many_gaps_are_counted() -> None:
    many = tuple(
        replace(EXTRA, name=f"f{n}", digests=(Digest("sha256", f"{n}" * 64),)) for n in range(1, 6)
    )
    found = evaluate(policy(WHOLE), WHEEL, [LISTED], at=AT, files=(WHEEL, SDIST, *many))
    assert found[0].actual == "f1, f2, f3 and 2 more"


def test_only_statements_that_list_a_release_tell_of_one() -> None:
    for kind in (None, release_manifest.PREDICATE):
        required = wants("signature", "publish", "release-manifest", complete=True)
        found = evaluate(policy(required), WHEEL, [fact(kind)], at=AT, files=(WHEEL,))
        assert (said(found) == MET) is (kind is not None)
    found = evaluate(policy(wants(complete=True)), WHEEL, [fact()], at=AT, files=(WHEEL,))
    assert said(found) == fails("SL-REQ-017")


def test_what_is_undecided_is_told_before_what_is_wrong() -> None:
    old = replace(LISTED, signed_at=SIGNED - timedelta(days=90))
    required = replace(WHOLE, max_age_days=60)
    assert said(ask(policy(required), old, LISTED)) == fails("SL-REQ-018")
    either = policy(replace(WHOLE, predicates=("publish", "release")))
    assert said(ask(either, fact(), LISTED)) == fails("SL-REQ-018")
    both = policy(AnyOf((wants("vsa"), WHOLE)))
    assert said(ask(both, LISTED))[-1] == ("SL-REQ-018", "fail")
