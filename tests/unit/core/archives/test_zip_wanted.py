"""Members that are not wanted are not unpacked, and are as strictly framed as the others."""

import struct

import pytest

from sealane.core.archives import zip as zip_module
from sealane.core.archives.zip import read_zip
from sealane.errors import InputError
from support.archives import make_zip, patch_local_name

GOOD = make_zip({"a/b.py": b"b = 1\n" * 50, "c.txt": b"cc"})


def only(wanted: str) -> dict[str, bytes]:
    archive = read_zip(GOOD, "x.whl", lambda name, _packed, _size: name == wanted)
    return {member.name: member.content for member in archive.members}


def test_only_what_is_wanted_is_unpacked() -> None:
    assert only("c.txt") == {"a/b.py": b"", "c.txt": b"cc"}
    assert only("none") == {"a/b.py": b"", "c.txt": b""}


def test_who_chooses_is_told_name_and_sizes() -> None:
    told = []
    read_zip(GOOD, "x.whl", lambda *member: told.append(member) or True)  # type: ignore[func-returns-value]
    assert [(name, size) for name, _, size in told] == [("a/b.py", 300), ("c.txt", 2)]
    assert 0 < told[0][1] < 300


def test_what_is_not_wanted_does_not_count_as_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_module, "CONTENT_LIMIT", 10)
    assert only("c.txt")["c.txt"] == b"cc"
    with pytest.raises(InputError, match="unpacks to more"):
        only("a/b.py")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(patch_local_name(GOOD, b"c.txt", b"d.txt"), id="other-name-in-header"),
        pytest.param(make_zip({"../x": b""}), id="leads-out"),
        pytest.param(make_zip({"l": b"target"}, mode=0o120777), id="link"),
        pytest.param(make_zip({"aa": b"1", "ab": b"2"}).replace(b"ab", b"aa"), id="twice"),
        pytest.param(b"#!/bin/sh\n" + GOOD, id="bytes-before"),
        pytest.param(
            GOOD.replace(struct.pack("<L", 300), struct.pack("<L", 301), 1), id="two-sizes"
        ),
    ],
)
def test_the_frame_is_read_strictly_whatever_is_wanted(content: bytes) -> None:
    with pytest.raises(InputError, match=r"x\.whl"):
        read_zip(content, "x.whl", lambda *_: False)
