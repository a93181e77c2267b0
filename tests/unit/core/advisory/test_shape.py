"""The form of a JSON document: each place that looks otherwise is named."""

import re
from collections.abc import Iterator, Mapping

import pytest

from sealane.core.advisory.shape import (
    ANY,
    AnyObject,
    Anything,
    ByMember,
    Later,
    Number,
    Row,
    Shape,
    Switch,
    Table,
    Text,
    Word,
    Written,
    pointer,
    strangers,
)
from sealane.core.model.statement import JsonValue

TEXT = Text(3, re.compile("[a-z]+"), "small letters")
TABLE = Table({"a": TEXT}, {"b/~": TEXT}, re.compile("x_.*"))


def _as_long(value: Mapping[str, JsonValue], place: str) -> Iterator[tuple[str, str]]:
    if value.get("a") != value.get("b"):
        yield f"{place}/b", "expected what a is"


PAIR = Table({}, {"a": Anything(), "b": Anything()}, relation=_as_long)
KINDS = ByMember("kind", {"one": Table({"kind": TEXT}, {"a": TEXT})})
TREE: Shape = Table({}, {"below": Row(Later(lambda: TREE)), "free": AnyObject(), "k": KINDS}, ANY)


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
        pytest.param(Row(TEXT, null=True), None, id="null"),
        pytest.param(Row(Anything()), [1, True, "1", [1], {"a": 1}], id="nothing-twice"),
        pytest.param(Written("even", lambda text: len(text) % 2 == 0), "ab", id="written"),
        pytest.param(AnyObject(), {"a": 1}, id="any-object"),
        pytest.param(PAIR, {"a": 1, "b": 1}, id="related"),
        pytest.param(KINDS, {"kind": "one", "a": "b"}, id="by-member"),
        pytest.param(TREE, {"below": [{"below": [{}]}, {"free": {}}]}, id="a-part-of-itself"),
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
        pytest.param(Word(("a",)), "b", "", "expected 'a', got 'b'", id="other-word"),
        pytest.param(Word(("a", "b")), 1, "", "expected one of a, b, got a number", id="no-word"),
        pytest.param(Number(0, 1), True, "", "expected a number, got a boolean", id="true"),
        pytest.param(Number(0, 1), "1", "", "expected a number, got a string", id="no-number"),
        pytest.param(Number(0, 1), 1.5, "", "expected a number from 0 to 1, got 1.5", id="high"),
        pytest.param(Number(0, 1), -1, "", "expected a number from 0 to 1, got -1", id="low"),
        pytest.param(Number(0, 2, whole=True), 1.5, "", "a whole number from 0", id="part"),
        pytest.param(Switch(), 1, "", "expected a boolean, got a number", id="no-boolean"),
        pytest.param(Row(TEXT), {}, "", "expected a list, got an object", id="no-list"),
        pytest.param(Row(TEXT), [], "", "expected 1 or more items, got 0", id="empty-list"),
        pytest.param(Row(TEXT, most=1), ["a", "b"], "", "expected 1 to 1 items, got 2", id="many"),
        pytest.param(Row(TEXT), ["a", "b", "a"], "/2", "the same stands at /0 already", id="twice"),
        pytest.param(Row(TEXT), ["a", 1], "/1", "expected a string", id="item"),
        pytest.param(Row(TEXT), None, "", "expected a list, got null", id="null"),
        pytest.param(Row(Anything()), [1, 2, 1.0], "/2", "the same stands", id="equal-number"),
        pytest.param(
            Row(Anything()), [{"a": 1, "b": [2]}, {"b": [2.0], "a": 1}], "/1", "the same stands",
            id="equal-object",
        ),
        pytest.param(Written(), "", "", "expected a text, got ''", id="nothing-written"),
        pytest.param(Written(), 1, "", "expected a text, got a number", id="not-written"),
        pytest.param(
            Written("even", lambda text: len(text) % 2 == 0), "a", "", "expected even, got 'a'",
            id="written-otherwise",
        ),
        pytest.param(AnyObject(), [], "", "expected an object, got a list", id="any-object"),
        pytest.param(PAIR, {"a": 1, "b": 2}, "/b", "expected what a is", id="unrelated"),
        pytest.param(KINDS, [], "", "expected an object, got a list", id="no-kinds"),
        pytest.param(KINDS, {}, "", "expected a member kind, got none", id="no-kind"),
        pytest.param(KINDS, {"kind": "two"}, "/kind", "expected 'one', got 'two'", id="kind"),
        pytest.param(KINDS, {"kind": 1}, "/kind", "got a number", id="kind-no-text"),
        pytest.param(KINDS, {"kind": "one", "b": 1}, "/b", "no such member", id="of-its-kind"),
        pytest.param(
            TREE, {"below": [{}, {"below": []}]}, "/below/1/below", "1 or more", id="inside-itself"
        ),
        pytest.param(TABLE, [], "", "expected an object, got a list", id="no-object"),
        pytest.param(TABLE, {}, "", "expected a member a, got none", id="missing"),
        pytest.param(TABLE, {"a": "a", "b/~": 1}, "/b~1~0", "expected a string", id="member"),
        pytest.param(TABLE, {"a": "a", "c": 1}, "/c", "knows no such member", id="unknown"),
    ],
)  # fmt: skip
def test_what_has_not_is_named_with_its_place(
    shape: Shape, value: JsonValue, place: str, message: str
) -> None:
    ((at, why),) = shape.broken(value, "")
    assert at == place
    assert message in why


@pytest.mark.parametrize(
    ("value", "places"),
    [
        (
            {"below": [{"x": 1}, {"below": [{"y~/z": 1}]}]},
            ["/below/0/x", "/below/1/below/0/y~0~1z"],
        ),
        ({"free": {"x": 1}}, []),
        ({"k": {"kind": "one", "x": 1}}, ["/k/x"]),
        ({"k": {"kind": "two", "x": 1}}, []),
        ({"below": {"x": 1}}, []),
        ([], []),
    ],
)
def test_members_that_a_shape_does_not_name_are_found(value: JsonValue, places: list[str]) -> None:
    assert list(strangers(value, TREE)) == places


def test_a_pointer_escapes_what_it_divides_by() -> None:
    assert pointer("a/b", 0, "~") == "/a~1b/0/~0"
    assert pointer() == ""
