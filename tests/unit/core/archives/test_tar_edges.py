"""Sizes of a tar archive and of its members are what they say, and within the limits."""

import gzip
import io
import tarfile

import pytest

from sealane.core.archives import tar as tar_module
from sealane.core.archives.member import Kind
from sealane.core.archives.tar import read_tar
from sealane.errors import InputError
from support.archives import make_tar


def sized(size: str) -> bytes:
    """An archive whose only member has a size of its own choice, as an extended header."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        info = tarfile.TarInfo("p/a")
        info.pax_headers = {"size": size}
        archive.addfile(info)
    return gzip.compress(stream.getvalue())


def test_a_folder_is_read_without_content() -> None:
    (folder,) = read_tar(make_tar({"p": b""}, kind=tarfile.DIRTYPE), "x.tar.gz").members
    assert (folder.name, folder.kind, folder.content) == ("p", Kind.FOLDER, b"")


def test_an_extended_size_is_read() -> None:
    assert read_tar(sized("0"), "x.tar.gz").members[0].content == b""


@pytest.mark.parametrize("size", ["-1", "-512", "-99999999999999999999"])
def test_a_negative_size_is_refused(size: str) -> None:
    with pytest.raises(InputError, match=r"x\.tar\.gz"):
        read_tar(sized(size), "x.tar.gz")


@pytest.mark.parametrize("size", ["20480", "99999999999999999999"])
def test_a_size_beyond_the_end_is_refused(size: str) -> None:
    with pytest.raises(InputError, match=r"x\.tar\.gz"):
        read_tar(sized(size), "x.tar.gz")


def test_a_file_over_the_limit_is_refused_before_it_is_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = make_tar({"p/a": b""})
    monkeypatch.setattr(tar_module, "ARTIFACT_LIMIT", len(content))
    read_tar(content, "x.tar.gz")
    monkeypatch.setattr(tar_module, "ARTIFACT_LIMIT", len(content) - 1)
    with pytest.raises(InputError, match="larger than"):
        read_tar(content, "x.tar.gz")
