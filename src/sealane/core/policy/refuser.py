"""Says where in a policy file something is wrong: file, line and key."""

from __future__ import annotations

from typing import NoReturn

from sealane.core.release.lines import line_of
from sealane.errors import PolicyError

Place = tuple[str | int, ...]
_SHOWN = 10
_HINT = "correct it, then run: sealane policy check"


class Refuser:
    """Raises errors that name the file and, where it can be had, the line.

    Args:
        origin: The file's path.
        text: What stands in it.
    """

    def __init__(self, origin: str, text: str) -> None:
        self._origin = origin
        self._text = text

    def at(self, place: Place, why: str) -> str:
        """One problem with its line and key."""
        line = line_of(self._text, place)
        where = f" line {line}:" if line else ""
        return f"{where} {dotted(place)}: {why}"

    def refuse(
        self, problems: list[str], cause: Exception | None = None, *, hint: str = _HINT
    ) -> NoReturn:
        """Refuse the file for problems that `at` described.

        Raises:
            PolicyError: Always.
        """
        shown = ";".join(problems[:_SHOWN])
        raise PolicyError(f"policy {self._origin}:{shown}", hint=hint) from cause


def dotted(place: Place) -> str:
    """A place as the file's keys name it."""
    return ".".join(str(part) for part in place) or "file"
