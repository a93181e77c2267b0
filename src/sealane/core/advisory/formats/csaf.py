"""CSAF 2.0, profile "security advisory".

Spec: CSAF 2.0, section 4.4.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import ClassVar

from sealane.core.advisory.csaf.read import affected_by, parse_csaf, said_by
from sealane.core.advisory.csaf.render import ADVISORY, render_csaf
from sealane.core.advisory.csaf.validate import csaf_faults
from sealane.core.advisory.documents import Document, Fault, Rendering, Said
from sealane.core.advisory.record import Record


class Csaf:
    """The advisory as CSAF has it."""

    name: ClassVar[str] = "csaf"
    title: ClassVar[str] = "CSAF 2.0 security advisory"

    def render(self, record: Record, rendering: Rendering) -> Document:
        """See `Format`."""
        return render_csaf(record, rendering, ADVISORY, self.name)

    def affected(self, content: bytes, project: str, versions: Collection[str]) -> frozenset[str]:
        """See `Format`."""
        return affected_by(parse_csaf(content), project, versions)

    def faults(self, content: bytes, name: str, weaknesses: Mapping[str, str]) -> tuple[Fault, ...]:
        """See `Format`."""
        return csaf_faults(content, name, weaknesses)

    def said(self, content: bytes) -> Said:
        """See `Format`."""
        return said_by(parse_csaf(content))
