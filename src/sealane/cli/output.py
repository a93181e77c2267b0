"""Where reports go: what `--format` names, and standard output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Sequence

import click

from sealane.errors import UsageError

# Characters. Never the whole at once: a copy of it would be the most memory that many files take.
_PIECE = 64 * 1024


def outputs(
    formats: Sequence[str], forms: Sequence[str], is_form: Callable[[str], bool]
) -> list[tuple[str, str | None]]:
    """What `--format` names: a form, and its file; None for standard output.

    Args:
        formats: Its values; none stands for text.
        forms: Names of the forms, for the hint.
        is_form: Whether there is a form of a name.

    Raises:
        UsageError: No such form, or two for standard output.
    """
    found = []
    for text in formats or ("text",):
        name, separator, file = text.partition("=")
        if not is_form(name) or (separator and not file):
            raise UsageError(
                f"--format {text[:60]!r}: expected FORM or FORM=FILE",
                hint=f"forms are {', '.join(forms)}; write e.g. --format json=report.json",
            )
        found.append((name, file if separator else None))
    if sum(file is None for _, file in found) > 1:
        raise UsageError(
            "--format: only one report fits on standard output", hint="write FORM=FILE"
        )
    return found


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
