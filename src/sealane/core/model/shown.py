"""Text from strangers, made safe to show in a terminal."""

from __future__ import annotations

import shlex

LONGEST = 500


def shown(text: str) -> str:
    """A text on one line: what a terminal would obey, or hide, is written as its escape.

    Control characters, line ends, ANSI sequences, bidirectional overrides and all other invisible
    characters are escaped; more than `LONGEST` characters are cut.
    """
    cut = text[:LONGEST]
    kept = "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode() for one in cut
    )
    return kept + ("…" if len(text) > LONGEST else "")


def quoted(text: str) -> str:
    """A text as one word of a shell's command line, for copying.

    A text that has to be escaped to be shown cannot be copied, and is shown as a Python literal.
    """
    if len(text) > LONGEST or not text.isprintable():
        return ascii(text[:LONGEST])
    return shlex.quote(text)
