"""Texts as TOML writes them, so that no terminal obeys what is in them and no line is forged.

Spec: TOML 1.0, "String".
"""

from __future__ import annotations

from collections.abc import Iterable


def toml_text(text: str) -> str:
    """A basic string; all that is not printable ASCII is written as its escape."""
    return '"' + "".join(_escaped(one) for one in text) + '"'


def toml_list(texts: Iterable[str]) -> str:
    """A list of basic strings, on one line."""
    return "[" + ", ".join(toml_text(one) for one in texts) + "]"


def _escaped(one: str) -> str:
    if one in '"\\':
        return f"\\{one}"
    if one.isascii() and one.isprintable():
        return one
    number = ord(one)
    return f"\\u{number:04X}" if number <= 0xFFFF else f"\\U{number:08X}"
