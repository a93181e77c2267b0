"""Reading and writing files so that nothing surprises and nothing is lost."""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, cast

from sealane.errors import InputError

# Nothing that is parsed as text or JSON is larger; an artifact is only ever streamed.
TEXT_LIMIT = 16 * 1024 * 1024
_PART = 1024 * 1024


# Systems that have no such flag have nothing to be kept from by it either.
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
# Opening a named pipe must fail, not wait for a writer.
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)


def open_regular(path: Path) -> BinaryIO:
    """A regular file, open for reading without a buffer; symbolic links are followed.

    Raises:
        OSError: Missing, a folder, a loop of links, not readable, or not a regular file.
        ValueError: The path holds a NUL.
    """
    stream = os.fdopen(os.open(path, _FLAGS | _NO_WAIT), "rb", buffering=0)
    try:
        mode = os.fstat(stream.fileno()).st_mode
        if stat.S_ISDIR(mode):
            raise IsADirectoryError(errno.EISDIR, "is a folder")
        if not stat.S_ISREG(mode):
            raise OSError(errno.EINVAL, "not a regular file")
    except BaseException:
        stream.close()
        raise
    return cast("BinaryIO", stream)  # a raw stream has all that callers use


def read_bounded(path: Path, limit: int = TEXT_LIMIT, *, what: str = "file") -> bytes:
    """The bytes of a regular file of at most `limit` bytes.

    Args:
        path: The file; symbolic links are followed.
        limit: Bytes; one more is an error.
        what: The file's role, for the error.

    Raises:
        InputError: Missing, a folder, a loop of links, not readable, too large, or not a file.
    """
    try:
        with open_regular(path) as stream:
            content = _read_all(stream, limit + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise InputError(
            f"{what} {str(path)!r}: {reason}", hint="name an existing, readable file"
        ) from error
    if len(content) > limit:
        raise InputError(
            f"{what} {str(path)!r}: larger than {limit} bytes",
            hint="this is not what the file's name says; look where it came from",
        )
    return content


def _read_all(stream: BinaryIO, most: int) -> bytes:
    """At most so many bytes of a raw stream, which may return fewer than it was asked for."""
    parts = []
    while most > 0 and (part := stream.read(min(most, _PART))):
        parts.append(part)
        most -= len(part)
    return b"".join(parts)


def read_text(path: Path, limit: int = TEXT_LIMIT, *, what: str = "file") -> str:
    """The text of a UTF-8 file of at most `limit` bytes.

    Raises:
        InputError: As `read_bounded`, or not UTF-8.
    """
    content = read_bounded(path, limit, what=what)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{what} {str(path)!r}: not UTF-8 at byte {error.start}",
            hint="save the file as UTF-8",
        ) from error


def write_atomically(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Replace a file in one step: readers see the old bytes or the new ones, never half.

    A device or a pipe is written to as it is: root would otherwise put a file in its place.

    Raises:
        InputError: The folder cannot be written to.
    """
    import tempfile

    try:
        if _is_special(path):
            with path.open("r+b", buffering=0) as stream:
                stream.write(content)
            return
        if path.is_symlink() and str(path.readlink()).startswith("/proc/"):
            # /dev/stdout, where it is a file: a file in its place would end all use of it.
            raise OSError(errno.EINVAL, "it leads to an open file")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            temporary.chmod(mode)
            temporary.replace(path)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                temporary.unlink()
            raise
    except OSError as error:
        raise _unwritable(path, error) from error


def write_new(path: Path, content: bytes, *, mode: int = 0o644) -> None:
    """Write a file that is not there yet; nothing is ever replaced.

    Raises:
        InputError: Something of that name is there, or the folder cannot be written to.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(path, error) from error
    try:
        # A link to nowhere is there, too: O_EXCL does not follow it.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
    except FileExistsError as error:
        raise _existing(path) from error
    except OSError as error:
        raise _unwritable(path, error) from error


def refuse_existing(path: Path) -> None:
    """Refuse what `write_new` would refuse, before any work that would be lost.

    Raises:
        InputError: Something of that name is there.
    """
    if os.path.lexists(path):
        raise _existing(path)


def _is_special(path: Path) -> bool:
    """Whether something is there that is neither a file nor a folder."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not stat.S_ISREG(mode) and not stat.S_ISDIR(mode)


def append_line(path: Path, line: bytes) -> None:
    """Append one line and wait until the disk has it.

    Raises:
        InputError: The file cannot be written to.
    """
    if b"\n" in line:
        raise ValueError("one line only")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            os.write(descriptor, line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _unwritable(path, error) from error


def _existing(path: Path) -> InputError:
    return InputError(
        f"{str(path)!r}: there is a file of that name", hint="name another, or move it away"
    )


def _unwritable(path: Path, error: OSError) -> InputError:
    return InputError(
        f"cannot write {str(path)!r}: {error.strerror}",
        hint="look at the folder's path, its permissions, and the free space",
    )
