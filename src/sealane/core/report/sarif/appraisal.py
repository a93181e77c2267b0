"""An appraisal as SARIF, for the pages on which forges show what scanners found.

Spec: SARIF 2.1.0 with errata 01 (OASIS).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence

from sealane.core.model.artifact import Artifact
from sealane.core.model.code import Code
from sealane.core.model.codes import CODES, code_of
from sealane.core.model.ending import exit_code
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Appraisal, Finding, Verdict
from sealane.core.report.interface import NOTHING, answers, stamps, summary
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


def render_sarif(appraisal: Appraisal) -> str:
    """The report as a SARIF log of one run; its results are all findings, in order."""
    found = {code_of(one.code).code for verdict in appraisal.verdicts for one in answers(verdict)}
    rules = [code for code in CODES if code.code in found]
    run: dict[str, JsonValue] = {
        "tool": {"driver": driver(rules)},
        "invocations": [_invocation(appraisal)],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(one) for one in _files(appraisal)],
        "results": [*_results(appraisal, rules)],
        "properties": _properties(appraisal),
    }
    return render_log(run)


def _invocation(appraisal: Appraisal) -> JsonValue:
    """How the run ended; it was successful where everything that was asked for was judged."""
    ended = exit_code(appraisal) if appraisal.enforced else 0
    failures: list[JsonValue] = [
        {
            "level": "error",
            "message": {"text": message(shown(one.message))},
            "properties": {"exitCode": one.exit_code, "hint": shown(one.hint)},
        }
        for one in appraisal.problems
    ]
    if not appraisal.verdicts:
        failures.append({"level": "error", "message": {"text": NOTHING}})
    notices = [("warning", text) for text in stamps(appraisal)]
    notices += [("note", shown(text)) for text in appraisal.notes]
    return {
        "executionSuccessful": not failures,
        "exitCode": ended,
        "exitCodeDescription": message(summary(appraisal)),
        "endTimeUtc": rfc3339(appraisal.at),
        "toolExecutionNotifications": failures,
        "toolConfigurationNotifications": [
            {"level": level, "message": {"text": message(text)}} for level, text in notices
        ],
    }


def _properties(appraisal: Appraisal) -> JsonValue:
    return {
        "sandbox": appraisal.sandbox,
        "enforced": appraisal.enforced,
        "hosts": [shown(one) for one in appraisal.hosts],
        "basis": basis(appraisal.based_on),
    }


def _files(appraisal: Appraisal) -> list[Artifact]:
    """Every file once, also where two paths lead to the same: section 3.14.15."""
    return list(dict.fromkeys(verdict.artifact for verdict in appraisal.verdicts))


def _artifact(artifact: Artifact) -> JsonValue:
    # -1 says that the length is not known; section 3.24.8.
    return {
        "location": {"uri": uri(artifact.name)},
        "length": -1 if artifact.size is None else artifact.size,
        "roles": ["analysisTarget"],
        "hashes": {
            HASHES.get(one.algorithm, shown(one.algorithm)): one.value for one in artifact.digests
        },
    }


def _results(appraisal: Appraisal, rules: Sequence[Code]) -> Iterator[JsonValue]:
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    stamp = "".join(f"{text.partition(':')[0]}: " for text in stamps(appraisal))
    files = {file: index for index, file in enumerate(_files(appraisal))}
    for verdict in appraisal.verdicts:
        index, where = files[verdict.artifact], uri(verdict.artifact.name)
        for finding in answers(verdict):
            code = code_of(finding.code).code
            kind, level = LEVELS[finding.outcome]
            yield {
                "ruleId": code,
                "ruleIndex": numbers[code],
                "kind": kind,
                "level": level,
                "message": {"text": message(stamp + told(verdict.artifact.name, finding))},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": where, "index": index}}}
                ],
                "partialFingerprints": {"sealaneFinding/v1": _fingerprint(verdict, finding)},
                "properties": _said(verdict, finding),
            }


def _said(verdict: Verdict, finding: Finding) -> JsonValue:
    return {
        "verdict": verdict.outcome.value,
        "place": shown(finding.place),
        "expected": shown(finding.expected),
        "actual": shown(finding.actual),
        "hint": shown(finding.hint),
        "compared": [
            {
                "claim": shown(one.claim),
                "demanded": shown(one.demanded),
                "actual": shown(one.actual),
                "held": one.held,
            }
            for one in finding.compared
        ],
    }


def _fingerprint(verdict: Verdict, finding: Finding) -> str:
    """What is the same in every run that finds the same, whenever and in whatever order."""
    parts = (finding.code, verdict.artifact.name, finding.place, finding.expected, finding.actual)
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
