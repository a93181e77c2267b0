"""What a format is: it renders the record, and tells what a document of it says."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar, Protocol

from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.record import Record


class Format(Protocol):
    """One format."""

    name: ClassVar[str]
    title: ClassVar[str]

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The document that says what the record says.

        Raises:
            InputError: The format cannot say it; nothing else is said instead.
        """
        ...

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """Those of the versions that a document says are affected.

        It reads the document alone, as a consumer of the format does, and knows no record.

        Args:
            content: The document.
            project: Name as PEP 503 writes it.
            versions: PEP 440 normal forms.

        Raises:
            InputError: Not a document of the format, or one that leaves it open.
        """
        ...

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What a document breaks of the format's rules, among them those of its file name.

        Args:
            content: The document.
            name: Its file name without folders; "" where it has none yet.
            weaknesses: Known CWE ids and their names.

        Raises:
            InputError: Not JSON, YAML or Markdown at all.
        """
        ...

    def said(self, content: bytes) -> Said:
        """What else a document says.

        Raises:
            InputError: Not a document of the format.
        """
        ...
