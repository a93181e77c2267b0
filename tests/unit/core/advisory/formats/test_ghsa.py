"""A payload for the forge says what the record says, and is judged as scanners read it."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.documents import Said
from sealane.core.advisory.formats.ghsa import Ghsa
from sealane.core.advisory.record import Credit, Record, Severity
from sealane.errors import InputError
from support.records import AT, V3, V4, entry_of, record_of
from support.renderings import rendering_of

GHSA = Ghsa()
VERSIONS = ["0.9", "1.0rc1", "1.0", "1.1", "1.2", "2.0"]


def rendered(record: Record) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(GHSA.render(record, rendering_of()).content)
    return found


def written(document: object) -> bytes:
    return json.dumps(document).encode()


def advisory(*ranges: str, name: str = "acme", ecosystem: str = "pip") -> bytes:
    package = {"ecosystem": ecosystem, "name": name}
    return written(
        {
            "vulnerabilities": [
                {"package": package, "vulnerable_version_range": one} for one in ranges
            ]
        }
    )


def test_a_payload_says_what_the_record_says() -> None:
    imports = (("imports", [{"attribute": "run", "modules": ["acme.http"]}]),)
    record = record_of(
        entry_of("Acme", "0 <1.2 2.0 <2.1", ("1.0",), ecosystem_specific=imports),
        entry_of("acme-open", "3.0", ()),
    )
    document = GHSA.render(record, rendering_of())
    assert (document.format, document.name) == ("ghsa", "PYSEC-2026-1.ghsa.json")
    acme = {
        "package": {"ecosystem": "pip", "name": "acme"},
        "vulnerable_functions": ["acme.http.run"],
    }
    assert json.loads(document.content) == {
        "summary": record.summary,
        "description": record.details,
        "cve_id": "CVE-2026-10001",
        "cvss_vector_string": V3,
        "cwe_ids": ["CWE-78"],
        "vulnerabilities": [
            {**acme, "vulnerable_version_range": "< 1.2", "patched_versions": "1.2"},
            {**acme, "vulnerable_version_range": ">= 2.0, < 2.1", "patched_versions": "2.1"},
            {
                "package": {"ecosystem": "pip", "name": "acme-open"},
                "vulnerable_version_range": ">= 3.0",
            },
        ],
    }
    assert GHSA.faults(document.content, document.name, {"CWE-78": ""}) == ()


@pytest.mark.parametrize(
    ("severity", "rating", "said"),
    [
        pytest.param((V4, V3), "LOW", {"cvss_vector_string": V3}, id="3-before-4"),
        pytest.param((V4,), "LOW", {"cvss_vector_string": V4}, id="4-alone"),
        pytest.param((), "MODERATE", {"severity": "medium"}, id="the-forge's-other-word"),
        pytest.param((), "HIGH", {"severity": "high"}, id="word"),
        pytest.param((), "", {}, id="nothing"),
        pytest.param((), "urgent", {}, id="no-word-of-the-forge"),
    ],
)
def test_the_severity_is_a_vector_or_a_word_and_never_both(
    severity: tuple[str, ...], rating: str, said: dict[str, str]
) -> None:
    rated = tuple(Severity(f"CVSS_V{one[5]}", one) for one in severity)
    found = rendered(record_of(severity=rated, rating=rating))
    names = ("cvss_vector_string", "severity")
    assert {name: found[name] for name in names if name in found} == said


@pytest.mark.parametrize(
    ("contact", "login"),
    [
        pytest.param("github:ada-x", "ada-x", id="own-writing"),
        pytest.param("https://github.example/ada", "ada", id="profile-page"),
        pytest.param("https://www.github.example/ada/", "ada", id="profile-page-with-slash"),
        pytest.param("mailto:ada@acme.example", None, id="address"),
        pytest.param("https://github.example/ada/acme", None, id="a-repository"),
        pytest.param("https://acme.example/ada", None, id="another-place"),
        pytest.param("github:-ada", None, id="no-login"),
    ],
)
def test_only_who_has_a_login_is_credited(contact: str, login: str | None) -> None:
    thanked = (Credit("Ada", "FINDER", ("https://ada.example", contact)), Credit("Bob", "TOOL"))
    found = rendered(record_of(credits=thanked)).get("credits")
    assert found == ([{"login": login, "type": "finder"}] if login else None)


def test_a_login_is_credited_once() -> None:
    twice = (Credit("Ada", "", ("github:ada",)), Credit("Ada", "TOOL", ("github:ada",)))
    assert rendered(record_of(credits=twice))["credits"] == [{"login": "ada", "type": "other"}]


TWO = (Severity("CVSS_V3", V3), Severity("CVSS_V3", V3.replace("C:H", "C:L")))


@pytest.mark.parametrize(
    ("record", "message"),
    [
        pytest.param(record_of(summary=" "), "summary: expected a text", id="no-summary"),
        pytest.param(record_of(details=""), "details: expected a text", id="no-details"),
        pytest.param(record_of(withdrawn=AT), "withdrawn", id="withdrawn"),
        pytest.param(record_of(severity=TWO), "one vector of CVSS_V3, got 2", id="two-vectors"),
    ],
)
def test_what_the_format_cannot_say_is_refused(record: Record, message: str) -> None:
    with pytest.raises(InputError, match=message):
        GHSA.render(record, rendering_of())


@pytest.mark.parametrize(
    ("content", "affected"),
    [
        pytest.param(advisory("< 1.0"), {"0.9", "1.0rc1"}, id="before"),
        pytest.param(advisory(">= 1.0, < 1.2"), {"1.0", "1.1"}, id="between"),
        pytest.param(advisory("= 1.1", "> 1.2"), {"1.1", "2.0"}, id="two-ranges"),
        pytest.param(advisory(">= 0"), {*VERSIONS}, id="everything"),
        pytest.param(advisory(">= 0", name="Acme"), {*VERSIONS}, id="another-writing"),
        pytest.param(advisory(">= 0", name="other"), set(), id="another-project"),
        pytest.param(advisory(">= 0", ecosystem="npm"), set(), id="another-ecosystem"),
    ],
)
def test_what_is_in_a_range_is_affected(content: bytes, affected: set[str]) -> None:
    assert GHSA.affected(content, "acme", VERSIONS) == affected


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"[]", "expected an object", id="no-object"),
        pytest.param(b"{}", "vulnerabilities: missing", id="no-vulnerabilities"),
        pytest.param(advisory("<= next"), "PEP 440", id="no-version"),
        pytest.param(advisory("^1.0"), "expected a range", id="another-grammar"),
    ],
)
def test_an_advisory_that_leaves_it_open_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        GHSA.affected(content, "acme", VERSIONS)
    assert message in caught.value.message


def test_what_else_an_advisory_says_is_told() -> None:
    record = record_of(entry_of(events="0 <1.2 2.0 <2.1 3.0 <=3.1"))
    assert GHSA.said(GHSA.render(record, rendering_of()).content) == Said(
        frozenset({"CVE-2026-10001"}),
        frozenset({V3}),
        frozenset(),
        frozenset({"CWE-78"}),
        frozenset({"1.2", "2.1"}),
        frozenset({"acme"}),
    )
    answered = {
        "ghsa_id": "GHSA-2222-3333-4444",
        "cve_id": None,
        "severity": "High",
        "vulnerabilities": [{"package": {}, "patched_versions": "1.2, 2.1"}],
    }
    assert GHSA.said(written(answered)) == Said(
        ids=frozenset({"GHSA-2222-3333-4444"}),
        ratings=frozenset({"high"}),
        fixed=frozenset({"1.2", "2.1"}),
    )


@pytest.mark.parametrize(
    ("change", "rule", "place"),
    [
        pytest.param({"summary": ""}, "schema", "/summary", id="empty-summary"),
        pytest.param({"summary": "a" * 1025}, "schema", "/summary", id="long-summary"),
        pytest.param({"severity": "high"}, "severity", "/severity", id="vector-and-word"),
        pytest.param({"severity": "moderate"}, "schema", "/severity", id="no-word"),
        pytest.param({"cve_id": "CVE-X"}, "schema", "/cve_id", id="cve-id"),
        pytest.param({"cwe_ids": ["CWE-9999"]}, "cwe", "/cwe_ids/0", id="no-such-cwe"),
        pytest.param({"state": "published"}, "schema", "/state", id="unknown-member"),
        pytest.param({"credits": [{"login": "a b", "type": "tool"}]}, "schema",
                     "/credits/0/login", id="login"),
        pytest.param({"vulnerabilities": []}, "schema", "/vulnerabilities", id="nothing"),
    ],
)  # fmt: skip
def test_what_a_payload_breaks_is_named_with_its_place(
    change: dict[str, Any], rule: str, place: str
) -> None:
    content = written(rendered(record_of()) | change)
    found = GHSA.faults(content, "", {"CWE-78": ""})
    assert [(one.rule, one.place) for one in found] == [(rule, place)]


@pytest.mark.parametrize("member", ["vulnerable_version_range", "patched_versions"])
def test_a_version_that_no_scanner_can_read_is_named(member: str) -> None:
    document = rendered(record_of())
    document["vulnerabilities"][0][member] = "next week"
    (found,) = GHSA.faults(written(document), "", {})
    assert (found.rule, found.place) == ("versions", f"/vulnerabilities/0/{member}")


def test_nothing_is_named_where_there_is_nothing_to_name() -> None:
    document = rendered(record_of(entry_of(events="0 <=1.2")))
    assert GHSA.faults(written(document), "", {}) == ()


@given(st.binary(max_size=40) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["vulnerabilities", "package", "ecosystem", "name", "patched_versions",
                         "vulnerable_version_range", "cwe_ids", "severity"]),
        inner, max_size=4,
    ),
    max_leaves=12,
).map(written))  # fmt: skip
def test_whatever_is_read_is_read_or_refused(content: bytes) -> None:
    for read in (
        lambda: GHSA.affected(content, "acme", VERSIONS),
        lambda: GHSA.said(content),
        lambda: GHSA.faults(content, "", {}),
    ):
        try:
            read()
        except InputError:
            continue
