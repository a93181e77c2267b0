"""Compares two files that should be the same, and says what differs, why, and what helps."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum

from sealane.core.archives.member import Archive, Kind, Member
from sealane.core.archives.read import read_artifact
from sealane.core.model.values import dataclass


class DifferenceKind(StrEnum):
    """The classes of differences, the most serious first."""

    ADDED = "added"
    REMOVED = "removed"
    CONTENT = "content"
    TYPE = "type"
    MODE = "mode"
    TIME = "time"
    OWNER = "owner"
    ORDER = "order"
    COMPRESSION = "compression"
    HEADER = "header"
    BYTES = "bytes"


# Cause and remedy of each class; figures are in docs/explanation.
_REASONS = {
    DifferenceKind.ADDED: ("a file is built only sometimes", "list the files to build explicitly"),
    DifferenceKind.REMOVED: (
        "a file is built only sometimes",
        "list the files to build explicitly",
    ),
    DifferenceKind.CONTENT: (
        "the build writes the time, a path, a random or an unordered value into it",
        "derive it from SOURCE_DATE_EPOCH and sort what is written",
    ),
    DifferenceKind.TYPE: (
        "a file in one build is a folder in the other",
        "list the files to build",
    ),
    DifferenceKind.MODE: ("the backend copies modes from the disk", "set modes in the build"),
    DifferenceKind.TIME: (
        "the backend ignores SOURCE_DATE_EPOCH",
        "use a backend that follows it: hatchling, flit, poetry-core or uv_build",
    ),
    DifferenceKind.OWNER: ("the backend stores who built", "use a backend that leaves it out"),
    DifferenceKind.ORDER: ("members follow the order of the disk", "use a backend that sorts"),
    DifferenceKind.COMPRESSION: (
        "same content, packed differently: another Python or zlib",
        "build both copies with the same interpreter",
    ),
    DifferenceKind.HEADER: (
        "the container's own header holds the time or the compressor's settings",
        "use a backend that follows SOURCE_DATE_EPOCH",
    ),
    DifferenceKind.BYTES: ("bytes outside of all members' fields", "compare both files by hand"),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference between two copies of a file.

    Attributes:
        kind: Its class.
        member: The member it is about; "" for the file as a whole.
        a: What the first copy has, one line.
        b: What the second copy has, one line.
    """

    kind: DifferenceKind
    member: str
    a: str
    b: str

    @property
    def cause(self) -> str:
        """What usually causes such a difference."""
        return _REASONS[self.kind][0]

    @property
    def remedy(self) -> str:
        """What usually helps."""
        return _REASONS[self.kind][1]

    def __str__(self) -> str:
        place = f" of {self.member}" if self.member else ""
        return f"{self.kind}{place}: a has {self.a}, b has {self.b}"


def explain(name: str, a: bytes, b: bytes) -> tuple[Difference, ...]:
    """Say what differs between two copies of a wheel or sdist.

    Args:
        name: File name; its end says what the bytes are.
        a: The first copy.
        b: The second copy.

    Returns:
        Every difference, the most serious first; empty only for equal bytes. A changed RECORD
        of a wheel follows from the other changes, and is left out when there are some.

    Raises:
        InputError: One of them cannot be read safely.
    """
    if a == b:
        return ()
    first, second = read_artifact(name, a), read_artifact(name, b)
    found = [*_members(first, second), *_container(first, second)]
    causes = [difference for difference in found if not _derived(difference)]
    severity = list(DifferenceKind)
    ordered = sorted(causes or found, key=lambda d: (severity.index(d.kind), d.member))
    size = (f"{len(a)} bytes", f"{len(b)} bytes")
    return tuple(ordered) or (Difference(DifferenceKind.BYTES, "", *size),)


def _derived(difference: Difference) -> bool:
    follows = (DifferenceKind.CONTENT, DifferenceKind.COMPRESSION)
    return difference.member.endswith(".dist-info/RECORD") and difference.kind in follows


def _members(first: Archive, second: Archive) -> Iterator[Difference]:
    a = {member.name: member for member in first.members}
    b = {member.name: member for member in second.members}
    for name in sorted(a.keys() - b.keys()):
        yield Difference(DifferenceKind.REMOVED, name, _size(a[name]), "no such member")
    for name in sorted(b.keys() - a.keys()):
        yield Difference(DifferenceKind.ADDED, name, "no such member", _size(b[name]))
    for name in sorted(a.keys() & b.keys()):
        yield from _member(a[name], b[name])


def _member(a: Member, b: Member) -> Iterator[Difference]:
    if a.kind is not b.kind:
        yield Difference(DifferenceKind.TYPE, a.name, a.kind, b.kind)
    same = a.content == b.content
    if not same:
        yield Difference(DifferenceKind.CONTENT, a.name, *_first_difference(a.content, b.content))
    if a.mode != b.mode:
        yield Difference(DifferenceKind.MODE, a.name, f"{a.mode:o}", f"{b.mode:o}")
    if a.time != b.time:
        yield Difference(DifferenceKind.TIME, a.name, a.time, b.time)
    if a.owner != b.owner:
        yield Difference(DifferenceKind.OWNER, a.name, a.owner, b.owner)
    # The packed size of other content differs anyway.
    if same and a.compression != b.compression:
        yield Difference(DifferenceKind.COMPRESSION, a.name, a.compression, b.compression)


def _container(first: Archive, second: Archive) -> Iterator[Difference]:
    orders = [[member.name for member in archive.members] for archive in (first, second)]
    if orders[0] != orders[1] and sorted(orders[0]) == sorted(orders[1]):
        at = next(i for i, (x, y) in enumerate(zip(*orders, strict=True)) if x != y)
        yield Difference(DifferenceKind.ORDER, "", orders[0][at], orders[1][at])
    if first.header != second.header:
        yield Difference(DifferenceKind.HEADER, "", first.header, second.header)


def _size(member: Member) -> str:
    return "a folder" if member.kind is Kind.FOLDER else f"{len(member.content)} bytes"


def _first_difference(a: bytes, b: bytes) -> tuple[str, str]:
    """The first line that differs, where both are text; else the position."""
    try:
        lines = a.decode("utf-8").splitlines(), b.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        lines = [], []
    for number, (x, y) in enumerate(zip(*lines, strict=False), start=1):
        if x != y:
            return f"line {number}: {x[:80]!r}", f"line {number}: {y[:80]!r}"
    at = next(
        (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b))
    )
    shown = (
        f"{len(part)} bytes, {part[at : at + 8].hex() or 'the end'} at {at}" for part in (a, b)
    )
    first, second = shown
    return first, second
