"""The JSON Schema of the report for programs.

Fields may be added under the same name of the schema, so a reader has to leave aside what it does
not know; a field that changed its meaning, or went, would change the name.

Spec: JSON Schema 2020-12.
"""

from __future__ import annotations

from sealane.core.model.statement import JsonValue
from sealane.core.model.verdict import Outcome

Schema = dict[str, JsonValue]

_TEXT: Schema = {"type": "string"}
_FLAG: Schema = {"type": "boolean"}
_TIME: Schema = {"type": "string", "format": "date-time"}
_HEX: Schema = {"type": "string", "pattern": "^[0-9a-f]+$"}
_SHA256: Schema = {"type": "string", "pattern": "^([0-9a-f]{64})?$"}


def _array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _object(**members: Schema) -> Schema:
    return {"type": "object", "properties": {**members}, "required": [*members]}


_OUTCOME: Schema = {"enum": [one.value for one in Outcome]}
_DIGESTS: Schema = {"type": "object", "minProperties": 1, "additionalProperties": _HEX}
_CLAIMS: Schema = {"type": "object", "additionalProperties": _TEXT}
_ARTIFACT = _object(
    name=_TEXT,
    digests=_DIGESTS,
    size=_or_null({"type": "integer", "minimum": 0}),
    purl=_or_null(_TEXT),
    version=_or_null(_TEXT),
)
_COMPARED = _object(claim=_TEXT, demanded=_TEXT, actual=_TEXT, held=_FLAG)
_FINDING = _object(
    code={"type": "string", "pattern": "^SL-[A-Z]+-[0-9]{3} [a-z0-9-]+$"},
    outcome=_OUTCOME,
    place=_TEXT,
    expected=_TEXT,
    actual=_TEXT,
    hint=_TEXT,
    level={"type": "integer", "minimum": 0, "maximum": 4},
    compared=_array(_COMPARED),
)
_FACT = _object(
    evidence=_TEXT,
    evidence_sha256=_SHA256,
    form=_TEXT,
    predicate_type=_or_null(_TEXT),
    statement_sha256=_or_null(_HEX),
    issuer=_TEXT,
    subject=_TEXT,
    claims=_CLAIMS,
    signed_at=_or_null(_TIME),
    trust=_TEXT,
    roots=_array(_TEXT),
    log_index=_or_null({"type": "integer", "minimum": 0}),
    log_generation={"enum": [0, 1, 2]},
    certificate_sha256=_SHA256,
    notes=_array(_TEXT),
)
_VERDICT = _object(
    artifact=_ARTIFACT, outcome=_OUTCOME, findings=_array(_FINDING), facts=_array(_FACT)
)

REPORT_SCHEMA: Schema = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "What sealane verify found, for programs",
    **_object(
        schema={"const": "sealane.report/1"},
        at=_TIME,
        based_on=_array(_TEXT),
        basis=_array(_object(kind=_TEXT, name=_TEXT, sha256=_SHA256, id=_TEXT)),
        sandbox=_FLAG,
        enforced=_FLAG,
        hosts=_array(_TEXT),
        notes=_array(_TEXT),
        passed=_FLAG,
        warnings=_array(_object(artifact=_TEXT, code=_TEXT)),
        verdicts=_array(_VERDICT),
        problems=_array(_object(exit_code={"type": "integer"}, message=_TEXT, hint=_TEXT)),
    ),
}
