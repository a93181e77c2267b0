"""What is said of products: 6.1.6, 6.1.29, 6.1.32, 6.1.33."""

import time

import pytest

from support.csaf import Json, broken, document, product

PRODUCTS = (product("a"), product("b"), product("c"))
GROUPS = {
    "product_groups": [
        {"group_id": "ab", "product_ids": ["a", "b"]},
        {"group_id": "bc", "product_ids": ["b", "c"]},
    ]
}


def made(*vulnerabilities: Json) -> Json:
    return document(products=PRODUCTS, tree=GROUPS, vulnerabilities=list(vulnerabilities))


@pytest.mark.parametrize(
    ("status", "places"),
    [
        ({"known_affected": ["a"], "fixed": ["b"], "known_not_affected": ["c"]}, []),
        ({"first_affected": ["a"], "known_affected": ["a"], "last_affected": ["a"]}, []),
        ({"fixed": ["a"], "first_fixed": ["a"], "recommended": ["a"]}, []),
        ({"known_affected": ["a"], "recommended": ["a"]}, []),
        ({"known_affected": ["b", "a"], "fixed": ["a"]}, ["fixed/0"]),
        ({"last_affected": ["a"], "known_not_affected": ["a"]}, ["known_not_affected/0"]),
        ({"under_investigation": ["a"], "first_fixed": ["a"]}, ["under_investigation/0"]),
    ],
)
def test_a_product_is_not_affected_and_fixed_at_once(
    status: dict[str, list[str]], places: list[str]
) -> None:
    found = broken("6.1.6", made({"product_status": status}))
    assert found == [f"/vulnerabilities/0/product_status/{place}" for place in places]


def test_a_product_may_be_affected_by_one_vulnerability_and_not_by_another() -> None:
    one, other = ({"product_status": {kind: ["a"]}} for kind in ("known_affected", "fixed"))
    assert broken("6.1.6", made(one, other)) == []


@pytest.mark.parametrize(
    ("number", "member", "item"),
    [
        ("6.1.29", "remediations", {"category": "workaround", "details": "Off."}),
        ("6.1.32", "flags", {"label": "component_not_present"}),
    ],
)
def test_remediations_and_flags_are_of_products(number: str, member: str, item: Json) -> None:
    named: list[Json] = [{"product_ids": ["a"]}, {"group_ids": ["ab"]}]
    holding = made({member: [item | one for one in named]})
    assert broken(number, holding) == []
    assert broken(number, made({"title": "x"}, {member: [item | named[0], item]})) == [
        f"/vulnerabilities/1/{member}/1"
    ]


def flag(label: str = "component_not_present", **named: list[str]) -> Json:
    return {"label": label, **named}


@pytest.mark.parametrize(
    ("flags", "places"),
    [
        ([flag(product_ids=["a"]), flag(product_ids=["b"])], []),
        ([flag(product_ids=["a"], group_ids=["ab"])], []),
        ([flag(group_ids=["ab"]), flag(product_ids=["c"])], []),
        (
            [flag(product_ids=["a"]), flag("vulnerable_code_not_present", product_ids=["a", "c"])],
            [1],
        ),
        ([flag(group_ids=["ab"]), flag("vulnerable_code_not_present", product_ids=["b"])], [1]),
        ([flag(group_ids=["ab"]), flag(group_ids=["bc"])], [1]),
        ([flag(group_ids=["ab"]), flag("vulnerable_code_not_present", group_ids=["ab"])], [1]),
        ([flag(group_ids=["no"]), flag("vulnerable_code_not_present", group_ids=["no"])], []),
    ],
)
def test_a_product_has_one_justification(flags: list[Json], places: list[int]) -> None:
    found = broken("6.1.33", made({"flags": flags}))
    assert found == [f"/vulnerabilities/0/flags/{place}" for place in places]


def test_each_vulnerability_has_justifications_of_its_own() -> None:
    one = {"flags": [flag(product_ids=["a"])]}
    assert broken("6.1.33", made(one, one)) == []


def test_many_flags_of_one_large_group_do_not_take_long() -> None:
    names = [f"p{number}" for number in range(10_000)]
    tree = {"product_groups": [{"group_id": "all", "product_ids": names}]}
    flags = [
        flag(group_ids=["all"]) | {"date": f"20{n // 60:02}-01-01T00:{n % 60:02}:00Z"}
        for n in range(5_000)
    ]
    vulnerability = {"flags": flags}
    large = document(
        products=tuple(map(product, names)), tree=tree, vulnerabilities=[vulnerability]
    )
    started = time.process_time()
    assert len(broken("6.1.33", large)) == 4_999
    assert time.process_time() - started < 30  # of this process alone: quadratic would be minutes
