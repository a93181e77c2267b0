"""The form of a CSAF document; tests/integration/test_csaf_form.py holds it against the schema."""

import copy
from typing import Any

import pytest

from sealane.core.advisory.csaf.form import cvss_faults, form_faults, unknown_members
from support.csaf import CVSS, document, rich
from support.mutate import paths

Json = dict[str, Any]
DROP = object()
VULNERABILITY = "/vulnerabilities/0"
SCORE = f"{VULNERABILITY}/scores/0"
TREE = "/product_tree"
PRODUCT = {"name": "Tool", "product_id": "tool"}


def changed(place: str, value: Any) -> Json:  # noqa: ANN401 - JSON
    made: Any = copy.deepcopy(rich())
    found = made
    *above, last = place.split("/")[1:]
    for part in above:
        found = found[int(part) if isinstance(found, list) else part]
    key: Any = int(last) if isinstance(found, list) else last
    if value is DROP:
        del found[key]
    else:
        found[key] = value
    return made  # type: ignore[no-any-return]


def test_documents_with_little_and_with_everything_have_the_form() -> None:
    assert form_faults(document()) == ()
    assert form_faults(rich()) == ()


def test_nothing_at_any_place_may_be_null() -> None:
    for path in paths(rich()):
        place = "".join(f"/{part}" for part in path)
        assert form_faults(changed(place, None)), place


@pytest.mark.parametrize("value", [None, [], "", 1, True])
def test_what_is_no_object_is_no_document(value: Any) -> None:  # noqa: ANN401 - JSON
    assert [fault.place for fault in form_faults(value)] == [""]


@pytest.mark.parametrize(
    ("place", "value", "at", "message"),
    [
        ("/document", DROP, "", "expected a member document, got none"),
        ("/document/title", DROP, "/document", "expected a member title, got none"),
        ("/document/title", "", "/document/title", "expected a text, got ''"),
        ("/document/title", 7, "/document/title", "expected a text, got a number"),
        ("/document/csaf_version", "2.1", "/document/csaf_version", "expected '2.0', got '2.1'"),
        ("/document/tracking/status", "done", "/document/tracking/status", "one of draft, final"),
        ("/document/tracking/status", 1, "/document/tracking/status", "got a number"),
        ("/document/category", " x", "/document/category", "without spaces"),
        ("/document/lang", "e", "/document/lang", "a language tag"),
        ("/document/tracking/version", "v1", "/document/tracking/version", "whole number"),
        ("/document/tracking/current_release_date", "x", None, "a time like"),
        ("/document/tracking/revision_history", [], None, "expected 1 or more items, got 0"),
        ("/document/tracking/revision_history", {}, None, "expected a list, got an object"),
        ("/document/distribution", {}, None, "expected 1 members or more, got 0"),
        (f"{TREE}/full_product_names/0/name", "", None, "expected a text"),
        (f"{TREE}/product_groups/0/product_ids", ["old"], None, "expected 2 or more items, got 1"),
        (
            f"{TREE}/product_groups/0/product_ids",
            ["old", "new", "old"],
            f"{TREE}/product_groups/0/product_ids/2",
            f"the same stands at {TREE}/product_groups/0/product_ids/0 already",
        ),
        (f"{TREE}/branches/0/product", PRODUCT, f"{TREE}/branches/0", "expected 3 members or less"),
        (f"{TREE}/branches/0/branches", DROP, f"{TREE}/branches/0", "expected 3 members or more"),
        (f"{TREE}/branches/0/branches/0/category", "x", None, "expected one of architecture"),
        (f"{VULNERABILITY}/cve", "CVE-1", None, "expected a CVE id, got 'CVE-1'"),
        (f"{VULNERABILITY}/scores/0/cvss_v3", DROP, None, ""),
    ],
)  # fmt: skip
def test_each_break_of_the_form_is_named(
    place: str,
    value: Any,  # noqa: ANN401 - JSON
    at: str | None,
    message: str,
) -> None:
    found = form_faults(changed(place, value))
    if not message:
        assert found == ()
        return
    assert [fault.place for fault in found] == [place if at is None else at]
    assert message in found[0].message
    assert found[0].rule == "schema"
    assert not found[0].warns


