"""Expressions of policies: true is true, and whatever goes wrong is an error that names it."""

import subprocess
import sys
from contextlib import suppress
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.model.statement import JsonValue
from sealane.errors import InputError, MissingExtraError
from sealane.io.adapters.cel import (
    DEEPEST,
    LONGEST_EXPRESSION,
    LONGEST_TEXTS,
    MOST_VALUES,
    CelExpressions,
    load_expressions,
)
from support.judging import RELEASE, fact, policy, slsa, wants

CEL = CelExpressions()


@pytest.mark.parametrize(
    ("expression", "predicate", "held"),
    [
        ("predicate.purl == 'pkg:pypi/hello@1.0'", {"purl": "pkg:pypi/hello@1.0"}, True),
        ("predicate.purl == 'pkg:pypi/hello@1.0'", {"purl": "pkg:pypi/hello@1.1"}, False),
        ("predicate.runDetails.builder.id.startsWith('https://example.org/')", slsa(), True),
        ("has(predicate.a) && predicate.a", {}, False),
        ("predicate.list.all(x, x > 1)", {"list": [2, 3]}, True),
        ("predicate.list.exists(x, x.id == 'b')", {"list": [{"id": "a"}, {"id": "b"}]}, True),
        ("predicate.n == null", {"n": None}, True),
        ("predicate['a b'] == 1.5", {"a b": 1.5}, True),
    ],
)
def test_an_expression_holds_or_does_not(
    expression: str, predicate: dict[str, JsonValue], *, held: bool
) -> None:
    assert CEL.holds(expression, predicate) is held
    # The second time it was compiled before.
    assert CEL.holds(expression, predicate) is held


@pytest.mark.parametrize(
    ("expression", "predicate", "why"),
    [
        pytest.param("predicate.a == 1", {}, "KeyError", id="no-such-member"),
        pytest.param("predicate.a.b == 1", {"a": 1}, "expression", id="no-object"),
        pytest.param("(((", {}, "parse", id="not-an-expression"),
        pytest.param("", {}, "expression", id="empty"),
        pytest.param("1", {}, "of type int", id="a-number"),
        pytest.param("predicate.a", {"a": "true"}, "of type str", id="a-text"),
        pytest.param("predicate.a", {"a": None}, "of type NoneType", id="nothing"),
        pytest.param("predicate", {"a": True}, "of type dict", id="an-object"),
        pytest.param("statement.a", {"a": True}, "Undefined", id="another-name"),
        pytest.param("now() > 1", {}, "Undefined", id="no-clock"),
        pytest.param("1 / 0 == 1", {}, "division by zero", id="division"),
        pytest.param("9223372036854775807 + 1 > 1", {}, "overflow", id="overflow"),
        pytest.param("predicate.a == 'x'", {"a": "\ud800"}, "Conversion", id="no-text"),
        pytest.param("(" * 400 + "true" + ")" * 400, {}, "expression", id="deep-expression"),
        pytest.param("true" + " " * LONGEST_EXPRESSION, {}, "longer than", id="long-expression"),
    ],
)
def test_what_goes_wrong_is_an_error(
    expression: str, predicate: dict[str, JsonValue], why: str
) -> None:
    with pytest.raises(InputError, match="expression: ") as caught:
        CEL.holds(expression, predicate)
    assert why.lower() in caught.value.message.lower()
    assert caught.value.hint


def nested(depth: int) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {}
    for _ in repeat(None, depth - 1):
        made = {"a": made}
    return made


@pytest.mark.parametrize(
    ("largest", "larger"),
    [
        pytest.param({"a": list(range(MOST_VALUES - 2))}, {"a": list(range(MOST_VALUES - 1))},
                     id="values"),
        pytest.param({"a": "x" * (LONGEST_TEXTS - 1)}, {"a": "x" * LONGEST_TEXTS}, id="texts"),
        pytest.param({"x" * LONGEST_TEXTS: 1}, {"x" * (LONGEST_TEXTS + 1): 1}, id="names"),
        pytest.param(nested(DEEPEST), nested(DEEPEST + 1), id="depth"),
    ],
)  # fmt: skip
def test_what_a_signer_wrote_is_bounded_before_it_is_evaluated(
    largest: dict[str, JsonValue], larger: dict[str, JsonValue]
) -> None:
    assert CEL.holds("true", largest)
    with pytest.raises(InputError, match="the predicate has more than"):
        CEL.holds("true", larger)


@given(st.text(max_size=60), st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=3))
def test_no_text_does_more_than_fail(expression: str, predicate: dict[str, JsonValue]) -> None:
    with suppress(InputError):
        assert CEL.holds(expression, predicate) in {True, False}


def test_one_evaluator_serves_a_process() -> None:
    assert load_expressions() is load_expressions()


_WITHOUT = """
import sys
sys.modules["cel"] = None  # what is not installed cannot be imported
from sealane.errors import MissingExtraError
from sealane.io.adapters.cel import CelExpressions
try:
    CelExpressions().holds("true", {})
except MissingExtraError as error:
    print(error.hint)
"""


def test_without_the_library_the_extra_is_named() -> None:
    found = subprocess.run(
        [sys.executable, "-c", _WITHOUT], capture_output=True, text=True, check=True
    )
    assert found.stdout == "python -m pip install 'sealane[cel]'\n"
    assert issubclass(MissingExtraError, Exception)


def test_it_answers_for_policies() -> None:
    from sealane.core.policy.evaluate import evaluate
    from support.judging import AT, WHEEL

    proven = [fact(RELEASE, predicate={"purl": "pkg:pypi/hello@1.0"})]
    for expression, code in (
        ("predicate.purl.startsWith('pkg:pypi/hello@')", "SL-REQ-001"),
        ("predicate.purl.startsWith('pkg:pypi/other@')", "SL-REQ-010"),
        ("predicate.other == 1", "SL-REQ-011"),
        ("predicate.purl", "SL-REQ-011"),
    ):
        judged = policy(wants("release", when=expression))
        (found,) = evaluate(judged, WHEEL, proven, at=AT, expressions=load_expressions)
        assert found.code.startswith(code)
