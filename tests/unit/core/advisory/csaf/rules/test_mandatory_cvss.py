"""CVSS: 6.1.7 to 6.1.10."""

from typing import Any

import pytest

from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named
from support.csaf import CVSS, VECTOR, Json, broken, document, product

CVSS_2 = {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:N/I:N/A:C", "baseScore": 7.8}
CVSS_30 = CVSS | {"version": "3.0", "vectorString": VECTOR.replace("3.1", "3.0")}
PLACE = "/vulnerabilities/0/scores/0"


def scored(*scores: Json) -> Json:
    products = (product("a"), product("b"))
    return document(products=products, vulnerabilities=[{"title": "x"}, {"scores": list(scores)}])


def alone(member: str, cvss: Json) -> Json:
    made = scored({member: cvss, "products": ["a"]})
    made["vulnerabilities"].pop(0)
    return made


@pytest.mark.parametrize(
    ("scores", "places"),
    [
        ([{"cvss_v3": CVSS, "products": ["a"]}, {"cvss_v3": CVSS, "products": ["b"]}], []),
        ([{"cvss_v3": CVSS, "products": ["a"]}, {"cvss_v3": CVSS_30, "products": ["a"]}], []),
        ([{"cvss_v2": CVSS_2, "cvss_v3": CVSS, "products": ["a"]}], []),
        (
            [{"cvss_v3": CVSS, "products": ["a"]}, {"cvss_v3": CVSS, "products": ["b", "a"]}],
            ["1/products/1"],
        ),
        (
            [
                {"cvss_v2": CVSS_2, "cvss_v3": CVSS, "products": ["a"]},
                {"cvss_v2": CVSS_2, "products": ["a"]},
            ],
            ["1/products/0"],
        ),
    ],
)  # fmt: skip
def test_a_product_has_one_score_of_a_version(scores: list[Json], places: list[str]) -> None:
    expected = [f"/vulnerabilities/1/scores/{place}" for place in places]
    assert broken("6.1.7", scored(*scores)) == expected


def test_each_vulnerability_has_scores_of_its_own() -> None:
    made = scored({"cvss_v3": CVSS, "products": ["a"]})
    made["vulnerabilities"].append(made["vulnerabilities"][1])
    assert broken("6.1.7", made) == []


@pytest.mark.parametrize(
    ("member", "cvss", "place"),
    [
        ("cvss_v3", CVSS, None),
        ("cvss_v2", CVSS_2, None),
        ("cvss_v3", {name: CVSS[name] for name in CVSS if name != "baseSeverity"}, ""),
        ("cvss_v3", CVSS | {"baseSeverity": "critical"}, "/baseSeverity"),
        ("cvss_v2", CVSS_2 | {"vectorString": VECTOR}, "/vectorString"),
    ],
)
def test_a_cvss_object_has_its_form(member: str, cvss: Json, place: str | None) -> None:
    made = alone(member, cvss)
    found = list(rule_named("6.1.8").broken(Csaf(made, {})))
    expected = [] if place is None else [f"{PLACE}/{member}{place}"]
    assert [one for one, _ in found] == expected


@pytest.mark.parametrize(
    ("member", "cvss", "places"),
    [
        ("cvss_v3", CVSS, []),
        ("cvss_v3", CVSS_30, []),
        ("cvss_v2", CVSS_2, []),
        ("cvss_v2", CVSS_2 | {"baseScore": 7.9}, ["baseScore"]),
        ("cvss_v2", CVSS_2 | {"baseSeverity": "anything"}, []),
        ("cvss_v2", CVSS_2 | {"temporalScore": 7.8, "environmentalScore": 7.8}, []),
        ("cvss_v2", CVSS_2 | {"temporalScore": 1, "environmentalScore": 2},
         ["temporalScore", "environmentalScore"]),
        ("cvss_v3", CVSS | {"baseScore": 10, "baseSeverity": "LOW"}, ["baseScore", "baseSeverity"]),
        ("cvss_v3", CVSS | {"temporalScore": 9.8, "temporalSeverity": "CRITICAL"}, []),
        ("cvss_v3", CVSS | {"temporalScore": 9.7, "temporalSeverity": "HIGH"},
         ["temporalScore", "temporalSeverity"]),
        ("cvss_v3", CVSS | {"environmentalScore": 0, "environmentalSeverity": "NONE"},
         ["environmentalScore", "environmentalSeverity"]),
        ("cvss_v3", CVSS | {"vectorString": f"{VECTOR}/E:U", "temporalScore": 9}, []),
        ("cvss_v3", CVSS | {"vectorString": "CVSS:3.1/AV:N"}, ["vectorString"]),
        ("cvss_v3", CVSS | {"vectorString": f"{VECTOR}/AV:N"}, ["vectorString"]),
    ],
)  # fmt: skip
def test_scores_are_those_of_the_vector(member: str, cvss: Json, places: list[str]) -> None:
    assert broken("6.1.9", alone(member, cvss)) == [f"{PLACE}/{member}/{one}" for one in places]


@pytest.mark.parametrize(
    ("member", "cvss", "places"),
    [
        ("cvss_v3", CVSS | {"attackVector": "NETWORK", "scope": "UNCHANGED"}, []),
        (
            "cvss_v3",
            CVSS | {"attackVector": "LOCAL", "scope": "CHANGED"},
            ["attackVector", "scope"],
        ),
        ("cvss_v3", CVSS | {"exploitCodeMaturity": "NOT_DEFINED"}, []),
        ("cvss_v3", CVSS | {"exploitCodeMaturity": "HIGH"}, ["exploitCodeMaturity"]),
        (
            "cvss_v3",
            CVSS | {"vectorString": f"{VECTOR}/MC:N", "modifiedConfidentialityImpact": "LOW"},
            ["modifiedConfidentialityImpact"],
        ),
        ("cvss_v2", CVSS_2 | {"authentication": "NONE", "targetDistribution": "NOT_DEFINED"}, []),
        ("cvss_v2", CVSS_2 | {"availabilityImpact": "PARTIAL"}, ["availabilityImpact"]),
    ],
)  # fmt: skip
def test_members_say_what_the_vector_says(
    member: str, cvss: dict[str, Any], places: list[str]
) -> None:
    assert broken("6.1.10", alone(member, cvss)) == [f"{PLACE}/{member}/{one}" for one in places]
