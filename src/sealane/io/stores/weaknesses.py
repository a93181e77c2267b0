"""The weaknesses of the Common Weakness Enumeration, as the package ships them."""

from __future__ import annotations

from functools import cache
from importlib import resources

from sealane.errors import InputError

_USAGES = frozenset(("Allowed", "Allowed-with-Review", "Discouraged", "Prohibited"))


def load_weaknesses() -> tuple[tuple[str, str], ...]:
    """Every weakness: its id, e.g. "CWE-79", and its name; by number.

    Categories and views are none, and deprecated weaknesses still are.

    Raises:
        InputError: The file in the package is not what was shipped.
    """
    return tuple((number, name) for number, name, _ in _catalogue())


def load_unmappable() -> frozenset[str]:
    """Ids of the weaknesses that no vulnerability may be mapped to, the deprecated among them.

    Raises:
        InputError: As `load_weaknesses`.
    """
    return frozenset(number for number, _, usage in _catalogue() if usage == "Prohibited")


@cache
def _catalogue() -> tuple[tuple[str, str, str], ...]:
    file = resources.files("sealane.io.stores") / "data" / "cwe.txt"
    return _parsed(file.read_text(encoding="utf-8"))


def _parsed(text: str) -> tuple[tuple[str, str, str], ...]:
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("#"):
            continue
        columns = line.split("\t")
        if len(columns) != 3 or columns[2] not in _USAGES:
            raise InputError(
                f"cwe.txt: line {number}: expected an id, a name and a usage, got {line[:80]!r}",
                hint="install sealane again",
            )
        found.append((columns[0], columns[1], columns[2]))
    return tuple(found)
