"""What identifies a product: package URLs, digests, version names.

Spec: CSAF 2.0, sections 6.1.13, 6.1.25 and 6.1.31.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from sealane.core.advisory.csaf.purl import purl_fault
from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import Object, branches, each, inner, products, text

_RANGE_SIGNS = ("<=", ">=", "<", ">")
_RANGE_WORDS = frozenset(("after", "all", "before", "earlier", "later", "prior", "versions"))
_BETWEEN_WORDS = re.compile(r"[\s,;()]+")


def _purls(csaf: Csaf) -> Iterator[Broken]:
    for place, helper in _helpers(csaf):
        purl = text(helper, "purl")
        if purl and (fault := purl_fault(purl)):
            yield f"{place}/purl", f"expected a package URL, got {purl[:80]!r}: {fault}"


def _same_algorithm_twice(csaf: Csaf) -> Iterator[Broken]:
    for place, helper in _helpers(csaf):
        for at, file in each(helper, "hashes", place):
            seen = set()
            for where, one in each(file, "file_hashes", at):
                name = text(one, "algorithm")
                if name in seen:
                    yield f"{where}/algorithm", f"the file has a digest of {name[:40]!r} already"
                seen.add(name)


def _version_ranges(csaf: Csaf) -> Iterator[Broken]:
    for place, branch in branches(csaf.document):
        if text(branch, "category") != "product_version":
            continue
        name = text(branch, "name").lower()
        words = _BETWEEN_WORDS.split(name)
        found = [sign for sign in _RANGE_SIGNS if sign in name]
        found += [word for word in words if word in _RANGE_WORDS]
        if found:
            yield (
                f"{place}/name",
                f"expected one version, got {name[:80]!r}, by {found[0]!r} a product_version_range",
            )


def _helpers(csaf: Csaf) -> Iterator[tuple[str, Object]]:
    name = "product_identification_helper"
    for place, product in products(csaf.document):
        yield f"{place}/{name}", inner(product, name)


RULES: Final = (
    Rule("6.1.13", "PURL", Level.MANDATORY, _purls),
    Rule("6.1.25", "Multiple Use of Same Hash Algorithm", Level.MANDATORY, _same_algorithm_twice),
    Rule("6.1.31", "Version Range in Product Version", Level.MANDATORY, _version_ranges),
)
