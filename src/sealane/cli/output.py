"""Writes a report to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable

import click

# Characters. Never the whole at once: a copy of it would be the most memory that many files take.
_PIECE = 64 * 1024


def write_out(pieces: Iterable[str]) -> None:
    """Write a report; what standard output has no letters for is written as its escape.

    Args:
        pieces: The report in pieces, ending in a line end.
    """
    # A name that the terminal has no letters for must not end the run.
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    waiting: list[str] = []
    length = 0
    for piece in pieces:
        waiting.append(piece)
        length += len(piece)
        if length >= _PIECE:
            _write("".join(waiting), encoding)
            waiting, length = [], 0
    _write("".join(waiting), encoding)


def _write(text: str, encoding: str) -> None:
    click.echo(text.encode(encoding, "backslashreplace").decode(encoding), nl=False)
