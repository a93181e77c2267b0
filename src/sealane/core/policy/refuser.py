"""Says where in a policy file something is wrong: file, line and key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NoReturn

from sealane.core.policy.reading import Place, Trouble
from sealane.core.release.lines import line_of
from sealane.errors import PolicyError

_SHOWN = 10
_SHOWN_HINTS = 3
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
        shown = "; ".join(_described(one, lines[one]) for one in ordered[:_SHOWN])
        if len(ordered) > _SHOWN:
            shown += f"; and {len(ordered) - _SHOWN} more"
        hints = dict.fromkeys(one.hint for one in ordered[:_SHOWN] if one.hint)
        hint = "; ".join(list(hints)[:_SHOWN_HINTS]) or _HINT + self._command
        raise PolicyError(f"{self._what} {self.origin}: {shown}", hint=hint)


def dotted(place: Place) -> str:
    """A place as the file's keys name it."""
    return ".".join(str(part) for part in place) or "file"


def _described(trouble: Trouble, line: int) -> str:
    where = f"line {line}: " if line else ""
    return f"{where}{dotted(trouble.place)}: {trouble.why}"
