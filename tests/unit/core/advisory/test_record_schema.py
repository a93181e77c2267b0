"""What OSV's schema refuses is told with its place; the official file judges in integration."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given

from sealane.core.advisory.documents import Fault
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import schema_faults
from sealane.errors import InputError
from support.records import AT, V3, V4, entry_of, listed, record_of, records

DROP = object()
GIT = {"type": "GIT", "repo": "r", "events": [{"introduced": "0"}, {"fixed": "a" * 40}]}


def altered(*changes: tuple[str, Any]) -> bytes:
    """The record of every member with others in some places; DROP leaves one out."""
    document = json.loads(render_record(record_of(withdrawn=AT)))
    document["affected"][0]["ranges"].append(copy.deepcopy(GIT))
    for place, value in changes:
        holder = document
        *way, last = [int(one) if one.isdigit() else one for one in place.split("/")[1:]]
        for key in way:
            holder = holder[key]
        if value is DROP:
            del holder[last]
        else:
            holder[last] = value
    return json.dumps(document).encode()


def places(content: bytes) -> list[str]:
    return [one.place for one in schema_faults(content) if one.rule == "schema"]


def test_a_record_with_every_member_breaks_nothing() -> None:
    assert schema_faults(altered()) == ()


@given(records())
def test_what_sealane_writes_keeps_the_schema(record: Record) -> None:
    assert [one for one in schema_faults(render_record(record)) if one.rule == "schema"] == []


@pytest.mark.parametrize(
    ("place", "value", "told"),
    [
        ("/id", DROP, ""),
        ("/modified", DROP, ""),
        ("/id", "ACME-1", "/id"),
        ("/id", 5, "/id"),
        ("/modified", "2026-11-01", "/modified"),
        ("/modified", "2026-13-01T12:00:00Z", "/modified"),
        ("/published", "2026-11-01T12:00:00+00:00", "/published"),
        ("/withdrawn", None, "/withdrawn"),
        ("/schema_version", 1, "/schema_version"),
        ("/misspelt", 1, "/misspelt"),
        ("/aliases", ["a", 1], "/aliases/1"),
        ("/related", None, "/related"),
        ("/upstream", "x", "/upstream"),
        ("/severity", {}, "/severity"),
        ("/severity/0", 5, "/severity/0"),
        ("/severity/0/type", "CVSS_V5", "/severity/0/type"),
        ("/severity/0/type", 5, "/severity/0/type"),
        ("/severity/0/score", 7.5, "/severity/0/score"),
        ("/severity/0/score", V3 + "/X:Y", "/severity/0/score"),
        ("/severity/0", {"type": "CVSS_V2", "score": V3}, "/severity/0/score"),
        ("/severity/0", {"type": "CVSS_V4", "score": V4 + "/U:Clear/E:A"}, "/severity/0/score"),
        ("/severity/0", {"type": "Ubuntu", "score": "HIGH"}, "/severity/0/score"),
        ("/affected", "x", "/affected"),
        ("/affected/0", 5, "/affected/0"),
        ("/affected/0/severity", [], "/affected/0/severity"),
        ("/affected/0/package", [], "/affected/0/package"),
        ("/affected/0/package/ecosystem", "pypi", "/affected/0/package/ecosystem"),
        ("/affected/0/package/name", DROP, "/affected/0/package"),
        ("/affected/0/ranges", None, "/affected/0/ranges"),
        ("/affected/0/ranges/0", 5, "/affected/0/ranges/0"),
        ("/affected/0/ranges/0/type", "PEP440", "/affected/0/ranges/0/type"),
        ("/affected/0/ranges/0/events/1", 5, "/affected/0/ranges/0/events/1"),
        ("/affected/0/ranges/0/events/1/fixed", 5, "/affected/0/ranges/0/events/1"),
        ("/affected/0/ranges/0/events/1/limit", "5", "/affected/0/ranges/0/events/1"),
        ("/affected/0/ranges/0/events/0", {"limit": "5"}, "/affected/0/ranges/0/events"),
        ("/affected/0/ranges/1/repo", DROP, "/affected/0/ranges/1"),
        ("/affected/0/ranges/1/events/1/fixed", "abc", "/affected/0/ranges/1/events/1"),
        ("/affected/0/versions", [1.0], "/affected/0/versions/0"),
        ("/affected/0/ecosystem_specific", [], "/affected/0/ecosystem_specific"),
        ("/references/0/type", "fix", "/references/0/type"),
        ("/references/0/url", "not a URL", "/references/0/url"),
        ("/references/0/url", DROP, "/references/0"),
        ("/credits", None, "/credits"),
        ("/credits/0/name", DROP, "/credits/0"),
        ("/credits/0/type", "THANKS", "/credits/0/type"),
        ("/credits/0/contact", "x", "/credits/0/contact"),
        ("/database_specific", [], "/database_specific"),
    ],
)
def test_what_the_schema_refuses_is_told_with_its_place(
    place: str,
    value: Any,  # noqa: ANN401 - any JSON
    told: str,
) -> None:
    content = altered((place, value))
    assert places(content) == [told]
    assert Fault("SCH:001", "", "the record does not conform to the schema: 1 faults") in (
        schema_faults(content)
    )


def test_no_events_are_no_introduced_event() -> None:
    assert places(altered(("/affected/0/ranges/0/events", []))) == ["/affected/0/ranges/0/events"]
    assert places(altered(("/affected/0/ranges/0/events", DROP))) == [
        "/affected/0/ranges/0",
        "/affected/0/ranges/0/events",
    ]


def test_a_range_ends_in_one_way() -> None:
    content = altered(("/affected/0/ranges/0/events", [
        {"introduced": "0"}, {"fixed": "1"}, {"introduced": "2"}, {"last_affected": "3"},
    ]))  # fmt: skip
    faults = [one for one in schema_faults(content) if one.rule == "schema"]
    assert [one.message for one in faults] == ["expected fixed or last_affected, got both"]


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ("/affected", None),
        ("/aliases", None),
        ("/references", None),
        ("/severity", None),
        ("/affected/0/severity", None),
        ("/affected/0/x", 1),
        ("/affected/0/package/ecosystem", "Debian:12"),
        ("/modified", "2026-11-01T12:00:00.123456789Z"),
        ("/id", "x_anything"),
        ("/severity/0", {"type": "CVSS_V2", "score": "AV:N/AC:L/Au:N/C:P/I:P/A:P"}),
        ("/severity/0", {"type": "CVSS_V4", "score": V4 + "/E:A/U:Clear"}),
        ("/severity/0", {"type": "Ubuntu", "score": "high"}),
        ("/affected/0/ranges/1/events/1", {"limit": "b" * 64}),
    ],
)
def test_what_the_schema_allows_is_allowed(place: str, value: Any) -> None:  # noqa: ANN401
    assert places(altered((place, value))) == []


def test_a_rating_may_stand_at_the_package_instead() -> None:
    ratings = [{"type": "CVSS_V3", "score": V3}]
    assert places(altered(("/severity", DROP), ("/affected/0/severity", ratings))) == []


def test_what_the_schema_allows_and_cannot_be_read_is_told() -> None:
    faults = schema_faults(altered(("/database_specific/cwe_ids", "CWE-78")))
    assert [(one.rule, one.message) for one in faults] == [
        (
            "sealane",
            "advisory PYSEC-2026-1: database_specific: cwe_ids: expected a list, got a string",
        )
    ]


def test_the_linter_is_asked_as_well_and_of_the_index_where_it_is_known() -> None:
    content = render_record(record_of(entry_of(versions=("1.0",)), aliases=("A", "A")))
    assert [one.rule for one in schema_faults(content)] == ["REC:002"]
    known = listed("acme", ["1.0"])
    assert [one.rule for one in schema_faults(content, [known])] == ["REC:002", "PKG:002"]


@pytest.mark.parametrize("content", [b"", b"[]", b'{"a": 1, "a": 1}'])
def test_what_is_no_json_object_is_an_error(content: bytes) -> None:
    with pytest.raises(InputError):
        schema_faults(content)
