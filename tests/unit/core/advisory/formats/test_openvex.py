"""An OpenVEX document has a status for each release, and is judged as its readers do."""

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.documents import Said
from sealane.core.advisory.formats.openvex import OpenVex
from sealane.core.advisory.record import Provenance, Record, Revision
from sealane.errors import InputError
from support.records import AT, entry_of, listed, record_of
from support.renderings import mutations, rendering_of
from support.schemas import faults, needs_schemas, validator

VEX = OpenVex()
VERSIONS = ["0.9", "1.0", "1.1", "1.2", "1.3", "2.0", "2.1"]
INDEX = listed("acme", VERSIONS, yanked=["1.0"])
SERIES = record_of(entry_of(events="1.0 <1.2 2.0 <2.1", versions=("1.0", "1.1", "2.0")))


def rendered(record: Record = SERIES, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    rendering = rendering_of(*changes.pop("listings", (INDEX,)), **changes)
    found: dict[str, Any] = json.loads(VEX.render(record, rendering).content)
    return found


def written(document: object) -> bytes:
    return json.dumps(document).encode()


def statuses(document: dict[str, Any]) -> list[tuple[str, list[str]]]:
    return [
        (one["status"], [product["@id"].rpartition("@")[2] for product in one["products"]])
        for one in document["statements"]
    ]


def said_of(*statements: tuple[str, str], **more: object) -> bytes:
    return written({
        "timestamp": "2026-11-01T12:00:00Z",
        "statements": [
            {
                "vulnerability": {"name": "CVE-2026-10001"}, "status": status,
                "products": [{"@id": purl}], **more,
            }
            for status, purl in statements
        ],
    })  # fmt: skip


def test_each_release_of_the_index_has_a_status() -> None:
    document = rendered()
    assert statuses(document) == [
        ("affected", ["1.0", "1.1"]),
        ("affected", ["2.0"]),
        ("fixed", ["1.2", "2.1"]),
        ("not_affected", ["0.9", "1.3"]),
    ]
    first, second, _, never = document["statements"]
    assert first["action_statement"].startswith("Upgrade acme to 1.2 ")
    assert second["action_statement"].startswith("Upgrade acme to 2.1 ")
    assert never["justification"] == "vulnerable_code_not_present"
    assert first["vulnerability"] == {
        "name": "CVE-2026-10001",
        "aliases": ["GHSA-2222-3333-4444", "PYSEC-2026-1"],
        "description": SERIES.summary,
    }
    assert VEX.faults(written(document), "", {}) == ()


def test_a_range_without_a_release_states_nothing() -> None:
    document = rendered(record_of(entry_of(events="1.0 <1.2 7.0 <7.1", versions=())))
    assert [status for status, _ in statuses(document)] == ["affected", "fixed", "not_affected"]


def test_a_project_that_nobody_looked_up_has_the_releases_that_the_record_names() -> None:
    document = rendered(listings=(listed("other", ["1.0"]),))
    assert statuses(document) == [
        ("affected", ["1.0", "1.1"]), ("affected", ["2.0"]), ("fixed", ["1.2", "2.1"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("events", "versions", "action"),
    [
        pytest.param("1.0 <=1.1", (), "No release fixes it yet.", id="no-fix"),
        pytest.param("1.0 <1.2", ("2.0",), "Upgrade acme to 1.2.", id="listed-outside-a-range"),
    ],
)
def test_what_has_no_fix_of_its_own_says_so(
    events: str, versions: tuple[str, ...], action: str
) -> None:
    document = rendered(record_of(entry_of(events=events, versions=versions)))
    said = [one["action_statement"] for one in document["statements"] if "action_statement" in one]
    assert said[-1] == action


def test_epochs_and_local_marks_are_escaped_in_a_purl() -> None:
    index = listed("acme", ["1!1.0", "1.0"])
    document = rendered(record_of(entry_of(events="1!0", versions=())), listings=(index,))
    assert statuses(document)[0] == ("affected", ["1%211.0"])
    assert VEX.affected(written(document), "acme", index.versions) == {"1!1.0"}


def test_a_record_that_was_withdrawn_affects_no_release() -> None:
    later = record_of(entry_of(events="1.0 <1.2"), withdrawn=AT + timedelta(1))
    assert statuses(rendered(later))[0][0] == "affected"
    document = rendered(record_of(withdrawn=AT))
    assert statuses(document) == [("not_affected", VERSIONS)]
    assert document["statements"][0]["impact_statement"] == "Withdrawn at 2026-11-01T12:00:00Z."


def test_the_same_record_is_the_same_document_and_another_has_another_name() -> None:
    assert rendered() == rendered()
    assert rendered()["@id"].startswith("https://acme.example/vex-")
    assert rendered()["@id"] != rendered(at=AT + timedelta(1))["@id"]


def test_the_version_counts_the_revisions() -> None:
    assert rendered()["version"] == 1
    assert rendered(record_of(provenance=Provenance()))["version"] == 1
    twice = Provenance(revisions=(Revision("1", AT, "a"), Revision("2", AT, "b")))
    assert rendered(record_of(provenance=twice))["version"] == 2


def test_a_record_without_a_cve_id_goes_by_its_own() -> None:
    about = rendered(record_of(aliases=(), summary=""))["statements"][0]["vulnerability"]
    assert about == {"name": "PYSEC-2026-1"}


def test_without_any_release_there_is_nothing_to_state() -> None:
    with pytest.raises(InputError, match="acme: expected at least one release, got none"):
        rendered(record_of(entry_of(events="1.0", versions=())), listings=())


ACME = "pkg:pypi/acme@1.0"


@pytest.mark.parametrize(
    ("content", "affected"),
    [
        pytest.param(said_of(("affected", ACME)), {"1.0"}, id="affected"),
        pytest.param(said_of(("affected", "pkg:pypi/Acme@1.0.0")), {"1.0"}, id="other-writing"),
        pytest.param(said_of(("fixed", ACME)), set(), id="fixed"),
        pytest.param(said_of(("not_affected", ACME)), set(), id="not-affected"),
        pytest.param(
            said_of(("affected", ACME), ("fixed", "pkg:oci/acme@sha256:00")), {"1.0"}, id="image"
        ),
        pytest.param(said_of(("affected", ACME), ("affected", ACME)), {"1.0"}, id="twice-the-same"),
    ],
)
def test_a_release_is_what_is_said_of_it(content: bytes, affected: set[str]) -> None:
    assert VEX.affected(content, "acme", ["1.0"]) == affected


def test_the_newest_statement_counts() -> None:
    document = json.loads(said_of(("affected", ACME), ("fixed", ACME)))
    document["statements"][0]["timestamp"] = "2026-10-01T00:00:00Z"
    assert VEX.affected(written(document), "acme", ["1.0"]) == set()
    document["statements"][0]["timestamp"] = "2026-12-01T00:00:00Z"
    assert VEX.affected(written(document), "acme", ["1.0"]) == {"1.0"}


def test_a_purl_may_stand_among_the_identifiers() -> None:
    document = json.loads(said_of(("affected", "urn:x:1")))
    document["statements"][0]["products"][0]["identifiers"] = {"purl": ACME}
    assert VEX.affected(written(document), "acme", ["1.0"]) == {"1.0"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        pytest.param(b"[]", "expected an object", id="no-object"),
        pytest.param(b"{}", "timestamp: missing", id="no-time"),
        pytest.param(said_of(), "acme 1.0: expected one status, got none", id="no-statement"),
        pytest.param(said_of(("affected", "pkg:pypi/acme@2.0")), "got none", id="other-version"),
        pytest.param(said_of(("affected", "pkg:pypi/other@1.0")), "got none", id="other-project"),
        pytest.param(
            said_of(("affected", ACME), ("fixed", ACME)), "got affected, fixed", id="contradiction"
        ),
        pytest.param(said_of(("under_investigation", ACME)), "got under_investi", id="open"),
        pytest.param(said_of(("harmless", ACME)), "got harmless", id="unknown-status"),
        pytest.param(said_of(("affected", "pkg:pypi/acme@next")), "PEP 440", id="no-version"),
        pytest.param(said_of(("affected", "")), "@id: empty", id="no-product"),
    ],
)
def test_a_document_that_leaves_it_open_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(InputError) as caught:
        VEX.affected(content, "acme", ["1.0"])
    assert message in caught.value.message


def test_what_else_a_document_says_is_told() -> None:
    assert VEX.said(written(rendered())) == Said(
        ids=frozenset({"CVE-2026-10001", "GHSA-2222-3333-4444", "PYSEC-2026-1"}),
        fixed=frozenset({"1.2", "2.1"}),
        projects=frozenset({"acme"}),
    )


def whole() -> dict[str, Any]:
    """A document with a member of every kind."""
    document = rendered(record_of(entry_of(events="1.0 <1.2")))
    document |= {"role": "vendor", "last_updated": "2026-11-01T12:00:00Z"}
    document["statements"][0]["products"][0] |= {
        "hashes": {"sha-256": "00"},
        "subcomponents": [{"@id": "pkg:pypi/part@1"}, {"identifiers": {"cpe23": "cpe:2.3:a"}}],
    }
    for statement in document["statements"]:
        del statement["products"][1:]
    document["statements"][0] |= {"version": 1, "timestamp": "2026-11-01T12:00:00Z"}
    return document


@needs_schemas
def test_whatever_the_official_schema_refuses_is_refused() -> None:
    official = validator("openvex")
    assert faults("openvex", whole()) == []
    assert VEX.faults(written(whole()), "", {}) == ()
    passed, refused = [], 0
    for what, changed in mutations(whole(), ("affected", "not_affected", "fixed")):
        if not official.is_valid(changed):
            refused += 1
            if not VEX.faults(written(changed), "", {}):
                passed.append(what)
    assert passed == []
    assert refused > 400


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        pytest.param({"action_statement": None}, "schema", id="null"),
        pytest.param({"status": "not_affected"}, "statement", id="no-justification"),
        pytest.param({"products": [{"hashes": {}}]}, "statement", id="nameless"),
        pytest.param({"products": [{"identifiers": {}}]}, "statement", id="no-identifier"),
        pytest.param({"products": [{"@id": "urn:x:1", "subcomponents": [{}]}]}, "statement",
                     id="nameless-part"),
        pytest.param({"products": [{"identifiers": {"purl": "pkg:pypi/acme"}}]}, "versions",
                     id="no-version"),
        pytest.param({"products": [{"identifiers": {"purl": "pkg:pypi/acme@next"}}]}, "versions",
                     id="no-pep-440"),
    ],
)  # fmt: skip
def test_a_statement_that_lacks_what_it_needs_is_named(change: dict[str, Any], rule: str) -> None:
    document = rendered()
    document["statements"][0] |= change
    found = VEX.faults(written(document), "", {})
    assert {one.rule for one in found} == {rule}
    assert all(one.place.startswith("/statements/0") for one in found)


def test_a_statement_of_something_affected_says_what_to_do() -> None:
    document = rendered()
    del document["statements"][0]["action_statement"]
    (found,) = VEX.faults(written(document), "", {})
    assert (found.rule, found.message) == (
        "statement", "expected an action_statement, got none",
    )  # fmt: skip


@given(st.binary(max_size=40) | st.recursive(
    st.none() | st.just("2026-11-01T12:00:00Z") | st.just(ACME) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["timestamp", "statements", "vulnerability", "name", "status", "products",
                         "@id", "identifiers", "purl"]),
        inner, max_size=4,
    ),
    max_leaves=12,
).map(written))  # fmt: skip
def test_whatever_is_read_is_read_or_refused(content: bytes) -> None:
    for read in (
        lambda: VEX.affected(content, "acme", VERSIONS),
        lambda: VEX.said(content),
        lambda: VEX.faults(content, "", {}),
    ):
        try:
            read()
        except InputError:
            continue
