"""The one door to `spylls`: Hunspell dictionaries, for rule 6.3.8 of CSAF.

Spec: hunspell(5).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from sealane.core.advisory.csaf.rules.interface import Speller
from sealane.errors import InputError, MissingExtraError

_NAME = re.compile(r"[a-z]{2,3}(?:_[A-Za-z]+)*")


def load_speller(folder: Path) -> Speller:
    """Dictionaries out of a folder, each read when its language is asked for.

    "en" is the first of all "en", "en_AU", ... that are there; "en-US" is "en_US" alone.

    Args:
        folder: With pairs of files like en_US.aff and en_US.dic, e.g. /usr/share/hunspell.

    Raises:
        InputError: There is no dictionary.
        MissingExtraError: The library is not installed.
    """
    try:
        # By name: it has no types, and the check of types runs without it too.
        dictionary = import_module("spylls.hunspell").Dictionary
    except ModuleNotFoundError as error:
        raise MissingExtraError("checking the spelling", "spelling", "spylls") from error
    there = sorted(
        one.stem
        for one in folder.glob("*.dic")
        if _NAME.fullmatch(one.stem) and one.with_suffix(".aff").is_file()
    )
    if not there:
        raise InputError(
            f"dictionaries: {str(folder)!r}: expected files like en_US.aff and en_US.dic",
            hint="name the folder in which Hunspell's dictionaries lie",
        )
    read: dict[str, Callable[[str], bool]] = {}

    def speller(language: str) -> Callable[[str], bool] | None:
        wanted = language.replace("-", "_").lower()
        names = [one for one in there if one.lower() == wanted or one.partition("_")[0] == wanted]
        if not names:
            return None
        if names[0] not in read:
            try:
                read[names[0]] = dictionary.from_files(str(folder / names[0])).lookup
            except (ValueError, LookupError, OSError, TypeError, AttributeError) as error:
                raise InputError(f"dictionary {names[0]!r}: it cannot be read: {error}") from error
        return read[names[0]]

    return speller
