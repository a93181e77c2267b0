"""Small CSAF documents of our own, and the rules that are asked about them."""

import copy
import json
from typing import Any

from sealane.core.advisory.csaf.form import form_faults
from sealane.core.advisory.csaf.rules.interface import Csaf
from sealane.core.advisory.csaf.rules.registry import rule_named

Json = dict[str, Any]

WEAKNESSES = {
    "CWE-79": "Improper Neutralization of Input During Web Page Generation ('Cross-site Scripting')"
}
VECTOR = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
CVSS = {"version": "3.1", "vectorString": VECTOR, "baseScore": 9.8, "baseSeverity": "CRITICAL"}
DAY = "2026-11-25T12:00:00Z"


def product(name: str, **helper: Any) -> Json:  # noqa: ANN401 - JSON
    """A full product name; its id is its name."""
    found: Json = {"name": f"Acme {name}", "product_id": name}
    return found | ({"product_identification_helper": helper} if helper else {})


def branch(category: str, name: str, inner: Json | list[Json]) -> Json:
    """A branch with a product, or with further branches."""
    return {
        "category": category,
        "name": name,
        "branches" if isinstance(inner, list) else "product": inner,
    }


def revisions(*numbers: str) -> list[Json]:
    """A revision a day, from the first of November 2026."""
    return [
        {"date": f"2026-11-{day:02}T12:00:00Z", "number": number, "summary": "Changed."}
        for day, number in enumerate(numbers, 1)
    ]


def document(
    *numbers: str,
    category: str = "csaf_base",
    status: str = "final",
    version: str = "",
    products: tuple[Json, ...] = (),
    tree: Json | None = None,
    vulnerabilities: list[Json] | None = None,
    **members: Any,  # noqa: ANN401 - JSON
) -> Json:
    """A document whose form is right.

    Args:
        numbers: Of its revisions, oldest first.
        category: Of the document.
        status: "draft", "interim" or "final".
        version: Of the document; the latest revision's where it is "".
        products: Full product names.
        tree: What else stands in the product tree.
        vulnerabilities: None where there is no such member.
        members: What else stands in `document`.
    """
    numbers = numbers or ("1",)
    history = revisions(*numbers)
    made: Json = {
        "document": {
            "category": category,
            "csaf_version": "2.0",
            "publisher": {
                "category": "vendor",
                "name": "Acme security team",
                "namespace": "https://acme.example",
            },
            "title": "Acme is vulnerable",
            "tracking": {
                "current_release_date": history[-1]["date"],
                "id": "ACME-2026-1",
                "initial_release_date": history[0]["date"],
                "revision_history": history,
                "status": status,
                "version": version or numbers[-1],
            },
            **members,
        }
    }
    if products or tree:
        listed = {"full_product_names": list(products)} if products else {}
        made["product_tree"] = {**listed, **(tree or {})}
    if vulnerabilities is not None:
        made["vulnerabilities"] = vulnerabilities
    return made


