"""Reads a zip file so that no two readers can see different things in it.

1. The end record is the last thing in the file; there is one, for one disk, without a comment.
2. The central directory ends where the end record starts.
3. Local headers follow each other without a gap from the first byte to the central directory.
4. Each local header says what the central directory says.
5. Names are safe and unique; no links, no encryption; stored or deflated only.
6. Each member unpacks to exactly the size and checksum stated, within the limit for all.

Spec: PKWARE APPNOTE 6.3.10, sections 4.3.6 to 4.3.16.
"""

from __future__ import annotations

import stat
import struct
import zlib
from collections.abc import Callable

from sealane.core.archives.limits import ARTIFACT_LIMIT, CONTENT_LIMIT, MEMBER_LIMIT
from sealane.core.archives.member import Archive, Kind, Member, check_members, checked_name
from sealane.core.model.values import dataclass
from sealane.errors import InputError

_END = struct.Struct("<4s4H2LH")
_CENTRAL = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _LATER, _UTF8 = 0x1, 0x8, 0x800
_ALLOWED_FLAGS = _LATER | _UTF8 | 0x6  # 0x6: how hard the compressor tried


@dataclass(frozen=True, slots=True)
class _Entry:
    name: bytes
    flags: int
    method: int
    time: int
    date: int
    crc: int
    packed: int
    size: int
    offset: int
    attributes: int
    made_by: int
    needed: int
    extra: bytes


def _every(_name: str, _packed: int, _size: int) -> bool:
    return True


def read_zip(
    content: bytes, place: str, wanted: Callable[[str, int, int], bool] = _every
) -> Archive:
    """All members of a zip file.

    Args:
        content: The whole file.
        place: Its name, for the error.
        wanted: Says by name, packed and unpacked bytes whether a member is to be unpacked; of any
            other the headers alone are read, and its content is empty.

    Raises:
        InputError: It is not a zip file, or ambiguous, unsafe, too large, or of another kind.
    """
    if len(content) > ARTIFACT_LIMIT:
        raise InputError(f"{place}: larger than {ARTIFACT_LIMIT} bytes")
    start, entries = _directory(content, place)
    members = []
    position, total = 0, 0
    for entry in sorted(entries, key=lambda entry: entry.offset):
        if entry.offset != position:  # (3)
            raise InputError(
                f"{place}: bytes outside of any member at {min(position, len(content))}"
            )
        unpack = wanted(_name(entry, place), entry.packed, entry.size)
        total += entry.size if unpack else 0
        if total > CONTENT_LIMIT:  # (6)
            raise InputError(f"{place}: unpacks to more than {CONTENT_LIMIT} bytes")
        member, position = _member(content, entry, start, place, unpack=unpack)
        members.append(member)
    if position != start:  # (3)
        raise InputError(f"{place}: bytes outside of any member at {position}")
    order = (
        "directory " + ("in" if entries == sorted(entries, key=_offset) else "out of") + " order"
    )
    return Archive(check_members(members, place), f"zip, {order}")


def _offset(entry: _Entry) -> int:
    return entry.offset


def _directory(content: bytes, place: str) -> tuple[int, list[_Entry]]:
    """Find the central directory by the end record, and read it whole."""
    if len(content) < _END.size:
        raise InputError(f"{place}: not a zip file")
    end = len(content) - _END.size
    fields = _END.unpack_from(content, end)
    signature, disk, first_disk, here, count, size, start, comment = fields
    if signature != b"PK\x05\x06" or comment:  # (1)
        raise InputError(f"{place}: not a zip file, or bytes after its end")
    if disk or first_disk or here != count:
        raise InputError(f"{place}: a part of a zip file on several disks")
    if count == 0xFFFF or start == 0xFFFFFFFF or size == 0xFFFFFFFF or count > MEMBER_LIMIT:
        raise InputError(f"{place}: zip64 is not supported; the file is too large to release")
    if start + size != end:  # (2)
        raise InputError(f"{place}: bytes between the directory and the end")
    position, entries = start, []
    for _ in range(count):
        entry, position = _central(content, position, end, place)
        entries.append(entry)
    if position != end:  # (2)
        raise InputError(f"{place}: bytes in the directory that belong to no member")
    return start, entries


def _central(content: bytes, position: int, end: int, place: str) -> tuple[_Entry, int]:
    if position + _CENTRAL.size > end:
        raise InputError(f"{place}: the directory is cut off")
    fields = _CENTRAL.unpack_from(content, position)
    signature, made_by, needed, flags, method, time, date, crc, packed, size = fields[:10]
    name_length, extra_length, comment_length, disk, _, attributes, offset = fields[10:]
    if signature != b"PK\x01\x02" or disk or comment_length:
        raise InputError(f"{place}: the directory is broken, or holds a comment")
    after = position + _CENTRAL.size
    last = after + name_length + extra_length
    if last > end:
        raise InputError(f"{place}: the directory is cut off")
    name, extra = content[after : after + name_length], content[after + name_length : last]
    entry = _Entry(
        name,
        flags,
        method,
        time,
        date,
        crc,
        packed,
        size,
        offset,
        attributes,
        made_by,
        needed,
        extra,
    )
    return entry, last


