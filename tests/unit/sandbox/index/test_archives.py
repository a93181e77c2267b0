import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from support.index_parts import PROJECT, IndexParts, form, sdist, wheel

INFO = "hello_index-1.0.dist-info"


def answer_to(index: IndexParts, path: Path, **changes: object) -> tuple[int, str]:
    answer = index.upload(index.upload_token(), form(path, **changes))
    return answer.status, answer.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        pytest.param("hello_index-1.0.exe", "Invalid file extension: Use .tar.gz", id="extension"),
        pytest.param("hello_index-1.0.tar.gz", "Invalid file extension for a file of", id="kind"),
        pytest.param("hello_index-1.0-py3-none.whl", "Invalid filename: ", id="too-few-fields"),
        pytest.param("a/hello_index-1.0-py3-none-any.whl", "Cannot upload a file", id="slash"),
        pytest.param("other-1.0-py3-none-any.whl", "Start filename for", id="project"),
        pytest.param("hello_index-1.1-py3-none-any.whl", "Version in filename should be '1.0' not",
                     id="version"),
        pytest.param("hello_index-1.0-py3-none-linux_x86_64.whl", "Binary wheel ", id="platform"),
    ],
)  # fmt: skip
def test_a_wheel_has_the_name_of_its_release(index: IndexParts, name: str, reason: str) -> None:
    path = wheel(index.directory / "dist")
    status, told = answer_to(index, path, content=(name, path.read_bytes(), "a/b"))
    assert status == 400
    assert told.startswith(reason), told


@pytest.mark.parametrize(
    "tag",
    ["any", "manylinux_2_17_x86_64.manylinux2014_x86_64", "musllinux_1_2_aarch64", "win_amd64",
     "macosx_11_0_arm64"],
)  # fmt: skip
def test_the_index_takes_the_platforms_it_knows(index: IndexParts, tag: str) -> None:
    path = wheel(index.directory / "dist")
    name = path.name.replace("any", tag)
    assert answer_to(index, path, content=(name, path.read_bytes(), "a/b"))[0] == 200


@pytest.mark.parametrize(
    "name", ["hello-index-1.0.tar.gz", "hello_index-1.0.zip", "Hello_Index-1.0.tar.gz"]
)
def test_an_sdists_name_is_spelt_one_way(index: IndexParts, name: str) -> None:
    path = sdist(index.directory / "dist")
    status, told = answer_to(index, path, content=(name, path.read_bytes(), "a/b"))
    assert status == 400
    assert told == f"Filename {name!r} is invalid, should be 'hello_index-1.0.tar.gz'."


@pytest.mark.parametrize("member", ["METADATA", "WHEEL", "RECORD"])
def test_a_wheel_without_a_needed_file_is_refused(index: IndexParts, member: str) -> None:
    path = wheel(index.directory / "dist", members={f"{INFO}/{member}": b""})
    status, told = answer_to(index, path)
    assert status == 400
    assert f"does not contain the required {member} file: {INFO}/{member}" in told


def appended(path: Path) -> bytes:
    return path.read_bytes() + b"x"


def prefixed(path: Path) -> bytes:
    return b"#!/bin/sh\n" + path.read_bytes()


def truncated(path: Path) -> bytes:
    return path.read_bytes()[:-30]


def one_bit_of_a_member(path: Path) -> bytes:
    content = bytearray(path.read_bytes())
    content[60] ^= 1
    return bytes(content)


def other_local_name(path: Path) -> bytes:
    return path.read_bytes().replace(b"hello_index.py", b"other_index.py", 1)


def no_members(path: Path) -> bytes:
    stream = io.BytesIO()
    zipfile.ZipFile(stream, "w").close()
    return stream.getvalue()


def again(path: Path, *names: str, kind: int = zipfile.ZIP_STORED, data: bytes = b"1") -> bytes:
    stream = io.BytesIO(path.read_bytes())
    with zipfile.ZipFile(stream, "a") as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return stream.getvalue()


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(appended, id="bytes-after-the-end"),
        pytest.param(prefixed, id="bytes-before-the-start"),
        pytest.param(truncated, id="cut-short"),
        pytest.param(one_bit_of_a_member, id="one-bit"),
        pytest.param(other_local_name, id="two-names-for-one-member"),
        pytest.param(no_members, id="empty-archive"),
        pytest.param(lambda _: b"", id="empty-file"),
        pytest.param(lambda path: again(path, "../evil.py"), id="parent-folder"),
        pytest.param(lambda path: again(path, "/etc/evil"), id="absolute"),
        pytest.param(lambda path: again(path, "C:evil"), id="drive"),
        pytest.param(lambda path: again(path, "a\\b"), id="backslash"),
        pytest.param(lambda path: again(path, "x", kind=zipfile.ZIP_LZMA), id="lzma"),
        pytest.param(
            lambda path: again(path, "x", kind=zipfile.ZIP_DEFLATED, data=bytes(65 << 20)),
            id="bomb",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_badly_framed_wheel_is_refused(
    index: IndexParts, damage: Callable[[Path], bytes]
) -> None:
    path = wheel(index.directory / "dist")
    path.write_bytes(damage(path))
    status, told = answer_to(index, path)
    assert status == 400
    assert told.startswith("Invalid distribution file."), told


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(index: IndexParts) -> None:
    path = wheel(index.directory / "dist")
    path.write_bytes(again(path, "x", "x"))
    assert answer_to(index, path) == (
        400, "Invalid distribution file. two members have one name",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        pytest.param({"hello_index-1.0/PKG-INFO": b""}, "PKG-INFO is missing", id="no-pkg-info"),
        pytest.param({"evil/x": b"1"}, "a member lies outside", id="outside"),
        pytest.param({"hello_index-1.0/../x": b"1"}, "the member name", id="parent-folder"),
        pytest.param({"hello_index-1.0/z": bytes(65 << 20)}, "it unpacks to more than", id="bomb"),
    ],
)
def test_a_bad_sdist_is_refused(index: IndexParts, members: dict[str, bytes], reason: str) -> None:
    path = sdist(index.directory / "dist", members=members)
    status, told = answer_to(index, path)
    assert status == 400
    assert told.startswith("Invalid distribution file.")
    assert reason in told


def test_what_is_no_tar_archive_is_no_sdist(index: IndexParts) -> None:
    path = sdist(index.directory / "dist")
    whole = path.read_bytes()
    for content in (b"", b"no archive", whole[: len(whole) // 2]):
        path.write_bytes(content)
        assert answer_to(index, path)[0] == 400


def test_a_licence_that_is_named_must_be_there(index: IndexParts) -> None:
    there = {f"{INFO}/licenses/LICENSE": b"free"}
    path = wheel(index.directory / "dist", members=there)
    changes: dict[str, object] = {"metadata_version": "2.4", "license_file": ["LICENSE"]}
    assert answer_to(index, path, **changes)[0] == 200
    source = sdist(index.directory / "dist", version="1.1")
    status, told = answer_to(index, source, **changes)
    assert status == 400
    assert told.startswith("License-File LICENSE does not exist in distribution file")


def test_the_test_archives_are_what_they_seem(tmp_path: Path) -> None:
    with tarfile.open(sdist(tmp_path)) as archive:
        assert f"{PROJECT.replace('-', '_')}-1.0/PKG-INFO" in archive.getnames()
