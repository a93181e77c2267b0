"""What a zip file says about itself twice has to agree, to the last byte."""

import io
import struct
import zipfile

import pytest

from sealane.core.archives.zip import read_zip
from sealane.errors import InputError
from support.archives import make_zip

END_SIZE, LOCAL_SIZE = 22, 30
COUNT, SIZE, START = 10, 12, 16  # offsets in the end record
DATA = b"b = 1\n" * 50
GOOD = make_zip({"a.py": DATA, "c.txt": b"c"})
STORED = make_zip({"a.bin": b"12345"}, compression=zipfile.ZIP_STORED)


class _Pipe(io.BytesIO):
    """A stream without a position, as a socket; zipfile then writes sizes after the data."""

    def tell(self) -> int:
        raise io.UnsupportedOperation("a pipe has no position")


def piped() -> bytes:
    """A zip file with the sizes of its only member after the member's data."""
    pipe = _Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("a.py", (2026, 11, 20, 12, 0, 0))
        info.external_attr, info.compress_type = 0o100644 << 16, zipfile.ZIP_DEFLATED
        archive.writestr(info, DATA)
    return pipe.getvalue()


def start_of(archive: bytes) -> int:
    start: int = struct.unpack_from("<L", archive, len(archive) - END_SIZE + START)[0]
    return start


def with_end(archive: bytes, field: int, form: str, value: int) -> bytes:
    """The archive with another value in its end record; the count stands there twice."""
    changed = bytearray(archive)
    end = len(archive) - END_SIZE
    struct.pack_into(form, changed, end + field, value)
    if field == COUNT:
        struct.pack_into(form, changed, end + COUNT - 2, value)
    return bytes(changed)


def without(archive: bytes, at: int, size: int) -> bytes:
    """The archive without some bytes before its directory, and a directory that knows."""
    start = start_of(archive) - size
    return with_end(archive[:at] + archive[at + size :], START, "<L", start)


def renamed(archive: bytes, old: bytes, new: bytes) -> bytes:
    assert archive.count(old) == 2
    return archive.replace(old, new)


@pytest.mark.parametrize(
    ("archive", "why"),
    [
        pytest.param(with_end(GOOD, COUNT, "<H", 0xFFFF), "zip64", id="zip64-count"),
        pytest.param(with_end(GOOD, START, "<L", 0xFFFFFFFF), "zip64", id="zip64-start"),
        pytest.param(with_end(GOOD, SIZE, "<L", 0xFFFFFFFF), "zip64", id="zip64-size"),
        pytest.param(with_end(GOOD, COUNT, "<H", 1), "belong to no member", id="one-uncounted"),
        pytest.param(with_end(GOOD, COUNT, "<H", 0), "belong to no member", id="none-counted"),
        pytest.param(with_end(GOOD, COUNT, "<H", 3), "directory is cut off", id="one-too-many"),
        pytest.param(
            with_end(GOOD[start_of(GOOD) :], START, "<L", 0), "is cut off", id="directory-alone"
        ),
        pytest.param(
            STORED.replace(struct.pack("<2L", 5, 5), struct.pack("<2L", 500, 5)), "is cut off",
            id="data-into-the-directory",
        ),
        pytest.param(
            STORED.replace(b"12345", b"12346", 1), "checksum is wrong", id="other-content"
        ),
        pytest.param(
            STORED.replace(struct.pack("<2L", 5, 5), struct.pack("<2L", 5, 4)), "size or checksum",
            id="stored-of-two-sizes",
        ),
        pytest.param(renamed(GOOD, b"c.txt", b"\xff.txt"), "not UTF-8", id="name-not-ascii"),
        pytest.param(
            renamed(make_zip({"\u00e9": b""}), b"\xc3\xa9", b"\xc3\x28"), "not UTF-8",
            id="name-not-utf8",
        ),
        pytest.param(
            GOOD[: LOCAL_SIZE + 4] + b"\x07" + GOOD[LOCAL_SIZE + 5 :], "cannot be unpacked",
            id="not-deflate",
        ),
        pytest.param(make_zip({"d/": b"x"}, mode=0o040755), "folder with bytes", id="full-folder"),
    ],
)  # fmt: skip
def test_a_zip_that_contradicts_itself_is_refused(archive: bytes, why: str) -> None:
    with pytest.raises(InputError, match=why):
        read_zip(archive, "x.whl")


def test_sizes_after_the_data_are_read_with_a_signature_and_without() -> None:
    archive = piped()
    signature = archive.index(b"PK\x07\x08")
    for form in (archive, without(archive, signature, 4)):
        assert read_zip(form, "x.whl").files()["a.py"].content == DATA


@pytest.mark.parametrize("offset", range(16))
def test_a_flipped_bit_in_the_sizes_after_the_data_is_refused(offset: int) -> None:
    changed = bytearray(piped())
    changed[changed.index(b"PK\x07\x08") + offset] ^= 0x10
    with pytest.raises(InputError, match="sizes after the data"):
        read_zip(bytes(changed), "x.whl")


def test_sizes_after_the_data_that_are_missing_or_cut_off_are_refused() -> None:
    archive = piped()
    signature = archive.index(b"PK\x07\x08")
    for size in (16, 8, 1):
        with pytest.raises(InputError, match="sizes after the data"):
            read_zip(without(archive, signature + 16 - size, size), "x.whl")
