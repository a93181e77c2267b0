"""Attributes of an artifact or its producer that somebody asserts, with evidence of others.

Spec: in-toto attestation, spec/predicates/scai.md, 0.2 and 0.3.
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://in-toto.io/attestation/scai/v0.3"
OLD = (
    "https://in-toto.io/attestation/scai/attribute-report/v0.3",
    "https://in-toto.io/attestation/scai/attribute-report/v0.2",
)


@dataclass(frozen=True, slots=True)
class Report:
    """Attributes that are asserted, at least one, and the producer's name or URI; "" for none."""

    attributes: tuple[str, ...]
    producer: str


def parse_scai(predicate: Mapping[str, JsonValue]) -> Report:
    """Read a report.

    Raises:
        InputError: There is no attribute, a required member is missing, or one is of another type.
    """
    members = Members(predicate, "scai")
    assertions = members.each("attributes")
    if not assertions:
        raise InputError("scai: attributes: expected at least one")
    for one in assertions:
        for key in ("target", "conditions", "evidence"):
            one.inner_or_empty(key)
    producer = members.inner_or_empty("producer")
    return Report(
        tuple(one.text("attribute") for one in assertions),
        producer.text_or_empty("name") or producer.text_or_empty("uri"),
    )
