"""Whatever differs between two roots is said; what only looks different is not."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from sealane.core.verify.root_diff import Sort, compare_roots
from sealane.core.verify.root_entries import entries_of
from sealane.core.verify.root_file import Kind
from sealane.errors import InputError
from support.roots import as_bytes, own_root

KINDS = pytest.mark.parametrize("kind", Kind)
LOGS = ("tlogs", "ctlogs")


def window_of(root: dict[str, Any], kind: str, number: int = 0) -> dict[str, Any]:
    """The window of an entry; it may be changed."""
    entry: dict[str, Any] = root[kind][number]
    holder = entry["publicKey"] if kind in LOGS else entry
    return holder.setdefault("validFor", {})  # type: ignore[no-any-return]  # JSON


def sorts(before: object, after: object) -> list[Sort]:
    return [one.sort for one in compare_roots(as_bytes(before), as_bytes(after))]


def test_entries_are_named_with_url_and_window() -> None:
    root = own_root()
    window_of(root, "tlogs").update(start="2021-01-12T11:53:27Z", end="2026-01-01T01:00:00+01:00")
    log, _, authority, *_ = entries_of(as_bytes(root), "root")
    assert log.name == root["tlogs"][0]["logId"]["keyId"]
    assert str(log) == f"log {log.name} at https://rekor1.example.org"
    assert log.window == "2021-01-12T11:53:27Z to 2026-01-01T00:00:00Z"
    assert authority.name.startswith("sealane sandbox, sealane sandbox root, chain sha256:")
    assert authority.window.endswith(" to open")


def test_an_entry_may_lack_subject_url_and_window() -> None:
    root = own_root()
    for name in ("subject", "uri", "validFor"):
        del root["certificateAuthorities"][0][name]
    (entry,) = (one for one in entries_of(as_bytes(root), "root") if one.kind is Kind.AUTHORITY)
    assert str(entry).startswith("certificate authority chain sha256:")
    assert " at " not in str(entry)
    assert entry.window == "open to open"


def test_a_root_does_not_differ_from_itself_however_it_is_written() -> None:
    root = own_root()
    assert sorts(root, root) == []
    shuffled = {name: root[name] for name in sorted(root, reverse=True)}
    assert compare_roots(as_bytes(root), json.dumps(shuffled).encode()) == ()


def test_without_an_old_root_everything_is_added() -> None:
    changes = compare_roots(b"", as_bytes(own_root()))
    assert {one.sort for one in changes} == {Sort.ADDED}
    assert {one.entry.kind for one in changes} == set(Kind)


@KINDS
def test_an_entry_that_comes_or_goes_is_said(kind: Kind) -> None:
    full, less = own_root(), own_root()
    less[kind] = less[kind][1:]
    assert sorts(less, full) == [Sort.ADDED]
    assert sorts(full, less) == [Sort.REMOVED]
    (change,) = compare_roots(as_bytes(full), as_bytes(less))
    assert str(change).startswith(f"removed: {kind.words} ")


@KINDS
@pytest.mark.parametrize(
    ("before", "after", "sort"),
    [
        ({}, {"end": "2026-01-01T00:00:00Z"}, Sort.CLOSED),
        ({"end": "2026-01-01T00:00:00Z"}, {"end": "2025-01-01T00:00:00Z"}, Sort.CLOSED),
        ({"start": "2020-01-01T00:00:00Z"}, {"start": "2021-01-01T00:00:00Z"}, Sort.CLOSED),
        ({"end": "2026-01-01T00:00:00Z"}, {}, Sort.OPENED),
        ({"start": "2021-01-01T00:00:00Z"}, {"start": "2020-01-01T00:00:00Z"}, Sort.OPENED),
        (
            {"start": "2020-01-01T00:00:00Z", "end": "2021-01-01T00:00:00Z"},
            {"start": "2021-01-01T00:00:00Z", "end": "2022-01-01T00:00:00Z"},
            Sort.MOVED,
        ),
    ],
    ids=["ends", "ends-earlier", "starts-later", "no-end", "starts-earlier", "moves"],
)
def test_a_window_that_changes_is_said(
    kind: Kind, before: dict[str, str], after: dict[str, str], sort: Sort
) -> None:
    old, new = own_root(), own_root()
    for root, window in ((old, before), (new, after)):
        window_of(root, kind).clear()
        window_of(root, kind).update(window)
    (change,) = compare_roots(as_bytes(old), as_bytes(new))
    assert change.sort is sort
    assert ", now " in str(change)


def test_the_same_moment_in_another_zone_is_the_same_window() -> None:
    old, new = own_root(), own_root()
    window_of(old, "tlogs")["end"] = "2026-01-01T00:00:00Z"
    window_of(new, "tlogs")["end"] = "2026-01-01T01:00:00+01:00"
    assert sorts(old, new) == []


def other_key(root: dict[str, Any]) -> None:
    root["tlogs"][0]["publicKey"]["rawBytes"] = base64.b64encode(b"other").decode()


def other_url(root: dict[str, Any]) -> None:
    root["ctlogs"][0]["baseUrl"] = "https://elsewhere.example.org"


def other_certificate(root: dict[str, Any]) -> None:
    certificates = root["certificateAuthorities"][0]["certChain"]["certificates"]
    certificates[0]["rawBytes"] = base64.b64encode(b"other").decode()


def other_operator(root: dict[str, Any]) -> None:
    root["timestampAuthorities"][0]["operator"] = "somebody"


@pytest.mark.parametrize("change", [other_key, other_url, other_certificate, other_operator])
def test_any_other_change_is_one_entry_less_and_another_more(
    change: Callable[[dict[str, Any]], None],
) -> None:
    new = own_root()
    change(new)
    assert sorts(own_root(), new) == [Sort.REMOVED, Sort.ADDED]


def test_a_key_that_is_listed_twice_has_two_windows() -> None:
    old, new = own_root(), own_root()
    new["tlogs"] += own_root()["tlogs"][:1]
    window_of(new, "tlogs", -1)["end"] = "2026-01-01T00:00:00Z"
    assert sorts(old, new) == [Sort.ADDED]
    assert sorts(new, old) == [Sort.REMOVED]


def set_time(value: object) -> Callable[[dict[str, Any]], None]:
    def change(root: dict[str, Any]) -> None:
        window_of(root, "tlogs")["start"] = value

    return change


@pytest.mark.parametrize(
    "change",
    [
        set_time("soon"), set_time(1), set_time("2020-01-01T00:00:00"),
        set_time("0001-01-01T00:00:00+23:59"),
        lambda root: root["tlogs"][0].pop("publicKey"),
        lambda root: root["tlogs"][0].pop("logId"),
        lambda root: root["certificateAuthorities"][0].update(subject=1),
        lambda root: root["certificateAuthorities"][0].update(uri=1),
    ],
)  # fmt: skip
def test_an_entry_that_cannot_be_read_is_an_error(change: Callable[[dict[str, Any]], None]) -> None:
    root = own_root()
    change(root)
    with pytest.raises(InputError, match="the new root"):
        compare_roots(as_bytes(own_root()), as_bytes(root))
