"""Products and groups: 6.1.1 to 6.1.5."""

import time
from typing import Any

import pytest

from support.csaf import CVSS, Json, branch, broken, document, product

A, B, C = product("a"), product("b"), product("c")
STATUS = "/vulnerabilities/0/product_status/fixed/0"


def relation(name: str, first: str, second: str) -> Json:
    return {
        "category": "installed_on",
        "full_product_name": product(name),
        "product_reference": first,
        "relates_to_product_reference": second,
    }


def group(name: str, *products: str) -> Json:
    return {"group_id": name, "product_ids": list(products)}


def named(member: str, **names: list[str]) -> Json:
    items: Json = {
        "flags": {"label": "component_not_present"},
        "remediations": {"category": "workaround", "details": "Off."},
        "threats": {"category": "impact", "details": "Bad."},
    }
    return {member: [items[member] | names]}


@pytest.mark.parametrize(
    ("vulnerability", "place"),
    [
        ({"product_status": {"fixed": ["no"]}}, "product_status/fixed/0"),
        ({"product_status": {"recommended": ["a", "no"]}}, "product_status/recommended/1"),
        ({"scores": [{"products": ["no"], "cvss_v3": CVSS}]}, "scores/0/products/0"),
        (named("flags", product_ids=["no"]), "flags/0/product_ids/0"),
        (named("remediations", product_ids=["no"]), "remediations/0/product_ids/0"),
        (named("threats", product_ids=["no"]), "threats/0/product_ids/0"),
    ],
)
def test_a_vulnerability_names_only_defined_products(vulnerability: Json, place: str) -> None:
    made = document(products=(A,), vulnerabilities=[vulnerability])
    assert broken("6.1.1", made) == [f"/vulnerabilities/0/{place}"]
    made["product_tree"]["full_product_names"].append(product("no"))
    assert broken("6.1.1", made) == []


def test_groups_and_relationships_name_only_defined_products() -> None:
    tree = {
        "product_groups": [group("g", "a", "x")],
        "relationships": [relation("b", "y", "z")],
    }
    assert broken("6.1.1", document(products=(A,), tree=tree)) == [
        "/product_tree/product_groups/0/product_ids/1",
        "/product_tree/relationships/0/product_reference",
        "/product_tree/relationships/0/relates_to_product_reference",
    ]


def test_products_are_defined_in_branches_lists_and_relationships() -> None:
    inner = [
        branch("product_name", "x", [branch("product_version", "1", A)]),
        branch("legacy", "2", B),
    ]
    tree = {
        "branches": [branch("vendor", "Acme", inner)],
        "relationships": [relation("d", "a", "b")],
    }
    status = {"product_status": {"fixed": ["a", "b", "c", "d"]}}
    made = document(products=(C,), tree=tree, vulnerabilities=[status])
    assert broken("6.1.1", made) == []
    assert broken("6.1.2", made) == []


def test_a_product_is_defined_once() -> None:
    tree = {
        "branches": [branch("vendor", "Acme", [branch("product_version", "1", A)])],
        "relationships": [relation("a", "a", "a")],
    }
    assert broken("6.1.2", document(products=(A, B), tree=tree)) == [
        "/product_tree/full_product_names/0/product_id",
        "/product_tree/relationships/0/full_product_name/product_id",
    ]


@pytest.mark.parametrize(
    ("relations", "stuck"),
    [
        pytest.param([("x", "a", "b"), ("y", "x", "a"), ("z", "y", "x")], [], id="a-chain"),
        pytest.param([("x", "x", "a")], [0], id="itself"),
        pytest.param([("x", "y", "a"), ("y", "a", "x")], [0, 1], id="each-other"),
        pytest.param(
            [("x", "y", "a"), ("y", "z", "a"), ("z", "a", "x"), ("w", "x", "a"), ("v", "a", "b")],
            [0, 1, 2, 3],
            id="what-leads-into-a-circle-too",
        ),
        pytest.param([("x", "a", "a"), ("x", "a", "x")], [0, 1], id="defined-twice"),
        pytest.param([], [], id="none"),
    ],
)
def test_no_product_is_defined_by_itself(
    relations: list[tuple[str, str, str]], stuck: list[int]
) -> None:
    tree: dict[str, Any] = {"relationships": [relation(*one) for one in relations]}
    made = document(products=(A, B), tree=tree if relations else None)
    places = [f"/product_tree/relationships/{n}/full_product_name/product_id" for n in stuck]
    assert broken("6.1.3", made) == places


@pytest.mark.parametrize("member", ["flags", "remediations", "threats"])
def test_only_defined_groups_are_named(member: str) -> None:
    made = document(products=(A, B), vulnerabilities=[named(member, group_ids=["g", "h"])])
    made["product_tree"]["product_groups"] = [group("g", "a", "b")]
    assert broken("6.1.4", made) == [f"/vulnerabilities/0/{member}/0/group_ids/1"]
    made["product_tree"]["product_groups"].append(group("h", "a", "b"))
    assert broken("6.1.4", made) == []


def test_a_group_is_defined_once() -> None:
    tree = {"product_groups": [group("g", "a", "b"), group("h", "a", "b"), group("g", "a", "b")]}
    made = document(products=(A, B), tree=tree)
    assert broken("6.1.5", made) == ["/product_tree/product_groups/2/group_id"]
    tree["product_groups"].pop()
    assert broken("6.1.5", document(products=(A, B), tree=tree)) == []


def test_a_long_chain_of_relationships_takes_neither_long_nor_deep() -> None:
    count = 20_000
    chain = [relation(f"p{n + 1}", f"p{n}", "a") for n in range(count)]
    made = document(products=(A, product("p0")), tree={"relationships": chain})
    started = time.process_time()
    assert broken("6.1.3", made) == []
    assert time.process_time() - started < 30  # of this process alone: quadratic would be minutes
