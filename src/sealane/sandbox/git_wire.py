"""The commands at the head of a push, and how a server refuses them.

Spec: git, gitprotocol-common ("pkt-line Format"), gitprotocol-pack ("Reference Update Request and
Packfile Transfer", "Report Status").
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_LENGTH = re.compile(rb"[0-9a-f]{4}")
_COMMAND = re.compile(rb"([0-9a-f]{40}) ([0-9a-f]{40}) ([^\x00-\x20\x7f~^:?*\[\\]{1,400})")
_SHALLOW = re.compile(rb"shallow [0-9a-f]{40}\n?")
_MOST_COMMANDS = 1000
_FLUSH = b"0000"
ZERO = "0" * 40


class PushError(Exception):
    """The head of a push cannot be read."""


@dataclass(frozen=True, slots=True)
class Command:
    """One reference a push wants to change.

    Attributes:
        old: Commit it has, 40 hex digits; ZERO for a new one.
        new: Commit it shall have; ZERO to delete it.
        reference: Full name, e.g. "refs/heads/main".
    """

    old: str
    new: str
    reference: str


@dataclass(frozen=True, slots=True)
class Push:
    """What stands before the pack.

    Attributes:
        commands: At least one.
        side_band: Whether the client reads its report from a side band.
    """

    commands: tuple[Command, ...]
    side_band: bool


def parse_push(body: bytes) -> Push:
    """Read the commands of a push.

    Raises:
        PushError: Malformed, none, too many, or something else than commands (a certificate).
    """
    commands: list[Command] = []
    capabilities = b""
    offset = 0
    while (line := _line(body, offset)) is not None:
        offset += 4 + len(line)
        if not commands and _SHALLOW.fullmatch(line):
            # A client that fetched no history says where it ends; the backend checks it.
            continue
        text, _, more = line.rstrip(b"\n").partition(b"\0")
        capabilities = capabilities if commands else more
        match = _COMMAND.fullmatch(text)
        if match is None or len(commands) == _MOST_COMMANDS:
            raise PushError("not a list of references to update")
        old, new, reference = match.groups()
        commands.append(Command(old.decode(), new.decode(), _text(reference)))
    if not commands:
        raise PushError("no reference to update")
    return Push(tuple(commands), b"side-band-64k" in capabilities.split())


def refusal(push: Push, reasons: Sequence[str]) -> bytes:
    """The report that no reference was changed, each for its own reason.

    Args:
        push: The push.
        reasons: One line for each command.
    """
    lines = [
        b"unpack ok\n",
        *(
            f"ng {command.reference} {reason}\n".encode()
            for command, reason in zip(push.commands, reasons, strict=True)
        ),
    ]
    report = b"".join(map(_packed, lines)) + _FLUSH
    if not push.side_band:
        return report
    # At most 65520 bytes a packet, of them 4 of its length and 1 of the band.
    parts = [report[start : start + 65515] for start in range(0, len(report), 65515)]
    return b"".join(_packed(b"\x01" + part) for part in parts) + _FLUSH


def _line(body: bytes, offset: int) -> bytes | None:
    """The content of one packet; None for the flush that ends the list."""
    head = body[offset : offset + 4]
    if head == _FLUSH:
        return None
    size = int(head, 16) if _LENGTH.fullmatch(head) else 0
    line = body[offset + 4 : offset + size]
    if size <= 4 or len(line) != size - 4:
        raise PushError("a packet is cut short")
    return line


def _packed(content: bytes) -> bytes:
    return b"%04x%b" % (len(content) + 4, content)


def _text(reference: bytes) -> str:
    try:
        name = reference.decode()
    except UnicodeDecodeError as error:
        raise PushError("a reference's name is not UTF-8") from error
    # git would refuse these too, but the protection of a branch is decided on the name.
    if not name.startswith("refs/") or ".." in name or "//" in name or name.endswith(("/", ".")):
        raise PushError(f"{name[:80]!r} is not the name of a reference")
    return name
