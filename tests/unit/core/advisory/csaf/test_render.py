"""A record as a CSAF document, in both profiles."""

import json
from datetime import timedelta
from typing import Any

import pytest

from sealane.core.advisory.csaf.render import ADVISORY, render_csaf
from sealane.core.advisory.documents import Rendering
from sealane.core.advisory.formats.csaf import Csaf
from sealane.core.advisory.formats.csaf_vex import CsafVex
from sealane.core.advisory.formats.interface import Format
from sealane.core.advisory.record import Provenance, Record, Reference, Revision, Severity
from sealane.core.model.values import replace
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError
from support.csaf import Json
from support.records import AT, entry_of, listed, record_of
from support.rendered import PLAIN, RECORDS, RENDERING, V2, WARNED, WEAKNESSES, WHEEL
from support.schemas import faults as schema_faults
from support.schemas import needs_schemas

FORMATS: list[Format] = [Csaf(), CsafVex()]
ALL = {**RECORDS, **WARNED}
each_profile = pytest.mark.parametrize("form", FORMATS, ids=[one.name for one in FORMATS])


def made(record: Record, rendering: Rendering = RENDERING, profile: str = ADVISORY) -> Json:
    found: Json = json.loads(render_csaf(record, rendering, profile, "csaf").content)
    return found


def vulnerability(record: Record, rendering: Rendering = RENDERING) -> Json:
    found: Json
    (found,) = made(record, rendering)["vulnerabilities"]
    return found


@each_profile
@pytest.mark.parametrize("name", ALL)
def test_a_rendered_document_is_valid_and_most_are_without_a_warning(
    form: Format, name: str
) -> None:
    document = form.render(*ALL[name])
    faults = form.faults(document.content, document.name, dict(WEAKNESSES))
    assert all(fault.warns for fault in faults)
    if name in RECORDS:
        assert faults == ()
    assert (document.format, document.content[-1:]) == (form.name, b"\n")


@needs_schemas
@each_profile
@pytest.mark.parametrize("name", ALL)
def test_a_rendered_document_has_the_form_of_the_official_schema(form: Format, name: str) -> None:
    assert schema_faults("csaf20", json.loads(form.render(*ALL[name]).content)) == []


@each_profile
@pytest.mark.parametrize("name", ALL)
def test_rendered_again_it_is_the_same_document(form: Format, name: str) -> None:
    record, rendering = ALL[name]
    first = form.render(record, rendering)
    assert form.render(record, rendering) == first
    assert json.loads(first.content) == json.loads(first.content, object_pairs_hook=sorted_members)


def sorted_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert [name for name, _ in pairs] == sorted(name for name, _ in pairs)
    return dict(pairs)


def test_with_revisions_the_time_of_the_rendering_is_not_in_it() -> None:
    record, rendering = RECORDS["revised"]
    later = replace(rendering, at=AT + timedelta(days=9))
    assert Csaf().render(record, rendering) == Csaf().render(record, later)


def test_the_two_profiles_say_the_same_under_their_own_names() -> None:
    one, other = (form.render(PLAIN, RENDERING) for form in FORMATS)
    assert (one.name, other.name) == ("pysec-2026-1.json", "pysec-2026-1-vex.json")
    advisory, vex = json.loads(one.content), json.loads(other.content)
    assert advisory["document"].pop("category") == "csaf_security_advisory"
    assert vex["document"].pop("category") == "csaf_vex"
    assert advisory["document"]["tracking"].pop("id") == "PYSEC-2026-1"
    assert vex["document"]["tracking"].pop("id") == "PYSEC-2026-1-VEX"
    (own,) = advisory["document"].pop("references")
    assert own["url"] == "https://www.example.com/csaf/white/2026/pysec-2026-1.json"
    assert vex["document"].pop("references")[0]["url"].endswith("/pysec-2026-1-vex.json")
    assert advisory == vex


