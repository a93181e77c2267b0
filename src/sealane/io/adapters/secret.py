"""A value that is never shown."""

from __future__ import annotations

from typing import NoReturn


class Secret:
    """Holds a token in memory; prints as `<secret>` and is refused by pickle and JSON.

    Args:
        value: The token.
        source: Where it came from, e.g. the variable's name; may be shown.
    """

    __slots__ = ("_value", "source")

    def __init__(self, value: str, source: str = "") -> None:
        self._value = value
        self.source = source

    def reveal(self) -> str:
        """The token itself; call it where it is sent, nowhere else."""
        return self._value

    def __repr__(self) -> str:
        return "<secret>"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not stored")
