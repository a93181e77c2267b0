"""An appraisal as SARIF, for the pages on which forges show what scanners found.

Everything in it is ASCII, and what strangers wrote is escaped: a viewer that makes links of
`[text](target)`, or fills in `{0}`, finds neither in it.

Spec: SARIF 2.1.0 with errata 01 (OASIS).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

from sealane import __version__
from sealane.core.model.artifact import Artifact
from sealane.core.model.code import Code
from sealane.core.model.codes import CODES, code_of
from sealane.core.model.ending import exit_code
from sealane.core.model.moment import rfc3339
from sealane.core.model.shown import LONGEST, shown
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Appraisal, Finding, Outcome, Verdict
from sealane.core.report.interface import NOTHING, answers, stamps, summary

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
# Where a rule is explained, within the documentation. It stands in `help` and in `properties`:
# SARIF's helpUri has to be absolute (section 3.49.12), and the project names no host of its own.
_PAGES = "docs/reference/findings"
# Section 3.27.10: whatever is not of kind "fail" has the level "none".
_LEVELS = {
    Outcome.PASS: ("pass", "none"),
    Outcome.FAIL: ("fail", "error"),
    Outcome.MISSING: ("fail", "error"),
    Outcome.WARN: ("fail", "warning"),
    Outcome.NOTE: ("fail", "note"),
}
# The names of the IANA registry of hash functions; section 3.24.11.
_HASHES = {"sha256": "sha-256", "sha384": "sha-384", "sha512": "sha-512"}


def render_sarif(appraisal: Appraisal) -> str:
    """The report as a SARIF log of one run; its results are all findings, in order."""
    found = {code_of(one.code).code for verdict in appraisal.verdicts for one in answers(verdict)}
    rules = [code for code in CODES if code.code in found]
    run: dict[str, JsonValue] = {
        "tool": {"driver": _driver(rules)},
        "invocations": [_invocation(appraisal)],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(one) for one in _files(appraisal)],
        "results": [*_results(appraisal, rules)],
        "properties": _properties(appraisal),
    }
    log: dict[str, JsonValue] = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2, ensure_ascii=True) + "\n"


def _driver(rules: Sequence[Code]) -> JsonValue:
    return {
        "name": "sealane",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(one) for one in rules],
    }


def _rule(code: Code) -> JsonValue:
    page = f"{_PAGES}/{code.code}.md"
    return {
        "id": code.code,
        "name": code.name,
        "shortDescription": {"text": _message(code.meaning)},
        "fullDescription": {"text": _message(f"{code.label}: {code.meaning}")},
        "help": {"text": _message(f"What to do: {code.hint}. More on it: {page}")},
        "defaultConfiguration": {"level": "error"},
        "properties": {"page": page},
    }


def _invocation(appraisal: Appraisal) -> JsonValue:
    """How the run ended; it was successful where everything that was asked for was judged."""
    ended = exit_code(appraisal) if appraisal.enforced else 0
    failures: list[JsonValue] = [
        {
            "level": "error",
            "message": {"text": _message(shown(one.message))},
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
        "exitCodeDescription": _message(summary(appraisal)),
        "endTimeUtc": rfc3339(appraisal.at),
        "toolExecutionNotifications": failures,
        "toolConfigurationNotifications": [
            {"level": level, "message": {"text": _message(text)}} for level, text in notices
        ],
    }


def _properties(appraisal: Appraisal) -> JsonValue:
    return {
        "sandbox": appraisal.sandbox,
        "enforced": appraisal.enforced,
        "hosts": [shown(one) for one in appraisal.hosts],
        "basis": [
            {"kind": shown(one.kind), "name": shown(one.name), "sha256": shown(one.sha256)}
            for one in appraisal.based_on
        ],
    }


def _files(appraisal: Appraisal) -> list[Artifact]:
    """Every file once, also where two paths lead to the same: section 3.14.15."""
    return list(dict.fromkeys(verdict.artifact for verdict in appraisal.verdicts))


def _artifact(artifact: Artifact) -> JsonValue:
    # -1 says that the length is not known; section 3.24.8.
    return {
        "location": {"uri": _uri(artifact.name)},
        "length": -1 if artifact.size is None else artifact.size,
        "roles": ["analysisTarget"],
        "hashes": {
            _HASHES.get(one.algorithm, shown(one.algorithm)): one.value for one in artifact.digests
        },
    }


def _results(appraisal: Appraisal, rules: Sequence[Code]) -> Iterator[JsonValue]:
    numbers = {rule.code: number for number, rule in enumerate(rules)}
    stamp = "".join(f"{text.partition(':')[0]}: " for text in stamps(appraisal))
    files = {file: index for index, file in enumerate(_files(appraisal))}
    for verdict in appraisal.verdicts:
        index, uri = files[verdict.artifact], _uri(verdict.artifact.name)
        for finding in answers(verdict):
            code = code_of(finding.code).code
            kind, level = _LEVELS[finding.outcome]
            yield {
                "ruleId": code,
                "ruleIndex": numbers[code],
                "kind": kind,
                "level": level,
                "message": {"text": _message(stamp + _told(verdict, finding))},
                "locations": [
                    {"physicalLocation": {"artifactLocation": {"uri": uri, "index": index}}}
                ],
                "partialFingerprints": {"sealaneFinding/v1": _fingerprint(verdict, finding)},
                "properties": _said(verdict, finding),
            }


def _told(verdict: Verdict, finding: Finding) -> str:
    """A finding as one sentence."""
    told = f"{shown(verdict.artifact.name)}: {finding.code}"
    parts = (("expected", finding.expected), ("actual", finding.actual), ("at", finding.place))
    said = "; ".join(f"{word} {shown(text)}" for word, text in parts if text)
    return f"{told}: {said}" if said else told


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


def _uri(name: str) -> str:
    """A file's name as a relative reference of one segment; RFC 3986, section 4.2.

    A colon is encoded too, lest what stands before it be a scheme.
    """
    if name in {"", ".", ".."}:
        # These would name a folder; written out they are a name like any other.
        return quote(f"name-{len(name)}")
    return quote(name[:LONGEST].encode("utf-8", "surrogatepass"), safe="")


def _message(text: str) -> str:
    """A text without a link, a placeholder or an invisible character; sections 3.11.5, 3.11.6."""
    plain = "".join(shown(text[start : start + LONGEST]) for start in range(0, len(text), LONGEST))
    braced = plain.replace("{", "{{").replace("}", "}}")
    return re.sub(r"(\\*)([\[\]])", r"\1\1\\\2", braced)
