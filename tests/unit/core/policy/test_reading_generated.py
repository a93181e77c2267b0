"""Whatever a policy file holds: it is read, or refused; and the JSON Schema says the same."""

from __future__ import annotations

import contextlib
import string
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any, assert_never

from hypothesis import given
from hypothesis import strategies as st

from sealane.core.policy.form import (
    ByKey,
    ByKind,
    Choice,
    Inside,
    Kind,
    Many,
    Moment,
    Named,
    Table,
    Text,
    Truth,
    Whole,
)
from sealane.core.policy.json_schema import schema_of
from sealane.core.policy.parse import parse_policy
from sealane.core.policy.reading import NAME, Reader
from sealane.core.policy.tables import POLICY, SHAPES
from sealane.errors import InputError, PolicyError
from support.policies import CI, HEAD, PUBLISH, TEAM, rule

PLAIN = st.text(string.ascii_letters + string.digits + " ._-/", min_size=1, max_size=12)
NAMES = st.from_regex(NAME, fullmatch=True).filter(str.isascii)
TIMES = st.integers(0, 2**32).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
DEEP = 3
# What stands in a value's place: of another type, near to right, or nothing that fits. No times:
# to an editor they are texts.
OTHERS = st.one_of(
    st.integers(-1, 10), st.booleans(), st.just(0.5), PLAIN, st.just(""), st.just(".*"),
    st.just([]), st.just({}), st.just(["a", "a"]), st.dictionaries(PLAIN, PLAIN, max_size=1),
)  # fmt: skip


def of_shape(name: str, depth: int) -> st.SearchStrategy[Any]:
    """Tables that have the shape of this name, but for what is only refused as a whole."""
    shape = SHAPES[name]
    match shape:
        case Table():
            needed = {key.name: of_kind(key.kind, depth) for key in shape.keys if key.required}
            # What nests for ever has to end somewhere.
            left = {
                key.name: of_kind(key.kind, depth)
                for key in shape.keys
                if not key.required and (depth < DEEP or isinstance(key.kind, Text | Truth))
            }
            found = st.fixed_dictionaries(needed, optional=left)
            return found.filter(lambda one: not shape.some or any(key in one for key in shape.some))
        case ByKind():
            return st.one_of([of_shape(inner, depth) for _, inner in shape.tables])
        case ByKey():
            inner = [shape.otherwise, *(one for _, one in shape.tables if depth < DEEP)]
            return st.one_of([of_shape(one, depth) for one in inner])
        case _:
            assert_never(shape)


def of_kind(kind: Kind, depth: int) -> st.SearchStrategy[Any]:
    match kind:
        case Text():
            if kind.pattern:
                exact = st.from_regex(kind.pattern, fullmatch=True)
                return exact.filter(lambda one: one.isascii() and one.isprintable())
            return PLAIN.filter(str.strip)
        case Whole():
            return st.integers(kind.least, kind.most)
        case Truth():
            return st.booleans()
        case Moment():
            return TIMES
        case Choice():
            return st.sampled_from(kind.values).map(str)
        case Many():
            one = st.deferred(lambda: of_kind(kind.of, depth + 1))
            unique = repr if isinstance(kind.of, Text) else None
            several = st.lists(one, min_size=kind.least, max_size=2, unique_by=unique)
            return st.one_of(one, several) if kind.alone else several
        case Inside():
            return st.deferred(lambda: of_shape(kind.shape, depth + 1))
        case Named():
            inner = st.deferred(lambda: of_shape(kind.shape, depth + 1))
            return st.dictionaries(NAMES, inner, min_size=kind.least, max_size=2)
        case _:
            assert_never(kind)


@st.composite
def changed(draw: st.DrawFn, documents: st.SearchStrategy[Any]) -> Any:  # noqa: ANN401 - TOML
    """A document in which one value, somewhere, is another, gone, or beside an unknown key."""
    how = draw(st.sampled_from(["other", "gone", "more", "same"]))
    document = draw(documents)
    holder, key = draw(st.sampled_from(list(places(document))))
    if how == "other":
        holder[key] = draw(OTHERS)
    elif how == "gone":
        del holder[key]
    elif how == "more" and isinstance(holder, dict):
        holder[draw(PLAIN)] = draw(OTHERS)
    return document


def places(holder: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - TOML
    """Every value in a document: what it stands in, and its key or position there."""
    for key in list(holder) if isinstance(holder, dict) else range(len(holder)):
        yield holder, key
        if isinstance(holder[key], dict | list):
            yield from places(holder[key])


def as_json(value: Any) -> Any:  # noqa: ANN401 - TOML
    """A document as an editor sees it: times are texts in it."""
    if isinstance(value, dict):
        return {key: as_json(one) for key, one in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def test_the_schema_accepts_what_the_reader_accepts_and_nothing_else() -> None:
    from jsonschema import Draft202012Validator

    validator = Draft202012Validator(schema_of(SHAPES, POLICY, "policy"))
    seen = set()

    @given(changed(of_shape(POLICY, 0)))
    def check(document: dict[str, Any]) -> None:
        reader = Reader(SHAPES)
        reader.table(document, POLICY)
        accepted = not reader.troubles
        seen.add(accepted)
        assert validator.is_valid(as_json(document)) is accepted, reader.troubles

    check()
    assert seen == {True, False}


INCLUDE = f'include = [{{ path = "x", sha256 = "{"0" * 64}" }}]\n'
FRAGMENTS = [
    "", '"', "'", "[", "]", "{", "}", "=", ",", "\n", "#", ".", "*", ".*", "1", "-1", "true", '""',
    "0x" + "f" * 4000, "1e999", "nan", "2027-06-30", "2027-06-30T00:00:00Z", "00:00:00", "\\u0000",
    "\\ud800", "\x00", "\x1b[31m", "\u202e", "[[rule]]\n", "[trust.x]\n", "[publisher.ci]\n",
    "any = ", "all = [", "require = [" * 20, "{a=" * 60, "a." * 200, INCLUDE,
]  # fmt: skip
WHOLE = f"""{HEAD}expires = 2027-06-30T00:00:00Z
{CI}{TEAM}[trust.own]
root = "acme"
log = "private"
[[exemption]]
match = ["*"]
code = "SL-PRE-001"
reason = "SEC-9"
expires = 2027-01-01T00:00:00Z
[condition.lts]
match = ["*lts*"]
start = 2026-01-01T00:00:00Z
[[distrust]]
reason = "SEC-1"
run = "urn:1"
"""
WHOLE += rule(
    PUBLISH,
    '{ any = [{ predicate = "vulns", by = "team", scan = {} }], only_if = "lts" }',
    more='continuity = { since = "1.4" }\n',
)


def nothing(path: str) -> bytes:
    raise InputError(f"{path}: there is none", hint="write one")


def test_the_whole_policy_is_one() -> None:
    assert parse_policy(WHOLE.encode(), "p.toml", str).rules


@given(
    st.lists(
        st.tuples(
            st.integers(0, len(WHOLE)), st.integers(0, 8), st.sampled_from(FRAGMENTS)
        ), min_size=1, max_size=4,
    )
)  # fmt: skip
def test_a_file_with_anything_in_it_is_read_or_refused(edits: list[tuple[int, int, str]]) -> None:
    text = WHOLE
    for at, length, instead in edits:
        text = text[:at] + instead + text[at + length :]
    with contextlib.suppress(PolicyError):
        policy = parse_policy(text.encode(), "p.toml", str, include=nothing)
        assert policy.rules
