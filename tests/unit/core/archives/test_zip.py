"""A zip file that two readers could read differently is refused."""

import contextlib
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.archives import zip as zip_module
from sealane.core.archives.member import Kind
from sealane.core.archives.zip import read_zip
from sealane.errors import InputError
from support.archives import make_zip, patch_local_name

GOOD = make_zip({"a/b.py": b"b = 1\n" * 50, "c.txt": b"c"})


def test_members_are_read_as_zipfile_reads_them() -> None:
    archive = read_zip(GOOD, "x.whl")
    assert [(m.name, m.content) for m in archive.members] == [
        ("a/b.py", b"b = 1\n" * 50), ("c.txt", b"c"),
    ]  # fmt: skip
    assert archive.members[0].mode == 0o644
    assert archive.members[0].time == "2026-11-20 12:00:00"


def test_stored_members_and_folders_are_read() -> None:
    archive = read_zip(make_zip({"f": b"x"}, compression=zipfile.ZIP_STORED), "x.whl")
    assert archive.files()["f"].content == b"x"
    folder = read_zip(make_zip({"d/": b""}, mode=0o040755), "x.whl")
    assert folder.members[0].kind is Kind.FOLDER


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"PK", id="too-short"),
        pytest.param(GOOD + b"\0", id="byte-after"),
        pytest.param(b"#!/bin/sh\n" + GOOD, id="bytes-before"),
        pytest.param(GOOD[:-1], id="cut-off"),
        pytest.param(GOOD[: len(GOOD) // 2], id="cut-in-half"),
        pytest.param(patch_local_name(GOOD, b"c.txt", b"d.txt"), id="other-name-in-header"),
        pytest.param(make_zip({"/etc/passwd": b""}), id="absolute"),
        pytest.param(make_zip({"../x": b""}), id="parent"),
        pytest.param(make_zip({"a/../../x": b""}), id="parent-inside"),
        pytest.param(make_zip({"a\\b": b""}).replace(b"a/b", b"a\\b"), id="backslash"),
        pytest.param(make_zip({"a//b": b""}), id="empty-part"),
        pytest.param(make_zip({"c:/b": b""}), id="drive"),
        pytest.param(make_zip({"a\nb": b""}), id="control-character"),
        pytest.param(make_zip({"l": b"target"}, mode=0o120777), id="link"),
        pytest.param(make_zip({"d": b""}, mode=0o020666), id="device"),
        pytest.param(make_zip({"a": b"x", "a/b": b""}), id="file-and-folder"),
        pytest.param(make_zip({"e\u0301": b"", "\u00e9": b""}), id="two-spellings-of-one-name"),
    ],
)
def test_an_ambiguous_or_unsafe_zip_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"x\.whl"):
        read_zip(content, "x.whl")


def test_a_name_that_is_there_twice_is_refused() -> None:
    twice = make_zip({"aa": b"1", "ab": b"2"}).replace(b"ab", b"aa")
    with pytest.raises(InputError, match="twice"):
        read_zip(twice, "x.whl")


def test_bytes_between_members_and_directory_are_refused() -> None:
    start = struct.unpack_from("<L", GOOD, len(GOOD) - 6)[0]
    moved = GOOD[:start] + b"hidden" + GOOD[start:-6] + struct.pack("<LH", start + 6, 0)
    with pytest.raises(InputError, match="outside of any member"):
        read_zip(moved, "x.whl")


@pytest.mark.parametrize("position", range(0, len(GOOD), 7))
def test_a_flipped_bit_is_refused_or_is_in_a_field_that_is_shown(position: int) -> None:
    changed = bytearray(GOOD)
    changed[position] ^= 0x01
    try:
        found = read_zip(bytes(changed), "x.whl")
    except InputError:
        return
    assert found != read_zip(GOOD, "x.whl") or position > len(GOOD) - 120


def test_a_bomb_is_refused_by_what_it_states(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_module, "CONTENT_LIMIT", 1000)
    with pytest.raises(InputError, match="unpacks to more"):
        read_zip(make_zip({"a": b"0" * 600, "b": b"0" * 600}), "x.whl")


def test_a_bomb_that_states_a_small_size_is_refused() -> None:
    bomb = make_zip({"a": b"0" * 100_000})
    lie = bomb.replace(struct.pack("<L", 100_000), struct.pack("<L", 10))
    with pytest.raises(InputError, match="another size"):
        read_zip(lie, "x.whl")


def test_a_file_over_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_module, "ARTIFACT_LIMIT", 10)
    with pytest.raises(InputError, match="larger than"):
        read_zip(GOOD, "x.whl")


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with contextlib.suppress(InputError):
        read_zip(content, "x.whl")


@given(st.integers(0, len(GOOD) - 1), st.binary(min_size=1, max_size=8))
def test_any_change_of_a_zip_is_read_or_refused(position: int, change: bytes) -> None:
    with contextlib.suppress(InputError):
        read_zip(GOOD[:position] + change + GOOD[position + len(change) :], "x.whl")
