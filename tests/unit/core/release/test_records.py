"""Plan and build record are read strictly: what was not written by the lane is refused."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.release.record import BuildRecord, BuiltFile, parse_record, render_record
from sealane.errors import InputError
from sealane.lane.plan import Plan, PlannedRelease, parse_plan, render_plan

PLAN = Plan(
    project="hello", tag="v1", tag_object="a" * 40, commit="b" * 40, tree="c" * 64,
    epoch=1_795_176_000, releases=(PlannedRelease("hello", ".", "1"),), channels=("index",),
    configuration="d" * 64, changelog="", sandbox=False,
)  # fmt: skip
RECORD = BuildRecord(
    letter="a", commit="b" * 40, epoch=1_795_176_000, python="CPython 3.11.7", zlib="1.3",
    platform="Linux x86_64", frontend="build 1", backends=("x",), lock="l", lock_sha256="e" * 64,
    installed=("a==1",), isolation="namespaces", environment=(("A", "b"),),
    files=(BuiltFile("a.whl", 1, "f" * 64), BuiltFile("b.tar.gz", 2, "0" * 64)), seconds=3,
)  # fmt: skip


def test_what_is_written_is_read_back() -> None:
    assert parse_plan(render_plan(PLAN)) == PLAN
    assert parse_record(render_record(RECORD)) == RECORD


PLAN_CHANGES: list[tuple[str, object]] = [
    ("schema", "sealane.plan/2"), ("project", ""), ("project", 1), ("tag", None),
    ("tag_object", "A" * 40), ("commit", "b" * 39), ("tree", ""), ("epoch", "1795176000"),
    ("epoch", True), ("epoch", 0), ("epoch", 315532799), ("epoch", 4354819200),
    ("releases", []), ("releases", ["x"]), ("releases", [{"name": "x", "path": "."}]),
    ("releases", [{"name": "x", "path": ".", "version": ""}]),
    ("releases", [{"name": "x", "path": ".", "version": "1"}] * 2),
    ("channels", []), ("channels", [1]), ("channels", ["a", "a"]), ("configuration", "d" * 63),
    ("changelog", "x"), ("sandbox", 0), ("sandbox", None), ("extra", 1),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), PLAN_CHANGES)
def test_a_plan_with_one_wrong_value_is_refused(key: str, value: object) -> None:
    document = json.loads(render_plan(PLAN)) | {key: value}
    with pytest.raises(InputError, match="plan"):
        parse_plan(json.dumps(document).encode())


RECORD_CHANGES: list[tuple[str, object]] = [
    ("schema", "x"), ("letter", 1), ("epoch", "1"), ("epoch", -1), ("epoch", True),
    ("installed", "a"), ("installed", [1]), ("environment", []), ("environment", {"A": 1}),
    ("files", []), ("files", [{}]), ("files", ["x"]), ("extra", 1), ("isolation", None),
    ("files", [{"name": "../x", "size": 1, "sha256": "f" * 64}]),
    ("files", [{"name": ".x", "size": 1, "sha256": "f" * 64}]),
    ("files", [{"name": "x", "size": 1, "sha256": "F" * 64}]),
    ("files", [{"name": "x", "size": -1, "sha256": "f" * 64}]),
    ("files", [{"name": "x", "size": 1, "sha256": "f" * 64}] * 2),
]  # fmt: skip


@pytest.mark.parametrize(("key", "value"), RECORD_CHANGES)
def test_a_record_with_one_wrong_value_is_refused(key: str, value: object) -> None:
    document = json.loads(render_record(RECORD)) | {key: value}
    with pytest.raises(InputError, match="build record"):
        parse_record(json.dumps(document).encode())


@pytest.mark.parametrize("name", list(Plan.__dataclass_fields__))
def test_a_plan_without_a_key_is_refused(name: str) -> None:
    document = json.loads(render_plan(PLAN))
    del document[name]
    with pytest.raises(InputError, match=name):
        parse_plan(json.dumps(document).encode())


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    for parse in (parse_plan, parse_record):
        with pytest.raises(InputError):
            parse(content)
