"""The report for programs holds what its schema says, and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest

from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Appraisal
from sealane.core.report.json import render_json
from sealane.core.report.json_schema import REPORT_SCHEMA
from support import appraisals as made


def undescribed(value: Any, schema: Any, place: str = "") -> list[str]:  # noqa: ANN401 - JSON
    """Members that only the value has, or only the schema, at every depth."""
    if "anyOf" in schema:
        schema = schema["anyOf"][0]
    if isinstance(value, list):
        return [one for item in value for one in undescribed(item, schema["items"], f"{place}[]")]
    if not isinstance(value, dict) or "properties" not in schema:
        return []
    differ = value.keys() ^ set(schema["required"])
    found = [f"{place}.{name}" for name in sorted(differ)]
    for name in value.keys() - differ:
        found += undescribed(value[name], schema["properties"][name], f"{place}.{name}")
    return found


def document(appraisal: Appraisal) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(render_json(appraisal))
    return read


@pytest.mark.parametrize(
    "appraisal", [made.EVERYTHING, made.appraisal(), made.appraisal(made.UNDECIDED)]
)
def test_the_schema_names_every_field(appraisal: Appraisal) -> None:
    assert undescribed(document(appraisal), REPORT_SCHEMA) == []


def test_a_field_that_the_schema_lacks_is_noticed() -> None:
    read = document(made.EVERYTHING)
    read["verdicts"][0]["findings"][0]["more"] = 1
    del read["problems"][0]["hint"]
    assert sorted(undescribed(read, REPORT_SCHEMA)) == [
        ".problems[].hint",
        ".verdicts[].findings[].more",
    ]


def test_it_says_what_was_judged_by_and_what_was_compared() -> None:
    read = document(made.EVERYTHING)
    assert read["basis"][0] == {
        "kind": "policy", "name": "acme-releases, sealane.policy.toml", "sha256": "9" * 64,
        "id": "",
    }  # fmt: skip
    assert read["verdicts"][1]["findings"][0]["compared"][1] == {
        "claim": "source repository ref",
        "demanded": "refs/tags/v1.2.0",
        "actual": "refs/heads/main",
        "held": False,
    }
    assert read["verdicts"][0]["facts"][0]["roots"] == ["public"]


def test_a_warning_is_listed_and_is_no_pass() -> None:
    read = document(made.appraisal(made.ONLY_WARNED))
    assert read["warnings"] == [{"artifact": "a.zip", "code": made.WARNED.code}]
    assert read["passed"] is False
    assert document(made.appraisal(made.PASSED))["warnings"] == []


def test_a_warning_beside_a_pass_leaves_it_one() -> None:
    verdict = replace(made.PASSED, findings=(made.MET, made.WARNED))
    read = document(made.appraisal(verdict))
    assert (read["passed"], len(read["warnings"])) == (True, 1)


def test_the_schema_is_json() -> None:
    value: JsonValue = REPORT_SCHEMA
    assert json.loads(json.dumps(value)) == value
