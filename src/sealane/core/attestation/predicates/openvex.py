"""An OpenVEX document: which vulnerabilities affect the artifact, and which do not.

Spec: OpenVEX 0.2.0, "The VEX document" and "Attesting OpenVEX documents".
"""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.attestation.members import Members
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.errors import InputError

PREDICATE = "https://openvex.dev/ns/v0.2.0"
FAMILY = "https://openvex.dev/ns"
_STATUS = frozenset({"not_affected", "affected", "fixed", "under_investigation"})


@dataclass(frozen=True, slots=True)
class Vex:
    """One document.

    Attributes:
        id: IRI of the document.
        author: Who says it.
        statuses: The status of each statement, in order; at least one.
    """

    id: str
    author: str
    statuses: tuple[str, ...]


def parse_vex(predicate: Mapping[str, JsonValue]) -> Vex:
    """Read a document.

    Raises:
        InputError: Another context, no statement, an unknown status, a required member is missing,
            or one is of another type.
    """
    members = Members(predicate, "openvex")
    context = members.text("@context")
    if context not in {PREDICATE, FAMILY}:
        raise InputError(f"openvex: @context: expected {PREDICATE}, got {context[:60]!r}")
    members.moment("timestamp")
    statuses = tuple(one.text("status") for one in members.each("statements"))
    if not statuses or not _STATUS.issuperset(statuses):
        raise InputError(f"openvex: statements: expected each with one of {sorted(_STATUS)}")
    return Vex(members.text("@id"), members.text("author"), statuses)
