"""What a vulnerability says of products: status, remediations, flags.

Spec: CSAF 2.0, sections 6.1.6, 6.1.29, 6.1.32 and 6.1.33.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sealane.core.advisory.csaf.rules.interface import Broken, Csaf, Level, Rule
from sealane.core.advisory.csaf.walk import (
    each,
    inner,
    members_of_groups,
    texts,
    vulnerabilities,
)

# "recommended" is missing on purpose: it contradicts none of these.
_MEANINGS = {
    "first_affected": "affected",
    "known_affected": "affected",
    "last_affected": "affected",
    "known_not_affected": "not affected",
    "first_fixed": "fixed",
    "fixed": "fixed",
    "under_investigation": "under investigation",
}


def _contradictions(csaf: Csaf) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        status = inner(vulnerability, "product_status")
        said: dict[str, str] = {}
        for name, meaning in _MEANINGS.items():
            for number, product in enumerate(texts(status, name)):
                before = said.setdefault(product, meaning)
                if before != meaning:
                    yield (
                        f"{place}/product_status/{name}/{number}",
                        f"the product {product[:80]!r} is {meaning} here, {before} elsewhere",
                    )


def _remediations_of_nothing(csaf: Csaf) -> Iterator[Broken]:
    return _without_products(csaf, "remediations")


def _flags_of_nothing(csaf: Csaf) -> Iterator[Broken]:
    return _without_products(csaf, "flags")


def _without_products(csaf: Csaf, name: str) -> Iterator[Broken]:
    for place, vulnerability in vulnerabilities(csaf.document):
        for at, item in each(vulnerability, name, place):
            if "product_ids" not in item and "group_ids" not in item:
                yield at, "expected product_ids or group_ids, got neither"


def _flags_of_one_product(csaf: Csaf) -> Iterator[Broken]:
    """Products with more than one justification; a group stands for all of its products."""
    of_groups = members_of_groups(csaf.document)
    for place, vulnerability in vulnerabilities(csaf.document):
        flagged: dict[str, str] = {}
        opened: set[str] = set()
        for at, flag in each(vulnerability, "flags", place):
            named = set(texts(flag, "product_ids"))
            for group in texts(flag, "group_ids"):
                # A group that an earlier flag names needs no second look at all its products.
                named |= set(of_groups.get(group, ())[: 1 if group in opened else None])
                opened.add(group)
            for product in sorted(named):
                if flagged.setdefault(product, at) != at:
                    yield at, f"the product {product[:80]!r} has a flag at {flagged[product]}"
                    break


RULES: Final = (
    Rule("6.1.6", "Contradicting Product Status", Level.MANDATORY, _contradictions),
    Rule(
        "6.1.29",
        "Remediation without Product Reference",
        Level.MANDATORY,
        _remediations_of_nothing,
    ),
    Rule("6.1.32", "Flag without Product Reference", Level.MANDATORY, _flags_of_nothing),
    Rule(
        "6.1.33",
        "Multiple Flags with VEX Justification Codes per Product",
        Level.MANDATORY,
        _flags_of_one_product,
    ),
)
