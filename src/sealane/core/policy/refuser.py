"""Says where in a policy file something is wrong: file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

from sealane.core.policy.reading import Place, Trouble
from sealane.core.release.lines import line_of
from sealane.errors import PolicyError

_SHOWN = 10
_HINT = "correct it, then run: sealane policy "


class Refuser:
    """Raises errors that name the file and, where it can be had, the line.

    Args:
        origin: The file's path.
        text: What stands in it.
        what: What kind of file it is.
        command: The subcommand of `sealane policy` that reads it.
    """

    def __init__(
        self, origin: str, text: str, *, what: str = "policy", command: str = "check"
    ) -> None:
        self.origin = origin
        self._text = text
        self._what = what
        self._command = command

    def refuse_any(self, troubles: Iterable[Trouble]) -> None:
        """Refuse the file if anything in it is wrong.

        Raises:
            PolicyError: There was at least one trouble.
        """
        found = list(troubles)
        if found:
            self.refuse(found)

    def refuse(self, troubles: Sequence[Trouble]) -> NoReturn:
        """Refuse the file for everything that is wrong in it, in the order of its lines.

        Raises:
            PolicyError: Always.
        """
        # What has no line is missing from the whole file.
        lines = {one: line_of(self._text, one.place) or 0 for one in troubles}
        ordered = sorted(lines, key=lambda one: lines[one])
        usual = _HINT + self._command
        start = f"{self._what} {self.origin}: "
        if len(ordered) == 1:
            (only,) = ordered
            raise PolicyError(start + _described(only, lines[only]), hint=only.hint or usual)
        told: set[str] = set()
        shown = []
        for one in ordered[:_SHOWN]:
            # Each hint once, where it first helps.
            hint = f" ({_on_one_line(one.hint)})" if one.hint and one.hint not in told else ""
            told.add(one.hint)
            shown.append(_described(one, lines[one]) + hint)
        left = len(ordered) - _SHOWN
        more = [f"and {left} more"] if left > 0 else []
        raise PolicyError(
            "\n  ".join([f"{start}{len(ordered)} mistakes", *shown, *more]), hint=usual
        )


def dotted(place: Place) -> str:
    """A place as the file's keys name it."""
    return ".".join(str(part) for part in place) or "file"


def _described(trouble: Trouble, line: int) -> str:
    where = f"line {line}: " if line else ""
    return _on_one_line(f"{where}{dotted(trouble.place)}: {trouble.why}")


def _on_one_line(text: str) -> str:
    """A text whose line ends are shown: a key of the file can have some, and forges no line."""
    return text.replace("\n", "\\n")
