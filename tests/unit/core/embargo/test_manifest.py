"""`embargo.json` is read strictly, and there is one way to write it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sealane.core.embargo.case import EmbargoManifest, SealedFile
from sealane.core.embargo.manifest import MOST_BYTES, digest_of, parse_manifest, render_manifest
from sealane.errors import InputError
from support.embargo_manifests import (
    BUILDS,
    FIRST,
    MANIFEST,
    RECIPIENTS,
    SCHEDULE,
    SOURCE,
    Json,
    Path,
    changed,
    document,
    moment,
    written,
)


def paths(value: Json, path: Path = ()) -> list[Path]:
    found = [path] if path else []
    items: Json = value.items() if isinstance(value, dict) else ()
    items = enumerate(value) if isinstance(value, list) else items
    for key, inner in items:
        found += paths(inner, (*path, key))
    return found


PATHS = paths(document())
MEMBERS = [path for path in PATHS if isinstance(path[-1], str)]


@pytest.mark.parametrize("manifest", [MANIFEST, FIRST], ids=["whole", "first"])
def test_what_is_written_is_read_again(manifest: EmbargoManifest) -> None:
    content = render_manifest(manifest)
    assert parse_manifest(content) == manifest
    assert digest_of(manifest) == hashlib.sha256(content).hexdigest()
    assert content.isascii()
    assert content.endswith(b"}\n")


@pytest.mark.parametrize("path", MEMBERS, ids=lambda path: ".".join(map(str, path)))
def test_a_missing_member_is_refused(path: Path) -> None:
    whole = document()
    holder = whole
    for key in path[:-1]:
        holder = holder[key]
    del holder[path[-1]]
    with pytest.raises(InputError, match=f"{path[-1]}: missing"):
        parse_manifest(written(whole))


HOLDERS = [
    (), ("schedule",), ("roles",), ("advisory",), ("source", 0), ("builds", 0), ("channels", 0),
    ("builds", 0, "files", 0), ("recipients", 0), ("recipients", 0, "key"), ("source", 1),
    ("schedule", "waivers", 0), ("advisory", "documents", 0),
]  # fmt: skip


@pytest.mark.parametrize("holder", HOLDERS, ids=str)
def test_an_unknown_member_is_refused(holder: Path) -> None:
    with pytest.raises(InputError, match="unknown member 'surprise'"):
        parse_manifest(changed((*holder, "surprise"), 1))


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "not JSON"),
        (b"[]", "expected an object, got a list"),
        (b"\xef\xbb\xbf" + render_manifest(MANIFEST), "byte order mark"),
        (b"\xff" + render_manifest(MANIFEST), "not JSON"),
        (render_manifest(MANIFEST)[:-3], "not JSON"),
        (render_manifest(MANIFEST).replace(b'"tlp"', b'"case": "x",\n  "tlp"'), "stands twice"),
        (b" " * (MOST_BYTES + 1), "bytes at most"),
        (b"[" * 500 + b"]" * 500, "nested deeper"),
        (render_manifest(MANIFEST).replace(b": 1800", b": NaN"), "not a number"),
        (render_manifest(MANIFEST).replace(b": 1800", b": " + b"9" * 5000), "not JSON"),
    ],
    ids=[
        "empty",
        "list",
        "bom",
        "not-utf8",
        "cut",
        "key-twice",
        "oversized",
        "deep",
        "nan",
        "long",
    ],
)
def test_what_is_no_json_of_ours_is_refused(content: bytes, why: str) -> None:
    with pytest.raises(InputError, match=f"embargo.json: .*{why}"):
        parse_manifest(content)


def compact(content: bytes) -> bytes:
    return json.dumps(json.loads(content)).encode()


def plain_letters(content: bytes) -> bytes:
    return json.dumps(json.loads(content), indent=2, sort_keys=True, ensure_ascii=False).encode()


def other_keys_first(content: bytes) -> bytes:
    return json.dumps(dict(reversed(json.loads(content).items())), indent=2).encode() + b"\n"


@pytest.mark.parametrize(
    "change",
    [
        compact, plain_letters, other_keys_first, lambda content: content[:-1],
        lambda content: content + b"\n", lambda content: content.replace(b"\n", b"\r\n"),
        lambda content: content.replace(b'"tlp"', b'"\\u0074lp"'),
        lambda content: content.replace(b"00f6", b"00F6"), lambda content: b" " + content,
        lambda content: content.replace(b"2026-12-15T15", b"2026-12-14T39"),
    ],
    ids=[
        "compact", "letters", "order", "no-line-end", "two-line-ends", "crlf", "escaped", "hex",
        "blank", "hour",
    ],
)  # fmt: skip
def test_another_way_to_write_the_same_is_refused(change: Callable[[bytes], bytes]) -> None:
    content = render_manifest(MANIFEST)
    assert change(content) != content
    with pytest.raises(InputError):
        parse_manifest(change(content))


def test_the_first_line_that_is_written_otherwise_is_named() -> None:
    content = render_manifest(MANIFEST).replace(b"\n  }", b"\n   }", 1)
    number = content[: content.index(b"\n   }") + 1].count(b"\n") + 1
    with pytest.raises(InputError, match=f"line {number}: not as sealane writes it"):
        parse_manifest(content)


@pytest.mark.parametrize("path", PATHS, ids=lambda path: ".".join(map(str, path)))
def test_a_member_of_another_type_is_refused(path: Path) -> None:
    may_be_open = path[-1] in {"predisclosure", "heads_up", "acknowledged"}
    for value in (1.5, -1, [None], {"x": None}, "\x00", *([] if may_be_open else [None])):
        with pytest.raises(InputError, match=r"embargo\.json: "):
            parse_manifest(changed(path, value))


@pytest.mark.parametrize(
    "manifest",
    [
        pytest.param(replace(MANIFEST, schedule=replace(SCHEDULE, expires=at)), id=name)
        for name, at in (
            ("naive", datetime(2026, 12, 16)),  # noqa: DTZ001
            ("fraction", datetime(2026, 12, 16, microsecond=1, tzinfo=UTC)),
            ("local", datetime(2026, 12, 16, tzinfo=timezone(timedelta(hours=1)))),
        )
    ]
    + [
        pytest.param(replace(MANIFEST, recipients=RECIPIENTS * 2), id="twice"),
        pytest.param(replace(MANIFEST, case="CVE-2026-10001"), id="case"),
        pytest.param(replace(MANIFEST, source=list(SOURCE)), id="list"),  # type: ignore[arg-type]
    ],
)  # fmt: skip
def test_what_could_not_be_read_is_not_written(manifest: EmbargoManifest) -> None:
    with pytest.raises(InputError):
        render_manifest(manifest)


def test_words_of_the_case_may_be_forbidden_in_its_name() -> None:
    content = render_manifest(replace(MANIFEST, case="blue-lantern-77"))
    assert parse_manifest(content).case == "blue-lantern-77"
    with pytest.raises(InputError, match="tells of the case by 'Lantern'") as caught:
        parse_manifest(content, forbidden=["Lantern"])
    assert "at random" in caught.value.hint


@pytest.mark.parametrize("name", ["acme-http-17", "x-acmehttp-x", "http-acme-http"])
def test_a_case_named_like_its_package_is_refused(name: str) -> None:
    with pytest.raises(InputError, match="tells of the case by 'acme-http'"):
        render_manifest(replace(MANIFEST, case=name))


hex_digits = st.text("0123456789abcdef", min_size=64, max_size=64)
times = st.integers(0, 86_400 * 13).map(lambda seconds: moment(1) + timedelta(seconds=seconds))
lines = st.text(max_size=30).filter(lambda t: t.isprintable() and t.isascii() and t.strip() == t)
names = st.from_regex(r"[A-Za-z0-9_][A-Za-z0-9_.+!-]{0,20}", fullmatch=True)


@st.composite
def manifests(draw: st.DrawFn) -> EmbargoManifest:
    early = draw(times)
    files = tuple(
        SealedFile(name, draw(hex_digits), draw(st.integers(1, 2**53 - 1)), draw(st.booleans()))
        for name in draw(st.lists(names, min_size=1, max_size=4, unique_by=str.casefold))
    )
    return replace(
        MANIFEST,
        revision=draw(st.integers(2, 2**53 - 1)),
        previous=draw(hex_digits),
        schedule=replace(SCHEDULE, predisclosure=early, heads_up=draw(st.none() | st.just(early))),
        builds=(replace(BUILDS[0], files=files),),
        recipients=tuple(replace(one, objects=draw(lines)) for one in RECIPIENTS),
    )


@settings(max_examples=40)
@given(manifests())
def test_every_manifest_is_read_as_it_was_written(manifest: EmbargoManifest) -> None:
    try:
        content = render_manifest(manifest)
    except InputError as error:
        # What gives orders to the runner of a CI job is no text to approve.
        assert "visible" in error.message  # noqa: PT017
        return
    assert parse_manifest(content) == manifest


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)  # fmt: skip


@settings(max_examples=80)
@given(st.sampled_from(PATHS), json_values)
def test_no_value_raises_anything_but_an_input_error(path: Path, value: Json) -> None:
    try:
        content = changed(path, value)
        manifest = parse_manifest(content)
    except InputError:
        return
    assert render_manifest(manifest) == content


@settings(max_examples=80)
@given(st.data())
def test_no_changed_byte_is_read_as_the_same(data: st.DataObject) -> None:
    content = bytearray(render_manifest(MANIFEST))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    try:
        assert parse_manifest(bytes(content)) != MANIFEST
    except InputError:
        return
