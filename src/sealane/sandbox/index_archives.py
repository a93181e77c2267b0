"""What must be true of an uploaded archive: its name, its framing, and the files it needs."""

from __future__ import annotations

import re
import tarfile
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

from packaging.utils import InvalidSdistFilename, InvalidWheelFilename, parse_wheel_filename

from sealane.errors import InputError
from sealane.sandbox.index_form import Form, UploadError
from sealane.sandbox.index_model import parse_filename

_MIB = 1024 * 1024
# An archive that unpacks to more than this many times its size, and to more than this many bytes.
_BOMB_RATIO = 50
_BOMB_SIZE = 64 * _MIB
_MOST_MEMBERS = 100_000
_LOCAL_HEADER, _LOCAL_SIZE = b"PK\x03\x04", 30
_END_HEADER, _END_SIZE = b"PK\x05\x06", 22
_PLATFORM = re.compile(
    r"any|win32|win_(amd64|arm64|arm32)|linux_armv[67]l"
    r"|macosx_[0-9]+_[0-9]+_(arm64|x86_64|universal2?|intel|fat(3|32|64)?|i386|ppc(64)?)"
    r"|manylinux(1|2010|2014|_[0-9]+_[0-9]+)_[a-z0-9_]+|musllinux_[0-9]+_[0-9]+_[a-z0-9_]+"
    r"|ios_[0-9]+_[0-9]+_[a-z0-9_]+|android_[0-9]+_[a-z0-9_]+|(pyodide|pyemscripten)_[0-9_]+_wasm32"
)


def check_filename(filename: str, form: Form) -> None:
    """Whether a file's name is that of the form's project, version and kind.

    Raises:
        UploadError: 400.
    """
    if re.search(r"[/\\\x00-\x1f]", filename):
        raise UploadError(400, "Cannot upload a file with '/' or '\\' in the name.")
    if not filename.endswith((".tar.gz", ".whl", ".zip")):
        raise UploadError(400, "Invalid file extension: Use .tar.gz, .whl or .zip extension.")
    if (form.kind == "bdist_wheel") != filename.endswith(".whl"):
        raise UploadError(400, f"Invalid file extension for a file of type {form.kind}.")
    try:
        _, name, version = parse_filename(filename)
    except InputError as error:
        raise UploadError(400, f"Invalid filename: {error.message}") from error
    stem = form.name.replace("-", "_")
    if name != form.name:
        raise UploadError(400, f"Start filename for {form.name!r} with {stem!r}.")
    if version != form.version:
        raise UploadError(400, f"Version in filename should be {form.version!r} not {version!r}.")
    if form.kind == "sdist" and filename != f"{stem}-{version}.tar.gz":
        raise UploadError(
            400, f"Filename {filename!r} is invalid, should be '{stem}-{version}.tar.gz'."
        )
    if form.kind == "bdist_wheel":
        _check_platforms(filename)


def check_archive(path: Path, filename: str, form: Form) -> None:
    """Whether an archive is well framed and has the files its kind needs.

    Raises:
        UploadError: 400.
    """
    try:
        if form.kind == "bdist_wheel":
            _check_wheel(path, filename, form)
        else:
            _check_sdist(path, filename, form)
    # The archive modules raise all of these for archives that are broken on purpose.
    except (
        OSError, EOFError, ValueError, zlib.error, tarfile.TarError, zipfile.BadZipFile,
        NotImplementedError, RuntimeError, RecursionError,
    ) as error:  # fmt: skip
        raise _invalid(f"{type(error).__name__}: {error}") from error


def _check_platforms(filename: str) -> None:
    try:
        _, _, _, tags = parse_wheel_filename(filename)
    except (InvalidWheelFilename, InvalidSdistFilename) as error:
        raise UploadError(400, f"Invalid filename: {error}") from error
    for platform in sorted({tag.platform for tag in tags}):
        if not _PLATFORM.fullmatch(platform):
            raise UploadError(
                400, f"Binary wheel {filename!r} has an unsupported platform tag {platform!r}."
            )


def _check_wheel(path: Path, filename: str, form: Form) -> None:
    with path.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        members = archive.infolist()
        _check_zip_framing(path, archive)
        _check_bomb(sum(member.file_size for member in members), path.stat().st_size)
        names = [member.filename for member in members]
        _check_names(names)
        stem, version = filename.split("-")[:2]
        folder = f"{stem}-{version}.dist-info"
        for needed in ("METADATA", "WHEEL", "RECORD"):
            if f"{folder}/{needed}" not in names:
                raise UploadError(
                    400,
                    f"Wheel {filename!r} does not contain the required {needed} file: "
                    f"{folder}/{needed}",
                )
        _check_licenses(form, names, f"{folder}/licenses/", filename)
        if archive.testzip() is not None:
            raise _invalid("a member's checksum is wrong")


def _check_zip_framing(path: Path, archive: zipfile.ZipFile) -> None:
    """One reading only: what a streaming reader sees is what the central directory says."""
    content = path.read_bytes()
    tail = content[-_END_SIZE:]
    if not tail.startswith(_END_HEADER) or tail[-2:] != b"\0\0":
        raise _invalid("bytes after the end of the archive")
    members = sorted(archive.infolist(), key=lambda member: member.header_offset)
    if not members or members[0].header_offset != 0:
        raise _invalid("bytes before the first member")
    for member in members:
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise _invalid("a compression that is not allowed")
        head = content[member.header_offset : member.header_offset + _LOCAL_SIZE]
        size = int.from_bytes(head[26:28], "little")
        start = member.header_offset + _LOCAL_SIZE
        local = content[start : start + size]
        named = {
            member.orig_filename.encode("utf-8"),
            member.orig_filename.encode("cp437", "replace"),
        }
        if not head.startswith(_LOCAL_HEADER) or local not in named:
            raise _invalid("a member's two headers differ")


def _check_sdist(path: Path, filename: str, form: Form) -> None:
    folder = filename.removesuffix(".tar.gz")
    names: list[str] = []
    total = 0
    packed = path.stat().st_size
    with tarfile.open(path, "r|gz") as archive:
        for member in archive:
            total += member.size
            _check_bomb(total, packed)
            names.append(member.name)
            if len(names) > _MOST_MEMBERS:
                raise _invalid("too many members")
    _check_names(names)
    if any(name.split("/")[0] != folder for name in names):
        raise _invalid(f"a member lies outside {folder!r}")
    if f"{folder}/PKG-INFO" not in names:
        raise _invalid(f"{folder}/PKG-INFO is missing")
    _check_licenses(form, names, f"{folder}/", filename)


def _check_names(names: Sequence[str]) -> None:
    if len(set(names)) != len(names):
        raise _invalid("two members have one name")
    for name in names:
        if re.search(r"(^/)|(^|/)\.\.(/|$)|[\\\x00-\x1f]|^[A-Za-z]:", name):
            raise _invalid(f"the member name {name[:60]!r} is not allowed")


def _check_licenses(form: Form, names: Sequence[str], folder: str, filename: str) -> None:
    for license_file in form.license_files:
        if f"{folder}{license_file}" not in names:
            raise UploadError(
                400,
                f"License-File {license_file} does not exist in distribution file {filename} at "
                f"{folder}{license_file}",
            )


def _check_bomb(unpacked: int, packed: int) -> None:
    if unpacked > _BOMB_SIZE and unpacked > _BOMB_RATIO * packed:
        raise _invalid(f"it unpacks to more than {_BOMB_RATIO} times its size")


def _invalid(reason: str) -> UploadError:
    return UploadError(400, f"Invalid distribution file. {reason}")
