"""What is wrong with a record by the rules of OSV: its schema, and the checks of its linter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from sealane.core.advisory.documents import Fault
from sealane.core.advisory.listing import Listing
from sealane.core.advisory.record_form import form_faults
from sealane.core.advisory.record_lint import lint
from sealane.core.advisory.record_parse import parse_document, read_record
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError


def schema_faults(content: bytes, listings: Sequence[Listing] = ()) -> tuple[Fault, ...]:
    """What is wrong with a record, JSON in UTF-8.

    Args:
        content: The record.
        listings: The index of each package; without any, the linter's PKG:001 and PKG:002 are not
            asked.

    Returns:
        Faults of the rule "schema" for what OSV's schema refuses, of the linter's rules by its own
        codes, and of the rule "sealane" for what cannot be read though the schema allows it.

    Raises:
        InputError: Not strict JSON, not an object, or too large.

    Spec: OSV schema 1.7.5.
    """
    return document_faults(parse_document(content), listings)


def document_faults(
    document: Mapping[str, JsonValue], listings: Sequence[Listing] = ()
) -> tuple[Fault, ...]:
    """As `schema_faults`, of a record that has been parsed as JSON or YAML."""
    return tuple(_faults(document, listings))


def _faults(document: Mapping[str, JsonValue], listings: Sequence[Listing]) -> Iterator[Fault]:
    found = form_faults(dict(document))
    yield from found
    if found:
        yield Fault(
            "SCH:001", "", f"the record does not conform to the schema: {len(found)} faults"
        )
    try:
        record = read_record(document)
    except InputError as error:
        if not found:
            yield Fault("sealane", "", error.message)
        return
    yield from lint(record, listings)
