"""Where a CSAF document lies in the folder of its provider.

Spec: CSAF 2.0, sections 5.1 and 7.1.11 (requirement 11, one folder a year).
"""

from __future__ import annotations

from datetime import datetime

from sealane.core.advisory.csaf.file_name import csaf_file_name


def document_path(label: str, released: datetime, tracking_id: str) -> str:
    """The path of a document, e.g. "white/2026/pysec-2026-1.json".

    Args:
        label: Its TLP label, as CSAF 2.0 writes it: "WHITE".
        released: When it was first released, UTC; its year is that of the folder.
        tracking_id: Of the document.
    """
    return f"{label.lower()}/{released.year:04}/{csaf_file_name(tracking_id)}"
