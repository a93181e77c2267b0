"""The name of a case is seen where nothing else of it is, so it says nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sealane.core.embargo.vocabulary import CLASSES, TELLING, words_of
from sealane.errors import InputError

SHAPE = re.compile(r"(?=.{8,64}\Z)[a-z0-9]+(?:-[a-z0-9]+)*")
# As an id is written, or with what separates its parts taken out.
_IDENTIFIER = re.compile(r"cve-?(?:19|20)\d\d|ghsa-?[23456789cfghjmpqrvwx]{4}")
_HINT = "draw a name at random, e.g. of 12 letters and digits; it is public before anything else is"
# A shorter word may stand in a random name by accident, unless it stands there alone.
_TELLS_INSIDE = 5


def check_case_name(name: str, place: str, forbidden: Iterable[str] = ()) -> str:
    """The name of a case, which has to be one that says nothing.

    Args:
        name: The name.
        place: What it is called in errors.
        forbidden: Words of this case, e.g. the names of its packages.

    Raises:
        InputError: It is not 8 to 64 lower-case letters, digits and single hyphens, or it holds an
            identifier, a word that tells of a hole, a kind of bug, or a word that is forbidden.
    """
    if SHAPE.fullmatch(name) is None:
        raise InputError(
            f"{place}: expected 8 to 64 lower-case letters and digits, with single hyphens "
            f"between them, got {name[:80]!r}",
            hint=_HINT,
        )
    if found := _IDENTIFIER.search(name):
        raise InputError(f"{place}: {name!r} holds an identifier, {found[0]!r}", hint=_HINT)
    told = [one for one in (*TELLING, *CLASSES, *forbidden) if _holds(name, one)]
    if told:
        raise InputError(f"{place}: {name!r} tells of the case by {told[0][:60]!r}", hint=_HINT)
    return name


def _holds(name: str, word: str) -> bool:
    """Whether a name holds a word, however the parts of both are joined."""
    inner, parts = "".join(words_of(word)).lower(), name.split("-")
    if len(inner) >= _TELLS_INSIDE:
        return inner in "".join(parts)
    ends = range(1, len(parts) + 1)
    return inner in {"".join(parts[start:end]) for end in ends for start in range(end)}
