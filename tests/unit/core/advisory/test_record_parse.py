"""A record is read as it was written; what cannot be read is an error with its place."""

import contextlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.advisory.record import Affected, Credit, Record, Reference, Revision, Severity
from sealane.core.advisory.record_parse import MOST_BYTES, parse_record
from sealane.core.release.affected import AffectedPackage, VersionRange
from sealane.errors import InputError

TIME = "2026-11-01T12:00:00Z"
SHA = "a" * 64


def record(**members: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps({"id": "PYSEC-2026-1", "modified": TIME, **members}).encode()


def with_entry(**members: Any) -> bytes:  # noqa: ANN401 - any JSON
    return record(affected=[members])


def with_sealane(**members: Any) -> bytes:  # noqa: ANN401 - any JSON
    said = {"schema": "sealane.advisory/1", **members}
    return record(database_specific={"sealane": said})


def test_a_record_may_say_nothing_but_its_id_and_its_time() -> None:
    assert parse_record(record()) == Record(
        "PYSEC-2026-1", datetime(2026, 11, 1, 12, tzinfo=UTC), has_affected=False
    )


def full_record() -> bytes:
    """A record with every member of the schema."""
    return record(
        schema_version="1.7.5",
        published="2026-10-31T12:00:00.5Z",
        withdrawn=TIME,
        aliases=["CVE-2026-10001"],
        upstream=["CVE-2026-2"],
        related=["CVE-2026-3"],
        summary="s",
        details="d",
        severity=[{"type": "CVSS_V3", "score": "x"}],
        references=[{"type": "WEB", "url": "u"}],
        credits=[{"name": "Ada", "type": "FINDER", "contact": ["mailto:a@b.example"]}],
        affected=[
            {
                "package": {"ecosystem": "PyPI", "name": "acme", "purl": "pkg:pypi/acme"},
                "severity": [{"type": "Ubuntu", "score": "low"}],
                "ranges": [
                    {
                        "type": "GIT",
                        "repo": "r",
                        "events": [{"introduced": "0"}, {"limit": "b"}],
                        "database_specific": {"z": 1, "a": [2]},
                    }
                ],
                "versions": ["1.0"],
                "ecosystem_specific": {"imports": []},
                "database_specific": {"source": "x"},
            }
        ],
        database_specific={"cwe_ids": ["CWE-79"], "severity": "HIGH", "x": {"y": None}},
    )


def test_every_member_finds_its_field() -> None:
    moment = datetime(2026, 11, 1, 12, tzinfo=UTC)
    git = VersionRange("GIT", (("introduced", "0"), ("limit", "b")), "r", (("a", [2]), ("z", 1)))
    assert parse_record(full_record()) == Record(
        id="PYSEC-2026-1",
        modified=moment,
        published=datetime(2026, 10, 31, 12, 0, 0, 500000, tzinfo=UTC),
        withdrawn=moment,
        schema_version="1.7.5",
        summary="s",
        details="d",
        aliases=("CVE-2026-10001",),
        upstream=("CVE-2026-2",),
        related=("CVE-2026-3",),
        severity=(Severity("CVSS_V3", "x"),),
        affected=(
            Affected(
                AffectedPackage("PyPI", "acme", "pkg:pypi/acme", ("1.0",), (git,)),
                (Severity("Ubuntu", "low"),),
                (("imports", []),),
                (("source", "x"),),
            ),
        ),
        references=(Reference("WEB", "u"),),
        credits=(Credit("Ada", "FINDER", ("mailto:a@b.example",)),),
        weaknesses=("CWE-79",),
        rating="HIGH",
        database_specific=(("x", {"y": None}),),
    )


@pytest.mark.parametrize(
    ("entry", "events"),
    [
        pytest.param({"ranges": [{"type": "SEMVER", "events": []}]}, (), id="no-events"),
        pytest.param({"ranges": [{"type": "ECOSYSTEM"}]}, (), id="events-missing"),
        pytest.param(
            {"ranges": [{"events": [{"fixed": "next week"}, {"introduced": "0"}]}]},
            (("fixed", "next week"), ("introduced", "0")),
            id="unsorted-and-no-version",
        ),
        pytest.param(
            {"ranges": [{"events": [{"fixed": "2"}, {"last_affected": "1"}]}]},
            (("fixed", "2"), ("last_affected", "1")),
            id="both-ends",
        ),
    ],
)
def test_what_a_check_can_name_is_read_as_it_is(
    entry: dict[str, Any], events: tuple[tuple[str, str], ...]
) -> None:
    found = parse_record(with_entry(**entry)).affected[0].about
    assert found.ranges[0].events == events


def test_null_is_as_good_as_absent() -> None:
    found = parse_record(record(affected=None, aliases=None, severity=None, references=None))
    assert found == parse_record(record())


def test_what_the_schema_does_not_know_is_told_with_its_place() -> None:
    content = record(
        withdrawm=TIME,
        affected=[{"package": {"name": "a", "version": "1"}, "a/b~c": 1, "ranges": [{"x": 1}]}],
        database_specific={"anything": {"goes": 1}},
        credits=[{"name": "Ada"}, {"email": "x"}],
    )
    assert parse_record(content).unknown == (
        "/withdrawm",
        "/affected/0/package/version",
        "/affected/0/a~1b~0c",
        "/affected/0/ranges/0/x",
        "/credits/1/email",
    )


def test_our_own_part_is_read_into_fields() -> None:
    content = with_sealane(
        manifests=[SHA],
        files=[{"package": "acme", "version": "1.2", "name": "acme-1.2.tar.gz", "sha256": SHA}],
        unaffected=["1.3"],
        revisions=[{"number": "1", "at": TIME, "summary": ""}],
        sandbox=True,
    )
    found = parse_record(content).provenance
    assert found is not None
    assert (found.manifests, found.unaffected, found.sandbox) == ((SHA,), ("1.3",), True)
    assert found.files[0].name == "acme-1.2.tar.gz"
    assert found.revisions == (Revision("1", datetime(2026, 11, 1, 12, tzinfo=UTC), ""),)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "not JSON", id="empty"),
        pytest.param(b"[]", "expected an object, got a list", id="list"),
        pytest.param(b'{"id": 1, "id": 1}', "stands twice", id="duplicate-key"),
        pytest.param(b'{"a": "\\ud800"}', "cannot be written down again", id="half-a-character"),
        pytest.param(b'{"a": 1e999}', "cannot be written down again", id="infinite"),
        pytest.param(b" " * (MOST_BYTES + 1), "at most 8388608 bytes", id="too-large"),
        pytest.param(b'{"modified": "x"}', "advisory: id: missing", id="no-id"),
        pytest.param(b'{"id": "P-1"}', "advisory P-1: modified: missing", id="no-time"),
        pytest.param(record(modified="now"), "modified: expected a time", id="no-such-time"),
        pytest.param(record(published="2026-11-01"), "published: expected a time", id="a-date"),
        pytest.param(record(withdrawn=5), "withdrawn: expected a string", id="withdrawn-number"),
        pytest.param(record(aliases="CVE-1"), "aliases: expected a list", id="aliases-text"),
        pytest.param(record(aliases=[1]), "aliases[0]: expected a string", id="alias-number"),
        pytest.param(with_entry(versions=[1.0]), "versions[0]: expected a str", id="version-float"),
        pytest.param(record(affected=[5]), "affected[0]: expected an object", id="entry-number"),
        pytest.param(
            with_entry(ranges=[{"events": [{"introduced": 0}]}]),
            "events[0]: introduced: expected a string, got a number",
            id="event-number",
        ),
        pytest.param(
            with_entry(ranges=[{"events": [{"introduced": "0", "fixed": "1"}]}]),
            "events[0]: expected one of introduced, fixed, last_affected, limit, got 2 of them",
            id="two-events-in-one",
        ),
        pytest.param(
            with_entry(ranges=[{"events": [{"until": "1"}]}]), "got 0 of them", id="no-event"
        ),
        pytest.param(
            record(database_specific={"cwe_ids": "CWE-1"}), "cwe_ids: expected a list", id="cwe"
        ),
        pytest.param(
            record(database_specific={"severity": {}}), "severity: expected a str", id="rating"
        ),
        pytest.param(
            with_sealane(schema="sealane.advisory/2"), "expected sealane.advisory/1", id="newer"
        ),
        pytest.param(with_sealane(x=1), "unknown member 'x'", id="unknown-of-ours"),
        pytest.param(with_sealane(sandbox="no"), "sandbox: expected true or false", id="sandbox"),
        pytest.param(with_sealane(manifests=["A" * 64]), "64 lower-case hex", id="upper-case"),
        pytest.param(with_sealane(manifests=[SHA + "a"]), "64 lower-case hex", id="too-long"),
        pytest.param(with_sealane(files=[{"package": "a"}]), "version: missing", id="half-a-file"),
        pytest.param(
            with_sealane(files=[{"size": 1}]), "files[0]: unknown member 'size'", id="file-unknown"
        ),
        pytest.param(
            with_sealane(revisions=[{"number": "1", "at": "x"}]), "at: expected a time", id="when"
        ),
        pytest.param(
            with_sealane(revisions=[{"by": "me"}]), "unknown member 'by'", id="revision-unknown"
        ),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(content: bytes, said: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_record(content)
    assert said in caught.value.message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(
        st.sampled_from(["id", "modified", "affected", "ranges", "events", "package", "severity",
                         "database_specific", "sealane", "schema", "files"]) | st.text(), inner),
)  # fmt: skip


@given(JSON)
def test_nothing_but_an_input_error_leaves_on_any_json(value: Any) -> None:  # noqa: ANN401
    members = value if isinstance(value, dict) else {"affected": value}
    content = json.dumps({"id": "P-1", "modified": TIME, **members}).encode()
    with contextlib.suppress(InputError):
        parse_record(content)


@given(st.binary())
def test_nothing_but_an_input_error_leaves_on_any_bytes(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_record(content)
