"""The SARIF log: a result for every finding, and no pass that is none."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from sealane import __version__
from sealane.core.model.code import Code
from sealane.core.model.codes import CODES
from sealane.core.model.verdict import Appraisal, Verdict
from sealane.core.report.sarif.appraisal import render_sarif
from support import appraisals as made

ROOT = Path(__file__).parents[4]


def run_of(appraisal: Appraisal) -> dict[str, Any]:
    log = json.loads(render_sarif(appraisal))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    checked: dict[str, Any] = run
    return checked


def results_of(*verdicts: Verdict) -> list[Any]:
    results: list[Any] = run_of(made.appraisal(*verdicts))["results"]
    return results


@pytest.mark.parametrize(
    ("verdict", "levels"),
    [
        (made.PASSED, [("pass", "none"), ("fail", "note")]),
        (made.FAILED, [("fail", "error")]),
        (made.ONLY_WARNED, [("fail", "warning")]),
        (made.WITHOUT, [("fail", "error")]),
        (made.SILENT, [("fail", "note"), ("fail", "error")]),
    ],
)
def test_a_level_follows_from_the_outcome(verdict: Verdict, levels: list[tuple[str, str]]) -> None:
    assert [(one["kind"], one["level"]) for one in results_of(verdict)] == levels


def test_every_result_names_a_rule_and_a_file_of_the_run() -> None:
    run = run_of(made.EVERYTHING)
    rules = run["tool"]["driver"]["rules"]
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        (place,) = result["locations"]
        file = place["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][file["index"]]["location"]["uri"] == file["uri"]


def test_the_rules_are_the_codes_that_were_found() -> None:
    rules = run_of(made.EVERYTHING)["tool"]["driver"]["rules"]
    codes = {code.code: code for code in CODES}
    found = {"SL-EV-001", "SL-ID-004", "SL-POL-002", "SL-REQ-001", "SL-SIG-004"}
    assert {rule["id"] for rule in rules} == found
    for rule in rules:
        code: Code = codes[rule["id"]]
        assert rule["name"] == code.name
        assert code.meaning in rule["shortDescription"]["text"]
        assert code.label in rule["fullDescription"]["text"]
        page = rule["properties"]["page"]
        assert page in rule["help"]["text"]
        assert (ROOT / page).is_file()


def test_the_tool_is_this_version() -> None:
    driver = run_of(made.EVERYTHING)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("sealane", __version__)


@pytest.mark.parametrize(
    ("appraisal", "code", "successful"),
    [
        (made.appraisal(made.PASSED), 0, True),
        (made.appraisal(made.FAILED), 1, True),
        (replace(made.appraisal(made.FAILED), enforced=False), 0, True),
        (replace(made.appraisal(made.PASSED), problems=(made.PROBLEM,)), 5, False),
        (made.appraisal(), 3, False),
    ],
)
def test_the_invocation_tells_how_the_run_ended(
    appraisal: Appraisal, code: int, successful: bool
) -> None:
    (invocation,) = run_of(appraisal)["invocations"]
    assert (invocation["exitCode"], invocation["executionSuccessful"]) == (code, successful)
    assert bool(invocation["toolExecutionNotifications"]) is not successful
    assert invocation["endTimeUtc"] == "2026-11-25T07:06:13Z"


def test_a_rehearsal_and_an_unenforced_run_are_stamped_on_every_result() -> None:
    run = run_of(replace(made.EVERYTHING, sandbox=True, enforced=False))
    assert (run["properties"]["sandbox"], run["properties"]["enforced"]) == (True, False)
    for result in run["results"]:
        assert result["message"]["text"].startswith("sandbox: not enforced: ")
    (invocation,) = run["invocations"]
    levels = [one["level"] for one in invocation["toolConfigurationNotifications"]]
    assert levels == ["warning", "warning", "note"]


def test_a_fingerprint_stays_from_run_to_run_and_differs_between_findings() -> None:
    def prints(appraisal: Appraisal) -> list[str]:
        results = run_of(appraisal)["results"]
        return [one["partialFingerprints"]["sealaneFinding/v1"] for one in results]

    first = prints(made.appraisal(made.PASSED, made.FAILED))
    later = replace(
        made.appraisal(made.FAILED, made.PASSED), at=made.AT.replace(year=2027), sandbox=True
    )
    assert sorted(first) == sorted(prints(later))
    assert len(set(first)) == len(first)


@pytest.mark.parametrize(
    "name",
    [
        "a b.whl",
        "sha256:" + "a" * 64,
        "javascript:x",
        "ü#?%.whl",
        "//host/x",
        *made.HOSTILE.values(),
    ],
)
def test_a_file_is_named_by_one_segment_of_a_relative_reference(name: str) -> None:
    run = run_of(made.appraisal(replace(made.PASSED, artifact=replace(made.WHEEL, name=name))))
    uri = run["artifacts"][0]["location"]["uri"]
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == ("", "", "", "")
    assert re.fullmatch(r"([A-Za-z0-9_.~-]|%[0-9A-F]{2})+", uri)
    assert uri.strip(".")
    if name:
        assert unquote(uri, errors="surrogatepass") == name[:500]


@pytest.mark.parametrize(("name", "uri"), [("", "name-0"), (".", "name-1"), ("..", "name-2")])
def test_a_name_of_a_folder_is_written_out(name: str, uri: str) -> None:
    run = run_of(made.appraisal(replace(made.PASSED, artifact=replace(made.WHEEL, name=name))))
    assert run["artifacts"][0]["location"]["uri"] == uri


def test_digests_are_named_as_the_registry_of_hash_functions_does() -> None:
    (file,) = run_of(made.appraisal(made.PASSED))["artifacts"]
    assert file["hashes"] == {"sha-256": "a" * 64, "sha-512": "a" * 128}
    assert file["length"] == made.WHEEL.size
    unknown = replace(made.PASSED, artifact=replace(made.WHEEL, size=None))
    assert run_of(made.appraisal(unknown))["artifacts"][0]["length"] == -1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("refs/tags/v{pep440}", "refs/tags/v{{pep440}}"),
        ("[a](https://evil.example)", r"\[a\](https://evil.example)"),
        (r"\[a](b)", r"\\\[a\](b)"),
        (r"a\b", r"a\b"),
    ],
)
def test_a_message_has_no_link_and_no_placeholder(text: str, shown: str) -> None:
    (result,) = results_of(replace(made.FAILED, findings=(replace(made.MISMATCH, actual=text),)))
    assert f"actual {shown}; at" in result["message"]["text"]
    assert result["properties"]["actual"] == text
