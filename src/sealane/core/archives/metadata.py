"""Checks that a wheel or an sdist is what its name says, inside as well as outside."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import re
from email.parser import HeaderParser

from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import InvalidVersion, Version

from sealane.core.archives.member import Archive
from sealane.errors import InputError

# The package index takes portable platform tags only; a plain linux_* is one machine's.
_PLATFORM = re.compile(r"any|(many|musl)linux.*|macosx_.*|ios_.*|android_.*|win(32|_amd64|_arm64)")


def check_metadata(file: str, archive: Archive, name: str, version: str) -> None:
    """Compare file name and metadata of a built file with the plan.

    Args:
        file: Name of the file.
        archive: What is in it.
        name: The planned project name.
        version: The planned PEP 440 version in normal form.

    Raises:
        InputError: Name or version differ somewhere, metadata is missing or there twice, or the
            RECORD of a wheel does not list exactly what is in it.

    Spec: PyPA specifications, binary distribution format and source distribution format.
    """
    if file.endswith(".whl"):
        _check_wheel(file, archive, name, version)
    else:
        _check_sdist(file, archive, name, version)


def _check_wheel(file: str, archive: Archive, name: str, version: str) -> None:
    try:
        found, stated, _, tags = parse_wheel_filename(file)
    except InvalidWheelFilename as error:
        raise InputError(f"{file}: {error}") from error
    _check_same(f"{file}: file name", (str(found), str(stated)), name, version)
    platforms = sorted({tag.platform for tag in tags})
    if not all(_PLATFORM.fullmatch(platform) for platform in platforms):
        raise InputError(
            f"{file}: platform {', '.join(platforms)}: the index takes portable platforms only",
            hint="build pure wheels, or repair the wheel to a manylinux or musllinux tag",
        )
    folders = {path.split("/")[0] for path in archive.files() if ".dist-info/" in path}
    infos = sorted(folder for folder in folders if folder.endswith(".dist-info"))
    if len(infos) != 1:
        raise InputError(f"{file}: expected one .dist-info folder, got {infos}")
    _check_same(f"{file}: folder", _split_info(infos[0]), name, version)
    for needed in ("WHEEL", "RECORD"):
        _text(file, archive, f"{infos[0]}/{needed}")
    _check_headers(file, _text(file, archive, f"{infos[0]}/METADATA"), name, version)
    _check_record(file, archive, infos[0])


def _split_info(folder: str) -> tuple[str, str]:
    name, _, version = folder.removesuffix(".dist-info").rpartition("-")
    return name, version


def _check_sdist(file: str, archive: Archive, name: str, version: str) -> None:
    try:
        found, stated = parse_sdist_filename(file)
    except InvalidSdistFilename as error:
        raise InputError(f"{file}: {error}") from error
    _check_same(f"{file}: file name", (str(found), str(stated)), name, version)
    top = file.removesuffix(".tar.gz")
    tops = sorted({member.name.split("/")[0] for member in archive.members})
    if tops != [top]:
        raise InputError(f"{file}: expected everything in the folder {top!r}, got {tops[:5]}")
    _check_headers(file, _text(file, archive, f"{top}/PKG-INFO"), name, version)
    _text(file, archive, f"{top}/pyproject.toml")


def _check_headers(file: str, text: str, name: str, version: str) -> None:
    # This parser refuses nothing: what is no header is left out, and then missing below.
    headers = HeaderParser().parsestr(text)
    values = []
    for field in ("Metadata-Version", "Name", "Version"):
        stated = headers.get_all(field, [])
        if len(stated) != 1:
            raise InputError(f"{file}: metadata: expected one {field}, got {len(stated)}")
        values.append(str(stated[0]).strip())
    _check_same(f"{file}: metadata", (values[1], values[2]), name, version)


def _check_same(place: str, found: tuple[str, str], name: str, version: str) -> None:
    try:
        same_version = str(Version(found[1])) == version
    except InvalidVersion:
        same_version = False
    if canonicalize_name(found[0]) != canonicalize_name(name) or not same_version:
        raise InputError(
            f"{place}: expected {name} {version}, got {found[0]} {found[1]}",
            hint="the name and version in the built files have to be those of the tag",
        )


def _text(file: str, archive: Archive, member: str) -> str:
    found = archive.files().get(member)
    if found is None:
        raise InputError(f"{file}: no member {member!r}")
    try:
        return found.content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: {member}: not UTF-8") from error


def _check_record(file: str, archive: Archive, info: str) -> None:
    """RECORD lists every member once with its hash; itself and its signatures without."""
    record = f"{info}/RECORD"
    files = archive.files()
    unhashed = {record, f"{record}.jws", f"{record}.p7s"}
    listed: dict[str, str] = {}
    try:
        rows = list(csv.reader(io.StringIO(_text(file, archive, record), newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"{file}: RECORD: {error}") from error
    for row in filter(None, rows):
        if len(row) != 3 or row[0] in listed:
            raise InputError(f"{file}: RECORD: {row[0][:80]!r} is there twice, or incomplete")
        listed[row[0]] = row[1]
    if set(listed) | unhashed != set(files) | unhashed or record not in listed:
        odd = sorted((set(listed) ^ set(files)) - unhashed)[:3]
        raise InputError(f"{file}: RECORD lists other files than the wheel has: {odd}")
    for path in sorted(set(files) - unhashed):
        digest = hashlib.sha256(files[path].content).digest()
        expected = "sha256=" + base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if listed[path] != expected:
            raise InputError(
                f"{file}: RECORD: {path}: expected {expected}, got {listed[path][:80]}"
            )
