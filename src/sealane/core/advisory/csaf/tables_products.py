"""The form of a product tree, and of what names products elsewhere.

Spec: CSAF 2.0, sections 3.1.2, 3.1.3, 3.1.6 to 3.1.8 and 3.2.2.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import Again, Choice, Many, Table, Text
from sealane.core.advisory.csaf.texts import is_cpe, is_digest, is_purl, is_uri

TEXT: Final = Text()
URI: Final = Text("a URI", is_uri)
PRODUCT_IDS: Final = Many(TEXT, distinct=True)
GROUP_IDS: Final = Many(TEXT, distinct=True)

_FILE_HASH = Table(
    (("algorithm", TEXT), ("value", Text("32 hexadecimal digits or more", is_digest))),
    ("algorithm", "value"),
)
_HASHES = Table(
    (("file_hashes", Many(_FILE_HASH)), ("filename", TEXT)), ("file_hashes", "filename")
)
_GENERIC_URI = Table((("namespace", URI), ("uri", URI)), ("namespace", "uri"))
_HELPER = Table(
    (
        ("cpe", Text("a CPE name", is_cpe)),
        ("hashes", Many(_HASHES)),
        ("model_numbers", Many(TEXT, distinct=True)),
        ("purl", Text("a package URL", is_purl)),
        ("sbom_urls", Many(URI)),
        ("serial_numbers", Many(TEXT, distinct=True)),
        ("skus", Many(TEXT)),
        ("x_generic_uris", Many(_GENERIC_URI)),
    ),
    least=1,
)
_FULL_PRODUCT_NAME = Table(
    (("name", TEXT), ("product_id", TEXT), ("product_identification_helper", _HELPER)),
    ("name", "product_id"),
)
_BRANCH = Table(
    (
        ("branches", Again()),
        (
            "category",
            Choice(
                (
                    "architecture", "host_name", "language", "legacy", "patch_level",
                    "product_family", "product_name", "product_version", "product_version_range",
                    "service_pack", "specification", "vendor",
                )
            ),
        ),
        ("name", TEXT),
        ("product", _FULL_PRODUCT_NAME),
    ),
    ("category", "name"),
    # Either further branches or a product: with neither or both it is refused.
    least=3,
    most=3,
)  # fmt: skip
BRANCHES: Final = Many(_BRANCH)
_GROUP = Table(
    (("group_id", TEXT), ("product_ids", Many(TEXT, 2, distinct=True)), ("summary", TEXT)),
    ("group_id", "product_ids"),
)
_RELATIONSHIP = Table(
    (
        (
            "category",
            Choice(
                (
                    "default_component_of", "external_component_of", "installed_on",
                    "installed_with", "optional_component_of",
                )
            ),
        ),
        ("full_product_name", _FULL_PRODUCT_NAME),
        ("product_reference", TEXT),
        ("relates_to_product_reference", TEXT),
    ),
    ("category", "full_product_name", "product_reference", "relates_to_product_reference"),
)  # fmt: skip
PRODUCT_TREE: Final = Table(
    (
        ("branches", BRANCHES),
        ("full_product_names", Many(_FULL_PRODUCT_NAME)),
        ("product_groups", Many(_GROUP)),
        ("relationships", Many(_RELATIONSHIP)),
    ),
    least=1,
)
