"""The form of what documents and vulnerabilities both have.

Spec: CSAF 2.0, sections 3.1.1, 3.1.5 and 3.1.10.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import Choice, Many, Table, Text
from sealane.core.advisory.csaf.texts import is_moment, is_uri

_TEXT = Text()
_URI = Text("a URI", is_uri)

MOMENT: Final = Text("a time like 2026-11-25T12:00:00Z", is_moment)
ACKNOWLEDGMENTS: Final = Many(
    Table(
        (
            ("names", Many(_TEXT)),
            ("organization", _TEXT),
            ("summary", _TEXT),
            ("urls", Many(_URI)),
        ),
        least=1,
    )
)
_NOTE_CATEGORIES = (
    "description", "details", "faq", "general", "legal_disclaimer", "other", "summary",
)  # fmt: skip
NOTES: Final = Many(
    Table(
        (
            ("audience", _TEXT),
            ("category", Choice(_NOTE_CATEGORIES)),
            ("text", _TEXT),
            ("title", _TEXT),
        ),
        ("category", "text"),
    )
)
REFERENCES: Final = Many(
    Table(
        (("category", Choice(("external", "self"))), ("summary", _TEXT), ("url", _URI)),
        ("summary", "url"),
    )
)
