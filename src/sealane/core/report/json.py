"""An appraisal for programs; the schema's name changes when a field changes its meaning."""

from __future__ import annotations

import json

from sealane.core.model.fact import Fact
from sealane.core.model.identity import Claim
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Appraisal, Compared, Finding, Outcome, Verdict
from sealane.core.report.interface import basis_object, finding_object

SCHEMA = "sealane.report/1"


def render_json(appraisal: Appraisal) -> str:
    """The report as one JSON object, ASCII only, so that no terminal obeys what is in it."""
    verdicts = appraisal.verdicts
    passed = bool(verdicts) and all(one.outcome is Outcome.PASS for one in verdicts)
    problems = appraisal.problems
    document: dict[str, JsonValue] = {
        "schema": SCHEMA,
        "at": rfc3339(appraisal.at),
        "based_on": [str(one) for one in appraisal.based_on],
        "basis": [basis_object(one) for one in appraisal.based_on],
        "sandbox": appraisal.sandbox,
        "enforced": appraisal.enforced,
        "hosts": list(appraisal.hosts),
        "notes": list(appraisal.notes),
        "passed": passed and not problems,
        "warnings": [
            {"artifact": one.artifact.name, "code": finding.code}
            for one in verdicts
            for finding in one.findings
            if finding.outcome is Outcome.WARN
        ],
        "verdicts": [_verdict(one) for one in verdicts],
        "problems": [
            {"exit_code": one.exit_code, "message": one.message, "hint": one.hint}
            for one in problems
        ],
    }
    # Within texts only; what begins so is an order to the runners of CI jobs, see `shown`.
    return json.dumps(document, indent=2, ensure_ascii=True).replace("##", "#\\u0023") + "\n"


def _verdict(verdict: Verdict) -> JsonValue:
    artifact = verdict.artifact
    return {
        "artifact": {
            "name": artifact.name,
            "digests": {digest.algorithm: digest.value for digest in artifact.digests},
            "size": artifact.size,
            "purl": artifact.purl,
            "version": artifact.version,
        },
        "outcome": verdict.outcome.value,
        "findings": [_finding(one) for one in verdict.findings],
        "facts": [_fact(one) for one in verdict.facts],
    }


def _finding(finding: Finding) -> JsonValue:
    return {
        **finding_object(finding),
        "compared": [_compared(one) for one in finding.compared],
    }


def _compared(one: Compared) -> JsonValue:
    return {
        "claim": one.claim,
        "demanded": one.demanded,
        "actual": one.actual,
        "held": one.held,
    }


def _fact(fact: Fact) -> JsonValue:
    statement = fact.statement
    return {
        "evidence": fact.evidence.origin,
        "evidence_sha256": fact.evidence.sha256,
        "form": fact.evidence.form.value,
        "predicate_type": statement.predicate_type if statement else None,
        "statement_sha256": statement.digest if statement else None,
        "issuer": fact.signer.issuer,
        "subject": fact.signer.subject,
        "claims": {_claim(number): text for number, text in fact.signer.extensions},
        "signed_at": rfc3339(fact.signed_at) if fact.signed_at else None,
        "trust": fact.trust,
        "roots": list(fact.roots),
        "log_index": fact.log_index,
        "log_generation": fact.log_generation,
        "certificate_sha256": fact.certificate,
        "notes": list(fact.notes),
    }


def _claim(number: int) -> str:
    return Claim(number).name.lower() if number in set(Claim) else f"extension_{number}"
