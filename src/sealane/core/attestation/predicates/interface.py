"""What a module about one predicate type has."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sealane.core.model.statement import JsonValue


@dataclass(frozen=True, slots=True)
class PredicateType:
    """One type of predicate.

    Attributes:
        name: The short name that policies use, e.g. "publish".
        uris: Type URIs it goes by, the one that is written first.
        check: Reads the predicate; raises `InputError` for one that is not of the type.
    """

    name: str
    uris: tuple[str, ...]
    check: Callable[[Mapping[str, JsonValue]], object]
