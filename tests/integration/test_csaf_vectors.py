"""Every CSAF document of the vectors, against what its manifest says of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from sealane.core.advisory.csaf.form import form_faults
from sealane.core.advisory.csaf.rules.registry import RULES
from sealane.core.advisory.csaf.validate import csaf_faults
from sealane.io.stores.weaknesses import load_weaknesses
from support.vectors import PACK, manifest, needs_pack

pytestmark = needs_pack

CASES: list[dict[str, Any]] = [
    case
    for case in manifest().get("document_cases", [])
    if case["file"].startswith("csaf/2.0/") and case["group"] != "schema"
]
KNOWN = {rule.number for rule in RULES}
IDS = [case["file"].removeprefix("csaf/2.0/") for case in CASES]


def faults(case: dict[str, Any], name: str = "") -> set[tuple[str, bool]]:
    content = (PACK / case["file"]).read_bytes()
    found = csaf_faults(content, name, dict(load_weaknesses()))
    assert all(fault.message for fault in found)
    return {(fault.rule, fault.warns) for fault in found}


def of_group(group: str) -> list[Any]:
    cases = zip(CASES, IDS, strict=True)
    return [pytest.param(case, id=name) for case, name in cases if case["group"] == group]


def test_the_pack_has_all_documents_and_all_rules_have_one_that_must_fail() -> None:
    counts = {kind: len(of_group(kind)) for kind in ("mandatory", "optional", "informative")}
    assert counts == {"mandatory": 62, "optional": 28, "informative": 21}
    assert len(of_group("filename")) == 6
    failing = {case["test"] for case in CASES if case["test_expected"] == "fails"}
    assert failing >= KNOWN


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_a_document_is_valid_where_the_manifest_says_so(case: dict[str, Any]) -> None:
    assert all(warns for _, warns in faults(case)) is case["document_valid"]


@pytest.mark.parametrize("case", of_group("mandatory"))
def test_a_mandatory_rule_is_broken_where_the_manifest_says_so(case: dict[str, Any]) -> None:
    expected = case["test_expected"] == "fails"
    assert ((case["test"], False) in faults(case)) is expected


@pytest.mark.parametrize("case", [*of_group("optional"), *of_group("informative")])
def test_a_rule_that_warns_does_where_the_manifest_says_so(case: dict[str, Any]) -> None:
    # Spelling is asked with a dictionary only: test_csaf_vectors_warn.py.
    expected = case["test_expected"] == "fails" and case["test"] != "6.3.8"
    assert ((case["test"], True) in faults(case)) is expected


@pytest.mark.parametrize("case", of_group("filename"))
def test_a_file_name_is_wrong_where_the_manifest_says_so(case: dict[str, Any]) -> None:
    name = Path(case["file"]).name
    assert (("file-name", False) in faults(case, name)) is (case["test_expected"] == "fails")
    assert "file-name" not in {rule for rule, _ in faults(case)}


def test_only_the_cvss_of_one_document_lacks_the_form() -> None:
    broken = {}
    for case in CASES:
        found = form_faults(json.loads((PACK / case["file"]).read_bytes()))
        if found:
            broken[case["test"]] = {fault.rule for fault in found}
    assert broken == {"6.1.8": {"6.1.8"}}
