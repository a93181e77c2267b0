"""Finds the section of a version in a changelog."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from sealane.core.model.values import dataclass
from sealane.errors import InputError

# The version stands in brackets or not, as a link or not, and a date may follow.
_HEADING = re.compile(r"##[ \t]+\[?(?P<name>[^\]\s]+)\]?(?:\([^)\s]*\))?(?P<rest>.*)")
_FENCE = re.compile(r" {0,3}(```|~~~)")
_REFERENCE = re.compile(r"\[[^\]]+\]:\s")


@dataclass(frozen=True, slots=True)
class Section:
    """The entry of one version: its heading and its text, without surrounding blank lines."""

    heading: str
    text: str

    @property
    def digest(self) -> str:
        """SHA-256 of the text in UTF-8, lower-case hex."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def find_section(changelog: str, versions: Collection[str]) -> Section:
    """The section of a version in a changelog in the style of Keep a Changelog.

    Args:
        changelog: The whole file.
        versions: The spellings of the one version, e.g. "1.2.3rc1" and "1.2.3-rc.1".

    Raises:
        InputError: There is no such section, or two, or it says nothing, or it was yanked.

    Spec: keepachangelog.com, 1.1.0.
    """
    wanted = " or ".join(sorted(versions))
    found = [section for name, section in _sections(changelog) if name in versions]
    if not found:
        raise InputError(
            f"changelog: no section for {wanted}",
            hint=f"add '## [{min(versions, default='')}] - YYYY-MM-DD' with what changed",
        )
    if len(found) > 1:
        raise InputError(f"changelog: {len(found)} sections for {wanted}, expected one")
    section = found[0]
    if "[YANKED]" in section.heading.upper():
        raise InputError(f"changelog: {wanted} is marked as yanked")
    if not _says_something(section.text):
        raise InputError(
            f"changelog: the section for {wanted} is empty",
            hint="say what changed for users",
        )
    return section


def _sections(changelog: str) -> list[tuple[str, Section]]:
    found: list[tuple[str, str, list[str]]] = []
    fence = ""
    for line in changelog.splitlines():
        opened = _FENCE.match(line)
        if opened:
            fence = "" if fence == opened[1] else fence or opened[1]
        heading = None if fence or opened else _HEADING.fullmatch(line)
        if heading:
            found.append((heading["name"], line, []))
        elif not fence and re.match(r"#[ \t]", line):
            found.append(("", line, []))
        elif found:
            found[-1][2].append(line)
    return [(name, Section(line, "\n".join(text).strip())) for name, line, text in found]


def _says_something(text: str) -> bool:
    lines = (line.strip() for line in text.splitlines())
    return any(
        re.search(r"\w", line) and not line.startswith("#") and not _REFERENCE.match(line)
        for line in lines
    )