def test_every_version_is_a_product_with_its_package_url() -> None:
    (vendor,) = made(PLAIN)["product_tree"]["branches"]
    (project,) = vendor["branches"]
    assert (vendor["category"], vendor["name"]) == ("vendor", "Acme")
    assert (project["category"], project["name"]) == ("product_name", "acme")
    purls = [one["product"]["product_identification_helper"]["purl"] for one in project["branches"]]
    versions = RENDERING.listings[0].versions
    assert purls == [f"pkg:pypi/acme@{one.replace('!', '%21')}" for one in versions]
    assert [one["name"] for one in project["branches"]] == list(versions)


def test_each_version_has_the_status_that_the_record_gives_it() -> None:
    status = vulnerability(PLAIN)["product_status"]
    assert status == {
        "known_affected": ["acme@1.0", "acme@1.1", "acme@1.2rc1", "acme@2.0"],
        "first_fixed": ["acme@1.2", "acme@2.1"],
        "fixed": ["acme@1.2", "acme@1.3", "acme@2.1", "acme@1!0.1"],
        "known_not_affected": ["acme@0.9"],
    }
    assert vulnerability(PLAIN)["flags"] == [
        {"label": "vulnerable_code_not_present", "product_ids": ["acme@0.9"]}
    ]
    assert "threats" not in vulnerability(PLAIN)


def test_a_series_that_is_said_not_to_be_affected_is_not_called_fixed() -> None:
    record, rendering = RECORDS["revised"]
    found = vulnerability(record, rendering)
    assert found["product_status"]["fixed"] == ["acme@1.2", "acme@2.1", "acme@1!0.1"]
    assert found["threats"] == [
        {
            "category": "impact",
            "details": "The series 1.3 is not affected.",
            "product_ids": ["acme@1.3"],
        }
    ]


def test_each_affected_version_has_the_fix_of_its_own_series() -> None:
    url = "https://www.example.com/acme/commit/" + "a" * 40
    assert vulnerability(PLAIN)["remediations"] == [
        {
            "category": "vendor_fix",
            "details": f"Upgrade acme to {fix}, or to a later version that is not affected.",
            "product_ids": ids,
            "url": url,
        }
        for fix, ids in (
            ("1.2", ["acme@1.0", "acme@1.1", "acme@1.2rc1"]),
            ("2.1", ["acme@2.0"]),
        )
    ]
    without = replace(PLAIN, references=(Reference("WEB", "https://www.example.com"),))
    assert all("url" not in one for one in vulnerability(without)["remediations"])


def test_without_a_fix_none_is_promised() -> None:
    found = vulnerability(*RECORDS["two-projects"])
    assert [
        (one["category"], one["product_ids"], one["details"]) for one in found["remediations"]
    ] == [
        (
            "mitigation",
            ["acme@0.9", "acme@1.0", "acme@1.1"],
            "Use a version of acme after 1.1, the last affected one.",
        ),
        (
            "none_available",
            ["acme-core@3.0", "acme-core@3.1"],
            "No version of acme-core is known to fix it.",
        ),
        ("none_available", ["acme-tools@5.0"], "No version of acme-tools is known to fix it."),
    ]
    reasons = {one["details"]: one["product_ids"] for one in found["threats"]}
    assert reasons["1.1 is the last version that is affected."][0] == "acme@1.2rc1"
    listed_only = "The advisory lists the versions that are affected, and this is none of them."
    assert reasons[listed_only] == ["acme-core@2.9", "acme-core@3.2"]


def test_of_a_withdrawn_record_nothing_is_affected_and_every_product_says_why() -> None:
    found = vulnerability(*RECORDS["withdrawn"])
    ids = [f"acme@{one}" for one in RENDERING.listings[0].versions]
    assert found["product_status"] == {"known_not_affected": ids}
    (threat,) = found["threats"]
    assert threat["details"] == "The advisory was withdrawn at 2026-11-02T12:00:00Z."
    assert threat["product_ids"] == ids
    assert not {"scores", "remediations", "flags"} & found.keys()


