"""OSV: the record itself, as JSON.

Spec: OSV schema 1.7.5.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.projects import file_stem
from sealane.core.advisory.record import Record
from sealane.core.advisory.record_parse import parse_document, parse_record
from sealane.core.advisory.record_reading import affected_by, refuse_unknown, said_by
from sealane.core.advisory.record_render import render_record
from sealane.core.advisory.record_schema import document_faults


class Osv:
    """The record as OSV has it."""

    name: ClassVar[str] = "osv"
    title: ClassVar[str] = "OSV record"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """The record as JSON, in a file of its id; what it lists is what it lists.

        Raises:
            InputError: It has a member that OSV does not know, or its id is no file name.
        """
        refuse_unknown(record)
        return Document(self.name, f"{file_stem(record)}.json", render_record(record))

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """What OSV's evaluation says.

        Raises:
            InputError: Not a record, or one that leaves it open.
        """
        return affected_by(parse_record(content), project, versions)

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """What a record breaks of OSV's schema and its linter's rules; a file name only warns.

        Raises:
            InputError: Not a JSON object.
        """
        document = parse_document(content)
        found = document_faults(document)
        expected = f"{str(document.get('id')).replace(':', '-')}.json"
        if name and name != expected:
            message = f"expected the file {expected}, got {name}"
            # How databases name their files; the record is the same under any name.
            found += (Fault("file-name", "/id", message, warns=True),)
        return found

    def said(self, content: bytes) -> Said:
        """What else a record says.

        Raises:
            InputError: Not a record.
        """
        return said_by(parse_record(content))
