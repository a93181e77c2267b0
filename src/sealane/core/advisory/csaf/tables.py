"""The form of a whole CSAF document.

Spec: CSAF 2.0, section 3.2, and csaf_json_schema.json.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import many, table
from sealane.core.advisory.csaf.tables_parts import ACKNOWLEDGMENTS, MOMENT, NOTES, REFERENCES
from sealane.core.advisory.csaf.tables_products import PRODUCT_TREE, TEXT, URI
from sealane.core.advisory.csaf.tables_vulnerability import VULNERABILITIES
from sealane.core.advisory.csaf.texts import is_category, is_language, is_tracking_id, is_version
from sealane.core.advisory.shape import Word, Written

_LANGUAGE = Written("a language tag", is_language)
_VERSION = Written("a whole number or a semantic version", is_version)

PUBLISHER: Final = table(
    (
        (
            "category",
            Word(("coordinator", "discoverer", "other", "translator", "user", "vendor")),
        ),
        ("contact_details", TEXT),
        ("issuing_authority", TEXT),
        ("name", TEXT),
        ("namespace", URI),
    ),
    ("category", "name", "namespace"),
)
_ENGINE = table((("name", TEXT), ("version", TEXT)), ("name",))
_REVISION = table(
    (("date", MOMENT), ("legacy_version", TEXT), ("number", _VERSION), ("summary", TEXT)),
    ("date", "number", "summary"),
)
_TRACKING = table(
    (
        ("aliases", many(TEXT, distinct=True)),
        ("current_release_date", MOMENT),
        ("generator", table((("date", MOMENT), ("engine", _ENGINE)), ("engine",))),
        ("id", Written("a text without spaces at its ends", is_tracking_id)),
        ("initial_release_date", MOMENT),
        ("revision_history", many(_REVISION)),
        ("status", Word(("draft", "final", "interim"))),
        ("version", _VERSION),
    ),
    ("current_release_date", "id", "initial_release_date", "revision_history", "status", "version"),
)
_TLP = table((("label", Word(("AMBER", "GREEN", "RED", "WHITE"))), ("url", URI)), ("label",))
_DOCUMENT = table(
    (
        ("acknowledgments", ACKNOWLEDGMENTS),
        ("aggregate_severity", table((("namespace", URI), ("text", TEXT)), ("text",))),
        ("category", Written("a text without spaces, -, _ or . at its ends", is_category)),
        ("csaf_version", Word(("2.0",))),
        ("distribution", table((("text", TEXT), ("tlp", _TLP)), least=1)),
        ("lang", _LANGUAGE),
        ("notes", NOTES),
        ("publisher", PUBLISHER),
        ("references", REFERENCES),
        ("source_lang", _LANGUAGE),
        ("title", TEXT),
        ("tracking", _TRACKING),
    ),
    ("category", "csaf_version", "publisher", "title", "tracking"),
)
CSAF: Final = table(
    (
        ("document", _DOCUMENT),
        ("product_tree", PRODUCT_TREE),
        ("vulnerabilities", VULNERABILITIES),
    ),
    ("document",),
)
