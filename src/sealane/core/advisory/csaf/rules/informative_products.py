"""Informative rules on products: how their versions and their digests are written.

Spec: CSAF 2.0, sections 6.3.5 and 6.3.9 to 6.3.11.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import branches, each, inner, products, text

_SHORTEST = 64  # hexadecimal digits: 256 bits
_PATH = ("vendor", "product_name", "product_version")
_MARKED = re.compile("[vV][0-9].*", re.DOTALL)


def _short_digest(csaf: Csaf) -> Iterator[Broken]:
    for place, product in products(csaf.document):
        at = f"{place}/product_identification_helper"
        for file_at, file in each(inner(product, "product_identification_helper"), "hashes", at):
            for hash_at, named in each(file, "file_hashes", file_at):
                if (length := len(text(named, "value"))) < _SHORTEST:
                    yield f"{hash_at}/value", f"expected {_SHORTEST} digits or more, got {length}"


def _categories(csaf: Csaf) -> Iterator[Broken]:
    # How much of the path the branches above a branch, and itself, have gone, by its place.
    gone: dict[str, int] = {}
    for place, branch in branches(csaf.document):
        so_far = gone.get(place.rpartition("/branches/")[0], 0)
        if so_far < len(_PATH) and text(branch, "category") == _PATH[so_far]:
            so_far += 1
        gone[place] = so_far
        if "product" in branch and so_far < len(_PATH):
            yield (
                f"{place}/product",
                f"expected it below {', '.join(_PATH)}; there is no {_PATH[so_far]} in its turn",
            )


def _version_range(csaf: Csaf) -> Iterator[Broken]:
    for place, branch in branches(csaf.document):
        if text(branch, "category") == "product_version_range":
            yield f"{place}/category", "expected product_version, got product_version_range"


def _version_indicator(csaf: Csaf) -> Iterator[Broken]:
    for place, branch in branches(csaf.document):
        name = text(branch, "name")
        if text(branch, "category") == "product_version" and _MARKED.fullmatch(name):
            yield f"{place}/name", f"expected a version without {name[0]!r}, got {name[:80]!r}"


RULES = (
    Rule("6.3.5", "Use of Short Hash", Level.INFORMATIVE, _short_digest),
    Rule("6.3.9", "Branch Categories", Level.INFORMATIVE, _categories),
    Rule("6.3.10", "Usage of Product Version Range", Level.INFORMATIVE, _version_range),
    Rule("6.3.11", "Usage of V as Version Indicator", Level.INFORMATIVE, _version_indicator),
)
