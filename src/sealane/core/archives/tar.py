"""Reads a .tar.gz file: one gzip stream, one tar archive, files and folders only."""

from __future__ import annotations

import io
import tarfile
import zlib

from sealane.core.archives.limits import ARTIFACT_LIMIT, CONTENT_LIMIT, MEMBER_LIMIT
from sealane.core.archives.member import Archive, Kind, Member, check_members, checked_name
from sealane.errors import InputError

_BLOCK = 512
_GZIP_HEADER = 10  # bytes, RFC 1952 section 2.3
# What reading a hostile archive may end in; tarfile parses numbers and names of its own.
_BROKEN = (tarfile.TarError, ValueError, OverflowError, EOFError, LookupError, TypeError)


def read_tar(content: bytes, place: str) -> Archive:
    """All members of a .tar.gz file.

    Args:
        content: The whole file.
        place: Its name, for the error.

    Raises:
        InputError: It is not a gzipped tar archive, holds a link, a device or a sparse file, has
            bytes after its end, unpacks to too much, or names are unsafe or not unique.
    """
    unpacked = _gunzip(content, place)
    try:
        with tarfile.open(fileobj=io.BytesIO(unpacked), mode="r:", encoding="utf-8") as archive:
            members = [_member(archive, info, place) for info in _infos(archive, place)]
            end = archive.offset
    except _BROKEN as error:
        raise InputError(f"{place}: not a tar archive: {error}") from error
    # tarfile stops silently at the first broken header; all that may follow are zeros.
    if any(unpacked[end:]) or len(unpacked) < end:
        raise InputError(f"{place}: bytes after the end of the tar archive")
    if not members:
        raise InputError(f"{place}: holds nothing")
    return Archive(check_members(members, place), _gzip_header(content))


def _gunzip(content: bytes, place: str) -> bytes:
    if len(content) > ARTIFACT_LIMIT:
        raise InputError(f"{place}: larger than {ARTIFACT_LIMIT} bytes")
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        unpacked = unpacker.decompress(content, CONTENT_LIMIT + 1)
    except zlib.error as error:
        raise InputError(f"{place}: not a gzip file: {error}") from error
    if len(unpacked) > CONTENT_LIMIT:
        raise InputError(f"{place}: unpacks to more than {CONTENT_LIMIT} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise InputError(f"{place}: cut off, or bytes after the end of the gzip stream")
    return unpacked


def _gzip_header(content: bytes) -> str:
    # Method, flags, time, extra flags (how hard the compressor tried), system.
    return f"gzip {content[2:_GZIP_HEADER].hex()}"


def _infos(archive: tarfile.TarFile, place: str) -> list[tarfile.TarInfo]:
    found: list[tarfile.TarInfo] = []
    for info in archive:
        found.append(info)
        if len(found) > MEMBER_LIMIT:
            raise InputError(f"{place}: more than {MEMBER_LIMIT} members")
    return found


def _member(archive: tarfile.TarFile, info: tarfile.TarInfo, place: str) -> Member:
    name = checked_name(info.name, place)
    if not (info.isreg() or info.isdir()) or info.issparse():
        raise InputError(f"{place}: {name}: neither a file nor a folder (type {info.type!r})")
    content = b""
    if info.isreg():
        stream = archive.extractfile(info)
        content = stream.read() if stream else b""
        if len(content) != info.size:
            raise InputError(f"{place}: {name}: is cut off")
    return Member(
        name=name,
        kind=Kind.FILE if info.isreg() else Kind.FOLDER,
        content=content,
        mode=info.mode & 0o7777,
        time=str(info.mtime),
        owner=f"{info.uid}:{info.gid} {info.uname}:{info.gname}",
        compression=f"type {info.type!r}, fields {sorted(info.pax_headers)}",
    )
