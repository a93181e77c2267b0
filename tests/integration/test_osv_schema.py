"""Our reading of OSV's schema against the official file, on thousands of broken records.

Both have to give the same answer. Where they do not, the reason is listed here:

- `format`: the schema has "date-time" and "uri", which are notes to most validators; we check them.
- `newline`: in Python `$` also matches before a newline at the end; in JSON Schema it does not, and
  we follow JSON Schema.
- `anywhere`: the pattern of a time has no anchors, so the schema finds one inside of other text.
"""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from sealane.core.advisory.record import Provenance, Severity
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import schema_faults
from sealane.core.release.affected import AffectedPackage, VersionRange
from support.records import AT, V3, V4, entry_of, record_of
from support.schemas import faults, needs_schemas

pytestmark = [needs_schemas, pytest.mark.e2e]

GIT = VersionRange("GIT", (("introduced", "0"), ("fixed", "a" * 40)), "https://acme.example/a.git")
V2 = "AV:N/AC:L/Au:N/C:P/I:P/A:P"


def rich(*, top: bool) -> Any:  # noqa: ANN401 - any JSON
    """A record with every member of the schema; ratings at the record, or at its packages."""
    ratings = (
        Severity("CVSS_V3", V3),
        Severity("CVSS_V4", V4),
        Severity("CVSS_V2", V2),
        Severity("Ubuntu", "high"),
    )
    entry = entry_of(
        severity=() if top else ratings,
        ecosystem_specific=(("imports", ["acme"]),),
        database_specific=(("source", "x"),),
    )
    entry = type(entry)(
        AffectedPackage("PyPI", "acme", "pkg:pypi/acme", ("1.0",), (*entry.about.ranges, GIT)),
        entry.severity,
        entry.ecosystem_specific,
        entry.database_specific,
    )
    record = record_of(
        entry,
        severity=ratings if top else (),
        withdrawn=AT,
        upstream=("CVE-2026-2",),
        related=("OSV-2026-1",),
        provenance=Provenance(unaffected=("1.3",)),
        database_specific=(("x", 1),),
    )
    document = json.loads(render_record(record))
    document["credits"][0]["contact"] = ["mailto:ada@acme.example"]
    return document