def test_each_rating_has_its_member_or_is_in_a_note() -> None:
    found = vulnerability(*RECORDS["rated-by-three"])
    (score,) = found["scores"]
    assert score["products"] == found["product_status"]["known_affected"]
    assert score["cvss_v2"] == {"version": "2.0", "vectorString": V2, "baseScore": 5.0}
    assert (score["cvss_v3"]["baseScore"], score["cvss_v3"]["baseSeverity"]) == (7.5, "HIGH")
    (note,) = [one for one in found["notes"] if one["title"].startswith("Ratings")]
    lines = note["text"].split("\n")
    assert lines[0].endswith(" (8.7 HIGH)")
    assert lines[1].endswith("C:L/I:N/A:N (5.3 MEDIUM)")
    assert lines[2:] == ["Ubuntu: high"]


def test_a_rating_of_one_project_is_of_its_versions_alone() -> None:
    two = record_of(
        entry_of("acme", "0 <1.2"),
        entry_of("other", "0 <3", ["2"], severity=(Severity("CVSS_V2", V2),)),
    )
    scores = vulnerability(two, replace(RENDERING, listings=()))["scores"]
    assert [sorted(one) for one in scores] == [
        ["cvss_v3", "products"],
        ["cvss_v2", "cvss_v3", "products"],
    ]
    assert [one["products"] for one in scores] == [["acme@1.0", "acme@1.1"], ["other@2"]]


def test_identifiers_have_their_members() -> None:
    found = vulnerability(PLAIN)
    assert found["cve"] == "CVE-2026-10001"
    assert [(one["system_name"], one["text"]) for one in found["ids"]] == [
        ("PyPA Advisory Database", "PYSEC-2026-1"),
        ("GitHub Advisory", "GHSA-2222-3333-4444"),
    ]
    other = vulnerability(replace(PLAIN, id="ACME-1", aliases=()))
    assert (other.get("cve"), other["ids"]) == (None, [{"system_name": "OSV", "text": "ACME-1"}])
    alone = vulnerability(replace(PLAIN, id="CVE-2026-1111", aliases=()))
    assert (alone["cve"], alone.get("ids")) == ("CVE-2026-1111", None)


def test_one_weakness_has_a_member_and_the_others_are_in_a_note() -> None:
    found = vulnerability(replace(PLAIN, weaknesses=("CWE-5", "CWE-79", "CWE-78")))
    assert found["cwe"] == {"id": "CWE-79", "name": dict(WEAKNESSES)["CWE-79"]}
    (note,) = [one for one in found["notes"] if one["title"] == "Further weaknesses"]
    assert note["text"] == "CWE-5, CWE-78"


@pytest.mark.parametrize(
    ("tlp", "label", "told"),
    [
        ("CLEAR", "WHITE", False), ("GREEN", "GREEN", False), ("AMBER", "AMBER", False),
        ("AMBER+STRICT", "AMBER", True), ("RED", "RED", False),
    ],
)  # fmt: skip
def test_a_label_is_written_as_csaf_2_0_knows_it(tlp: str, label: str, told: bool) -> None:
    distribution = made(PLAIN, replace(RENDERING, tlp=tlp))["document"]["distribution"]
    assert distribution["tlp"] == {"label": label}
    assert ("TLP:AMBER+STRICT" in distribution.get("text", "")) is told


def test_a_draft_is_version_0_and_says_that_it_is_one() -> None:
    document = made(*WARNED["draft"])
    assert document["document"]["tracking"]["status"] == "draft"
    assert document["document"]["tracking"]["version"] == "0"
    assert "release_date" not in document["vulnerabilities"][0]
    final = made(PLAIN)
    assert final["document"]["tracking"]["version"] == "1"
    assert final["vulnerabilities"][0]["release_date"] == "2026-11-01T12:00:00Z"


