"""A draft of the forge becomes the record that says the same, or none."""

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.draft_ghsa import from_ghsa, projects_in
from sealane.core.advisory.record import Credit, Record, Reference, Severity
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import schema_faults
from sealane.errors import InputError
from support.records import AT, V3, V4, listed

ACME = listed("acme", ["1.0", "1.1", "1.2rc1", "1.2", "2.0", "2.1"])
PAGE = "https://forge.example/acme/acme/security/advisories/GHSA-2222-3333-4444"
# As the forge answers, shortened: most of what it says is of no use here.
DRAFT: dict[str, Any] = {
    "ghsa_id": "GHSA-2222-3333-4444",
    "cve_id": None,
    "url": "https://api.forge.example/x",
    "html_url": PAGE,
    "summary": "Acme runs what it is sent",
    "description": "A request with two colons is run.",
    "severity": "medium",
    "identifiers": [{"type": "GHSA", "value": "GHSA-2222-3333-4444"}],
    "state": "draft",
    "published_at": None,
    "withdrawn_at": None,
    "cvss": {"vector_string": V3, "score": 7.5},
    "cvss_severities": {
        "cvss_v3": {"vector_string": V3, "score": 7.5},
        "cvss_v4": {"vector_string": None, "score": None},
    },
    "cwe_ids": ["CWE-78"],
    "credits": [{"login": "ada", "type": "remediation_developer"}, {"login": "bob"}],
}


def row(text: str, patched: str | None = None, name: str = "acme", **more: Any) -> dict[str, Any]:  # noqa: ANN401
    package = {"ecosystem": "pip", "name": name}
    said = {"package": package, "vulnerable_version_range": text, "patched_versions": patched}
    return {**said, "vulnerable_functions": [], **more}


def drafted(*rows: dict[str, Any], identifier: str = "", **changes: Any) -> Record:  # noqa: ANN401
    content = json.dumps({**DRAFT, "vulnerabilities": list(rows), **changes}).encode()
    return from_ghsa(content, [ACME, listed("acme-core", ["1"])], AT, identifier)


def events(record: Record) -> str:
    return " ".join(f"{kind} {text}" for kind, text in record.affected[0].about.ranges[0].events)


def test_the_projects_of_a_draft_are_told_before_their_index_is_known() -> None:
    rows = [row("< 1", name="Acme_Core"), row("< 2"), row("< 3", name="acme.core")]
    content = json.dumps({**DRAFT, "vulnerabilities": rows}).encode()
    assert projects_in(content) == ("acme-core", "acme")


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}", b'{"vulnerabilities": [{}]}'])
def test_projects_of_what_is_no_draft_are_not_told(content: bytes) -> None:
    with pytest.raises(InputError):
        projects_in(content)


def test_a_draft_finds_its_fields() -> None:
    record = drafted(row("< 1.2", "1.2"))
    assert (record.id, record.aliases) == ("GHSA-2222-3333-4444", ())
    assert (record.published, record.modified) == (None, AT)
    assert record.summary == "Acme runs what it is sent"
    assert record.severity == (Severity("CVSS_V3", V3),)
    assert (record.rating, record.weaknesses) == ("MODERATE", ("CWE-78",))
    assert record.references == (Reference("ADVISORY", PAGE),)
    assert record.credits == (
        Credit("ada", "REMEDIATION_DEVELOPER", ("github:ada",)),
        Credit("bob", "OTHER", ("github:bob",)),
    )
    assert record.affected[0].about.versions == ("1.0", "1.1", "1.2rc1")
    assert schema_faults(render_record(record)) == ()


def test_a_payload_has_no_id_of_the_forge_and_its_vector_beside() -> None:
    changes = {"ghsa_id": None, "cvss": None, "cvss_severities": None, "html_url": None}
    record = drafted(
        row("< 1.2"), identifier="PYSEC-0000-x", cve_id="CVE-2026-1", severity=None,
        cvss_vector_string=V4, **changes,
    )  # fmt: skip
    assert (record.id, record.aliases) == ("PYSEC-0000-x", ("CVE-2026-1",))
    assert record.severity == (Severity("CVSS_V4", V4),)
    assert (record.references, record.rating) == ((), "")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row("< 1.2", "1.2")], "introduced 0 fixed 1.2"),
        ([row("< 1.2")], "introduced 0 fixed 1.2"),
        ([row("<= 1.1")], "introduced 0 last_affected 1.1"),
        ([row("<= 1.2rc1", "1.2")], "introduced 0 fixed 1.2"),
        ([row("<= 1.1", "1.2rc1")], "introduced 0 fixed 1.2rc1"),
        ([row("= 1.1")], "introduced 1.1 last_affected 1.1"),
        ([row("= 1.1", "1.1.5")], "introduced 1.1 fixed 1.1.5"),
        ([row(">= 1.0, < 1.2", "1.2")], "introduced 1.0 fixed 1.2"),
        ([row(">= 1.0, <= 1.0")], "introduced 1.0 last_affected 1.0"),
        ([row(">= 0, < 1.2", "1.2")], "introduced 0 fixed 1.2"),
        ([row(">= 0")], "introduced 0"),
        ([row(">= 2.0")], "introduced 2.0"),
        ([row(">= 2.0", "2.1")], "introduced 2.0 fixed 2.1"),
        (
            [row(">= 2.0, < 2.1", "2.1"), row("< 1.2", "1.2")],
            "introduced 0 fixed 1.2 introduced 2.0 fixed 2.1",
        ),
    ],
)
def test_a_range_means_what_it_meant(rows: list[dict[str, Any]], said: str) -> None:
    assert events(drafted(*rows)) == said


