"""Whether the policy's expression holds for what is stated; whatever goes wrong, it does not."""

from __future__ import annotations

from collections.abc import Iterator

from sealane.core.policy.checks.interface import Question
from sealane.core.policy.identity import Difference
from sealane.errors import InputError, MissingExtraError

_FALSE, _FAILED, _UNAVAILABLE = "SL-REQ-010", "SL-REQ-011", "SL-REQ-012"


def check_expression(question: Question) -> Iterator[Difference]:
    """The expression is true, and nothing else than true."""
    wanted, statement = question.requirement.when, question.fact.statement
    if statement is None:
        yield Difference(_FAILED, "when", wanted, "a signature, which has no predicate")
        return
    if question.expressions is None:
        yield Difference(_UNAVAILABLE, "when", wanted, "nothing here evaluates expressions")
        return
    try:
        held = question.expressions().holds(wanted, statement.predicate)
    except MissingExtraError as error:
        yield Difference(_UNAVAILABLE, "when", wanted, error.message, error.hint)
    except InputError as error:
        yield Difference(_FAILED, "when", wanted, error.message, error.hint)
    else:
        if held is not True:
            yield Difference(_FALSE, "when", wanted, "false")