def _member(
    content: bytes, entry: _Entry, start: int, place: str, *, unpack: bool
) -> tuple[Member, int]:
    """Read one member by its local header; also where it ends."""
    name = _name(entry, place)
    shown = f"{place}: {name}"
    if entry.flags & ~_ALLOWED_FLAGS or entry.method not in (_STORED, _DEFLATED):  # (5)
        raise InputError(f"{shown}: encrypted, or packed in a way that is not supported")
    data, local_extra = _local(content, entry, start, shown)
    after = data + entry.packed
    if after > start:
        raise InputError(f"{shown}: is cut off")
    unpacked = _unpack(content[data:after], entry, shown) if unpack else b""
    if entry.flags & _LATER:
        after = _descriptor(content, entry, after, start, shown)
    return _describe(entry, name, unpacked, local_extra, shown), after


def _name(entry: _Entry, place: str) -> str:
    try:
        # Without the flag the name is code page 437, where it is ASCII both read the same.
        text = entry.name.decode("utf-8" if entry.flags & _UTF8 else "ascii")
    except UnicodeDecodeError as error:
        raise InputError(f"{place}: member name {entry.name[:60]!r} is not UTF-8") from error
    return checked_name(text.removesuffix("/"), place)


def _local(content: bytes, entry: _Entry, start: int, shown: str) -> tuple[int, bytes]:
    if entry.offset + _LOCAL.size > start:
        raise InputError(f"{shown}: is cut off")
    fields = _LOCAL.unpack_from(content, entry.offset)
    signature, needed, flags, method, time, date, crc, packed, size, name_length, extra_length = (
        fields
    )
    after = entry.offset + _LOCAL.size
    name = content[after : after + name_length]
    later = bool(flags & _LATER)
    stated = (0, 0, 0) if later and not crc else (entry.crc, entry.packed, entry.size)
    expected = (
        b"PK\x03\x04",
        entry.flags,
        entry.method,
        entry.time,
        entry.date,
        entry.name,
        stated,
    )
    if (signature, flags, method, time, date, name, (crc, packed, size)) != expected:  # (4)
        raise InputError(f"{shown}: header and directory say different things")
    data = after + name_length + extra_length
    if needed > 45 or data > start:
        raise InputError(f"{shown}: is cut off, or needs a newer reader")
    return data, content[after + name_length : data]


def _descriptor(content: bytes, entry: _Entry, position: int, start: int, shown: str) -> int:
    """Sizes after the data, where a writer did not know them before; signature optional."""
    expected = struct.pack("<3L", entry.crc, entry.packed, entry.size)
    for form in (b"PK\x07\x08" + expected, expected):
        if content[position : position + len(form)] == form and position + len(form) <= start:
            return position + len(form)
    raise InputError(f"{shown}: sizes after the data and directory say different things")


def _unpack(packed: bytes, entry: _Entry, shown: str) -> bytes:
    content = packed
    if entry.method == _DEFLATED:
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            content = unpacker.decompress(packed, entry.size + 1)
        except zlib.error as error:
            raise InputError(f"{shown}: cannot be unpacked: {error}") from error
        if not unpacker.eof or unpacker.unused_data or unpacker.unconsumed_tail:
            raise InputError(f"{shown}: unpacks to another size, or has bytes after its end")
    if len(content) != entry.size or zlib.crc32(content) != entry.crc:  # (6)
        raise InputError(f"{shown}: size or checksum is wrong")
    return content


def _describe(entry: _Entry, name: str, content: bytes, local_extra: bytes, shown: str) -> Member:
    mode = entry.attributes >> 16
    folder = entry.name.endswith(b"/")
    # Some writers leave the type out; any other than file and folder is refused.
    if stat.S_IFMT(mode) not in (0, stat.S_IFDIR if folder else stat.S_IFREG):
        raise InputError(f"{shown}: neither a file nor a folder")
    if folder and content:
        raise InputError(f"{shown}: a folder with bytes in it")
    date, time = entry.date, entry.time
    stamp = (
        f"{1980 + (date >> 9)}-{date >> 5 & 15:02}-{date & 31:02} "
        f"{time >> 11:02}:{time >> 5 & 63:02}:{(time & 31) * 2:02}"
    )
    compression = (
        f"method {entry.method}, {entry.packed} bytes, flags {entry.flags:#x}, made by "
        f"{entry.made_by:#x}, needs {entry.needed}, extra {entry.extra.hex()}/{local_extra.hex()}, "
        f"attributes {entry.attributes & 0xFFFF:#x}"
    )
    kind = Kind.FOLDER if folder else Kind.FILE
    return Member(name, kind, content, stat.S_IMODE(mode), stamp, "", compression)
