"""A whole document: its form, then its rules, then its name."""

import contextlib
import json
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sealane.core.advisory.csaf.rules.registry import RULES
from sealane.core.advisory.csaf.validate import csaf_faults
from sealane.errors import InputError
from support.csaf import CVSS, WEAKNESSES, Json, document, product, rich
from support.mutate import mutated

NAME = "acme-2026-1.json"


def rules(made: Json, name: str = NAME) -> list[tuple[str, bool]]:
    faults = csaf_faults(json.dumps(made).encode(), name, WEAKNESSES)
    return [(fault.rule, fault.warns) for fault in faults]


def test_a_document_that_breaks_nothing_mandatory_only_warns() -> None:
    for made in (document(), rich()):
        assert all(warns and rule[:3] in {"6.2", "6.3"} for rule, warns in rules(made))


def test_of_a_document_without_its_form_only_the_form_is_told() -> None:
    made = document(
        "0",
        vulnerabilities=[
            {"cve": "CVE-1", "scores": [{"cvss_v3": CVSS | {"baseScore": 11}, "products": ["x"]}]}
        ],
    )
    assert rules(made) == [("schema", False), ("6.1.8", False)]


def test_rules_are_asked_in_the_order_of_the_specification() -> None:
    made = document("0", lang="ez", vulnerabilities=[{"product_status": {"fixed": ["x"]}}])
    found = [rule for rule, warns in rules(made, "other.json") if not warns]
    assert found == ["6.1.1", "6.1.12", "6.1.17", "6.1.18", "file-name"]


@pytest.mark.parametrize(
    ("name", "holds"),
    [("", True), (NAME, True), ("ACME-2026-1.json", False), ("acme-2026-1", False)],
)
def test_a_file_is_named_by_the_id(name: str, *, holds: bool) -> None:
    assert (("file-name", False) in rules(document(), name)) is not holds


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff{}", b'{"a": 1, "a": 1}', b"NaN", b"[" * 500, b"\xef\xbb\xbf{}"],
)
def test_what_is_no_json_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"^x\.json: "):
        csaf_faults(content, "x.json", WEAKNESSES)


@given(st.binary(max_size=200))
def test_bytes_are_a_document_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        assert csaf_faults(content, "", {})


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(mutated([rich(), document("1.0.0-rc", "2"), rich() | {"vulnerabilities": []}]))
def test_a_changed_document_never_crashes_a_rule(made: Json) -> None:
    try:
        faults = csaf_faults(json.dumps(made).encode(), NAME, WEAKNESSES)
    except InputError:
        return
    known = {rule.number for rule in RULES}
    assert all(fault.rule in known | {"schema", "file-name"} and fault.message for fault in faults)


def large(count: int) -> bytes:
    """Products in one group, each vulnerability of which names the group."""
    names = [f"p{number}" for number in range(count)]
    named = {"group_ids": ["all"]}
    vulnerabilities = [
        {
            "cve": f"CVE-2026-{number:05}",
            "notes": [{"category": "summary", "text": "x"}],
            "product_status": {"known_affected": names[number * 10 : number * 10 + 10]},
            "remediations": [{"category": "vendor_fix", "details": "x", **named}],
        }
        for number in range(20)
    ]
    tree = {"product_groups": [{"group_id": "all", "product_ids": names}]}
    products = tuple(product(one, purl=f"pkg:pypi/{one}@1") for one in names)
    made = document(
        category="csaf_vex", products=products, tree=tree, vulnerabilities=vulnerabilities
    )
    return json.dumps(made).encode()


def test_ten_times_the_products_take_about_ten_times_as_long() -> None:
    def seconds(count: int) -> float:
        content, best = large(count), 99.0
        for _ in range(3):
            started = time.process_time()
            assert not [one for one in csaf_faults(content, NAME, {}) if not one.warns]
            best = min(best, time.process_time() - started)
        return best

    assert seconds(10_000) < 40 * seconds(1_000)