def test_packages_have_entries_of_their_own() -> None:
    record = drafted(row("< 1.2"), row("< 2", name="Acme_Core"))
    assert [one.about.name for one in record.affected] == ["acme", "acme-core"]


def test_functions_are_written_as_the_pypa_writes_them() -> None:
    functions = ["acme.http.parse", "acme"]
    entry = drafted(row("< 1.2", vulnerable_functions=functions)).affected[0]
    imports = [{"attribute": "parse", "modules": ["acme.http"]}, {"modules": ["acme"]}]
    assert entry.ecosystem_specific == (("imports", imports),)


@pytest.mark.parametrize(
    ("rows", "changes", "said"),
    [
        pytest.param([], {}, "at least one package", id="nothing-affected"),
        pytest.param([row("< 1")], {"ghsa_id": None}, "expected a ghsa_id", id="no-id"),
        pytest.param(
            [{**row("< 1"), "package": {"ecosystem": "npm", "name": "acme"}}],
            {}, "expected pip, got 'npm'", id="another-ecosystem",
        ),
        pytest.param([row("< 1", name="other")], {}, "no listing of other", id="no-listing"),
        pytest.param([row("")], {}, "empty", id="no-range"),
        pytest.param([row("before 1.2")], {}, "expected a range", id="another-grammar"),
        pytest.param([row("> 1.0, < 1.2")], {}, "> 1.0 cannot be said", id="exclusive"),
        pytest.param([row(">= 1, >= 2")], {}, ">= 2 cannot be said", id="two-beginnings"),
        pytest.param([row("< 1, < 2")], {}, "< 2 cannot be said", id="two-ends"),
        pytest.param([row("< 2, >= 1")], {}, ">= 1 cannot be said", id="turned-round"),
        pytest.param([row(">= 1, = 2")], {}, "= 2 cannot be said", id="equal-and-more"),
        pytest.param([row(">= 2, < 2")], {}, "< 2 cannot be said", id="empty-range"),
        pytest.param([row(">= 2, <= 1")], {}, "<= 1 cannot be said", id="backwards"),
        pytest.param([row("<= 1.1", "1.2, 2.1")], {}, "PEP 440", id="two-fixes"),
        pytest.param([row("<= 1.1", "2.0")], {}, "1.2rc1 between them", id="gap-after-the-last"),
        pytest.param([row("< 1.2", "2.0")], {}, "1.2 between them", id="gap-from-the-end"),
        pytest.param([row("< 1.2", "1.1")], {}, "still inside the range", id="fix-inside"),
        pytest.param([row("<= 1.2", "1.2")], {}, "still inside the range", id="fix-is-affected"),
        pytest.param([row(">= 2.0", "2.0")], {}, "not after 2.0", id="fix-at-the-beginning"),
        pytest.param(
            [row("< 1.2", "1.2"), row(">= 2.0, <= 2.0")], {}, "one range ends with a fix",
            id="fixed-and-last-affected",
        ),
        pytest.param(
            [row("< 1.2", "1.2"), row(">= 1.2, < 2.0", "2.0")], {}, "overlap, or touch", id="touch"
        ),
        pytest.param([row("< 1.2"), row("< 2.1")], {}, "overlap, or touch", id="overlap"),
        pytest.param([row(">= 1.0"), row(">= 2.0, < 2.1")], {}, "overlap", id="open-then-more"),
        pytest.param(
            [row("< 1")], {"cvss_vector_string": "AV:N"}, "a vector of CVSS 3 or 4", id="cvss-2"
        ),
        pytest.param([row("< 1")], {"credits": [{"type": "tool"}]}, "login: missing", id="nobody"),
    ],
)  # fmt: skip
def test_what_osv_cannot_say_is_refused(
    rows: list[dict[str, Any]], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        drafted(*rows, **changes)


CLAUSE = st.builds(
    "{} {}".format, st.sampled_from([">=", ">", "<=", "<", "="]), st.sampled_from(ACME.versions)
)
RANGE = st.lists(CLAUSE | st.text(max_size=5), min_size=1, max_size=3).map(", ".join)


@given(st.lists(st.builds(row, RANGE, st.none() | st.sampled_from(ACME.versions)), max_size=3))
def test_what_is_drafted_can_be_filled_and_keeps_the_schema(rows: list[dict[str, Any]]) -> None:
    with contextlib.suppress(InputError):
        record = drafted(*rows)
        assert schema_faults(render_record(record)) == ()


@given(st.binary() | st.just(b'{"vulnerabilities": [5], "ghsa_id": "x"}'))
def test_nothing_but_an_input_error_leaves(content: bytes) -> None:
    with pytest.raises(InputError):
        from_ghsa(content, [ACME], AT)
