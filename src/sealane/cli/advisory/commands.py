"""Commands as a person copies them: what goes on after a failure, and what comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from sealane.core.model.shown import quoted

if TYPE_CHECKING:
    from sealane.cli.advisory.given import Here


def command_line(
    name: str, record: str, flags: Mapping[str, Sequence[str] | bool], place: Here
) -> str:
    """One command of `sealane advisory`, quoted for a shell.

    Args:
        name: Of the command.
        record: File of the record.
        flags: Values by flag, "" for none; True for a flag without a value.
        place: Where it runs: the sandbox and the project are named again.
    """
    parts = ["sealane"]
    if place.world is not None:
        parts.append(f"--sandbox {quoted(str(place.world.directory))}")
    parts.append(f"advisory {name} {quoted(record)}")
    for flag, values in flags.items():
        if isinstance(values, bool):
            parts += [flag] if values else []
        else:
            parts += [f"{flag} {quoted(one)}" for one in values if one]
    if str(place.root) != ".":
        parts.append(f"--config {quoted(str(place.root))}")
    return " ".join(parts)
