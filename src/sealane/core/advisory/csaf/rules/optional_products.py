"""Optional rules on products: that each is used, scored, remedied, and can be recognised.

Spec: CSAF 2.0, sections 6.2.1 to 6.2.3, 6.2.8, 6.2.9, 6.2.16 and 6.2.18.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import (
    Object,
    branches,
    each,
    inner,
    members_of_groups,
    named_products,
    product_references,
    products,
    text,
    texts,
    vulnerabilities,
)

# Its own words about products, without saying which of them is vulnerable.
_INFORMATIONAL = "csaf_informational_advisory"
_AFFECTED = ("first_affected", "known_affected", "last_affected")
_UNCLEAR = ("under_investigation",)
_VERS = re.compile(r"vers:[a-z.+-][a-z0-9.+-]*/.+", re.DOTALL)


def _unused_product(csaf: Csaf) -> Iterator[Broken]:
    if text(inner(csaf.document, "document"), "category") == _INFORMATIONAL:
        return
    used = {name for _, name in product_references(csaf.document)}
    for place, product in products(csaf.document):
        if (name := text(product, "product_id")) not in used:
            yield f"{place}/product_id", f"expected a use of product {name[:80]!r}, found none"


def _missing_remediation(csaf: Csaf) -> Iterator[Broken]:
    of_groups = members_of_groups(csaf.document)
    for place, vulnerability in vulnerabilities(csaf.document):
        remedied = named_products(
            (one for _, one in each(vulnerability, "remediations", place)), of_groups
        )
        for at, name in _with_status(vulnerability, place, (*_AFFECTED, *_UNCLEAR)):
            if name not in remedied:
                yield at, f"expected a remediation for product {name[:80]!r}, found none"


def _missing_score(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        scored = {
            name
            for _, score in each(vulnerability, "scores", place)
            for name in texts(score, "products")
        }
        for at, name in _with_status(vulnerability, place, _AFFECTED):
            if name not in scored:
                yield at, f"expected a score for product {name[:80]!r}, found none"


def _missing_helper(csaf: Csaf) -> Iterator[Broken]:
    for place, product in products(csaf.document):
        if "product_identification_helper" not in product:
            yield place, "expected product_identification_helper, found none"


def _range_without_vers(csaf: Csaf) -> Iterator[Broken]:
    for place, branch in branches(csaf.document):
        name = text(branch, "name")
        if text(branch, "category") == "product_version_range" and not _VERS.fullmatch(name):
            yield f"{place}/name", f"expected a range like vers:pypi/>=1.0|<1.2, got {name[:80]!r}"


def _only_md5(csaf: Csaf) -> Iterator[Broken]:
    return _only(csaf, "md5")


def _only_sha1(csaf: Csaf) -> Iterator[Broken]:
    return _only(csaf, "sha1")


def _only(csaf: Csaf, algorithm: str) -> Iterator[Broken]:
    for place, product in products(csaf.document):
        at = f"{place}/product_identification_helper"
        for one, file in each(inner(product, "product_identification_helper"), "hashes", at):
            found = {text(named, "algorithm") for _, named in each(file, "file_hashes", one)}
            if found == {algorithm}:
                yield f"{one}/file_hashes", f"expected another algorithm too, got {algorithm} alone"


def _with_status(
    vulnerability: Object, place: str, statuses: tuple[str, ...]
) -> Iterator[tuple[str, str]]:
    found = inner(vulnerability, "product_status")
    for status in statuses:
        for number, name in enumerate(texts(found, status)):
            yield f"{place}/product_status/{status}/{number}", name


RULES = (
    Rule("6.2.1", "Unused Definition of Product ID", Level.OPTIONAL, _unused_product),
    Rule("6.2.2", "Missing Remediation", Level.OPTIONAL, _missing_remediation),
    Rule("6.2.3", "Missing Score", Level.OPTIONAL, _missing_score),
    Rule("6.2.8", "Use of MD5 as the only Hash Algorithm", Level.OPTIONAL, _only_md5),
    Rule("6.2.9", "Use of SHA-1 as the only Hash Algorithm", Level.OPTIONAL, _only_sha1),
    Rule("6.2.16", "Missing Product Identification Helper", Level.OPTIONAL, _missing_helper),
    Rule("6.2.18", "Product Version Range without vers", Level.OPTIONAL, _range_without_vers),
)
