"""What an archive holds, after it was read safely."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from enum import StrEnum

from sealane.core.archives.limits import MEMBER_LIMIT
from sealane.core.model.values import dataclass
from sealane.errors import InputError


class Kind(StrEnum):
    """What a member is; links, devices and sparse files are refused on reading."""

    FILE = "file"
    FOLDER = "folder"


@dataclass(frozen=True, slots=True)
class Member:
    """One member of an archive.

    Attributes:
        name: Relative path with "/" between its parts, without one at the end.
        kind: File or folder.
        content: The bytes; empty for a folder.
        mode: Permission bits.
        time: As the archive states it, as text.
        owner: "uid:gid user:group"; empty where the form has none.
        compression: Method and other header fields that change the bytes alone.
    """

    name: str
    kind: Kind
    content: bytes
    mode: int
    time: str
    owner: str
    compression: str


@dataclass(frozen=True, slots=True)
class Archive:
    """All members in the archive's order, and the container's own header as text."""

    members: tuple[Member, ...]
    header: str

    def files(self) -> dict[str, Member]:
        """The files by name."""
        return {member.name: member for member in self.members if member.kind is Kind.FILE}


def checked_name(name: str, place: str) -> str:
    """A member's name, when it is safe: relative, one way to write it, inside the archive.

    Raises:
        InputError: Absolute, with "..", empty parts, a backslash, a drive or a control character.
    """
    parts = name.split("/")
    bad = (
        not name
        or any(part in ("", ".", "..") for part in parts)
        or any(character in name for character in "\\\0")
        or any(unicodedata.category(character) in ("Cc", "Cs") for character in name)
        or (len(parts[0]) == 2 and parts[0][1] == ":")
    )
    if bad:
        raise InputError(f"{place}: unsafe member name {name[:100]!r}")
    return name


def check_members(members: Iterable[Member], place: str) -> tuple[Member, ...]:
    """All members, when each name stands for one thing.

    Raises:
        InputError: A name stands there twice, a file is also a folder, or there are too many.
    """
    kept = tuple(members)
    if len(kept) > MEMBER_LIMIT:
        raise InputError(f"{place}: more than {MEMBER_LIMIT} members")
    seen: dict[str, str] = {}
    files = {member.name for member in kept if member.kind is Kind.FILE}
    for member in kept:
        # Two spellings of one name in Unicode become one file on some systems.
        normal = unicodedata.normalize("NFC", member.name)
        if normal in seen:
            raise InputError(f"{place}: member {member.name!r} is there twice")
        seen[normal] = member.name
        parents = member.name.split("/")[:-1]
        for depth in range(1, len(parents) + 1):
            if "/".join(parents[:depth]) in files:
                raise InputError(f"{place}: {'/'.join(parents[:depth])!r} is a file and a folder")
    return kept
