"""What a predicate says, for people."""

import pytest

from sealane.core.attestation.key_facts import MOST_LISTED, facts_of, key_facts
from sealane.core.attestation.predicates import provenance, publish, test_result, vsa
from sealane.core.model.statement import JsonValue

VSA: dict[str, JsonValue] = {
    "verifier": {"id": "https://verifier.example.org", "version": {}},
    "timeVerified": "2026-06-01T12:00:00Z",
    "resourceUri": "pkg:pypi/acme@1.0",
    "policy": {"uri": "https://example.org/policy", "digest": {"sha256": "ab" * 32}},
    "verificationResult": "FAILED",
    "verifiedLevels": ["FAILED"],
}
BUILD: dict[str, JsonValue] = {
    "buildDefinition": {
        "buildType": "https://b.example.org/v1",
        "externalParameters": {"ref": "x"},
    },
    "runDetails": {"builder": {"id": "https://b.example.org"}},
}


def test_a_build_is_told_by_its_parts() -> None:
    found = dict(key_facts(provenance.PREDICATE, BUILD))
    assert found["builder"] == "https://b.example.org"
    assert found["external"] == '{"ref": "x"}'
    assert "invocation" not in found, "what is not said is not told"


def test_a_predicate_that_says_nothing_has_no_facts() -> None:
    assert key_facts(publish.PREDICATE, {}) == ()


def test_a_summary_that_failed_is_told_though_no_policy_takes_it() -> None:
    found = dict(key_facts(vsa.PREDICATE, VSA))
    assert found["passed"] == "no"
    assert found["verified at"] == "2026-06-01T12:00:00Z"
    assert found["policy digests"] == "sha256:" + "ab" * 32
    assert "problem" not in found


def test_tests_that_failed_are_told() -> None:
    predicate: dict[str, JsonValue] = {
        "result": "FAILED",
        "configuration": [],
        "failedTests": ["a", "b"],
    }
    found = dict(key_facts(test_result.PREDICATE, predicate))
    assert (found["result"], found["failed"]) == ("FAILED", "a, b")


def test_what_is_not_of_its_type_says_why_and_names_its_members() -> None:
    found = dict(key_facts(publish.PREDICATE, {"b": 1, "a": 2}))
    assert "expected nothing" in found["problem"]
    assert found["members"] == "a, b"


@pytest.mark.parametrize(
    "kind", ["https://example.org/new/v1", "https://carabiner.dev/ampel/resultset/v0"]
)
def test_of_a_type_that_is_not_read_the_members_are_named(kind: str) -> None:
    assert key_facts(kind, {"b": 1, "a": 2}) == (("members", "a, b"),)


def test_a_long_list_is_cut_and_counted() -> None:
    names: list[JsonValue] = [f"t{number}" for number in range(MOST_LISTED + 2)]
    predicate: dict[str, JsonValue] = {
        "result": "PASSED",
        "configuration": [{"name": "c"}],
        "passedTests": names,
    }
    found = dict(key_facts(test_result.PREDICATE, predicate))
    assert found["passed"].endswith("t4, and 2 more")
    assert found["configuration"] == "c"


def test_parts_of_parts_are_told_on_one_line() -> None:
    predicate: dict[str, JsonValue] = {**BUILD, "runDetails": {
        "builder": {"id": "x"}, "byproducts": [{"name": "log", "digest": {"sha256": "ab" * 32}}],
    }}  # fmt: skip
    assert (
        dict(key_facts(provenance.PREDICATE, predicate))["byproducts"] == f"log sha256:{'ab' * 32}"
    )


@pytest.mark.parametrize("value", [None, "text", 7, provenance.Provenance])
def test_what_is_no_value_of_ours_has_no_facts(value: object) -> None:
    assert list(facts_of(value)) == []
