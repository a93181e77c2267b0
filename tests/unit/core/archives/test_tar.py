"""A tar archive holds files and folders, once each, and nothing after its end."""

import contextlib
import gzip
import tarfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sealane.core.archives import tar as tar_module
from sealane.core.archives.tar import read_tar
from sealane.errors import InputError
from support.archives import make_tar

GOOD = make_tar({"p/a": b"a" * 700, "p/b": b""})
PLAIN = gzip.decompress(GOOD)


def test_members_are_read() -> None:
    archive = read_tar(GOOD, "x.tar.gz")
    assert [(m.name, m.content, m.mode) for m in archive.members] == [
        ("p/a", b"a" * 700, 0o644), ("p/b", b"", 0o644),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "kind",
    [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.CHRTYPE, tarfile.FIFOTYPE, tarfile.GNUTYPE_SPARSE],
)
def test_what_is_neither_file_nor_folder_is_refused(kind: bytes) -> None:
    with pytest.raises(InputError):
        read_tar(make_tar({"p/a": b""}, kind=kind), "x.tar.gz")


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"not gzip", id="not-gzip"),
        pytest.param(gzip.compress(b""), id="empty-stream"),
        pytest.param(gzip.compress(b"x" * 2000), id="not-tar"),
        pytest.param(GOOD + b"x", id="byte-after-gzip"),
        pytest.param(GOOD + GOOD, id="two-streams"),
        pytest.param(GOOD[:-1], id="cut-off"),
        pytest.param(gzip.compress(PLAIN + b"x" * 512), id="bytes-after-the-end"),
        pytest.param(gzip.compress(PLAIN[:700]), id="cut-in-a-member"),
        pytest.param(gzip.compress(PLAIN[:1536] + b"garbage!" * 64), id="broken-second-header"),
        pytest.param(make_tar({"/etc/x": b""}), id="absolute"),
        pytest.param(make_tar({"p/../../x": b""}), id="parent"),
        pytest.param(make_tar({"p\\x": b""}), id="backslash"),
        pytest.param(make_tar({"./p": b""}), id="dot"),
        pytest.param(make_tar({}), id="no-member"),
    ],
)
def test_a_broken_or_unsafe_archive_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match=r"x\.tar\.gz"):
        read_tar(content, "x.tar.gz")


def test_a_name_that_is_there_twice_is_refused() -> None:
    first = gzip.decompress(make_tar({"p/a": b"1"}))[:1024]
    with pytest.raises(InputError, match="twice"):
        read_tar(gzip.compress(first + first + bytes(1024)), "x.tar.gz")


def test_a_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_module, "CONTENT_LIMIT", 10_000)
    with pytest.raises(InputError, match="unpacks to more"):
        read_tar(make_tar({"p/a": bytes(1_000_000)}), "x.tar.gz")


def test_too_many_members_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tar_module, "MEMBER_LIMIT", 1)
    with pytest.raises(InputError, match="more than 1 members"):
        read_tar(GOOD, "x.tar.gz")


@given(st.integers(0, len(PLAIN) - 1), st.binary(min_size=1, max_size=16))
def test_any_change_of_an_archive_is_read_or_refused(position: int, change: bytes) -> None:
    changed = PLAIN[:position] + change + PLAIN[position + len(change) :]
    with contextlib.suppress(InputError):
        read_tar(gzip.compress(changed, compresslevel=1), "x.tar.gz")