NOTE = {"audience": "all", "category": "summary", "text": "Long.", "title": "Summary"}
REFERENCE = {"category": "external", "summary": "More", "url": "https://acme.example/1"}
THANKS = {"names": ["Jo"], "organization": "Lab", "summary": "Found", "urls": ["urn:lab"]}
HELPER = {
    "cpe": "cpe:2.3:a:acme:tool:1.0:*:*:en-US:*:*:*:*",
    "hashes": [
        {"file_hashes": [{"algorithm": "sha256", "value": "ab" * 32}], "filename": "tool.whl"}
    ],
    "model_numbers": ["M1"],
    "purl": "pkg:pypi/tool@1.0",
    "sbom_urls": ["https://acme.example/sbom.json"],
    "serial_numbers": ["S1"],
    "skus": ["K1"],
    "x_generic_uris": [{"namespace": "https://acme.example/ns", "uri": "urn:acme:tool"}],
}
TREE = {
    "branches": [branch("vendor", "Acme", [branch("product_version", "1.0", product("base"))])],
    "product_groups": [{"group_id": "group", "product_ids": ["old", "new"], "summary": "Both."}],
    "relationships": [
        {
            "category": "installed_on",
            "full_product_name": product("both"),
            "product_reference": "old",
            "relates_to_product_reference": "base",
        }
    ],
}
STATUS = {
    "first_affected": ["old"],
    "first_fixed": ["new"],
    "fixed": ["new"],
    "known_affected": ["old"],
    "known_not_affected": ["base"],
    "last_affected": ["old"],
    "recommended": ["new"],
    "under_investigation": ["both"],
}
REMEDIATION = {
    "category": "vendor_fix",
    "date": DAY,
    "details": "Update.",
    "entitlements": ["None"],
    "restart_required": {"category": "none", "details": "No."},
    "url": "https://acme.example/new",
    "product_ids": ["old"],
    "group_ids": ["group"],
}
SCORE = {
    "cvss_v2": {"version": "2.0", "vectorString": "AV:N/AC:L/Au:N/C:C/I:C/A:C", "baseScore": 10},
    "cvss_v3": {**CVSS, "attackVector": "NETWORK", "temporalScore": 9.8},
    "products": ["old"],
}
VULNERABILITY = {
    "acknowledgments": [THANKS],
    "cve": "CVE-2026-1234",
    "cwe": {"id": "CWE-79", "name": WEAKNESSES["CWE-79"]},
    "discovery_date": DAY,
    "flags": [{"date": DAY, "label": "component_not_present", "product_ids": ["base"]}],
    "ids": [{"system_name": "Acme", "text": "7"}],
    "involvements": [{"date": DAY, "party": "vendor", "status": "completed", "summary": "Done."}],
    "notes": [NOTE],
    "product_status": STATUS,
    "references": [REFERENCE],
    "release_date": DAY,
    "remediations": [REMEDIATION],
    "scores": [SCORE],
    "threats": [
        {"category": "impact", "date": DAY, "details": "Bad.", "product_ids": ["old"]},
        {"category": "exploit_status", "details": "None.", "group_ids": ["group"]},
    ],
    "title": "Script in a name",
}


def rich() -> Json:
    """A document with something at every place that the form knows, and which breaks no rule."""
    made = document(
        products=(product("old", **HELPER), product("new")),
        tree=TREE,
        vulnerabilities=[VULNERABILITY],
        acknowledgments=[THANKS],
        aggregate_severity={"namespace": "https://acme.example", "text": "High"},
        distribution={"text": "Free.", "tlp": {"label": "WHITE", "url": "https://acme.example/t"}},
        lang="en",
        notes=[NOTE],
        references=[REFERENCE],
        source_lang="de-CH",
    )
    # Who gets it may change it.
    made = copy.deepcopy(made)
    made["document"]["publisher"] |= {"contact_details": "Write.", "issuing_authority": "Board"}
    made["document"]["tracking"] |= {
        "aliases": ["A-1"],
        "generator": {"date": DAY, "engine": {"name": "sealane", "version": "1"}},
    }
    made["document"]["tracking"]["revision_history"][0]["legacy_version"] = "I"
    return made


def broken(number: str, made: Json) -> list[str]:
    """The places at which a document breaks a rule; its form has to be right."""
    # Written and read, so that no object of a test is at two places of a document.
    parsed = json.loads(json.dumps(made))
    assert form_faults(parsed) == ()
    before = copy.deepcopy(parsed)
    found = list(rule_named(number).broken(Csaf(parsed, WEAKNESSES)))
    assert parsed == before, "a rule changes nothing"
    assert all(message for _, message in found)
    assert all(_stands(parsed, place) for place, _ in found), "a place that is in no document"
    return [place for place, _ in found]


def _stands(document: Any, place: str) -> bool:  # noqa: ANN401 - JSON
    for part in place.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        try:
            document = document[int(name) if isinstance(document, list) else name]
        except (KeyError, IndexError, ValueError):
            return False
    return True
