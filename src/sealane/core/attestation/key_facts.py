"""What a predicate says, in a few lines for people; it is claimed, and nothing here judges it.

A type that is known is read by its own module, so that a reader sees what a policy would see.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from enum import Enum
from functools import cache

from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.model.artifact import Digest
from sealane.core.model.moment import rfc3339
from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

KeyFact = tuple[str, str]
_Reader = Callable[[Mapping[str, JsonValue]], object]
# More of a list than this is not read by anybody; how many there are is said.
MOST_LISTED = 5


def key_facts(predicate_type: str, predicate: Mapping[str, JsonValue]) -> tuple[KeyFact, ...]:
    """What a predicate says.

    Args:
        predicate_type: URI of its type.
        predicate: The predicate.

    Returns:
        (label, text) of each thing it says; of a type that is not read the names of its members.
        What is not of the form of its type says why, under "problem".
    """
    known = by_uri(predicate_type)
    if known is None or not known.understood:
        return _named("members", tuple(sorted(predicate)))
    read = _readers().get(predicate_type, known.check)
    try:
        found = read(predicate)
    except InputError as error:
        return (("problem", error.message), *_named("members", tuple(sorted(predicate))))
    return tuple(facts_of(found))


def facts_of(value: object) -> Iterator[KeyFact]:
    """The fields of a value of our own that hold something, as (label, text)."""
    # A predicate that says nothing is read as None.
    if value is None or isinstance(value, type) or not is_dataclass(value):
        return
    for field in fields(value):
        yield from _named(field.name.replace("_", " "), getattr(value, field.name))


@cache
def _readers() -> Mapping[str, _Reader]:
    """Types whose check refuses a result that a reader wants to see: that something failed."""
    from sealane.core.attestation.predicates import test_result, vsa

    return {
        vsa.PREDICATE: vsa.parse_vsa,
        test_result.PREDICATE: test_result.parse_test_result,
    }


def _named(label: str, value: object) -> tuple[KeyFact, ...]:
    text = _text(value)
    return ((label, text),) if text else ()


def _text(value: object) -> str:
    """A value on one line; "" for one that says nothing."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return rfc3339(value)
    if isinstance(value, tuple | list | frozenset):
        return _listed([_text(one) for one in value])
    if isinstance(value, Mapping):
        return json.dumps(value, sort_keys=True, default=str) if value else ""
    if is_dataclass(value) and not isinstance(value, Digest):
        return " ".join(text for _, text in facts_of(value))
    return str(value)


def _listed(texts: list[str]) -> str:
    said = [text for text in texts if text]
    more = len(said) - MOST_LISTED
    return ", ".join(said[:MOST_LISTED]) + (f", and {more} more" if more > 0 else "")
