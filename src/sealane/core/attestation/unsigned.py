"""Documents that look like evidence and prove nothing by themselves: nobody signed them as such.

A bill of materials, a bare statement or predicate, and an in-toto link without its layout. `verify`
refuses them; somebody who looks into a file wants to know what it is.
"""

from __future__ import annotations

from sealane.core.attestation.key_facts import KeyFact, facts_of
from sealane.core.attestation.strict_json import as_list, parse_json
from sealane.core.model.statement import JsonValue, Statement
from sealane.core.model.values import dataclass
from sealane.errors import InputError

LINK = "in-toto-link"
SBOM = "sbom"
STATEMENT = "unsigned-statement"


@dataclass(frozen=True, slots=True)
class Unsigned:
    """A document that is no evidence.

    Attributes:
        form: What it is, in a word.
        what: What it is, for people.
        statement: The statement; None for another document, and where it cannot be read.
        facts: (label, text) of what else it says.
        signatures: How many signatures it holds: those of a link, which count with its layout only.
        problem: Why it cannot be read; "" where it can.
    """

    form: str
    what: str
    statement: Statement | None = None
    facts: tuple[KeyFact, ...] = ()
    signatures: int = 0
    problem: str = ""


def parse_unsigned(content: bytes) -> Unsigned | None:
    """Such a document; None for bytes that are none."""
    try:
        members = parse_json(content, "document")
    except InputError:
        return None
    if not isinstance(members, dict):
        return None
    if {"bomFormat", "spdxVersion"} & members.keys() or _is_spdx_3(members):
        return _sbom(content)
    if "predicateType" in members and "subject" in members:
        return _statement(content)
    return _link(members, content)


def _is_spdx_3(members: dict[str, JsonValue]) -> bool:
    return "spdx.org" in str(members.get("@context")) and "@graph" in members


def _sbom(content: bytes) -> Unsigned:
    from sealane.core.attestation.sbom import parse_sbom

    what = "bill of materials that nobody signed"
    try:
        return Unsigned(SBOM, what, facts=tuple(facts_of(parse_sbom(content))))
    except InputError as error:
        return Unsigned(SBOM, what, problem=error.message)


def _statement(content: bytes) -> Unsigned:
    from sealane.core.attestation.envelope import PAYLOAD_TYPE
    from sealane.core.attestation.statement import parse_statement

    what = "in-toto statement that nobody signed"
    try:
        return Unsigned(STATEMENT, what, statement=parse_statement(PAYLOAD_TYPE, content))
    except InputError as error:
        return Unsigned(STATEMENT, what, problem=error.message)


def _link(members: dict[str, JsonValue], content: bytes) -> Unsigned | None:
    """A link; what cannot be read as one may still be an envelope of another kind."""
    from sealane.core.attestation.envelope import is_envelope
    from sealane.core.attestation.layout import Link, is_metablock, parse_metadata

    if not is_metablock(members) and not is_envelope(members):
        return None
    try:
        read = parse_metadata(content)
    except InputError:
        return None
    if not isinstance(read, Link):
        return None
    count = len(as_list(members["signatures"], "link: signatures"))
    return Unsigned(LINK, "in-toto link", facts=tuple(facts_of(read)), signatures=count)
