"""The conditions of the two builds: what must not matter is different in b."""

from __future__ import annotations

from collections.abc import Mapping

from sealane.core.model.values import dataclass


@dataclass(frozen=True, slots=True)
class Conditions:
    """Under which conditions one copy is built.

    Attributes:
        folder: Name of the source folder; names of different length move what holds a path.
        environment: (name, value) that differ between the copies.
    """

    folder: str
    environment: tuple[tuple[str, str], ...]


CONDITIONS: Mapping[str, Conditions] = {
    "a": Conditions(
        "source",
        (("TZ", "UTC"), ("LANG", "C.UTF-8"), ("LC_ALL", "C.UTF-8"), ("PYTHONHASHSEED", "0")),
    ),
    # Fourteen hours east and no UTF-8 locale: the extremes a developer's machine may have.
    "b": Conditions(
        "another-copy-of-the-source",
        (("TZ", "<+14>-14"), ("LANG", "C"), ("LC_ALL", "C"), ("PYTHONHASHSEED", "4242")),
    ),
}
# What the environment of a build has anyway; a project cannot set these.
RESERVED = frozenset({
    "PATH", "HOME", "TMPDIR", "SOURCE_DATE_EPOCH", "TZ", "LANG", "LC_ALL", "PYTHONHASHSEED",
    "PYTHONDONTWRITEBYTECODE", "PIP_CONFIG_FILE",
})  # fmt: skip
