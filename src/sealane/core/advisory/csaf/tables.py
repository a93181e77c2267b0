"""The form of a whole CSAF document.

Spec: CSAF 2.0, section 3.2, and csaf_json_schema.json.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import Choice, Many, Table, Text
from sealane.core.advisory.csaf.tables_parts import ACKNOWLEDGMENTS, MOMENT, NOTES, REFERENCES
from sealane.core.advisory.csaf.tables_products import PRODUCT_TREE, TEXT, URI
from sealane.core.advisory.csaf.tables_vulnerability import VULNERABILITIES
from sealane.core.advisory.csaf.texts import is_category, is_language, is_tracking_id, is_version

_LANGUAGE = Text("a language tag", is_language)
_VERSION = Text("a whole number or a semantic version", is_version)

PUBLISHER: Final = Table(
    (
        (
            "category",
            Choice(("coordinator", "discoverer", "other", "translator", "user", "vendor")),
        ),
        ("contact_details", TEXT),
        ("issuing_authority", TEXT),
        ("name", TEXT),
        ("namespace", URI),
    ),
    ("category", "name", "namespace"),
)
_ENGINE = Table((("name", TEXT), ("version", TEXT)), ("name",))
_REVISION = Table(
    (("date", MOMENT), ("legacy_version", TEXT), ("number", _VERSION), ("summary", TEXT)),
    ("date", "number", "summary"),
)
_TRACKING = Table(
    (
        ("aliases", Many(TEXT, distinct=True)),
        ("current_release_date", MOMENT),
        ("generator", Table((("date", MOMENT), ("engine", _ENGINE)), ("engine",))),
        ("id", Text("a text without spaces at its ends", is_tracking_id)),
        ("initial_release_date", MOMENT),
        ("revision_history", Many(_REVISION)),
        ("status", Choice(("draft", "final", "interim"))),
        ("version", _VERSION),
    ),
    ("current_release_date", "id", "initial_release_date", "revision_history", "status", "version"),
)
_TLP = Table((("label", Choice(("AMBER", "GREEN", "RED", "WHITE"))), ("url", URI)), ("label",))
_DOCUMENT = Table(
    (
        ("acknowledgments", ACKNOWLEDGMENTS),
        ("aggregate_severity", Table((("namespace", URI), ("text", TEXT)), ("text",))),
        ("category", Text("a text without spaces, -, _ or . at its ends", is_category)),
        ("csaf_version", Choice(("2.0",))),
        ("distribution", Table((("text", TEXT), ("tlp", _TLP)), least=1)),
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
CSAF: Final = Table(
    (
        ("document", _DOCUMENT),
        ("product_tree", PRODUCT_TREE),
        ("vulnerabilities", VULNERABILITIES),
    ),
    ("document",),
)
