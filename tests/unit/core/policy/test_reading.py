"""Values are what their description says, or everything that is not is told."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.form import (
    ByKey,
    ByKind,
    Choice,
    Inside,
    Key,
    Many,
    Moment,
    Named,
    Shapes,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.reading import DEEPEST, Reader, Trouble, did_you_mean, quoted
from sealane.core.policy.tables import INCLUDED, POLICY, SHAPES

ZONED = datetime(2027, 6, 30, 2, tzinfo=timezone(timedelta(hours=2)))
TEXT = Text("a word")
KINDS = [
    (TEXT, "x", "x"),
    (Text(pattern="[a-z]+"), "abc", "abc"),
    (Text(exact=True), "refs/x+y", "refs/x+y"),
    (Text(lines=True), "a\n\tb", "a\n\tb"),
    (Whole(0, 8), 0, 0),
    (Whole(0, 8), 8, 8),
    (Truth(), True, True),
    (Truth(), False, False),
    (Moment(), ZONED, datetime(2027, 6, 30, tzinfo=UTC)),
    (Choice(("a", "b")), "b", "b"),
    (Many(TEXT), ["a", "b"], ("a", "b")),
    (Many(Whole(0, 1)), [1, 1], (1, 1)),
    (Many(TEXT, alone=True), "a", ("a",)),
    (Many(TEXT, alone=True), ["a"], ("a",)),
    (Inside("inner"), {"n": 1}, {"n": 1}),
    (Inside("inner"), {}, {"n": 7}),
    (Inside("either"), {"n": 1}, {"n": 1}),
    (Inside("either"), {"t": "x"}, {"t": "x"}),
    (Inside("kinds"), {"kind": "one", "n": 2}, {"kind": "one", "n": 2}),
    (Named("inner"), {"a": {}, "b.c": {"n": 2}}, {"a": {"n": 7}, "b.c": {"n": 2}}),
    (Named("inner"), {}, {}),
]


def shapes(kind: object) -> Shapes:
    number = Key("n", Whole(0, 9), "a number", default=7)
    return {
        "file": Table("file", (Key("v", kind, "the value"),)),  # type: ignore[arg-type]  # any kind
        "inner": Table("inner", (number,)),
        "text": Table("text", (Key("t", TEXT, "a text", required=True),)),
        "either": ByKey("either", (("t", "text"),), otherwise="inner"),
        "one": Table("one", (Key("kind", Choice(("one",)), "one", required=True), number)),
        "kinds": ByKind("kinds", (("one", "one"),)),
        "loop": Table("loop", (Key("v", Inside("loop"), "again"),)),
        "some": Table("some", (Key("a", TEXT, "a"), Key("b", TEXT, "b")), some=("a", "b")),
    }


def read(kind: object, value: object) -> tuple[object, list[Trouble]]:
    reader = Reader(shapes(kind))
    found = reader.table({"v": value}, "file")
    return found["v"], reader.troubles


@pytest.mark.parametrize(("kind", "value", "expected"), KINDS)
def test_a_value_of_its_kind_is_read(kind: object, value: object, expected: object) -> None:
    found, troubles = read(kind, value)
    assert troubles == []
    assert found == expected
    assert type(found) is type(expected)


WRONG = [
    (TEXT, 1, "v", "expected a word, got 1"),
    (TEXT, True, "v", "expected a word, got True"),
    (TEXT, " ", "v", "expected a word, not blank, got ' '"),
    (TEXT, "", "v", "expected a word, not blank"),
    (TEXT, "a\nb", "v", "of at most 1000 printable characters"),
    (TEXT, "a\x7f", "v", "printable"),
    (TEXT, "a" * 1001, "v", "of at most 1000"),
    (Text(lines=True), "a\x00", "v", "printable"),
    (Text("a word", "[a-z]+"), "abc1", "v", "expected a word, got 'abc1'"),
    (Text("a word", "[a-z]+"), "1abc", "v", "expected a word"),
    *[
        (Text(exact=True), text, "v", "looks like a pattern, and is compared as it is")
        for text in (".*", "a*", "^a", "a$", "a.+", "a|b", "[a]", "(a)", "{version}", "a\\.b")
    ],
    (Whole(0, 8), 9, "v", "expected a whole number from 0 to 8, got 9"),
    (Whole(0, 8), -1, "v", "got -1"),
    (Whole(0, 8), 1.0, "v", "got 1.0"),
    (Whole(0, 8), True, "v", "got True"),
    (Whole(0, 8), "1", "v", "got '1'"),
    (Truth(), 1, "v", "expected true or false, got 1"),
    (Truth(), "true", "v", "got 'true'"),
    (Moment(), "2027-06-30T00:00:00Z", "v", "expected a date and time with a zone"),
    (Moment(), ZONED.date(), "v", "got 2027-06-30"),
    (Moment(), ZONED.time(), "v", "got 02:00:00"),
    (Moment(), ZONED.replace(tzinfo=None), "v", "expected a zone, got 2027-06-30 02:00:00"),
    (Moment(), datetime.min.replace(tzinfo=ZONED.tzinfo), "v", "not a time in UTC"),
    (Choice(("a", "b")), "c", "v", 'expected "a" or "b", got \'c\''),
    (Choice(("a", "b")), 1, "v", "got 1"),
    (Choice(("a", "b")), ["a"], "v", "got ['a']"),
    (Many(TEXT), [], "v", "expected a list of 1 to 1000 entries, got 0"),
    (Many(TEXT, most=1), ["a", "b"], "v", "a list of 1 to 1 entries, got 2"),
    (Many(TEXT), "a", "v", "expected a list, got 'a'"),
    (Many(TEXT), ["a", 1], "v.1", "expected a word, got 1"),
    (Many(TEXT), ["a", "b", "a"], "v.2", "'a' stands here twice"),
    (Many(TEXT, alone=True), 1, "v", "expected a word, got 1"),
    (Inside("inner"), 1, "v", "expected a table, got 1"),
    (Inside("inner"), {"m": 1}, "v.m", "unknown key"),
    (Inside("inner"), {"n": "1"}, "v.n", "expected a whole number"),
    (Inside("either"), {"t": 1}, "v.t", "expected a word"),
    (Inside("either"), {"t": "x", "n": 1}, "v.n", "unknown key"),
    (Inside("text"), {}, "v.t", "required, and missing"),
    (Inside("some"), {}, "v", "expected at least one of a, b, got none"),
    (Inside("kinds"), {"n": 2}, "v.kind", "required, and missing"),
    (Inside("kinds"), {"kind": "two"}, "v.kind", "expected \"one\", got 'two'"),
    (Inside("kinds"), {"kind": ["one"]}, "v.kind", "got ['one']"),
    (Named("inner"), [], "v", "expected tables, each with a name, got []"),
    (Named("inner", least=1), {}, "v", "expected at least one, got none"),
    (Named("inner"), {"a b": {}}, "v.a b", "expected a name of letters"),
    (Named("inner"), {"": {}}, "v.", "expected a name of letters"),
    (Named("inner"), {"a" * 101: {}}, "v." + "a" * 101, "expected a name of letters"),
    (Named("inner"), {"a": 1}, "v.a", "expected a table, got 1"),
]


@pytest.mark.parametrize(("kind", "value", "place", "why"), WRONG)
def test_a_value_of_another_kind_is_told_with_its_place(
    kind: object, value: object, place: str, why: str
) -> None:
    _, troubles = read(kind, value)
    assert [".".join(map(str, one.place)) for one in troubles] == [place]
    assert why in troubles[0].why


def test_the_hint_of_a_key_is_that_of_its_troubles_unless_they_have_their_own() -> None:
    key = Key("v", Text(exact=True), "x", required=True, hint="do this")
    for value, hint in (({}, "do this"), ({"v": 1}, "do this"), ({"v": "*"}, "write the value")):
        reader = Reader({"file": Table("file", (key,))})
        reader.table(value, "file")
        assert reader.troubles[0].hint.startswith(hint)


def test_the_nearest_known_name_is_offered() -> None:
    reader = Reader(SHAPES)
    reader.table({"scheme": 1}, POLICY)
    assert reader.troubles[0] == Trouble(("scheme",), "unknown key", "did you mean 'schema'?")
    assert did_you_mean("zzz", ["schema"]) == ""
    assert did_you_mean(1, ["schema"]) == ""


def test_tables_are_not_followed_deeper_than_anybody_writes() -> None:
    value: object = {}
    for _ in range(DEEPEST):
        value = {"v": value}
    reader = Reader(shapes(TEXT))
    reader.table(value, "loop")
    assert reader.troubles == []
    reader.table({"v": value}, "loop")
    assert [one.why for one in reader.troubles] == [f"nested more than {DEEPEST} deep"]


def test_what_cannot_be_shown_is_said() -> None:
    deep: list[object] = []
    for _ in range(100_000):
        deep = [deep]
    assert quoted(deep) == "something nested too deep to be shown"
    # Taken apart here: to free it at once would need a stack as deep.
    while deep:
        deep = deep.pop()  # type: ignore[assignment]  # lists all the way down
    assert quoted(1 << 20_000) == "a number too large to be shown"
    assert quoted("a" * 100) == "'" + "a" * 59


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.datetimes(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=10,
)  # fmt: skip


@given(ANYTHING, st.sampled_from(sorted(SHAPES)))
def test_whatever_stands_there_nothing_is_raised(value: object, shape: str) -> None:
    reader = Reader(SHAPES)
    reader.table(value, shape)
    known = SHAPES[shape]
    if isinstance(known, Table) and any(key.required for key in known.keys):
        assert reader.troubles or isinstance(value, dict)


@given(st.sampled_from([POLICY, INCLUDED]), st.text(min_size=1, max_size=10), ANYTHING)
def test_an_unknown_key_is_never_passed_over(shape: str, name: str, value: object) -> None:
    table = SHAPES[shape]
    assert isinstance(table, Table)
    if name in {key.name for key in table.keys}:
        return
    reader = Reader(SHAPES)
    reader.table({name: value}, shape)
    assert Trouble((name,), "unknown key").why in {
        one.why for one in reader.troubles if one.place == (name,)
    }


def test_every_shape_that_is_named_is_there_and_every_shape_is_named() -> None:
    named = {POLICY, INCLUDED}
    for shape in SHAPES.values():
        if isinstance(shape, Table):
            for key in shape.keys:
                kind = key.kind.of if isinstance(key.kind, Many) else key.kind
                named |= {kind.shape} if isinstance(kind, Inside | Named) else set()
        else:
            named |= {name for _, name in shape.tables}
            named |= {shape.otherwise} if isinstance(shape, ByKey) else set()
    assert named == set(SHAPES)
