"""What a reader would like to be told: 6.3.1 to 6.3.7 and 6.3.9 to 6.3.11."""

import pytest

from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named
from support.csaf import CVSS, Json, branch, broken, document, product, rich

CVSS_2 = {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "baseScore": 10}
CVSS_30 = {
    **CVSS,
    "version": "3.0",
    "vectorString": str(CVSS["vectorString"]).replace("3.1", "3.0"),
}
SCORES = "/vulnerabilities/0/scores"


def scored(*ratings: Json) -> Json:
    scores = [rating | {"products": ["a"]} for rating in ratings]
    return document(products=(product("a"),), vulnerabilities=[{"scores": scores}])


def test_cvss_2_does_not_stand_alone() -> None:
    assert broken("6.3.1", scored({"cvss_v2": CVSS_2, "cvss_v3": CVSS}, {"cvss_v3": CVSS})) == []
    assert broken("6.3.1", scored({"cvss_v3": CVSS}, {"cvss_v2": CVSS_2})) == [f"{SCORES}/1"]


def test_cvss_3_0_is_told() -> None:
    assert broken("6.3.2", scored({"cvss_v3": CVSS}, {"cvss_v2": CVSS_2})) == []
    assert broken("6.3.2", scored({"cvss_v3": CVSS_30})) == [f"{SCORES}/0/cvss_v3/version"]


@pytest.mark.parametrize(("rule", "member"), [("6.3.3", "cve"), ("6.3.4", "cwe")])
def test_a_vulnerability_has_a_cve_and_a_weakness(rule: str, member: str) -> None:
    whole = rich()
    assert broken(rule, whole) == []
    whole["vulnerabilities"].append({"title": "Another"})
    assert broken(rule, whole) == ["/vulnerabilities/1"]
    del whole["vulnerabilities"][0][member]
    assert len(broken(rule, whole)) == 2


@pytest.mark.parametrize(("digits", "holds"), [(64, True), (128, True), (63, False), (40, False)])
def test_a_digest_has_256_bits(digits: int, holds: bool) -> None:
    named = [{"algorithm": "x", "value": "a" * digits}]
    helper = {"hashes": [{"file_hashes": named, "filename": "a.whl"}]}
    found = broken("6.3.5", document(products=(product("a", **helper), product("b"))))
    at = "/product_tree/full_product_names/0/product_identification_helper"
    assert found == ([] if holds else [f"{at}/hashes/0/file_hashes/0/value"])


@pytest.mark.parametrize(
    ("url", "holds"),
    [
        ("https://www.example.com/1", True),
        ("https://WWW.example.com./1", True),
        ("https://93.184.216.34/", True),
        ("https://[2606:2800:220:1::1]/", True),
        ("urn:acme:1", True),
        ("mailto:security@acme.invalid", True),
        ("https://acme.invalid/1", False),
        ("https://acme.example./1", False),
        ("HTTPS://ACME.TEST", False),
        ("http://localhost:8080/", False),
        ("http://acme.localhost/", False),
        ("https://wiki.acme.internal/", False),
        ("https://printer.local/", False),
        ("https://wiki/1", False),
        ("https:///1", False),
        ("https://127.0.0.1/", False),
        ("https://10.1.2.3/", False),
        ("https://[::1]/", False),
        ("https://[1]/", False),
    ],
)
@pytest.mark.parametrize("category", ["self", "external", ""])
def test_a_link_that_nobody_can_follow_is_told(url: str, holds: bool, category: str) -> None:
    reference = {"summary": "More", "url": url} | ({"category": category} if category else {})
    made = document(references=[reference])
    made["document"]["publisher"]["namespace"] = "https://www.example.com"
    rule, other = ("6.3.7", "6.3.6") if category == "self" else ("6.3.6", "6.3.7")
    assert broken(rule, made) == ([] if holds else ["/document/references/0/url"])
    assert broken(other, made) == []


def test_every_link_of_a_document_is_looked_at() -> None:
    made = rich()
    made["document"]["acknowledgments"][0]["urls"] = ["urn:lab", "https://lab.example"]
    made["vulnerabilities"][0]["acknowledgments"][0] = {"urls": ["https://lab.example"]}
    helper = "/product_tree/full_product_names/0/product_identification_helper"
    assert sorted(broken("6.3.6", made)) == sorted(
        [
            "/document/acknowledgments/0/urls/1",
            "/document/aggregate_severity/namespace",
            "/document/distribution/tlp/url",
            "/document/publisher/namespace",
            "/document/references/0/url",
            f"{helper}/sbom_urls/0",
            f"{helper}/x_generic_uris/0/namespace",
            "/vulnerabilities/0/acknowledgments/0/urls/0",
            "/vulnerabilities/0/references/0/url",
            "/vulnerabilities/0/remediations/0/url",
        ]
    )


PLACE = "/product_tree/branches/0/branches/0/branches/0"


@pytest.mark.parametrize(
    ("categories", "holds"),
    [
        (("vendor", "product_name", "product_version"), True),
        (("vendor", "product_name", "product_version", "architecture"), True),
        (("product_family", "vendor", "language", "product_name", "product_version"), True),
        (("vendor", "product_name", "patch_level"), False),
        (("vendor", "product_name", "product_version_range"), False),
        (("vendor", "product_version", "product_name"), False),
        (("product_name", "vendor", "product_version"), False),
        (("product_name", "product_version"), False),
    ],
)
def test_a_product_stands_below_its_vendor_name_and_version(
    categories: tuple[str, ...], holds: bool
) -> None:
    made: Json | list[Json] = product("a")
    place = "/product_tree"
    for category in reversed(categories):
        made = [branch(category, "x", made)]
        place += "/branches/0"
    assert isinstance(made, list)
    # A branch beside it that goes the whole way does not help it.
    made.append(
        branch(
            "vendor",
            "y",
            [branch("product_name", "y", [branch("product_version", "y", product("b"))])],
        )
    )
    found = broken("6.3.9", document(tree={"branches": made}))
    assert found == ([] if holds else [f"{place}/product"])


def versions(category: str, name: str) -> Json:
    inner = [branch("product_name", "Tool", [branch(category, name, product("a"))])]
    return document(tree={"branches": [branch("vendor", "Acme", inner)]})


def test_each_version_is_a_product_of_its_own() -> None:
    assert broken("6.3.10", versions("product_version", "1.0")) == []
    found = broken("6.3.10", versions("product_version_range", "vers:pypi/<1.0"))
    assert found == [f"{PLACE}/category"]


@pytest.mark.parametrize(
    ("category", "name", "holds"),
    [
        ("product_version", "1.0", True),
        ("product_version", "v1.0", False),
        ("product_version", "V1", False),
        ("product_version", "vista", True),
        ("product_version", "1v2", True),
        ("patch_level", "v1.0", True),
    ],
)
def test_a_version_is_not_marked_as_one(category: str, name: str, holds: bool) -> None:
    assert broken("6.3.11", versions(category, name)) == ([] if holds else [f"{PLACE}/name"])


@pytest.mark.parametrize("number", ["6.2.20", "6.3.1", "6.3.2", "6.3.3", "6.3.4", "6.3.5", "6.3.7"])
def test_the_largest_document_breaks_none_of_these(number: str) -> None:
    assert list(rule_named(number).broken(Csaf(rich(), {}))) == []