@pytest.mark.parametrize(
    ("member", "value", "at", "message"),
    [
        ("cvss_v3", {**CVSS, "baseScore": True}, "/baseScore", "expected a number, got a boolean"),
        ("cvss_v3", {**CVSS, "baseScore": 10.1}, "/baseScore", "from 0 to 10, got 10.1"),
        ("cvss_v3", {**CVSS, "baseScore": -1}, "/baseScore", "from 0 to 10, got -1"),
        ("cvss_v3", {**CVSS, "baseScore": "9.8"}, "/baseScore", "got a string"),
        ("cvss_v3", {**CVSS, "baseSeverity": "High"}, "/baseSeverity", "one of NONE, LOW"),
        ("cvss_v3", {**CVSS, "attackVector": "NEAR"}, "/attackVector", "one of NETWORK"),
        ("cvss_v3", {**CVSS, "version": "3.2"}, "/version", "one of 3.0, 3.1, got '3.2'"),
        ("cvss_v3", {**CVSS, "version": 3.1}, "/version", "got a number"),
        ("cvss_v3", {**CVSS, "version": "3.0"}, "/vectorString", "a vector of CVSS 3.0"),
        ("cvss_v3", {"baseScore": 9.8}, "", "expected a member version, got none"),
        ("cvss_v3", [], "", "expected an object, got a list"),
        ("cvss_v2", CVSS, "/version", "expected '2.0', got '3.1'"),
        ("cvss_v2", {}, "", "expected a member version, got none"),
    ],
)
def test_a_broken_cvss_object_breaks_rule_6_1_8(
    member: str,
    value: Any,  # noqa: ANN401 - JSON
    at: str,
    message: str,
) -> None:
    place = f"{SCORE}/{member}"
    found = form_faults(changed(place, value))
    assert (found[0].rule, found[0].place) == ("6.1.8", f"{place}{at}")
    assert message in found[0].message
    assert [(one.place, one.message) for one in found] == list(cvss_faults(value, member, place))


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        pytest.param({"x": 1}, {"x": 1.0}, True, id="1-is-1.0"),
        pytest.param({"x": 1}, {"x": True}, False, id="1-is-not-true"),
        pytest.param({"x": [1, "a"]}, {"x": [1, "a"]}, True, id="lists"),
        pytest.param({"x": [1, 2]}, {"x": [2, 1]}, False, id="lists-have-an-order"),
        pytest.param({"x": 1, "y": None}, {"y": None, "x": 1}, True, id="objects-have-none"),
    ],
)
def test_what_json_takes_for_equal_stands_once(first: Json, second: Json, *, same: bool) -> None:
    flag = {"label": "component_not_present", "product_ids": ["old"]}
    made = changed(f"{VULNERABILITY}/flags", [flag | first, flag | second])
    assert bool(form_faults(made)) is same


def test_members_that_nobody_knows_are_allowed_and_told() -> None:
    made = rich()
    assert list(unknown_members(made)) == []
    made["x/y"] = 1
    made["document"]["~"] = []
    made["product_tree"]["branches"][0]["branches"][0]["product"]["z"] = None
    made["vulnerabilities"][0]["scores"][0]["cvss_v3"]["z"] = {"a": 1}
    made["vulnerabilities"][0]["scores"][0]["cvss_v2"]["baseSeverity"] = "HIGH"
    assert form_faults(made) == ()
    assert sorted(unknown_members(made)) == [
        "/document/~0",
        "/product_tree/branches/0/branches/0/product/z",
        "/vulnerabilities/0/scores/0/cvss_v2/baseSeverity",
        "/vulnerabilities/0/scores/0/cvss_v3/z",
        "/x~1y",
    ]
