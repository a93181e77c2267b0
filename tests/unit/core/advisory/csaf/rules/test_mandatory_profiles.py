"""What profiles ask for: 6.1.27.1 to 6.1.27.11."""

from typing import Any

import pytest

from support.csaf import Json, broken, document, product

INCIDENT, INFORMATIONAL = "csaf_security_incident_response", "csaf_informational_advisory"
ADVISORY, VEX = "csaf_security_advisory", "csaf_vex"
PROFILES = ("csaf_base", INCIDENT, INFORMATIONAL, ADVISORY, VEX)
ASKED = {
    "6.1.27.1": (INCIDENT, INFORMATIONAL),
    "6.1.27.2": (INCIDENT, INFORMATIONAL),
    "6.1.27.3": (INFORMATIONAL,),
    "6.1.27.4": (ADVISORY, VEX),
    "6.1.27.5": (ADVISORY, VEX),
    "6.1.27.6": (ADVISORY,),
    "6.1.27.7": (VEX,),
    "6.1.27.8": (VEX,),
    "6.1.27.9": (VEX,),
    "6.1.27.10": (VEX,),
    "6.1.27.11": (ADVISORY, VEX),
}
NOTE = {"category": "summary", "text": "Long."}
LEGAL = {"category": "legal_disclaimer", "text": "None."}
LINK = {"summary": "x", "url": "https://acme.example"}
GROUP = {"product_groups": [{"group_id": "ab", "product_ids": ["a", "b"]}]}
PRODUCTS = (product("a"), product("b"), product("c"))
FIX = {"category": "vendor_fix", "details": "Update."}
IMPACT = {"category": "impact", "details": "None."}
FLAG = {"label": "component_not_present"}


def vulnerable(*vulnerabilities: Json) -> Json:
    return {"vulnerabilities": list(vulnerabilities)}


def listed(status: str, *products: str, **members: Any) -> Json:  # noqa: ANN401 - JSON
    found = {"product_status": {status: list(products)}, **members}
    return {"products": PRODUCTS, "tree": GROUP} | vulnerable(found)


FIRST = "/vulnerabilities/0"
CASES: list[Any] = [
    ("6.1.27.1", {"notes": [LEGAL, NOTE]}, []),
    ("6.1.27.1", {"notes": [NOTE | {"category": "description"}]}, []),
    ("6.1.27.1", {"notes": [NOTE | {"category": "details"}]}, []),
    ("6.1.27.1", {"notes": [NOTE | {"category": "general"}]}, []),
    ("6.1.27.1", {"notes": [LEGAL]}, ["/document"]),
    ("6.1.27.1", {}, ["/document"]),
    ("6.1.27.2", {"references": [LINK | {"category": "external"}]}, []),
    ("6.1.27.2", {"references": [LINK]}, []),
    ("6.1.27.2", {"references": [LINK | {"category": "self"}]}, ["/document"]),
    ("6.1.27.2", {}, ["/document"]),
    ("6.1.27.3", {}, []),
    ("6.1.27.3", vulnerable({"title": "x"}), ["/vulnerabilities"]),
    ("6.1.27.4", {"products": PRODUCTS}, []),
    ("6.1.27.4", {}, [""]),
    ("6.1.27.5", vulnerable({"notes": [NOTE]}), []),
    ("6.1.27.5", vulnerable({"notes": [NOTE]}, {"title": "x"}), ["/vulnerabilities/1"]),
    ("6.1.27.6", listed("fixed", "a"), []),
    ("6.1.27.6", vulnerable({"title": "x"}), [FIRST]),
    *(
        ("6.1.27.7", listed(one, "a"), [])
        for one in ("fixed", "known_affected", "known_not_affected", "under_investigation")
    ),
    ("6.1.27.7", listed("recommended", "a"), [f"{FIRST}/product_status"]),
    ("6.1.27.7", vulnerable({"title": "x"}), [FIRST]),
    ("6.1.27.8", vulnerable({"cve": "CVE-2026-1234"}), []),
    ("6.1.27.8", vulnerable({"ids": [{"system_name": "Acme", "text": "1"}]}), []),
    ("6.1.27.8", vulnerable({"title": "x"}), [FIRST]),
    ("6.1.27.9", listed("known_not_affected", "a", flags=[FLAG | {"product_ids": ["a"]}]), []),
    ("6.1.27.9", listed("known_not_affected", "a", flags=[FLAG | {"group_ids": ["ab"]}]), []),
    ("6.1.27.9", listed("known_not_affected", "b", threats=[IMPACT | {"group_ids": ["ab"]}]), []),
    (
        "6.1.27.9",
        listed(
            "known_not_affected", "a", "b", "c",
            threats=[IMPACT | {"product_ids": ["a"]}, IMPACT | {"group_ids": ["gone"]}],
            flags=[FLAG | {"product_ids": ["c"]}],
        ),
        [f"{FIRST}/product_status/known_not_affected/1"],
    ),
    (
        "6.1.27.9",
        listed(
            "known_not_affected", "a",
            threats=[IMPACT | {"category": "exploit_status", "product_ids": ["a"]}],
        ),
        [f"{FIRST}/product_status/known_not_affected/0"],
    ),
    ("6.1.27.9", listed("known_affected", "a"), []),
    ("6.1.27.10", listed("known_affected", "a", remediations=[FIX | {"product_ids": ["a"]}]), []),
    (
        "6.1.27.10",
        listed("known_affected", "a", "b", "c", remediations=[FIX | {"group_ids": ["ab"]}]),
        [f"{FIRST}/product_status/known_affected/2"],
    ),
    ("6.1.27.10", listed("known_not_affected", "a"), []),
    ("6.1.27.11", vulnerable({"title": "x"}), []),
    ("6.1.27.11", {}, [""]),
]  # fmt: skip


@pytest.mark.parametrize(("number", "members", "places"), CASES)
def test_a_profile_asks_and_others_do_not(number: str, members: Json, places: list[str]) -> None:
    for profile in PROFILES:
        expected = places if profile in ASKED[number] else []
        assert broken(number, document(category=profile, **members)) == expected, profile


def test_every_rule_of_profiles_has_a_case_that_holds_and_one_that_does_not() -> None:
    assert {number for number, _, places in CASES if places} == set(ASKED)
    assert {number for number, _, places in CASES if not places} == set(ASKED)
