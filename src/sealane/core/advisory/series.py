"""Series of releases: "1.4" is every version whose release begins so, and "1!2" one with an epoch.

Spec: PEP 440.
"""

from __future__ import annotations

from packaging.version import Version

from sealane.core.advisory.file_version import version_or_none
from sealane.core.model.values import dataclass
from sealane.errors import InputError


@dataclass(frozen=True, slots=True)
class Series:
    """One series: its epoch and the first parts of its releases."""

    epoch: int
    parts: tuple[int, ...]

    def holds(self, version: Version) -> bool:
        """Whether a version is of the series; 2 is of "2.0", as PEP 440 pads with zeros."""
        padded = (*version.release, *(0 for _ in self.parts))
        return version.epoch == self.epoch and padded[: len(self.parts)] == self.parts

    def __str__(self) -> str:
        """As it is written, e.g. "1.4"."""
        return f"{f'{self.epoch}!' if self.epoch else ''}{'.'.join(map(str, self.parts))}"


def parse_series(text: str) -> Series:
    """A series as a project writes it.

    Raises:
        InputError: Not the numbers that a release begins with.
    """
    version = version_or_none(text)
    if version is None or str(version) != version.base_version:
        raise InputError(
            f"supported series: expected one like 1.4, got {text[:40]!r}",
            hint="write the first numbers of its releases",
        )
    return Series(version.epoch, version.release)


def series_of(version: Version, known: tuple[Series, ...]) -> Series:
    """The series of a version: the longest known one that holds it, else major and minor."""
    held = [one for one in known if one.holds(version)]
    if held:
        return max(held, key=lambda one: len(one.parts))
    major, minor = (*version.release, 0)[:2]
    return Series(version.epoch, (major, minor))
