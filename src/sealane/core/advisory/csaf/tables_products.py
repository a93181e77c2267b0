"""The form of a product tree, and of what names products elsewhere.

Spec: CSAF 2.0, sections 3.1.2, 3.1.3, 3.1.6 to 3.1.8 and 3.2.2.
"""

from __future__ import annotations

from typing import Final

from sealane.core.advisory.csaf.shapes import many, table
from sealane.core.advisory.csaf.texts import is_cpe, is_digest, is_purl, is_uri
from sealane.core.advisory.shape import Later, Shape, Word, Written

TEXT: Final = Written()
URI: Final = Written("a URI", is_uri)
PRODUCT_IDS: Final = many(TEXT, distinct=True)
GROUP_IDS: Final = many(TEXT, distinct=True)

_FILE_HASH = table(
    (("algorithm", TEXT), ("value", Written("32 hexadecimal digits or more", is_digest))),
    ("algorithm", "value"),
)
_HASHES = table(
    (("file_hashes", many(_FILE_HASH)), ("filename", TEXT)), ("file_hashes", "filename")
)
_GENERIC_URI = table((("namespace", URI), ("uri", URI)), ("namespace", "uri"))
_HELPER = table(
    (
        ("cpe", Written("a CPE name", is_cpe)),
        ("hashes", many(_HASHES)),
        ("model_numbers", many(TEXT, distinct=True)),
        ("purl", Written("a package URL", is_purl)),
        ("sbom_urls", many(URI)),
        ("serial_numbers", many(TEXT, distinct=True)),
        ("skus", many(TEXT)),
        ("x_generic_uris", many(_GENERIC_URI)),
    ),
    least=1,
)
_FULL_PRODUCT_NAME = table(
    (("name", TEXT), ("product_id", TEXT), ("product_identification_helper", _HELPER)),
    ("name", "product_id"),
)
_BRANCH = table(
    (
        ("branches", Later(lambda: BRANCHES)),
        (
            "category",
            Word(
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
BRANCHES: Final[Shape] = many(_BRANCH)
_GROUP = table(
    (("group_id", TEXT), ("product_ids", many(TEXT, 2, distinct=True)), ("summary", TEXT)),
    ("group_id", "product_ids"),
)
_RELATIONSHIP = table(
    (
        (
            "category",
            Word(
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
PRODUCT_TREE: Final = table(
    (
        ("branches", BRANCHES),
        ("full_product_names", many(_FULL_PRODUCT_NAME)),
        ("product_groups", many(_GROUP)),
        ("relationships", many(_RELATIONSHIP)),
    ),
    least=1,
)
