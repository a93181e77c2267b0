"""Reads in-toto statements: tolerant of what does not matter, strict on what does."""

from __future__ import annotations

import hashlib

from sealane.core.attestation.envelope import PAYLOAD_TYPE
from sealane.core.attestation.members import parse_digest
from sealane.core.attestation.strict_json import as_list, as_object, as_text, parse_object
from sealane.core.model.statement import JsonValue, Statement, Subject
from sealane.errors import InputError

_TYPES = ("https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
MOST_SUBJECTS = 10_000


def parse_statement(payload_type: str, payload: bytes) -> Statement:
    """Read the payload of a DSSE envelope.

    Args:
        payload_type: The envelope's payload type.
        payload: The payload, before base64.

    Raises:
        InputError: Another payload type, not a statement of version 1 or 0.1, no subject, or a
            subject without a digest.

    Spec: in-toto attestation, spec/v1/statement.md.
    """
    if payload_type != PAYLOAD_TYPE:
        raise InputError(f"payload type: expected {PAYLOAD_TYPE}, got {payload_type[:80]!r}")
    members = parse_object(payload, "statement")
    kind = members.get("_type")
    if kind not in _TYPES:
        raise InputError(f"statement: _type: expected {_TYPES[0]}, got {str(kind)[:80]!r}")
    subjects = as_list(members.get("subject"), "statement: subject")
    if not 1 <= len(subjects) <= MOST_SUBJECTS:
        raise InputError(f"statement: expected 1 to {MOST_SUBJECTS} subjects, got {len(subjects)}")
    predicate = members.get("predicate")
    return Statement(
        subjects=tuple(_subject(one, number) for number, one in enumerate(subjects, start=1)),
        predicate_type=as_text(members.get("predicateType"), "statement: predicateType"),
        predicate={} if predicate is None else as_object(predicate, "statement: predicate"),
        digest=hashlib.sha256(payload).hexdigest(),
    )


def _subject(value: JsonValue, number: int) -> Subject:
    place = f"statement: subject {number}"
    members = as_object(value, place)
    name = members.get("name")
    digests = as_object(members.get("digest"), f"{place}: digest")
    if not digests:
        raise InputError(f"{place}: it has no digest, so it is about nothing")
    return Subject(
        digests=tuple(parse_digest(alg, digests[alg], place) for alg in sorted(digests)),
        name=None if name is None else as_text(name, f"{place}: name"),
    )
