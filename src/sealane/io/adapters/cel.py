"""The one door of `common-expression-language`: evaluates the expressions of policies.

What is evaluated is bounded before the library sees it: the expression is the policy's, but what it
is applied to was written by whoever signed, who must not be able to stop a verifier by its size.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, MissingExtraError

if TYPE_CHECKING:
    from cel import Program

# A comprehension inside a comprehension takes the square of what it is applied to.
LONGEST_EXPRESSION = 1000
MOST_VALUES = 10_000
LONGEST_TEXTS = 1_000_000
DEEPEST = 64
# What the library raises for an expression, or for a value that it cannot take; `KeyError` stands
# for a member that is not there.
_FAILURES = (ValueError, TypeError, RuntimeError, LookupError, ArithmeticError)


class CelExpressions:
    """Evaluates expressions; each is compiled once.

    Spec: Common Expression Language, "Language Definition".
    """

    def __init__(self) -> None:
        self._compiled: dict[str, Program] = {}

    def holds(self, expression: str, predicate: Mapping[str, JsonValue]) -> bool:
        """Whether an expression holds for a predicate.

        Args:
            expression: In CEL, at most `LONGEST_EXPRESSION` characters.
            predicate: What it calls `predicate`; the only name it knows.

        Raises:
            InputError: Expression or predicate are too large, it cannot be evaluated, or its answer
                is neither true nor false.
            MissingExtraError: The library is not installed.
        """
        _check_size(predicate)
        program = self._program(expression)
        try:
            answer = program.execute({"predicate": dict(predicate)})
        except _FAILURES as error:
            raise _refused(f"{type(error).__name__}: {error}") from error
        if not isinstance(answer, bool):
            raise _refused(f"its answer is of type {type(answer).__name__}, not true or false")
        return answer

    def _program(self, expression: str) -> Program:
        if len(expression) > LONGEST_EXPRESSION:
            raise _refused(f"longer than {LONGEST_EXPRESSION} characters")
        found = self._compiled.get(expression)
        if found is None:
            try:
                from cel import compile as compile_expression
            except ImportError as error:
                raise MissingExtraError("`when` in a policy", "cel", "cel") from error
            try:
                found = compile_expression(expression)
            except _FAILURES as error:
                raise _refused(str(error)) from error
            self._compiled[expression] = found
        return found


@cache
def load_expressions() -> CelExpressions:
    """The evaluator of this process; the library is imported when it is first needed."""
    return CelExpressions()


def _check_size(predicate: Mapping[str, JsonValue]) -> None:
    """Check how many values there are, how deep, and how long all texts are together.

    Raises:
        InputError: There is too much of one of them.
    """
    values, texts = 0, 0
    waiting: list[tuple[JsonValue, int]] = [(dict(predicate), 1)]
    while waiting:
        value, depth = waiting.pop()
        values += 1
        inner: list[JsonValue] = []
        match value:
            case dict():
                texts += sum(map(len, value))
                inner = list(value.values())
            case list():
                inner = value
            case str():
                texts += len(value)
        if values + len(inner) > MOST_VALUES or texts > LONGEST_TEXTS or depth > DEEPEST:
            raise _refused(
                f"the predicate has more than {MOST_VALUES} values, {LONGEST_TEXTS} characters or "
                f"{DEEPEST} levels"
            )
        waiting += [(one, depth + 1) for one in inner]


def _refused(why: str) -> InputError:
    return InputError(
        f"expression: {why[:300]}", hint="has(predicate.x) asks whether a member is there"
    )
