"""The form of a JSON document: each place that looks otherwise is named."""

import re

import pytest

from sealane.core.advisory.shape import (
    Anything,
    Number,
    Row,
    Shape,
    Switch,
    Table,
    Text,
    Word,
)
from sealane.core.model.statement import JsonValue

TEXT = Text(3, re.compile("[a-z]+"), "small letters")
TABLE = Table({"a": TEXT}, {"b/~": TEXT}, re.compile("x_.*"))


@pytest.mark.parametrize(
    ("shape", "value"),
    [
        pytest.param(Anything(), None, id="anything"),
        pytest.param(TEXT, "abc", id="text"),
        pytest.param(Text(least=0), "", id="empty-text"),
        pytest.param(Word(("a", "b")), "b", id="word"),
        pytest.param(Number(0, 10), 0.5, id="number"),
        pytest.param(Number(1, 10, whole=True), 3.0, id="whole-number"),
        pytest.param(Switch(), False, id="boolean"),
        pytest.param(Row(TEXT), ["a", "b"], id="list"),
        pytest.param(Row(TEXT, least=0), [], id="empty-list"),
        pytest.param(Row(TEXT, unique=False), ["a", "a"], id="twice"),
        pytest.param(TABLE, {"a": "a", "b/~": "b", "x_c": 1}, id="object"),
    ],
)
def test_what_has_the_form_is_not_named(shape: Shape, value: JsonValue) -> None:
    assert list(shape.broken(value, "")) == []


@pytest.mark.parametrize(
    ("shape", "value", "place", "message"),
    [
        pytest.param(TEXT, 1, "", "expected a string, got a number", id="no-text"),
        pytest.param(TEXT, "", "", "expected 1 to 3 characters, got 0", id="empty"),
        pytest.param(TEXT, "abcd", "", "expected 1 to 3 characters, got 4", id="long"),
        pytest.param(TEXT, "A", "", "expected small letters, got 'A'", id="other-text"),
        pytest.param(TEXT, "a\n", "", "expected small letters, got 'a\\n'", id="line-end"),
        pytest.param(Word(("a",)), "b", "", "expected one of a, got 'b'", id="other-word"),
        pytest.param(Word(("a",)), ["a"], "", "expected one of a, got a list", id="no-word"),
        pytest.param(Number(0, 1), True, "", "expected a number, got a boolean", id="true"),
        pytest.param(Number(0, 1), "1", "", "expected a number, got a string", id="no-number"),
        pytest.param(Number(0, 1), 1.5, "", "expected 0 to 1, got 1.5", id="high"),
        pytest.param(Number(0, 1), -1, "", "expected 0 to 1, got -1", id="low"),
        pytest.param(Number(0, 2, whole=True), 1.5, "", "expected 0 to 2, got 1.5", id="part"),
        pytest.param(Switch(), 1, "", "expected a boolean, got a number", id="no-boolean"),
        pytest.param(Row(TEXT), {}, "", "expected a list, got an object", id="no-list"),
        pytest.param(Row(TEXT), [], "", "expected 1 to 1048576 items, got 0", id="empty-list"),
        pytest.param(Row(TEXT, most=1), ["a", "b"], "", "expected 1 to 1 items, got 2", id="many"),
        pytest.param(Row(TEXT), ["a", "b", "a"], "/2", "the same item is there", id="twice"),
        pytest.param(Row(TEXT), ["a", 1], "/1", "expected a string", id="item"),
        pytest.param(TABLE, [], "", "expected an object, got a list", id="no-object"),
        pytest.param(TABLE, {}, "", "expected a member a, got none", id="missing"),
        pytest.param(TABLE, {"a": "a", "b/~": 1}, "/b~1~0", "expected a string", id="member"),
        pytest.param(TABLE, {"a": "a", "c": 1}, "/c", "knows no such member", id="unknown"),
    ],
)
def test_what_has_not_is_named_with_its_place(
    shape: Shape, value: JsonValue, place: str, message: str
) -> None:
    ((at, why),) = shape.broken(value, "")
    assert at == place
    assert message in why
