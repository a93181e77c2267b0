"""The form of what documents and vulnerabilities both have.

Spec: CSAF 2.0, sections 3.1.1, 3.1.5 and 3.1.10.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import many, table
from sealane.core.advisory.csaf.texts import is_moment, is_uri
from sealane.core.advisory.shape import Word, Written

_TEXT = Written()
_URI = Written("a URI", is_uri)

MOMENT: Final = Written("a time like 2026-11-25T12:00:00Z", is_moment)
ACKNOWLEDGMENTS: Final = many(
    table(
        (
            ("names", many(_TEXT)),
            ("organization", _TEXT),
            ("summary", _TEXT),
            ("urls", many(_URI)),
        ),
        least=1,
    )
)
_NOTE_CATEGORIES = (
    "description", "details", "faq", "general", "legal_disclaimer", "other", "summary",
)  # fmt: skip
NOTES: Final = many(
    table(
        (
            ("audience", _TEXT),
            ("category", Word(_NOTE_CATEGORIES)),
            ("text", _TEXT),
            ("title", _TEXT),
        ),
        ("category", "text"),
    )
)
REFERENCES: Final = many(
    table(
        (("category", Word(("external", "self"))), ("summary", _TEXT), ("url", _URI)),
        ("summary", "url"),
    )
)
