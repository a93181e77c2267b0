"""What identifies products: 6.1.13, 6.1.25, 6.1.31."""

import pytest

from support.csaf import Json, branch, broken, document, product

HELPER = "/product_tree/full_product_names/0/product_identification_helper"


@pytest.mark.parametrize(
    ("purl", "holds"),
    [
        ("pkg:pypi/acme@1.0", True),
        ("pkg:maven/org.acme/tool@1.0", True),
        ("pkg:maven/@1.3.4", False),
        ("pkg:pypi/acme@", False),
    ],
)
def test_a_package_url_names_a_package(purl: str, *, holds: bool) -> None:
    made = document(products=(product("a", purl=purl),))
    assert broken("6.1.13", made) == ([] if holds else [f"{HELPER}/purl"])


def test_package_urls_are_read_wherever_a_product_is_defined() -> None:
    bad = product("b", purl="pkg:pypi/x/y")
    tree = {"branches": [branch("vendor", "Acme", bad)]}
    assert broken("6.1.13", document(products=(product("a"),), tree=tree)) == [
        "/product_tree/branches/0/product/product_identification_helper/purl"
    ]


@pytest.mark.parametrize(
    ("algorithms", "places"),
    [
        (["sha256", "sha512"], []),
        (["sha256", "sha512", "sha256"], [f"{HELPER}/hashes/0/file_hashes/2/algorithm"]),
    ],
)
def test_a_file_has_one_digest_of_an_algorithm(algorithms: list[str], places: list[str]) -> None:
    digests = [{"algorithm": one, "value": "ab" * 32} for one in algorithms]
    files = [
        {"filename": "a.whl", "file_hashes": digests},
        {"filename": "b.whl", "file_hashes": digests[:2]},
    ]
    assert broken("6.1.25", document(products=(product("a", hashes=files),))) == places


@pytest.mark.parametrize(
    ("name", "holds"),
    [
        ("4.2", True),
        ("after-eight", True),
        ("4.2-allround", True),
        ("prior to 4.2", False),
        ("4.1 and EARLIER.", True),
        ("4.1 and EARLIER", False),
        ("3.x (all)", False),
        ("<4.2", False),
        ("4.2>=", False),
        ("all versions", False),
        ("before 4.2, later", False),
    ],
)
def test_a_product_version_is_one_version(name: str, *, holds: bool) -> None:
    def tree(category: str) -> Json:
        return {
            "branches": [branch("vendor", "Acme <all>", [branch(category, name, product("a"))])]
        }

    place = "/product_tree/branches/0/branches/0/name"
    assert broken("6.1.31", document(tree=tree("product_version"))) == ([] if holds else [place])
    assert broken("6.1.31", document(tree=tree("product_version_range"))) == []
