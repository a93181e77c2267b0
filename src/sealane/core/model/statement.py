"""An in-toto statement: subjects, and a typed predicate about them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from sealane.core.model.artifact import Digest
from sealane.core.model.values import dataclass

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a statement speaks of; only its digests identify it.

    Attributes:
        digests: At least one; any algorithm.
        name: The name the signer gave it; None where it has none.
    """

    digests: tuple[Digest, ...]
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """A statement whose envelope has been parsed; proven only inside a `Fact`.

    Attributes:
        subjects: At least one.
        predicate_type: URI of the predicate's type.
        predicate: The predicate as parsed JSON; empty where the statement has none.
        digest: SHA-256 of the payload bytes, lower-case hex.

    Spec: in-toto attestation v1, statement.md.
    """

    subjects: tuple[Subject, ...]
    predicate_type: str
    predicate: Mapping[str, JsonValue]
    digest: str
