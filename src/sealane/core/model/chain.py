"""A hash chain: lines of which none can be changed, moved or taken out unseen."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping

from sealane.core.model.statement import JsonValue
from sealane.errors import InputError

# What the first line names as the one before it.
START = "0" * 64


def canonical(document: Mapping[str, JsonValue]) -> bytes:
    """One document as JSON in one line: keys sorted, no blanks, ASCII only."""
    return json.dumps(document, sort_keys=True, separators=(",", ":"), allow_nan=False).encode()


def seal(document: Mapping[str, JsonValue], previous: str) -> bytes:
    """A document as the next line of a chain.

    Args:
        document: The content; it may have neither "prev" nor "digest".
        previous: Digest of the line before, or `START`.

    Returns:
        The line without its line end. Its "digest" covers everything else in it, so that the
        last line, which no other names, is protected against accidents too.
    """
    linked: dict[str, JsonValue] = {**document, "prev": previous}
    linked["digest"] = hashlib.sha256(canonical(linked)).hexdigest()
    return canonical(linked)


def unseal(line: bytes, previous: str, *, place: str) -> tuple[dict[str, JsonValue], str]:
    """The content of one line of a chain, and its digest.

    1. It is the one way to write its document. 2. It names the line before it.
    3. Its digest is that of its content.

    Args:
        line: The line without its line end.
        previous: Digest of the line before, or `START`.
        place: File and line number, for the error.

    Raises:
        InputError: The line is damaged, or not the one that belongs here.
    """
    try:
        document = json.loads(line)
        if not isinstance(document, dict) or canonical(document) != line:  # 1
            raise InputError(f"{place}: not a line of a hash chain as sealane writes it")
    except (ValueError, RecursionError) as error:
        raise InputError(f"{place}: not JSON") from error
    named, digest = document.pop("prev", None), document.pop("digest", None)
    if named != previous:  # 2
        raise InputError(f"{place}: expected to follow {previous[:16]}…, got {str(named)[:16]!r}")
    if hashlib.sha256(canonical({**document, "prev": named})).hexdigest() != digest:  # 3
        raise InputError(f"{place}: its digest is not that of its content")
    return document, str(digest)


def unseal_next(
    line: bytes, previous: str, number: int, *, place: str
) -> tuple[dict[str, JsonValue], str]:
    """As `unseal`, of a line that also says which one it is: its "seq", from 1 on.

    Raises:
        InputError: As `unseal`, or it has another number.
    """
    document, digest = unseal(line, previous, place=place)
    # True is an int to Python.
    if type(document.get("seq")) is not int or document["seq"] != number:
        raise InputError(f"{place}: expected seq {number}, got {document.get('seq')!r:.40}")
    return document, digest


def whole_lines(content: bytes) -> tuple[list[bytes], int]:
    """The lines of a journal that are whole, without their line ends, and how many bytes they are.

    What follows them was being written when a process was killed. Nothing was done on its account,
    for a line is on the disk before its act.
    """
    whole, _, rest = content.rpartition(b"\n")
    return (whole.split(b"\n") if len(rest) < len(content) else []), len(content) - len(rest)
