"""An examination of an advisory as SARIF: results are all answers, in order."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from sealane.core.model.code import Code
from sealane.core.model.codes import CODES, code_of
from sealane.core.model.examination import Examination
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Finding
from sealane.core.report.sarif.parts import (
    HASHES,
    LEVELS,
    basis,
    driver,
    message,
    render_log,
    told,
    uri,
)


def render_examination_sarif(examination: Examination) -> str:
    """The report as a SARIF log of one run, about one file."""
    found = {code_of(one.code).code for one in examination.findings}
    rules = [code for code in CODES if code.code in found]
    notices = [shown(one) for one in examination.notes]
    ended = examination.exit_code
    return render_log(
        {
            "tool": {"driver": driver(rules)},
            "invocations": [
                {
                    "executionSuccessful": bool(examination.findings),
                    "exitCode": ended.value,
                    "exitCodeDescription": message(examination.outcome.value),
                    "endTimeUtc": rfc3339(examination.at),
                    "toolConfigurationNotifications": [
                        {"level": "note", "message": {"text": message(one)}} for one in notices
                    ],
                }
            ],
            "columnKind": "unicodeCodePoints",
            "artifacts": [
                {
                    "location": {"uri": uri(_name(examination))},
                    "length": -1,
                    "roles": ["analysisTarget"],
                    "hashes": {HASHES["sha256"]: examination.sha256},
                }
            ],
            "results": [*_results(examination, rules)],
            "properties": {
                "sandbox": examination.sandbox,
                "stage": examination.stage,
                "hosts": [shown(one) for one in examination.hosts],
                "basis": basis(examination.based_on),
            },
        }
    )


def _results(examination: Examination, rules: Sequence[Code]) -> Iterator[JsonValue]:
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    stamp = "sandbox: " if examination.sandbox else ""
    for finding in examination.findings:
        code = code_of(finding.code).code
        kind, level = LEVELS[finding.outcome]
        yield {
            "ruleId": code,
            "ruleIndex": numbers[code],
            "kind": kind,
            "level": level,
            "message": {"text": message(stamp + told(examination.subject, finding))},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": uri(_name(examination)), "index": 0}
                    }
                }
            ],
            "partialFingerprints": {"sealaneFinding/v1": _fingerprint(examination, finding)},
            "properties": {
                "place": shown(finding.place),
                "expected": shown(finding.expected),
                "actual": shown(finding.actual),
                "hint": shown(finding.hint),
            },
        }


def _name(examination: Examination) -> str:
    """The file's name without folders."""
    return examination.place.rpartition("/")[2] or examination.subject


def _fingerprint(examination: Examination, finding: Finding) -> str:
    """What is the same in every run that finds the same."""
    parts = (
        finding.code, examination.subject, finding.place, finding.expected, finding.actual
    )  # fmt: skip
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
