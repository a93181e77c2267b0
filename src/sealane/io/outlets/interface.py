"""What an outlet can be asked to do; it decides nothing."""

from __future__ import annotations

from enum import StrEnum
from typing import ClassVar, Protocol

from sealane.core.advisory.documents import Document
from sealane.core.model.values import dataclass


class Shown(StrEnum):
    """What an outlet has of a document now."""

    ABSENT = "absent"
    SAME = "same"
    OTHER = "other"  # something else stands where it belongs


@dataclass(frozen=True, slots=True)
class Presence:
    """What an outlet shows now, untrusted.

    Attributes:
        shown: Whether the document is there.
        place: Where it is or would be: a URL, a branch and path, a folder.
        state: The outlet's own word, e.g. "draft", "published", "RESERVED"; "" without one.
        identifier: An identifier the outlet gave, e.g. "GHSA-..."; "" without one.
    """

    shown: Shown
    place: str
    state: str = ""
    identifier: str = ""


class Outlet(Protocol):
    """One place where an advisory becomes public.

    Attributes:
        name: As the configuration calls it.
        kind: "osv-git", "ghsa", "cve" or "csaf-tree".
        formats: Names of the formats it takes.
        reversible: Whether what was published can be taken back.
    """

    name: str
    kind: ClassVar[str]
    formats: ClassVar[tuple[str, ...]]
    reversible: ClassVar[bool]

    def observe(self, document: Document) -> Presence:
        """What is there now; changes nothing.

        Raises:
            NetworkError: It does not answer as it should.
        """
        ...

    def plan(self, document: Document) -> tuple[str, ...]:
        """The steps `publish` would take now, one sentence each; changes nothing.

        Raises:
            NetworkError: As `observe`.
        """
        ...

    def publish(self, document: Document) -> Presence:
        """Make it public, in as few steps as are still missing, and say what is there afterwards.

        Doing it twice leaves the same as once. An answer that is lost is followed by a look.

        Raises:
            ChannelError: Refused.
            NetworkError: No answer, and a look does not tell either.
            InputError: Something else stands there that nobody allowed to replace.
        """
        ...
