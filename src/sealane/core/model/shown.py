"""Text from strangers, made safe to show in a terminal and in the log of a CI job."""

from __future__ import annotations

import re
import shlex
from functools import cache

LONGEST = 500
# Characters that Python counts as printable, and that no font shows: fillers, and what only changes
# the look of its neighbours.
_BLANK = (
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0"
    "\U000e0100-\U000e01ef]"
)
# Runners of CI jobs take orders from what a job prints: GitHub's from a line that begins so, both
# it and Azure's from brackets anywhere in a line. A word may begin a line once text is wrapped.
_ORDER = r"(?<!\S):(?=:)|#(?=\[|vso\[)(?<=##)"


def shown(text: str) -> str:
    """A text on one line: what a terminal would obey, or hide, is written as its escape.

    Control characters, line ends, ANSI sequences, bidirectional overrides and all other invisible
    characters are escaped, and so is what begins an order to the runner of a CI job; more than
    `LONGEST` characters are cut.
    """
    cut = text[:LONGEST]
    # Most texts need no escape; to look at each character alone takes a hundred times as long.
    plain = cut.isprintable() and (cut.isascii() or not _blank().search(cut))
    kept = cut if plain else "".join(_escaped(one) for one in cut)
    return _disarmed(kept) + ("…" if len(text) > LONGEST else "")


def visible(line: str) -> str:
    """A line as `shown` has it, of any length: for texts that are long by their nature."""
    return _disarmed("".join(_escaped(one) for one in line))


def plain_lines(text: str) -> str:
    """A text of our own that quotes strangers, for a terminal: nothing in it is obeyed.

    Its further lines are indented by two blanks. Any other line end came with what is quoted, and
    is written as its escape, as is everything that cannot be seen: no name of a file can forge a
    line of its own.
    """
    own = re.sub(r"\n(?!  )", r"\\n", text)
    return _disarmed("".join(one if one == "\n" else _escaped(one) for one in own))


def quoted(text: str) -> str:
    """A text as one word of a shell's command line, for copying.

    What cannot be seen is written as its escape, and what is too long is cut: neither is the text
    any more, and both are still one word, whatever quotes are in it.
    """
    cut = "".join(_escaped(one) for one in text[:LONGEST])
    return shlex.quote(_disarmed(cut) + ("…" if len(text) > LONGEST else ""))


def _disarmed(text: str) -> str:
    """A text that gives no orders to the runner of a CI job."""
    if "::" not in text and "##" not in text:
        return text
    return _order().sub(lambda found: f"\\x{ord(found[0]):02x}", text)


def _escaped(one: str) -> str:
    seen = one.isprintable() and (one.isascii() or not _blank().match(one))
    return one if seen else one.encode("unicode_escape").decode()


@cache
def _blank() -> re.Pattern[str]:
    """Compiled when text beyond ASCII is shown, which most runs never do."""
    return re.compile(_BLANK)


@cache
def _order() -> re.Pattern[str]:
    """Compiled as rarely."""
    return re.compile(_ORDER, re.IGNORECASE)
