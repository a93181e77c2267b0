"""What a module about one kind of demand has: one function, from a question to what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Protocol, TypeAlias

from sealane.core.attestation.predicates.registry import by_uri
from sealane.core.model.artifact import Artifact
from sealane.core.model.fact import Fact
from sealane.core.model.statement import JsonValue
from sealane.core.model.values import dataclass
from sealane.core.policy.identity import Difference
from sealane.core.policy.needs import Requirement
from sealane.core.policy.people import Publisher


class Expressions(Protocol):
    """Evaluates the expressions of policies."""

    def holds(self, expression: str, predicate: Mapping[str, JsonValue]) -> bool:
        """Whether an expression holds for a predicate.

        Args:
            expression: The policy's text.
            predicate: What it calls `predicate`.

        Raises:
            InputError: It cannot be evaluated, or its answer is neither true nor false.
            MissingExtraError: The library that evaluates it is not installed.
        """
        ...


@dataclass(frozen=True, slots=True)
class Question:
    """What a requirement demands, and the fact that may meet it.

    Attributes:
        requirement: What the policy demands.
        fact: What was proven, by a signer whom the policy accepts.
        kind: Short name of what it states.
        publisher: Who the signer is.
        artifact: What is judged.
        at: When it is judged, aware, UTC.
        files: Everything that is judged in this run; None while that is not known.
        expressions: Loads what evaluates expressions; None where nothing does.
    """

    requirement: Requirement
    fact: Fact
    kind: str
    publisher: Publisher
    artifact: Artifact
    at: datetime
    files: tuple[Artifact, ...] | None = None
    expressions: Callable[[], Expressions] | None = None


# Each yields what is not as demanded; an `InputError` says that the predicate cannot be read.
Check: TypeAlias = Callable[[Question], Iterator[Difference]]


def parsed(fact: Fact) -> object:
    """What a fact states, as the reader of its type gives it; None for a signature.

    Raises:
        InputError: The predicate does not have the form of its type; no such statement is proven.
    """
    if fact.statement is None:
        return None
    known = by_uri(fact.statement.predicate_type)
    return known.check(fact.statement.predicate) if known else None