STARTS = (rich(top=True), rich(top=False))
VALUES: tuple[Any, ...] = (
    None, True, 5, 1.5, "", "x", [], {}, ["x"], [5], [None], [{}], {"x": 1}, {"introduced": "0"},
    [{"introduced": "0"}], [{"fixed": "1"}], [{"introduced": "0"}, {"last_affected": "1"}],
)  # fmt: skip
TEXTS = (
    "PyPI", "PyPI:", "PyPI:x", "pypi", "GIT", "PYSEC-1", "x_", "SUSE-XU-1", "SUSE-SU-1", "CVE",
    "openSUSE-SU-", "2026-11-01T12:00:00Z", "2026-11-01T12:00:00.123456789Z", "2026-11-01",
    "2026-11-01T12:00:00+00:00", "2026-13-01T12:00:00Z", "at 2026-11-01T12:00:00Z sharp",
    "2026-11-01T12:00:00z", "SEMVER", "ECOSYSTEM", "FIX", "WEB", "fix", "FINDER", "TOOL", "CVSS_V2",
    "CVSS_V3", "CVSS_V4", "CVSS_V5", "Ubuntu", "low", "LOW", V2, V3, V4, V4 + "/E:A/U:Clear",
    V4 + "/U:Clear/E:A", V4 + "/U:", V3.replace("3.1", "3.0"), V3.replace("3.1", "3.2"), V3 + "/",
    V3 + "/E:X", "CVSS:3.1/AV:N", "CVSS:3.1/", V2 + "/CDP:LM", V2 + "/X:Y", "https://a.example/ b",
    "https://a.example/%zz", "//a.example", "urn:x", "0", "b" * 64, "b" * 41, "0\n", V3 + "\n",
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401
    yield path
    if isinstance(value, dict | list):
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(one, (*path, key))


def altered(document: Any, path: tuple[Any, ...], how: Any) -> Any:  # noqa: ANN401 - any JSON
    """A copy in which the value at a place is another one; `how` is DROP, or the new value."""
    if not path:
        return document
    changed = copy.deepcopy(document)
    holder = changed
    for key in path[:-1]:
        holder = holder[key]
    if how is DROP:
        del holder[path[-1]]
    else:
        holder[path[-1]] = how
    return changed


DROP = object()


def same(document: Any) -> bool:  # noqa: ANN401 - any JSON
    """Whether both give one answer; a known deviation is no difference."""
    ours = [one for one in schema_faults(json.dumps(document).encode()) if one.rule == "schema"]
    theirs = faults("osv", document)
    if bool(ours) == bool(theirs):
        return True
    return not theirs and all(known(one.message) for one in ours)


def known(message: str) -> bool:
    """Format, anywhere and newline; see the top of the file."""
    return message.startswith(("expected a URL", "expected a time")) or "\\n'" in message


def differing(documents: Iterator[Any]) -> list[str]:
    return [json.dumps(one)[:2000] for one in documents if not same(one)]


@pytest.mark.parametrize("start", STARTS, ids=["record-rated", "packages-rated"])
def test_the_records_to_start_from_are_valid(start: Any) -> None:  # noqa: ANN401 - any JSON
    assert faults("osv", start) == []
    assert schema_faults(json.dumps(start).encode()) == ()


@pytest.mark.parametrize("start", STARTS, ids=["record-rated", "packages-rated"])
@pytest.mark.parametrize("part", range(4))
def test_each_member_dropped_retyped_or_added_to(start: Any, part: int) -> None:  # noqa: ANN401
    def documents() -> Iterator[Any]:
        for path in list(places(start))[part::4]:
            for how in (DROP, *VALUES):
                yield altered(start, path, how)
            yield altered(start, (*path, "x"), 1) if isinstance(at(start, path), dict) else start

    assert differing(documents()) == []


@pytest.mark.parametrize("start", STARTS, ids=["record-rated", "packages-rated"])
def test_each_text_in_other_words(start: Any) -> None:  # noqa: ANN401 - any JSON
    texts = [path for path in places(start) if isinstance(at(start, path), str)]
    assert differing(altered(start, path, how) for path in texts for how in TEXTS) == []


@pytest.mark.parametrize("seed", range(4))
def test_two_to_four_changes_at_once(seed: int) -> None:
    chance = random.Random(seed)

    def documents() -> Iterator[Any]:
        for _ in range(500):
            document = chance.choice(STARTS)
            for _ in range(chance.randint(2, 4)):
                path = chance.choice(list(places(document)))
                document = altered(document, path, chance.choice((DROP, *VALUES, *TEXTS)))
            yield document

    assert differing(documents()) == []


@pytest.mark.parametrize(
    "events",
    [
        pytest.param([{"introduced": "0", "fixed": "1"}], id="two-in-one"),
        pytest.param([{"introduced": "0", "fixed": 5}], id="one-text-in-one"),
        pytest.param([{"introduced": "0", "x": "1"}], id="unknown-beside"),
        pytest.param([{"introduced": "0"}, {"fixed": 5, "limit": "1"}], id="untyped-beside"),
        pytest.param([{"introduced": "0"}, {"fixed": "1"}, {"last_affected": "1"}], id="both-ends"),
        pytest.param([{"introduced": "0"}, {}], id="none"),
        pytest.param([{"introduced": "0"}, 5], id="number"),
        pytest.param([{"introduced": "abc"}], id="short-commit"),
    ],
)
@pytest.mark.parametrize("number", [0, 1], ids=["ecosystem", "git"])
def test_events_of_odd_shapes(number: int, events: Any) -> None:  # noqa: ANN401 - any JSON
    assert same(altered(STARTS[0], ("affected", 0, "ranges", number, "events"), events))


def test_a_deviation_is_noticed() -> None:
    assert not known("expected a string, got a number")
    dropped = altered(STARTS[0], ("id",), DROP)
    assert faults("osv", dropped) != []
    assert [one.rule for one in schema_faults(json.dumps(dropped).encode())][:1] == ["schema"]


def at(document: Any, path: tuple[Any, ...]) -> Any:  # noqa: ANN401 - any JSON
    for key in path:
        document = document[key]
    return document
