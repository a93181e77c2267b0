"""A CNA container says what the record says, and is judged as CVE Services and readers do."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.documents import Issuer, Said
from sealane.core.advisory.formats.cve import Cve
from sealane.core.advisory.record import Credit, Record, Reference, Severity
from sealane.errors import InputError
from support.records import AT, V3, V4, entry_of, record_of
from support.renderings import ISSUER, PROVIDER, rendering_of
from support.schemas import faults, needs_schemas

CVE = Cve()
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"
WEAKNESSES = {"CWE-78": "OS Command Injection", "CWE-79": "Cross-site Scripting"}


def rendered(record: Record, issuer: Issuer = ISSUER) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(CVE.render(record, rendering_of(issuer=issuer)).content)
    return found


def written(document: object) -> bytes:
    return json.dumps(document).encode()


def container(*versions: dict[str, Any], **product: object) -> bytes:
    about: dict[str, object] = {
        "vendor": "Acme",
        "product": "acme",
        "defaultStatus": "unaffected",
        **product,
    }
    if versions:
        about["versions"] = list(versions)
    return written({"affected": [about]})


def entry(version: str = "0", **more: object) -> dict[str, Any]:
    return {"version": version, "status": "affected", "versionType": "python", **more}


def test_a_container_says_what_the_record_says() -> None:
    record = record_of(
        entry_of("Acme.Core", "0 <1.2 2.0 <2.1", ()),
        entry_of("acme-util", "1.0 <=1.4", ("2.0",)),
        entry_of("acme-open", "3.0", ()),
        severity=(Severity("CVSS_V2", V2), Severity("CVSS_V3", V3), Severity("CVSS_V4", V4)),
        credits=(Credit("Ada", "REMEDIATION_DEVELOPER"), Credit("Bob")),
        references=(
            Reference("ADVISORY", "https://acme.example/1"),
            Reference("FIX", "https://acme.example/1"),
            Reference("WEB", "https://acme.example/2"),
        ),
    )
    document = CVE.render(record, rendering_of())
    assert (document.format, document.name) == ("cve", "PYSEC-2026-1.cve.json")
    found = json.loads(document.content)
    products = {one["packageName"]: one["versions"] for one in found["affected"]}
    assert products == {
        "acme-core": [entry(lessThan="1.2"), entry("2.0", lessThan="2.1")],
        "acme-util": [entry("1.0", lessThanOrEqual="1.4"), entry("2.0", lessThanOrEqual="2.0")],
        "acme-open": [entry("3.0", lessThan="*")],
    }
    assert {one["defaultStatus"] for one in found["affected"]} == {"unaffected"}
    assert {one["vendor"] for one in found["affected"]} == {"Acme"}
    assert found["references"] == [
        {"url": "https://acme.example/1", "tags": ["vendor-advisory", "patch"]},
        {"url": "https://acme.example/2"},
    ]
    assert [one["type"] for one in found["credits"]] == ["remediation developer", "other"]
    assert [list(one) for one in found["metrics"]] == [["cvssV2_0"], ["cvssV3_1"], ["cvssV4_0"]]
    assert found["metrics"][1]["cvssV3_1"]["baseSeverity"] == "HIGH"
    assert found["solutions"] == [{"lang": "en", "value": "Upgrade acme-core to 1.2 or 2.1."}]
    assert found["title"] == record.summary
    assert found["descriptions"][0]["value"] == record.details.strip()
    assert found["datePublic"] == "2026-11-01T12:00:00Z"
    assert CVE.faults(document.content, document.name, WEAKNESSES) == ()


def test_the_vendor_is_the_issuer_where_none_is_told() -> None:
    issuer = Issuer("Acme security team", "https://acme.example")
    assert rendered(record_of(), issuer=issuer)["affected"][0]["vendor"] == "Acme security team"


def test_what_the_record_does_not_say_is_left_out() -> None:
    record = record_of(severity=(), credits=(), weaknesses=(), summary="", published=None)
    assert set(rendered(record)) == {
        "affected", "descriptions", "references", "solutions", "source", "x_generator",
    }  # fmt: skip


def test_the_advisory_is_named_as_its_issuer_names_it() -> None:
    assert rendered(record_of())["source"]["advisory"] == "PYSEC-2026-1"
    named = record_of(id="CVE-2026-10001", aliases=("GHSA-2222-3333-4444",))
    assert rendered(named)["source"]["advisory"] == "GHSA-2222-3333-4444"
    assert rendered(record_of(id="CVE-2026-10001", aliases=()))["source"]["advisory"] == (
        "CVE-2026-10001"
    )


def test_details_that_are_too_long_for_plain_text_stand_as_markdown_beside_the_summary() -> None:
    (description,) = rendered(record_of(details="a" * 5000))["descriptions"]
    assert description["value"] == record_of().summary
    assert description["supportingMedia"][0]["value"] == "a" * 5000
    (alone,) = rendered(record_of(details=""))["descriptions"]
    assert alone == {"lang": "en", "value": record_of().summary}


def test_a_version_called_0_is_not_everything_before_it() -> None:
    record = record_of(entry_of(events="", versions=("0",)))
    content = CVE.render(record, rendering_of()).content
    assert CVE.affected(content, "acme", ["0.dev0", "0a1", "0", "0.0.1"]) == {"0"}


@pytest.mark.parametrize(
    ("record", "message"),
    [
        pytest.param(record_of(references=()), "references: expected at least one", id="links"),
        pytest.param(record_of(details="", summary=""), "a summary or details", id="no-text"),
        pytest.param(record_of(withdrawn=AT), "withdrawn", id="withdrawn"),
        pytest.param(record_of(severity=(Severity("Ubuntu", "high"),)), "CVSS_V2", id="severity"),
        pytest.param(record_of(aliases=("CVE-2026-1", "CVE-2026-10001", "CVE-2026-10002")),
                     "one CVE id", id="two-cve-ids"),
        pytest.param(record_of(details="\ud800"), "surrogate", id="no-text-of-unicode"),
    ],
)  # fmt: skip
def test_what_the_format_cannot_say_is_refused(record: Record, message: str) -> None:
    with pytest.raises(InputError, match=message):
        CVE.render(record, rendering_of())


VERSIONS = ["0.9", "1.0rc1", "1.0", "1.1", "1.2", "2.0"]


@pytest.mark.parametrize(
    ("content", "affected"),
    [
        pytest.param(container(entry(lessThan="1.0")), {"0.9", "1.0rc1"}, id="before"),
        pytest.param(container(entry("1.0", lessThan="1.2")), {"1.0", "1.1"}, id="between"),
        pytest.param(container(entry("1.1", lessThanOrEqual="1.2")), {"1.1", "1.2"}, id="until"),
        pytest.param(container(entry("1.2", lessThan="*")), {"1.2", "2.0"}, id="no-end"),
        pytest.param(container(entry("1.2", lessThanOrEqual="*")), {"1.2", "2.0"}, id="no-last"),
        pytest.param(container({"version": "1.0.0", "status": "affected"}), {"1.0"}, id="one"),
        pytest.param(container(entry("1.1")), {"1.1"}, id="one-with-type"),
        pytest.param(
            container(entry("1.1", status="unaffected"), defaultStatus="affected"),
            {*VERSIONS} - {"1.1"},
            id="default-affected",
        ),
        pytest.param(container(defaultStatus="affected"), {*VERSIONS}, id="default-alone"),
        pytest.param(
            container(entry("1.0", status="unaffected"), entry(lessThan="1.2")),
            {"0.9", "1.0rc1", "1.1"},
            id="the-first-entry-decides",
        ),
        pytest.param(
            container(
                entry(
                    lessThan="*",
                    changes=[
                        {"at": "1.0", "status": "unaffected"},
                        {"at": "1.2", "status": "affected"},
                    ],
                )
            ),
            {"0.9", "1.0rc1", "1.2", "2.0"},
            id="changes",
        ),
        pytest.param(container(entry(lessThan="*"), product="other"), set(), id="another-product"),
        pytest.param(
            container(entry("2.0"), product="The Acme Suite", packageName="ACME"),
            {"2.0"},
            id="package-name-goes-first",
        ),
        pytest.param(
            written({
                "dataType": "CVE_RECORD",
                "containers": {"cna": json.loads(container(entry("2.0")))},
            }),
            {"2.0"},
            id="whole-record",
        ),
    ],
)  # fmt: skip
def test_the_status_of_a_version_is_decided_by_the_specification(
    content: bytes, affected: set[str]
) -> None:
    assert CVE.affected(content, "acme", VERSIONS) == affected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"[]", "expected an object", id="no-object"),
        pytest.param(b"{}", "affected: missing", id="no-products"),
        pytest.param(container(entry(lessThan="1", versionType="semver")), "semver", id="semver"),
        pytest.param(container(entry("1", versionType="git")), "'git'", id="git"),
        pytest.param(container({**entry(lessThan="1"), "versionType": ""}), "got none", id="type"),
        pytest.param(container(entry(lessThan="next week")), "next week", id="less-than"),
        pytest.param(container(entry(lessThanOrEqual="next week")), "next week", id="last"),
        pytest.param(container(entry("old", lessThan="1")), "'old'", id="version"),
        pytest.param(container(entry("< 1.0")), "'< 1.0'", id="range-in-a-version"),
        pytest.param(container(entry(lessThan="9", lessThanOrEqual="9")), "got both", id="ends"),
        pytest.param(
            container(entry(lessThan="*", changes=[{"at": "x", "status": "affected"}])),
            "PEP 440", id="change",
        ),
        pytest.param(container(entry("9"), defaultStatus="unknown"), "unknown", id="unknown"),
        pytest.param(container(entry("9"), defaultStatus=None), "unknown", id="no-default"),
        pytest.param(container(entry(lessThan="*", status="maybe")), "maybe", id="status"),
    ],
)  # fmt: skip
def test_a_container_that_leaves_it_open_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        CVE.affected(content, "acme", VERSIONS)
    assert message in caught.value.message


def test_what_else_a_container_says_is_told() -> None:
    record = record_of(
        entry_of(events="0 <1.2 2.0 <=2.4"), severity=(Severity("CVSS_V2", V2),),
    )  # fmt: skip
    said = CVE.said(CVE.render(record, rendering_of()).content)
    ids = frozenset({"PYSEC-2026-1"})
    assert said == Said(
        ids, frozenset({V2}), frozenset({"7.5"}), frozenset({"CWE-78"}), frozenset({"1.2"}),
        frozenset({"acme"}),
    )  # fmt: skip
    whole = {
        "cveMetadata": {"cveId": "CVE-2026-10001"},
        "containers": {"cna": rendered(record_of(severity=(Severity("CVSS_V3", V3),)))},
    }
    said = CVE.said(written(whole))
    assert said.ids == {"PYSEC-2026-1", "CVE-2026-10001"}
    assert said.ratings == {"high", "7.5"}
    assert CVE.said(container(entry(lessThan="*"))).fixed == frozenset()


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        pytest.param("/affected/0/versions/0/lessThan", "next week", "versions", id="less-than"),
        pytest.param("/affected/0/versions/0/version", "old", "versions", id="version"),
        pytest.param("/affected/0/versions/0/versionType", "semver", "versions", id="type"),
        pytest.param(
            "/affected/0/versions/0/changes", [{"at": "x", "status": "affected"}], "versions",
            id="change",
        ),
        pytest.param("/affected/0/packageURL", "pkg:pypi/acme", "schema", id="unknown-member"),
        pytest.param("/affected/0/vendor", None, "schema", id="null"),
        pytest.param("/problemTypes/0/descriptions/0/cweId", "CWE-9999", "cwe", id="no-such-cwe"),
        pytest.param("/problemTypes/0/descriptions/0/cweId", "cwe-78", "schema", id="cwe-form"),
        pytest.param("/metrics/0/cvssV3_1/baseScore", 9.8, "cvss", id="score"),
        pytest.param("/metrics/0/cvssV3_1/baseSeverity", "LOW", "cvss", id="severity"),
        pytest.param("/metrics/0/cvssV3_1/vectorString", V4, "cvss", id="vector"),
        pytest.param("/metrics/0", {"format": "CVSS"}, "schema", id="no-rating"),
        pytest.param("/references/0/tags", ["fix"], "schema", id="tag"),
        pytest.param("/source", {}, "schema", id="empty-source"),
        pytest.param("/descriptions/0/lang", "de", "schema", id="no-english"),
        pytest.param("/x_own", 1, "", id="a-member-of-ones-own"),
        pytest.param("/providerMetadata", PROVIDER, "", id="provider"),
        pytest.param("/tags", ["disputed", "x_old"], "", id="tags"),
        pytest.param(
            "/metrics/0", {"other": {"type": "text", "content": {"a": 1}}}, "", id="other-rating"
        ),
    ],
)  # fmt: skip
def test_what_a_container_breaks_is_named_with_its_place(
    place: str, value: object, rule: str
) -> None:
    document = rendered(record_of())
    *above, last = place.split("/")[1:]
    holder: Any = document
    for step in above:
        holder = holder[int(step) if step.isdigit() else step]
    holder[int(last) if last.isdigit() else last] = value
    found = CVE.faults(written(document), "", WEAKNESSES)
    assert {one.rule for one in found} == ({rule} if rule else set())
    for one in found:
        assert one.place.startswith(place) or place.startswith(one.place)


def test_a_weakness_may_be_told_without_an_id() -> None:
    document = rendered(record_of())
    document["problemTypes"] = [{"descriptions": [{"lang": "en", "description": "a race"}]}]
    assert CVE.faults(written(document), "", WEAKNESSES) == ()
    assert CVE.said(written(document)).weaknesses == frozenset()


def test_a_score_of_version_2_has_no_word() -> None:
    document = rendered(record_of(severity=(Severity("CVSS_V2", V2),)))
    assert CVE.faults(written(document), "", {}) == ()
    document["metrics"][0]["cvssV2_0"]["baseScore"] = 9.8
    (found,) = CVE.faults(written(document), "", {})
    assert found.message == "expected 7.5 by its vector, got 9.8"


@needs_schemas
@given(st.data())
def test_a_container_passes_the_official_schema(data: st.DataObject) -> None:
    text = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20)
    record = record_of(
        summary=data.draw(text), details=data.draw(text),
        credits=data.draw(st.lists(st.builds(Credit, text), max_size=2).map(tuple)),
        severity=data.draw(st.lists(st.sampled_from([
            Severity("CVSS_V2", V2), Severity("CVSS_V3", V3), Severity("CVSS_V4", V4),
        ])).map(tuple)),
    )  # fmt: skip
    content = CVE.render(record, rendering_of()).content
    # As the client does that publishes it.
    assert faults("cve", json.loads(content) | {"providerMetadata": PROVIDER}) == []
    assert CVE.faults(content, "", {}) == ()


@given(st.binary(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["affected", "product", "versions", "version", "status", "versionType",
                         "lessThan", "changes", "at", "defaultStatus", "containers", "cna"]),
        inner, max_size=4,
    ),
    max_leaves=12,
).map(written))  # fmt: skip
def test_whatever_is_read_is_read_or_refused(content: bytes) -> None:
    for read in (
        lambda: CVE.affected(content, "acme", VERSIONS),
        lambda: CVE.said(content),
        lambda: CVE.faults(content, "", {}),
    ):
        try:
            read()
        except InputError:
            continue
