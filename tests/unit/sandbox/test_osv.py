from typing import Any

import pytest

from sealane.errors import InputError
from support.advisory_parts import AdvisoryParts
from support.advisory_world import PROJECT, osv_record
from support.sandbox_parts import document

FIXED = ({"introduced": "0"}, {"fixed": "1.2"})
PACKAGE = {"name": PROJECT, "ecosystem": "PyPI"}


def ids(answer: dict[str, Any]) -> list[str]:
    return [one["id"] for one in answer.get("vulns", [])]


def query(world: AdvisoryParts, asked: object) -> dict[str, Any]:
    return dict(document(world.call("POST", "/osv/v1/query", asked)))


@pytest.mark.parametrize(
    "asked",
    [
        {"package": PACKAGE, "version": "1.0"},
        {"package": {"name": "Acme.Widgets", "ecosystem": "PyPI"}, "version": "1"},
        {"package": {"purl": f"pkg:pypi/{PROJECT}@1.0"}},
        {"package": {"purl": f"pkg:pypi/{PROJECT}"}, "version": "1.0"},
        {"package": PACKAGE},
    ],
)
def test_what_affects_a_version_is_found(world: AdvisoryParts, asked: object) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED))
    assert ids(query(world, asked)) == ["PYSEC-1"]


@pytest.mark.parametrize(
    "asked",
    [{"package": PACKAGE, "version": "1.2"}, {"package": {"name": "o", "ecosystem": "PyPI"}}],
)
def test_nothing_found_is_an_empty_object(world: AdvisoryParts, asked: object) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED))
    assert query(world, asked) == {}


def test_a_withdrawn_record_is_shown_by_its_identifier_alone(world: AdvisoryParts) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED, withdrawn="2026-01-03T00:00:00Z"))
    assert query(world, {"package": PACKAGE, "version": "1.0"}) == {}
    assert document(world.call("GET", "/osv/v1/vulns/PYSEC-1"))["withdrawn"]


@pytest.mark.parametrize(
    "asked",
    [b"", b"[]", {}, {"package": {}}, {"package": {"name": PROJECT}}, {"commit": "a" * 40},
     {"package": {"name": PROJECT, "ecosystem": "pypi"}},
     {"package": {"name": 1, "ecosystem": "PyPI"}},
     {"package": {**PACKAGE, "purl": "pkg:pypi/x"}}, {"package": {"purl": "pkg:npm/x"}},
     {"package": {"purl": "pkg:pypi/x@1"}, "version": "1"}, {"package": PACKAGE, "version": 1},
     {"package": PACKAGE, "page_token": "next"}, {"package": PACKAGE, "page_token": 1}],
)  # fmt: skip
def test_what_is_no_query_is_refused(world: AdvisoryParts, asked: object) -> None:
    answer = world.call("POST", "/osv/v1/query", asked)
    assert (answer.status, document(answer)["code"]) == (400, 3)


def test_a_batch_answers_in_the_order_of_its_queries(world: AdvisoryParts) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED))
    queries = [{"package": PACKAGE, "version": version} for version in ("1.2", "1.0")]
    answer = document(world.call("POST", "/osv/v1/querybatch", {"queries": queries}))
    modified = osv_record("PYSEC-1")["modified"]
    assert answer == {"results": [{}, {"vulns": [{"id": "PYSEC-1", "modified": modified}]}]}


@pytest.mark.parametrize("queries", [None, [{}] * 1001, [None]])
def test_what_is_no_batch_is_refused(world: AdvisoryParts, queries: object) -> None:
    assert world.call("POST", "/osv/v1/querybatch", {"queries": queries}).status == 400


def test_pages_hold_every_record_once(world: AdvisoryParts) -> None:
    for number in range(3):
        world.administer("advisory", **osv_record(f"PYSEC-{number}", *FIXED))
    world.switches.set("osv", "paged")
    found: list[str] = []
    token = ""
    for _ in range(3):
        answer = query(world, {"package": PACKAGE, "page_token": token})
        found += ids(answer)
        token = answer.get("next_page_token", "")
    assert (found, token) == (["PYSEC-0", "PYSEC-1", "PYSEC-2"], "")


@pytest.mark.parametrize(("value", "status"), [("down", 503), ("429", 429), ("lag", 404)])
def test_switches_make_it_fail(world: AdvisoryParts, value: str, status: int) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED))
    world.switches.set("osv", value)
    assert world.call("GET", "/osv/v1/vulns/PYSEC-1").status == status


def test_an_unknown_identifier_is_not_found(world: AdvisoryParts) -> None:
    assert document(world.call("GET", "/osv/v1/vulns/PYSEC-9"))["code"] == 5


def test_a_record_replaces_that_of_its_identifier(world: AdvisoryParts) -> None:
    world.administer("advisory", **osv_record("PYSEC-1", *FIXED))
    world.administer("advisory", **(osv_record("PYSEC-1", *FIXED) | {"affected": []}))
    assert query(world, {"package": PACKAGE, "version": "1.0"}) == {}
    assert len(world.administer("advisories")["advisories"]) == 1


@pytest.mark.parametrize("identifier", [None, "", 7, "a b", "../x", "x" * 201])
def test_a_record_without_an_identifier_is_refused(
    world: AdvisoryParts, identifier: object
) -> None:
    with pytest.raises(InputError, match="identifier"):
        world.administer("advisory", **(osv_record("X", *FIXED) | {"id": identifier}))


def test_a_record_that_json_cannot_hold_is_refused(world: AdvisoryParts) -> None:
    with pytest.raises(InputError, match="not JSON"):
        world.administer("advisory", id="X", severity=float("nan"))
