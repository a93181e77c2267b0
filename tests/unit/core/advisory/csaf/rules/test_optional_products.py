"""Products that are used, scored, remedied and recognised: 6.2.1 to 6.2.3, 8, 9, 16, 18."""

import pytest

from support.csaf import CVSS, Json, branch, broken, document, product

PRODUCTS = (product("a"), product("b"), product("c"))
GROUPS = {
    "product_groups": [
        {"group_id": "ab", "product_ids": ["a", "b"]},
        {"group_id": "bc", "product_ids": ["b", "c"]},
    ]
}
STATUS = "/vulnerabilities/0/product_status"


def made(*vulnerabilities: Json, tree: Json | None = None) -> Json:
    return document(products=PRODUCTS, tree=tree, vulnerabilities=list(vulnerabilities))


def test_a_product_that_nothing_refers_to_is_told() -> None:
    tree = {
        "branches": [branch("vendor", "Acme", [branch("product_version", "1", product("d"))])],
        "relationships": [
            {
                "category": "installed_on",
                "full_product_name": product("e"),
                "product_reference": "a",
                "relates_to_product_reference": "b",
            }
        ],
    }
    assert broken("6.2.1", made({"product_status": {"fixed": ["c"]}}, tree=tree)) == [
        "/product_tree/branches/0/branches/0/product/product_id",
        "/product_tree/relationships/0/full_product_name/product_id",
    ]
    assert broken("6.2.1", made({"product_status": {"fixed": ["c", "d", "e"]}}, tree=tree)) == []


def test_an_informational_advisory_may_name_products_without_using_them() -> None:
    assert len(broken("6.2.1", document(products=PRODUCTS))) == 3
    informational = document(products=PRODUCTS, category="csaf_informational_advisory")
    assert broken("6.2.1", informational) == []


@pytest.mark.parametrize(
    "status", ["first_affected", "known_affected", "last_affected", "under_investigation"]
)
def test_what_may_be_affected_has_a_remediation(status: str) -> None:
    remedy = {"category": "none_available", "details": "None yet."}
    found = broken("6.2.2", made({"product_status": {status: ["c", "a"]}}))
    assert found == [f"{STATUS}/{status}/0", f"{STATUS}/{status}/1"]
    for named in ({"product_ids": ["a", "c"]}, {"product_ids": ["a"], "group_ids": ["bc"]}):
        remedied = {"product_status": {status: ["c", "a"]}, "remediations": [remedy | named]}
        assert broken("6.2.2", made(remedied, tree=GROUPS)) == []
    by_group = {
        "product_status": {status: ["c", "a"]},
        "remediations": [remedy | {"group_ids": ["ab"]}],
    }
    assert broken("6.2.2", made(by_group, tree=GROUPS)) == [f"{STATUS}/{status}/0"]


@pytest.mark.parametrize("rule", ["6.2.2", "6.2.3"])
@pytest.mark.parametrize("status", ["fixed", "first_fixed", "known_not_affected", "recommended"])
def test_what_is_not_affected_needs_neither_remediation_nor_score(rule: str, status: str) -> None:
    assert broken(rule, made({"product_status": {status: ["a"]}})) == []


@pytest.mark.parametrize("status", ["first_affected", "known_affected", "last_affected"])
def test_what_is_affected_has_a_score(status: str) -> None:
    scored = {"scores": [{"cvss_v3": CVSS, "products": ["a"]}]}
    assert broken("6.2.3", made({"product_status": {status: ["a"]}} | scored)) == []
    both = made({"product_status": {status: ["a", "b"]}} | scored)
    assert broken("6.2.3", both) == [f"{STATUS}/{status}/1"]
    # A score of another vulnerability is not its score.
    assert broken("6.2.3", made({"product_status": {status: ["a"]}}, {"title": "x"} | scored)) == [
        f"{STATUS}/{status}/0"
    ]


def test_what_is_under_investigation_needs_no_score() -> None:
    assert broken("6.2.3", made({"product_status": {"under_investigation": ["a"]}})) == []


def hashed(*algorithms: str) -> Json:
    named = [{"algorithm": one, "value": "ab" * 32} for one in algorithms]
    return document(products=(product("a", hashes=[{"file_hashes": named, "filename": "a.whl"}]),))


@pytest.mark.parametrize(("rule", "algorithm"), [("6.2.8", "md5"), ("6.2.9", "sha1")])
def test_a_weak_digest_does_not_stand_alone(rule: str, algorithm: str) -> None:
    place = "/product_tree/full_product_names/0/product_identification_helper/hashes/0/file_hashes"
    assert broken(rule, hashed(algorithm)) == [place]
    assert broken(rule, hashed(algorithm, algorithm)) == [place]
    assert broken(rule, hashed(algorithm, "sha256")) == []
    assert broken(rule, hashed("sha256")) == []


def test_a_product_has_something_to_recognise_it_by() -> None:
    found = broken("6.2.16", document(products=(product("a", skus=["1"]), product("b"))))
    assert found == ["/product_tree/full_product_names/1"]


@pytest.mark.parametrize(
    ("category", "name", "holds"),
    [
        ("product_version_range", "vers:pypi/>=1.0|<1.2", True),
        ("product_version_range", "vers:generic/<1\n", True),
        ("product_version_range", ">=1.0", False),
        ("product_version_range", "vers:/1.0", False),
        ("product_version_range", "vers:PyPI/1.0", False),
        ("product_version_range", "vers:pypi/", False),
        ("product_version", "1.0", True),
    ],
)
def test_a_range_of_versions_is_written_as_vers(category: str, name: str, holds: bool) -> None:
    tree = {"branches": [branch("vendor", "Acme", [branch(category, name, product("a"))])]}
    places = [] if holds else ["/product_tree/branches/0/branches/0/name"]
    assert broken("6.2.18", document(tree=tree)) == places
