"""Finds the line of a TOML file on which a value stands, for error messages."""

from __future__ import annotations

import re

Path = tuple[str | int, ...]

_TABLE = re.compile(r"\s*(?P<open>\[\[?)\s*(?P<name>[^\[\]]+?)\s*\]\]?\s*(#.*)?")
_KEY = re.compile(r"""\s*(?P<name>(?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*[\w"'-]+)*)\s*=""")


def line_of(text: str, path: Path) -> int | None:
    """The line of the value at a path, or of the nearest thing around it that has one.

    A best effort for people: values inside inline tables are found by what they stand in.

    Args:
        text: A TOML document.
        path: Keys and, in arrays, positions from 0.

    Returns:
        Counted from 1; None where nothing of the path is in the document.
    """
    places = _places(text)
    for length in range(len(path), 0, -1):
        if path[:length] in places:
            return places[path[:length]]
    return None


def _places(text: str) -> dict[Path, int]:
    places: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for number, line in enumerate(text.splitlines(), start=1):
        header = _TABLE.fullmatch(line)
        key = None if header else _KEY.match(line)
        if header:
            table = _counted(_keys(header["name"]), counts)
            if header["open"] == "[[":
                counts[table] = counts.get(table, -1) + 1
                places.setdefault(table, number)
                table = (*table, counts[table])
            places.setdefault(table, number)
        elif key:
            places.setdefault((*table, *_keys(key["name"])), number)
    return places


def _counted(keys: tuple[str, ...], counts: dict[Path, int]) -> Path:
    """A table's path: below an array of tables it is in the last one so far."""
    path: Path = ()
    for key in keys:
        if path in counts:
            path = (*path, counts[path])
        path = (*path, key)
    return path


def _keys(name: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in name.split("."))