def test_revisions_are_its_history_and_digests_are_those_of_the_files() -> None:
    document = made(*RECORDS["revised"])
    tracking = document["document"]["tracking"]
    assert [one["number"] for one in tracking["revision_history"]] == ["1", "2"]
    assert tracking["version"] == "2"
    assert tracking["initial_release_date"] == "2026-10-30T12:00:00Z"
    assert tracking["current_release_date"] == "2026-11-01T12:00:00Z"
    helpers = [
        one["product"]["product_identification_helper"]
        for one in document["product_tree"]["branches"][0]["branches"][0]["branches"]
    ]
    hashed = [one for one in helpers if "hashes" in one]
    assert [one["purl"] for one in hashed] == ["pkg:pypi/acme@1.2"]
    assert hashed[0]["hashes"][0]["filename"] == WHEEL


def test_credits_are_thanked_by_name_and_by_address_on_the_web() -> None:
    assert made(*RECORDS["two-projects"])["document"]["acknowledgments"] == [
        {"names": ["Jo"], "urls": ["https://www.example.com/jo"]}
    ]
    assert made(PLAIN)["document"]["acknowledgments"] == [
        {"names": ["Ada Example"], "summary": "Finder"}
    ]


def test_what_was_made_in_a_rehearsal_says_so() -> None:
    (note,) = made(*RECORDS["rehearsed"])["document"]["notes"]
    assert note["title"] == "Rehearsal"
    assert "notes" not in made(replace(PLAIN, provenance=Provenance()))["document"]


def test_a_version_is_written_as_the_index_writes_it() -> None:
    record = record_of(entry_of(events="0 <1.2.0", versions=["1.0.0"]))
    rendering = replace(RENDERING, listings=(listed("acme", ["1.0", "1.2"]),))
    status = vulnerability(record, rendering)["product_status"]
    assert status["known_affected"] == ["acme@1.0"]
    assert status["first_fixed"] == ["acme@1.2"]


def other_package(**changes: Any) -> Record:  # noqa: ANN401 - any field
    package = AffectedPackage("PyPI", "acme", "", ("1.0",), ())
    return record_of(replace(entry_of(), about=replace(package, **changes)))


@pytest.mark.parametrize(
    "record",
    [
        pytest.param(replace(PLAIN, id="PYSEC 1"), id="id"),
        pytest.param(replace(PLAIN, affected=()), id="nothing-affected"),
        pytest.param(other_package(ecosystem="npm"), id="another-ecosystem"),
        pytest.param(other_package(versions=("soon",)), id="no-version"),
        pytest.param(
            other_package(ranges=(VersionRange("SEMVER", (("introduced", "0"),)),)), id="semver"
        ),
        pytest.param(replace(PLAIN, severity=(Severity("CVSS_V3", "CVSS:3.1/AV:N"),)), id="vector"),
        pytest.param(replace(PLAIN, severity=(Severity("CVSS_V4", "high"),)), id="vector-in-note"),
        pytest.param(
            replace(PLAIN, aliases=("CVE-2026-10001", "CVE-2026-10002")), id="two-cve-ids"
        ),
        pytest.param(replace(PLAIN, references=(Reference("WEB", "see below"),)), id="reference"),
        pytest.param(
            replace(PLAIN, provenance=Provenance(revisions=(Revision("one", AT, "x"),))),
            id="revision",
        ),
        pytest.param(replace(PLAIN, summary="\ud800"), id="half-a-surrogate-pair"),
    ],
)
def test_what_csaf_cannot_say_is_refused(record: Record) -> None:
    with pytest.raises(InputError):
        made(record)


@pytest.mark.parametrize(
    "changes",
    [
        {"tlp": "WHITE"},
        {"tlp": ""},
        {"issuer": replace(RENDERING.issuer, namespace="acme")},
        {"issuer": replace(RENDERING.issuer, category="maker")},
        {"csaf_url": "no url"},
    ],
)
def test_what_the_configuration_says_wrongly_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        made(PLAIN, replace(RENDERING, **changes))
