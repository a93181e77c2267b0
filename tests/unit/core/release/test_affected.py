"""An advisory affects an artifact where its record says so; whatever is unsure is not known."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.affected import is_affected, parse_advisory
from sealane.errors import InputError

AT = datetime(2026, 11, 1, tzinfo=UTC)
PYPI = {"ecosystem": "PyPI", "name": "hello-world"}
FIXED = [{"introduced": "1.0"}, {"fixed": "1.5"}]


def ranged(*events: dict[str, str], kind: str = "ECOSYSTEM") -> dict[str, Any]:
    return {"type": kind, "events": list(events)}


def entry(package: Any = PYPI, **members: Any) -> dict[str, Any]:  # noqa: ANN401 - any JSON
    return {"package": package, **(members or {"ranges": [ranged(*FIXED)]})}


def record(*entries: Any, **members: Any) -> bytes:  # noqa: ANN401 - any JSON
    return json.dumps({"id": "PYSEC-2026-1", "affected": list(entries), **members}).encode()


def answer(content: bytes, version: str = "1.2", name: str = "hello-world") -> bool | None:
    return is_affected(parse_advisory(content), f"pkg:pypi/{name}@{version}", version, AT)


@pytest.mark.parametrize(
    ("events", "affected", "unaffected"),
    [
        pytest.param(
            FIXED, "1.0 1.2 1.5rc1 1.5.dev0", "0.9 1.0rc1 1.5 1.5.post1 1!1.2", id="fixed"
        ),
        pytest.param([{"introduced": "0"}], "0.dev0 0a1 1 1!0", "", id="zero-is-everything"),
        pytest.param([{"fixed": "1.5"}, {"introduced": "1.0"}], "1.2", "0.9 1.5", id="unsorted"),
        pytest.param(
            [{"fixed": "1.10"}, {"introduced": "2"}, {"introduced": "0"}, {"fixed": "2.1"}],
            "1.9 2.0",
            "1.10 1.11 2.1",
            id="two-times-in-one-range-unsorted",
        ),
        pytest.param(
            [{"introduced": "0"}, {"last_affected": "1.5"}], "1.5 1.5.0", "1.5.post1 1.6", id="last"
        ),
        pytest.param(
            [{"introduced": "1"}, {"last_affected": "1"}], "1.0", "0.9 1.1", id="one-version"
        ),
        pytest.param([{"introduced": "1"}, {"limit": "2"}], "1.9", "0.9 2 3", id="limit"),
        pytest.param(
            [{"introduced": "1"}, {"limit": "2"}, {"limit": "*"}], "3", "0.9", id="no-limit"
        ),
        pytest.param(
            [{"introduced": "1"}, {"limit": "3"}, {"limit": "2"}], "2.5", "3", id="widest-limit"
        ),
    ],
)
def test_a_range_is_evaluated_as_osv_says(
    events: list[dict[str, str]], affected: str, unaffected: str
) -> None:
    content = record(entry(ranges=[ranged(*events)]))
    assert {one: answer(content, one) for one in affected.split()} == dict.fromkeys(
        affected.split(), True
    )
    assert {one: answer(content, one) for one in unaffected.split()} == dict.fromkeys(
        unaffected.split(), False
    )


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([{"introduced": "0"}, {"fixed": "newest"}], id="not-pep-440"),
        pytest.param([{"introduced": "0"}, {"fixed": "9" * 5000}], id="thousands-of-digits"),
        pytest.param([{"introduced": "0"}, {"limit": "1.x"}], id="limit-is-no-version"),
        pytest.param([{"introduced": "1"}, {"fixed": "1"}], id="opened-and-fixed-at-once"),
        pytest.param(
            [{"introduced": "0"}, {"last_affected": "1"}, {"introduced": "1"},
             {"last_affected": "1.1"}], id="closed-and-opened-at-once",
        ),
    ],
)  # fmt: skip
def test_a_range_that_can_be_read_in_two_ways_is_not_known(events: list[dict[str, str]]) -> None:
    assert answer(record(entry(ranges=[ranged(*events)]))) is None
    sure = entry(versions=["1.2"])
    assert answer(record(entry(ranges=[ranged(*events)]), sure)) is True
    assert answer(record(entry(ranges=[ranged(*events)]), entry(versions=["3"]))) is None


@pytest.mark.parametrize(
    ("bound", "expected"), [("1.0.0", True), ("1.0.0-1", None), ("1.0.0-alpha", None), ("x", None)]
)
def test_of_semver_only_plain_numbers_are_compared(bound: str, expected: bool | None) -> None:
    events = ranged({"introduced": bound}, {"fixed": "2.0.0"}, kind="SEMVER")
    assert answer(record(entry(ranges=[events]))) is expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        pytest.param({"versions": ["1.1", "1.2.0"]}, True, id="listed-in-another-writing"),
        pytest.param({"versions": ["1.1"]}, False, id="not-listed"),
        pytest.param({"versions": ["<= 1.5"]}, None, id="listed-is-no-version"),
        pytest.param({"versions": ["<= 1.5", "1.2"]}, True, id="listed-beside-no-version"),
        pytest.param({"versions": []}, None, id="says-nothing"),
        pytest.param({"ranges": [{"type": "GIT"}]}, None, id="only-git"),
        pytest.param({"ranges": [{"type": "GIT"}], "versions": ["1.1"]}, False, id="git-and-list"),
        pytest.param(
            {"ranges": [ranged({"introduced": "3"}), ranged(*FIXED)]}, True, id="second-range"
        ),
        pytest.param({"ranges": [ranged(*FIXED)], "versions": ["3"]}, True, id="range-not-listed"),
    ],
)
def test_versions_and_ranges_count_together(members: Any, expected: bool | None) -> None:  # noqa: ANN401
    assert answer(record(entry(**members))) is expected


@pytest.mark.parametrize(
    ("package", "expected"),
    [
        ({"ecosystem": "PyPI", "name": "Hello_.World"}, True),
        ({"ecosystem": "PyPI", "name": "hello-worlds"}, False),
        ({"ecosystem": "PyPI", "name": "hello-w\u043erld"}, None),
        ({"ecosystem": "PyPI", "name": "hello-world "}, None),
        ({"ecosystem": "PyPI", "name": "hello-world[extra]"}, None),
        ({"ecosystem": "PyPI:mirror", "name": "hello-world"}, None),
        ({"ecosystem": "pypi", "name": "hello-world"}, None),
        ({"ecosystem": "pip", "name": "hello-world"}, None),
        ({"ecosystem": "Echo:PyPI", "name": "hello-world"}, None),
        ({"ecosystem": "pip", "name": "other"}, False),
        ({"ecosystem": "npm", "name": "hello-world"}, False),
        ({"ecosystem": "Ubuntu:22.04", "name": "hello-world"}, False),
        ({"purl": "pkg:pypi/hello-world"}, True),
        ({"purl": "pkg://PyPI/Hello.World"}, True),
        ({"purl": "pkg:pypi/other"}, False),
        ({"purl": "pkg:pypi/other@1.2"}, False),
        ({"purl": "pkg:pypi/hello-world@1.2"}, None),
        ({"purl": "pkg:pypi/hello-world?repository_url=x"}, None),
        ({"purl": "pkg:pypi/h%65llo-world"}, None),
        ({"purl": "pkg:pypi/acme/hello-world"}, None),
        ({"purl": "hello-world"}, None),
        ({"purl": "pkg:npm/hello-world"}, False),
        ({**PYPI, "purl": "pkg:pypi/hello-world"}, True),
        ({**PYPI, "purl": "pkg:pypi/other"}, None),
        ({"ecosystem": "npm", "name": "x", "purl": "pkg:pypi/hello-world"}, None),
    ],
)
def test_an_entry_is_about_a_package_only_where_that_is_sure(
    package: dict[str, str], expected: bool | None
) -> None:
    assert answer(record(entry(package))) is expected
    assert answer(record(entry(package), entry())) is True
    assert answer(record(entry(package), entry()), name="HELLO.world") is True


@pytest.mark.parametrize(
    ("purl", "version"),
    [
        (None, "1.2"),
        ("pkg:pypi/hello-world@1.2", None),
        ("pkg:pypi/hello-world", "1.2"),
        ("pkg:pypi/hello-world@1.2", "1.6"),
        ("pkg:pypi/hello-world@newest", "newest"),
        ("pkg:pypi/hello-world@1.2?x=y", "1.2"),
        ("pkg:npm/hello-world@1.2", "1.2"),
        ("pkg:pypi/hello-world@" + "9" * 5000, "9" * 5000),
    ],
)
def test_an_artifact_that_cannot_be_compared_is_not_known(
    purl: str | None, version: str | None
) -> None:
    for content in (record(entry()), record(entry({"ecosystem": "npm", "name": "x"}))):
        assert is_affected(parse_advisory(content), purl, version, AT) is None


def test_a_local_label_does_not_lead_around_a_record() -> None:
    last = record(entry(ranges=[ranged({"introduced": "0"}, {"last_affected": "1.2"})]))
    assert answer(last, "1.2+x") is None
    assert answer(record(entry(versions=["1.2"])), "1.2+x") is None
    assert answer(record(entry()), "1.2+x") is True
    assert answer(record(entry()), "1.5+x") is False


def test_a_withdrawn_record_affects_nothing_from_then_on() -> None:
    for withdrawn, expected in [(AT, False), (AT + timedelta(seconds=1), True)]:
        content = record(entry(), withdrawn=withdrawn.isoformat().replace("+00:00", "Z"))
        assert parse_advisory(content).withdrawn == withdrawn
        assert answer(content) is expected
    gone = parse_advisory(record(entry(), withdrawn="2026-01-01T00:00:00Z"))
    assert is_affected(gone, None, None, AT) is False


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"[]", id="a-list"),
        pytest.param(b'{"id": "A-1", "id": "A-2", "affected": []}', id="a-key-twice"),
        pytest.param(record(), id="nothing-affected"),
        pytest.param(b'{"id": "A-1"}', id="no-affected"),
        pytest.param(b'{"id": "A-1", "affected": null}', id="affected-is-null"),
        pytest.param(record(entry(), id=""), id="empty-id"),
        pytest.param(record(entry(), id="A\n1"), id="id-of-two-lines"),
        pytest.param(record(entry(), id=1), id="id-is-a-number"),
        pytest.param(record(entry(), schema_version="2.0.0"), id="another-schema"),
        pytest.param(record(entry(), withdrawn="2026-01-01"), id="withdrawn-without-time"),
        pytest.param(record(entry(), withdrawn=None), id="withdrawn-is-null"),
        pytest.param(record(1), id="entry-is-a-number"),
        pytest.param(record({"versions": ["1.2"]}), id="no-package"),
        pytest.param(record(entry({})), id="empty-package"),
        pytest.param(record(entry({"name": "hello-world"})), id="no-ecosystem"),
        pytest.param(record(entry({"ecosystem": "PyPI", "purl": "pkg:pypi/a"})), id="no-name"),
        pytest.param(record(entry(versions=[1.2])), id="version-is-a-number"),
        pytest.param(record(entry(ranges={})), id="ranges-are-no-list"),
        pytest.param(record(entry(ranges=[ranged(*FIXED, kind="git")])), id="unknown-type"),
        pytest.param(record(entry(ranges=[ranged()])), id="no-events"),
        pytest.param(record(entry(ranges=[ranged({"fixed": "1"})])), id="no-introduced"),
        pytest.param(
            record(entry(ranges=[ranged({"introduced": "0", "fixed": "1"})])), id="two-in-one"
        ),
        pytest.param(record(entry(ranges=[ranged(*FIXED, {"until": "2"})])), id="unknown-event"),
        pytest.param(
            record(entry(ranges=[ranged(*FIXED, {"last_affected": "2"})])), id="fixed-and-last"
        ),
    ],
)
def test_what_is_no_usable_record_is_refused(content: bytes) -> None:
    with pytest.raises(InputError):
        parse_advisory(content)


WORDS = st.sampled_from(["0", "1", "1.2", "1.5", "*", "PyPI", "hello-world", "x", "1.2+a", ""])
JSON = st.recursive(
    st.one_of(WORDS, st.text(max_size=5), st.none(), st.integers()),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(
        st.sampled_from(
            ["id", "affected", "package", "name", "ecosystem", "purl", "type", "events",
             "introduced", "fixed", "ranges", "versions", "withdrawn"]
        ), inner, max_size=4,
    ),
    max_leaves=20,
)  # fmt: skip


@given(st.one_of(st.binary(), JSON.map(record), JSON.map(lambda one: record(entry(ranges=[one])))))
def test_whatever_is_read_is_answered_or_refused(content: bytes) -> None:
    try:
        parse_advisory(content)
    except InputError:
        return
    assert answer(content) in (True, False, None)


@given(st.lists(st.fixed_dictionaries({}, optional={"versions": st.lists(WORDS)})), JSON)
def test_nothing_beside_an_entry_takes_its_answer_back(others: list[Any], name: Any) -> None:  # noqa: ANN401
    beside = [{"package": {"ecosystem": "PyPI", "name": "hello_world"}, **one} for one in others]
    assert answer(record(*beside, entry(), database_specific=name)) is True
